import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { createEgress } from '@althing/kernel/egress'
import { jwtVerify, SignJWT } from 'jose'
import { keyPair } from '../../../tests/support/protocol.ts'
import { createClientKeys } from './client-keys.ts'
import { fetchThrough } from './outgoing.ts'

const [first, second, third] = [await keyPair(), await keyPair(), await keyPair()]
let shown = first.jwks
let [asked, status, now] = [0, 200, 0]
const server = createServer((_request, response) => {
  asked += 1
  // A year, as whoever has the address for a moment would say.
  response.writeHead(status, {
    'cache-control': 'max-age=31536000',
    expires: 'Thu, 01 Jan 2099 00:00:00 GMT',
  })
  response.end(JSON.stringify(shown))
})
await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
after(() => server.close().closeAllConnections())
const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
const outgoing = fetchThrough(createEgress({ allowed: [host] }))
const keys = createClientKeys({ outgoing, now: () => new Date(now) })

type Pair = Awaited<ReturnType<typeof keyPair>>
const signedBy = ({ privateKey, jwk }: Pair) =>
  new SignJWT({}).setProtectedHeader({ alg: 'ES256', kid: jwk.kid ?? '' }).sign(privateKey)
async function isTaken(pair: Pair, address = `http://${host}/keys`): Promise<boolean> {
  return jwtVerify(await signedBy(pair), keys(address)).then(
    () => true,
    () => false,
  )
}

test('keys of an application are asked for once a minute, a withdrawn one is good for no longer, and a new one at once', async () => {
  assert.equal(await isTaken(first), true)
  await Promise.all(Array.from({ length: 64 }, () => isTaken(first)))
  assert.equal(asked, 1)

  shown = second.jwks
  assert.equal(
    await isTaken(second),
    false,
    'asked for just now: nobody has us call there again for ten seconds',
  )
  assert.equal(asked, 1)
  now += 10_000
  assert.equal(await isTaken(second), true)
  assert.equal(await isTaken(first), false, 'withdrawn, and known to be')
  assert.equal(asked, 2)

  shown = third.jwks
  now += 59_000
  assert.equal(await isTaken(second), true, 'within its minute')
  now += 1_000
  assert.equal(await isTaken(second), false, 'withdrawn a minute ago')
  assert.equal(await isTaken(third), true)
  assert.equal(asked, 3)
})

test('an address that fails opens nothing, is not called again for ten seconds, and then is', async () => {
  status = 500
  now += 60_000
  const before = asked
  assert.equal(await isTaken(third), false)
  assert.equal(await isTaken(third), false)
  assert.equal(asked, before + 1)
  status = 200
  now += 10_000
  assert.equal(await isTaken(third), true)
})

test('an address inside is not called, whatever lies there', async () => {
  const before = asked
  const { port } = server.address() as AddressInfo
  for (const inside of [
    `http://localhost:${port}/keys`,
    `https://[::1]:${port}/keys`,
    'https://169.254.169.254/',
  ])
    assert.equal(await isTaken(third, inside), false, inside)
  assert.equal(asked, before)
})

test('no answer of an application says for how long the engine keeps it', async () => {
  const { headers } = await outgoing(`http://${host}/keys`)
  assert.deepEqual([headers.get('cache-control'), headers.get('expires')], [null, null])
})
