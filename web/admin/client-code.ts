/** What whoever makes an application pastes, as it is registered: a test runs each of them. No secret stands in it. */
import type { Client } from './clients-api.ts'

export function settingsOf({ id, issuer, metadata, provesBySecret }: Client): string {
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

/** Of openid-client 6, a strict client that is certified. */
export function codeOf(client: Client): string {
  const { kind, metadata } = client
  const [resource] = Object.keys(metadata.resources ?? {})
  if (kind === 'machine') {
    const wish = resource === undefined ? '' : `, { resource: ${quoted(resource)} }`
    return [...beginning(client), `const tokens = await client.clientCredentialsGrant(config${wish})`].join(
      '\n',
    )
  }
  if (kind === 'device')
    return [
      ...beginning(client),
      `const shown = await client.initiateDeviceAuthorization(config, { scope: ${quoted(metadata.scope)} })`,
      'console.log(shown.verification_uri, shown.user_code)',
      'const tokens = await client.pollDeviceAuthorizationGrant(config, shown)',
    ].join('\n')
  return [...beginning(client), ...codeFlow(client, resource)].join('\n')
}

function codeFlow({ policy, metadata }: Client, resource: string | undefined): string[] {
  // FAPI 2.0 sends what it asks for beforehand, and binds what it gets to a key.
  const isPushed = policy === 'fapi-2.0'
  const build = isPushed ? 'await client.buildAuthorizationUrlWithPAR' : 'client.buildAuthorizationUrl'
  const wish = resource === undefined ? '' : `, { resource: ${quoted(resource)} }`
  const bound = isPushed ? `${wish === '' ? ', {}' : wish}, { DPoP }` : wish
  return [
    ...(isPushed ? ['const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair())'] : []),
    'const verifier = client.randomPKCECodeVerifier()',
    `const start = ${build}(config, {`,
    `  redirect_uri: ${quoted(metadata.redirect_uris[0] ?? '')},`,
    `  scope: ${quoted(metadata.scope)},`,
    ...(resource === undefined ? [] : [`  resource: ${quoted(resource)},`]),
    '  code_challenge: await client.calculatePKCECodeChallenge(verifier),',
    "  code_challenge_method: 'S256',",
    isPushed ? '}, { DPoP })' : '})',
    '// cameBack is yours: it sends the person to start, and answers with the address at which they came back.',
    'const currentUrl = await cameBack(start)',
    `const tokens = await client.authorizationCodeGrant(config, currentUrl, { pkceCodeVerifier: verifier }${bound})`,
  ]
}

function beginning({ id, issuer, metadata }: Client): string[] {
  const { before, auth } = proofOf(metadata.token_endpoint_auth_method)
  const isPlain = issuer.startsWith('http:')
  const first = `const config = await client.discovery(new URL(${quoted(issuer)}), ${quoted(id)}, {}, client.${auth}`
  return [
    "import * as client from 'openid-client'",
    ...before,
    ...(isPlain
      ? [
          `${first}, {`,
          '  // The issuer has no https here, as on a machine for trying things out. Without this line it is refused; leave it out elsewhere.',
          '  execute: [client.allowInsecureRequests],',
          '})',
        ]
      : [`${first})`]),
  ]
}

/** How it proves itself, as it is registered: in another way it is refused. */
function proofOf(method: string): { readonly before: readonly string[]; readonly auth: string } {
  const secret = 'process.env.OIDC_CLIENT_SECRET'
  if (method === 'client_secret_basic') return { before: [], auth: `ClientSecretBasic(${secret})` }
  if (method === 'client_secret_post') return { before: [], auth: `ClientSecretPost(${secret})` }
  if (method === 'private_key_jwt')
    return {
      before: ['// privateKey is yours: the private half of a key that is registered here, as a CryptoKey.'],
      auth: 'PrivateKeyJwt(privateKey)',
    }
  if (method.endsWith('tls_client_auth'))
    return {
      before: [
        '// Your certificate is shown by the connection itself: client.customFetch says how it is made.',
      ],
      auth: 'TlsClientAuth()',
    }
  return { before: [], auth: 'None()' }
}

/** An address may have a quotation mark in it. */
const quoted = (text: string): string => JSON.stringify(text)
