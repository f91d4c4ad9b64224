/** Another issuer names its keys and its token endpoint itself: it cannot have us call what only we can reach. */
import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { Secret } from '@althing/kernel/config'
import { systemClock as clock } from '@althing/kernel/context'
import { createBreakers } from '@althing/kernel/resilience'
import { z } from 'zod'
import { keyPair } from '../../tests/support/protocol.ts'
import { createUpstream } from './federation/upstream.ts'
import { createIssuerKeys } from './outside-tokens/keys.ts'
import { egressTo } from './stand-ins.ts'

let inside = 0
const { jwk, jwks } = await keyPair()
const inner = await listening((_request, response) => {
  inside += 1
  response.end(JSON.stringify({ ...jwks, id_token: 'x' }))
})
let named = inner
const issuer = await listening(({ url }, response) => {
  if (url === '/keys') return void response.end(JSON.stringify(jwks))
  if (url === '/away') return void response.writeHead(307, { location: `${inner}/` }).end()
  const document = {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${named}/`,
    jwks_uri: named === inner ? `${named}/` : named,
    id_token_signing_alg_values_supported: ['ES256'],
  }
  response.end(JSON.stringify(document))
})
const innerHost = new URL(inner).host
const doors = [
  ['another door of this machine', inner],
  ['the same by name', `http://localhost:${new URL(inner).port}`],
  ['a network inside', 'https://10.0.0.1'],
  ['a cloud', 'https://169.254.169.254'],
  ['a redirect to it', `${issuer}/away`],
] as const

const upstreamOf = (allowed: readonly string[]) =>
  createUpstream({
    issuer,
    clientId: 'althing',
    clientSecret: new Secret('a secret'),
    redirectUri: 'https://althing.example/callback',
    scope: 'openid',
    claims: z.object({ sub: z.string() }),
    clock,
    breaker: createBreakers(clock).breaker('issuer'),
    send: egressTo({ egressAllowed: allowed }, [issuer]).send,
  })

test('a code is shown to no door inside that an issuer names, unless an operator has allowed it', async () => {
  for (const [what, url] of doors) {
    named = url
    const { redeem } = upstreamOf([])
    await assert.rejects(redeem('code', 'verifier', 'nonce'), { code: 'identity.federation.upstream' }, what)
  }
  assert.equal(inside, 0)
  named = inner
  await assert.rejects(upstreamOf([innerHost]).redeem('code', 'verifier', 'nonce'), {
    code: 'identity.federation.refused',
  })
  assert.equal(inside, 1)
})

test('keys are fetched from no door inside that an issuer names, unless an operator has allowed it', async () => {
  const before = inside
  const keysWith = async (allowed: readonly string[], url?: string) =>
    createIssuerKeys({
      issuer,
      url,
      clock,
      breaker: createBreakers(clock).breaker('keys'),
      send: egressTo({ egressAllowed: allowed }, [issuer]).send,
    })({ alg: 'ES256', kid: jwk.kid ?? '' }, { payload: '', signature: '' })
  for (const [what, url] of doors) await assert.rejects(keysWith([], url), what)
  assert.equal(inside, before)
  await keysWith([innerHost], `${inner}/`)
  assert.equal(inside, before + 1)
  await keysWith([], `${issuer}/keys`)
})

async function listening(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  after(() => server.close().closeAllConnections())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
