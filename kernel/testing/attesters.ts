/**
 * Stand-ins for the providers of attestation, over real HTTP and in the words of their documents. They can also be away in the ways in which
 * providers are.
 */
import { generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { after } from 'node:test'
import { SignJWT } from 'jose'

export type Behaviour = 'well' | 'failing' | 'garbage' | 'slow' | 'endless' | 'elsewhere'

export interface Attester {
  readonly url: string
  /** How often it was asked. */
  asked(): number
  behave(how: Behaviour): void
}

export interface AppCheckAttester extends Attester {
  readonly project: string
  readonly app: string
  /** The public key as it is published, for forgers. */
  readonly publicKey: string
  /** As the app gets it: for an hour, for this app, unless the story says otherwise. */
  token(
    claims?: Readonly<Record<string, unknown>>,
    header?: { typ?: string; kid?: string; alg?: string },
  ): Promise<string>
  /** Well made, by somebody else's key under the published name. */
  forged(kid?: string): Promise<string>
}

/** https://firebase.google.com/docs/reference/appcheck/rest/v1/jwks */
export async function appCheckAttester(now: () => Date = () => new Date()): Promise<AppCheckAttester> {
  const [project, app] = ['1234567890', '1:1234567890:android:0a1b2c3d']
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })
  // Google names the algorithm too. Without it only the verifier's own list keeps others out.
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig' }
  const provider = await attester((request, response) => {
    if (request.url !== '/v1/jwks') return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: [jwk] }))
  })
  const make = (
    claims: Readonly<Record<string, unknown>>,
    { typ = 'JWT', kid = 'k1', alg = 'RS256' } = {},
  ) => {
    const at = Math.floor(now().getTime() / 1000)
    return new SignJWT({
      iss: `https://firebaseappcheck.googleapis.com/${project}`,
      aud: [`projects/${project}`, 'projects/our-name'],
      sub: app,
      iat: at,
      exp: at + 3600,
      ...claims,
    }).setProtectedHeader({ alg, typ, kid })
  }
  return {
    ...provider,
    project,
    app,
    publicKey: JSON.stringify(jwk),
    token: (claims = {}, header = {}) => make(claims, header).sign(privateKey),
    forged: (kid = 'k1') => make({}, { kid }).sign(stranger.privateKey),
  }
}

interface Solved {
  readonly hostname: string
  readonly action: string
}

export interface TurnstileAttester extends Attester {
  readonly secret: string
  /** What was sent to it, field by field. */
  readonly sent: Readonly<Record<string, string>>[]
  /** As a browser gets it in the form. */
  solve(where: Solved): string
}

/** https://developers.cloudflare.com/turnstile/get-started/server-side-validation */
export async function turnstileAttester(): Promise<TurnstileAttester> {
  const secret = '0x4AAAAAAAsecret'
  const solved = new Map<string, Solved & { isUsed: boolean }>()
  const sent: Record<string, string>[] = []
  let count = 0

  const codeFor = (fields: Readonly<Record<string, string>>): string | null => {
    const { response = '' } = fields
    if (fields['secret'] !== secret) return 'invalid-input-secret'
    if (response === '') return 'missing-input-response'
    if (/[^\w.-]/.test(response)) return 'bad-request'
    const found = solved.get(response)
    if (found === undefined) return 'invalid-input-response'
    return found.isUsed ? 'timeout-or-duplicate' : null
  }
  const provider = await attester(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const fields = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8')))
    sent.push(fields)
    const code = codeFor(fields)
    const found = solved.get(fields['response'] ?? '')
    if (found !== undefined && code === null) found.isUsed = true
    const answer =
      code === null
        ? { success: true, 'error-codes': [], challenge_ts: new Date().toISOString(), ...found }
        : { success: false, 'error-codes': [code] }
    response
      .writeHead(code === 'bad-request' ? 400 : 200, { 'content-type': 'application/json' })
      .end(JSON.stringify(answer))
  })
  return {
    ...provider,
    secret,
    sent,
    solve(where) {
      const response = `0.solved-${(count += 1)}`
      solved.set(response, { ...where, isUsed: false })
      return response
    },
  }
}

/** A provider over real HTTP that can be away in the ways in which providers are. */
export async function attester(
  well: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<Attester> {
  let [how, asked]: [Behaviour, number] = ['well', 0]
  const server = createServer((request, response) => {
    asked += 1
    // With 307 the whole request goes along: whoever follows gets somebody else's yes.
    const isFollowed = request.url?.startsWith('/elsewhere/') === true
    if (how === 'well' || isFollowed) {
      request.url = request.url?.replace(/^\/elsewhere/, '') ?? ''
      return void well(request, response)
    }
    request.resume()
    if (how === 'elsewhere')
      return void response.writeHead(307, { location: `/elsewhere${request.url}` }).end()
    misbehave(how, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => (server.closeAllConnections(), server.close()))
  const { port } = server.address() as { port: number }
  return { url: `http://127.0.0.1:${port}`, asked: () => asked, behave: (next) => void (how = next) }
}

function misbehave(how: Behaviour, response: ServerResponse): void {
  if (how === 'failing') response.writeHead(500).end('{"success":true}')
  if (how === 'garbage') response.writeHead(200).end('<!doctype html><title>Welcome</title>')
  if (how === 'endless') response.writeHead(200).end(`{"success":true,"x":"${'x'.repeat(1_000_000)}"}`)
}
