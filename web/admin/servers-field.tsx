import type { Locale } from '@althing/web-ui/locale.ts'
import { adminTexts } from './admin-texts.ts'
import { Choices } from './choices.tsx'
import * as api from './clients-api.ts'
import { Field } from './fields.tsx'
import { useLoaded } from './loaded.ts'
import { wordsOf } from './scope-words.ts'
import { serversIn, withScopeThere, withServer } from './servers-form.ts'
import { Tick } from './tick.tsx'

interface Props {
  readonly locale: Locale
  readonly label: string
  readonly hint: string
  readonly error: string | undefined
  readonly value: string
  readonly set: (value: string) => void
  /** Where no server is known, whether that is worth a sentence. */
  readonly saysNone?: boolean
}

/** Which servers tokens are for, and what may be done there: ticked, so that nothing is misspelt. Whoever may not see which there are writes them. */
export function ServersField({ locale, label, hint, error, value, set, saysNone = false }: Props) {
  const t = adminTexts(locale)
  const { value: known, error: unseen } = useLoaded(api.servers, [])
  if (known === null && unseen === null) return null
  if (known === null)
    return (
      <Field id="f-resources" label={label} hint={hint} error={error} long value={value} onChange={set} />
    )
  const all = shown(known, value)
  if (all.length === 0 && !saysNone) return null
  return (
    <Choices id="f-resources" legend={label} error={error}>
      {all.length === 0 ? <p className="hint">{t('client.servers.none')}</p> : null}
      {all.map((server) => (
        <One key={server.uri} locale={locale} server={server} value={value} set={set} />
      ))}
    </Choices>
  )
}

interface Shown extends api.Server {
  readonly isKnown: boolean
}

/** Those that there are, and those that were chosen and are gone by now. */
function shown(known: readonly api.Server[], value: string): Shown[] {
  const gone = Object.entries(serversIn(value)).filter(([uri]) => known.every((one) => one.uri !== uri))
  return [
    ...known.map((one) => ({ ...one, isKnown: true })),
    ...gone.map(([uri, scopes]) => ({ uri, name: uri, scopes: wordsOf(scopes), isKnown: false })),
  ]
}

interface OneProps extends Pick<Props, 'locale' | 'value' | 'set'> {
  readonly server: Shown
}

function One({ locale, server: { uri, name, scopes, isKnown }, value, set }: OneProps) {
  const t = adminTexts(locale)
  const chosen = serversIn(value)[uri]
  const has = wordsOf(chosen ?? '')
  return (
    <>
      <Tick isOn={chosen !== undefined} put={(isOn) => set(withServer(value, uri, isOn))}>
        {name} <code className="wraps">{uri}</code> {!isKnown && t('client.servers.gone')}
      </Tick>
      {chosen !== undefined && scopes.length > 0 && (
        <div className="within">
          <Choices id={`f-resources-${uri}`} legend={t('client.servers.scopes', { name })} error={undefined}>
            {[...new Set([...scopes, ...has])].map((scope) => (
              <Tick
                key={scope}
                isOn={has.includes(scope)}
                put={(isOn) => set(withScopeThere(value, uri, scope, isOn))}
              >
                <code>{scope}</code>
              </Tick>
            ))}
          </Choices>
        </div>
      )}
    </>
  )
}
