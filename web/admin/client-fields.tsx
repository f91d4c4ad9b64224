import type { Locale } from '@althing/web-ui/locale.ts'
import { adminTexts } from './admin-texts.ts'
import { Choices } from './choices.tsx'
import { isNeeded, scopesToTell, type ClientForm, type Word } from './client-form.ts'
import type * as api from './clients-api.ts'
import { Field } from './fields.tsx'
import { Choice } from './parts.tsx'
import { withWord, wordsOf } from './scope-words.ts'
import { ServersField } from './servers-field.tsx'
import { Tick } from './tick.tsx'

interface Props {
  readonly locale: Locale
  readonly asked: readonly Word[]
  /** What runs on the machine of a person may be answered there in other ways. */
  readonly kind: api.Kind
  readonly form: ClientForm
  readonly set: (form: ClientForm) => void
  readonly wrong: readonly string[]
}

const choices: Partial<Record<Word, readonly string[]>> = {
  policy: ['oauth-2.1', 'mcp', 'fapi-2.0', 'legacy'],
  consent: ['session', 'remember', 'skip'],
  token_endpoint_auth_method: [
    'client_secret_basic',
    'client_secret_post',
    'private_key_jwt',
    'tls_client_auth',
    'self_signed_tls_client_auth',
  ],
}
const long: readonly Word[] = ['redirect_uris', 'post_logout_redirect_uris', 'jwks']
const hinted: readonly Word[] = [
  'id',
  'national_id_purpose_is',
  'national_id_purpose_en',
  'redirect_uris',
  'post_logout_redirect_uris',
  'backchannel_logout_uri',
  'jwks_uri',
  'jwks',
  'access_token_seconds',
  'refresh_token_seconds',
]
const numbers: readonly Word[] = ['access_token_seconds', 'refresh_token_seconds']

export const ClientFields = (props: Props) =>
  props.asked
    .filter((word) => isNeeded(word, props.form))
    .map((word) => <One key={word} {...props} word={word} />)

function One({ locale, kind, form, set, wrong, word }: Props & { readonly word: Word }) {
  const t = adminTexts(locale)
  const put = (value: string) => set({ ...form, [word]: value })
  const isNative = kind === 'native' && (word === 'redirect_uris' || word === 'post_logout_redirect_uris')
  const said = isNative ? 'native_redirect_uris' : word
  const error = wrong.includes(word) ? t('client.wrong', { field: said }) : undefined
  const options = choices[word]
  if (word === 'scope') return <Scopes locale={locale} scope={form.scope} set={put} error={error} />
  if (word === 'resources')
    return (
      <ServersField
        locale={locale}
        label={t('client.field', { field: word })}
        hint={t('client.hint', { field: word })}
        value={form.resources}
        set={put}
        error={error}
        saysNone={kind === 'machine'}
      />
    )
  if (options !== undefined)
    return (
      <>
        <Choice
          id={`f-${word}`}
          label={t('client.field', { field: word })}
          value={form[word]}
          set={put}
          options={options.map((one) => [one, t(`client.choice`, { one: wordOf(one) })] as const)}
        />
        {error !== undefined && <p className="error">{error}</p>}
      </>
    )
  return (
    <Field
      id={`f-${word}`}
      label={t('client.field', { field: word })}
      value={form[word]}
      onChange={put}
      error={error}
      long={long.includes(word)}
      type={numbers.includes(word) ? 'number' : 'text'}
      {...(hinted.includes(word) ? { hint: t('client.hint', { field: said }) } : {})}
    />
  )
}

/** Names of choices as texts can have them. */
export const wordOf = (choice: string): string => choice.replaceAll(/[-.]/g, '_')

interface ScopeProps {
  readonly locale: Locale
  readonly scope: string
  readonly set: (scope: string) => void
  readonly error: string | undefined
}

function Scopes({ locale, scope, set, error }: ScopeProps) {
  const t = adminTexts(locale)
  const has = wordsOf(scope)
  return (
    <Choices id="f-scope" legend={t('client.scopes')} error={error}>
      {scopesToTell.map((word) => (
        <Tick key={word} isOn={has.includes(word)} put={(isOn) => set(withWord(scope, word, isOn))}>
          {t('client.scope', { word })}
        </Tick>
      ))}
    </Choices>
  )
}
