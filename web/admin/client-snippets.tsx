import { adminTexts } from './admin-texts.ts'
import { codeOf, settingsOf } from './client-code.ts'
import type { Client } from './clients-api.ts'
import type { Console } from './go.tsx'
import { Section } from './person-page.tsx'

/** What whoever makes the application pastes. No secret stands in it: it is put in its place by hand. */
export function Snippets({ locale, client }: Pick<Console, 'locale'> & { readonly client: Client }) {
  const t = adminTexts(locale)
  return (
    <Section title={t('client.snippets')}>
      <p className="soft">{t('client.snippets.text')}</p>
      <figure className="stack-tight">
        <figcaption>{t('client.snippets.settings')}</figcaption>
        <pre className="snippet">
          <code>{settingsOf(client)}</code>
        </pre>
      </figure>
      <figure className="stack-tight">
        <figcaption>{t('client.snippets.code')}</figcaption>
        <pre className="snippet">
          <code>{codeOf(client)}</code>
        </pre>
      </figure>
    </Section>
  )
}
