/** The unmodified library with the store it comes with, which forgets everything when it ends, and its own sign-in for developers. */
import { generateKeyPairSync } from 'node:crypto'
import { Provider, type ClientMetadata } from 'oidc-provider'
import { freePort } from '../../run/ports.ts'
import { answerSpent } from './answer-spent.ts'
import { applications, secret } from './oauth-world.ts'

const port = await freePort()
const origin = `http://localhost:${port}`
const jwk = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })
const clients = Object.entries(applications).map(
  ([client_id, { resources: _ours, ...words }]) =>
    ({
      redirect_uris: [],
      response_types: 'redirect_uris' in words ? ['code'] : [],
      id_token_signed_response_alg: 'ES256',
      client_id,
      client_secret: secret,
      ...words,
    }) as unknown as ClientMetadata,
)

const provider = new Provider(origin, {
  clients,
  jwks: { keys: [{ ...jwk, kid: 'library', alg: 'ES256', use: 'sig' } as never] },
  features: {
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: () => ({
        scope: 'read',
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256' } },
      }),
      defaultResource: () => [],
      useGrantedResource: () => true,
    },
  },
  scopes: ['openid', 'offline_access', 'email', 'read'],
  claims: { email: ['email'] },
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id, email: `${id}@example.org` }) }),
  ttl: {
    AccessToken: 900,
    ClientCredentials: 900,
    RefreshToken: 86_400,
    Session: 28_800,
    Grant: 86_400,
    IdToken: 600,
    Interaction: 600,
    AuthorizationCode: 60,
  },
  rotateRefreshToken: true,
})
provider.listen(port, 'localhost', () => {
  answerSpent({ origin, secrets: Object.fromEntries(Object.keys(applications).map((id) => [id, secret])) })
})
