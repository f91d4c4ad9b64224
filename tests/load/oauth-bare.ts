/**
 * The least that a token endpoint can be: a form is read, a hashed secret compared, a token signed (RFC 6749, section 4.4; RFC 9068).
 * It stores nothing and refuses hardly anything: what a machine allows, and no provider reaches.
 */
import { createHash, generateKeyPairSync, randomUUID, sign, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { answerSpent } from './answer-spent.ts'
import { secret } from './oauth-world.ts'

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const hashed = createHash('sha256').update(secret).digest()
const head = encode({ alg: 'ES256', typ: 'at+jwt', kid: 'bare' })

const server = createServer((request, response) => void answer(request, response))

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const form = new URLSearchParams(await text(request))
  const basic = Buffer.from(request.headers.authorization?.slice(6) ?? '', 'base64').toString()
  const [id = '', shown = ''] = basic.split(':').map(decodeURIComponent)
  const isRight = timingSafeEqual(createHash('sha256').update(shown).digest(), hashed)
  if (!isRight || form.get('grant_type') !== 'client_credentials') return void response.writeHead(400).end()
  const now = Math.floor(Date.now() / 1000)
  const claims = {
    iss: 'http://localhost',
    aud: form.get('resource'),
    sub: id,
    client_id: id,
    scope: form.get('scope'),
    iat: now,
    exp: now + 900,
    jti: randomUUID(),
  }
  const input = `${head}.${encode(claims)}`
  const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  const body = {
    access_token: `${input}.${signature.toString('base64url')}`,
    token_type: 'Bearer',
    expires_in: 900,
  }
  response
    .writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body))
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as { port: number }
  answerSpent({ origin: `http://localhost:${port}`, secrets: { machine: secret } })
})
