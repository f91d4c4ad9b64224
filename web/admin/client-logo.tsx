import { useRef } from 'react'
import { adminTexts } from './admin-texts.ts'
import * as api from './clients-api.ts'
import type { Console } from './go.tsx'
import { Button } from './parts.tsx'
import { Section } from './person-page.tsx'
import { useMay } from './standing.ts'

interface Props extends Pick<Console, 'locale'> {
  readonly client: api.Whole
  readonly busy: boolean
  readonly work: (what: () => Promise<unknown>) => void
}

/** What people see beside its name where they are asked. It lies with us: their browsers ask nobody else for it. */
export function ClientLogo({ locale, client: { id, name, logoHref }, busy, work }: Props) {
  const t = adminTexts(locale)
  const input = useRef<HTMLInputElement>(null)
  const mayChange = useMay()('clients.change')
  const put = (file: File | undefined) => {
    if (file !== undefined) work(async () => api.putLogo(id, await base64Of(file)))
    // The same file may be chosen again, when it has been mended.
    if (input.current !== null) input.current.value = ''
  }
  if (!mayChange && logoHref === null) return null
  return (
    <Section title={t('client.logo')}>
      {logoHref !== null && (
        <img
          className="client-logo"
          src={logoHref}
          alt={t('client.logo.of', { name })}
          width={64}
          height={64}
        />
      )}
      {mayChange && (
        <div className="field">
          <label htmlFor="f-logo">{t('client.logo.choose')}</label>
          <p className="hint" id="f-logo-hint">
            {t('client.logo.hint')}
          </p>
          <input
            ref={input}
            id="f-logo"
            className="input"
            type="file"
            accept="image/png"
            aria-describedby="f-logo-hint"
            onChange={(event) => put(event.target.files?.[0])}
          />
        </div>
      )}
      {mayChange && logoHref !== null && (
        <div className="row">
          <Button busy={busy} onPress={() => work(() => api.dropLogo(id))}>
            {t('client.logo.drop')}
          </Button>
        </div>
      )}
    </Section>
  )
}

async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  return btoa(Array.from(bytes, (byte) => String.fromCodePoint(byte)).join(''))
}
