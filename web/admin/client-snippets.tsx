import { adminTexts } from './admin-texts.ts'
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

function settingsOf({ id, issuer, metadata, provesBySecret }: Client): string {
  const [redirect] = metadata.redirect_uris
  return [
    `OIDC_DISCOVERY=${issuer}/.well-known/openid-configuration`,
    `OIDC_ISSUER=${issuer}`,
    `OIDC_CLIENT_ID=${id}`,
    ...(provesBySecret ? ['OIDC_CLIENT_SECRET='] : []),
    ...(redirect === undefined ? [] : [`OIDC_REDIRECT_URI=${redirect}`]),
    ...(metadata.scope === '' ? [] : [`OIDC_SCOPE=${metadata.scope}`]),
  ].join('\n')
}

/** Of openid-client 6, a strict client that is certified; a machine needs none. */
function codeOf({ id, issuer, kind, metadata, provesBySecret }: Client): string {
  const secret = provesBySecret ? ', process.env.OIDC_CLIENT_SECRET' : ''
  const begin = [
    "import * as client from 'openid-client'",
    `const config = await client.discovery(new URL(${quoted(issuer)}), ${quoted(id)}${secret})`,
  ]
  if (kind === 'machine') {
    const [resource] = Object.keys(metadata.resources ?? {})
    const wish = resource === undefined ? '' : `, { resource: ${quoted(resource)} }`
    return [...begin, `const tokens = await client.clientCredentialsGrant(config${wish})`].join('\n')
  }
  if (kind === 'device')
    return [
      ...begin,
      `const shown = await client.initiateDeviceAuthorization(config, { scope: ${quoted(metadata.scope)} })`,
      'console.log(shown.verification_uri, shown.user_code)',
      'const tokens = await client.pollDeviceAuthorizationGrant(config, shown)',
    ].join('\n')
  return [
    ...begin,
    'const verifier = client.randomPKCECodeVerifier()',
    'const start = client.buildAuthorizationUrl(config, {',
    `  redirect_uri: ${quoted(metadata.redirect_uris[0] ?? '')},`,
    `  scope: ${quoted(metadata.scope)},`,
    '  code_challenge: await client.calculatePKCECodeChallenge(verifier),',
    "  code_challenge_method: 'S256',",
    '})',
    'const tokens = await client.authorizationCodeGrant(config, currentUrl, { pkceCodeVerifier: verifier })',
  ].join('\n')
}

/** An address may have a quotation mark in it. */
const quoted = (text: string): string => JSON.stringify(text)
