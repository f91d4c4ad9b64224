/**
 * Stand-ins for issuers whose tokens are taken in exchange, over the wire: Firebase in the words of its documents (keys as JWKs, ID tokens with
 * `firebase.sign_in_provider`), and an OpenID issuer that is found by its discovery.
 */
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createServer } from 'node:http'
import { after } from 'node:test'
import { SignJWT } from 'jose'

type Claims = Readonly<Record<string, unknown>>
interface Header {
  readonly typ?: string | undefined
  readonly kid?: string
  readonly alg?: string
}

export interface OutsideIssuer {
  readonly issuer: string
  readonly keysUrl: string
  /** How often its keys were asked for. */
  asked(): number
  behave(how: 'well' | 'failing' | 'garbage' | 'elsewhere'): void
  /** As its applications get it, unless the story says otherwise. */
  token(subject: string, claims?: Claims, header?: Header): Promise<string>
  /** Well made, by somebody else's key under the published name. */
  forged(subject: string): Promise<string>
  /** For forgers: what is published. */
  readonly publicKey: string
}

export const project = 'our-old-project'

/** https://firebase.google.com/docs/auth/admin/verify-id-tokens#verify_id_tokens_using_a_third-party_jwt_library */
export async function firebase(): Promise<OutsideIssuer> {
  const made = await issuer(({ keysUrl }) => ({
    issuer: `https://securetoken.google.com/${project}`,
    keysUrl,
  }))
  return {
    ...made,
    token: (subject, claims = {}, header = {}) => made.token(subject, { ...ofFirebase(), ...claims }, header),
  }
}

const seconds = () => Math.floor(Date.now() / 1000)

const ofFirebase = () => ({
  aud: project,
  auth_time: seconds() - 60,
  user_id: 'as the subject',
  firebase: { identities: {}, sign_in_provider: 'custom' },
})

export const audience = 'the-old-application'

/** An issuer as OpenID Connect Discovery describes it. */
export const openIdIssuer = (): Promise<OutsideIssuer> =>
  issuer(({ url, keysUrl }) => ({ issuer: url, keysUrl }))

async function issuer(
  named: (at: { url: string; keysUrl: string }) => { issuer: string; keysUrl: string },
): Promise<OutsideIssuer> {
  const own = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })
  // Google names the algorithm too. Without it only the verifier's own list keeps others out.
  const jwk = { ...own.publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig' }
  const state = { asked: 0, how: 'well' as Parameters<OutsideIssuer['behave']>[0] }
  const server = createServer((request, response) => {
    const json = (body: unknown) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (state.how === 'failing') return void response.writeHead(500).end()
    if (state.how === 'garbage') return void response.writeHead(200).end('<html>')
    if (state.how === 'elsewhere') return void response.writeHead(302, { location: `${at.keysUrl}?2` }).end()
    if (request.url === '/.well-known/openid-configuration')
      return void json({ issuer: at.issuer, jwks_uri: at.keysUrl })
    state.asked += 1
    return void json({ keys: [jwk] })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => server.close())
  server.unref()
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`
  const at = named({ url, keysUrl: `${url}/keys` })
  const sign = (key: KeyObject, subject: string, claims: Claims, header: Header = {}) =>
    new SignJWT({
      iss: at.issuer,
      aud: audience,
      sub: subject,
      iat: seconds(),
      exp: seconds() + 3600,
      ...claims,
    })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: 'k1', ...header } as { alg: string })
      .sign(key)
  return {
    ...at,
    asked: () => state.asked,
    behave: (how) => void (state.how = how),
    token: (subject, claims = {}, header = {}) => sign(own.privateKey, subject, claims, header),
    forged: (subject) => sign(stranger.privateKey, subject, { ...ofFirebase() }),
    publicKey: JSON.stringify(jwk),
  }
}
