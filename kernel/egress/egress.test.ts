import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import { after, test } from 'node:test'
import { createEgress, isPublicAddress } from './index.ts'

test('what is inside, special or an address in disguise is not public', () => {
  const inside = [
    '127.0.0.1',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fc00::1',
    'fd12::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:db8::1',
    '2001::1',
    'ff02::1',
    'localhost',
    '',
    '1.2.3',
  ]
  for (const address of inside) assert.equal(isPublicAddress(address), false, address)
  for (const address of ['1.1.1.1', '8.8.8.8', '130.208.0.1', '2606:4700:4700::1111', '2a00:1450::1'])
    assert.equal(isPublicAddress(address), true, address)
})

test('an address that is not https, is inside, however it is written, or carries a password is refused before a call', async () => {
  const { checked, send } = createEgress()
  const refused = [
    '',
    'nonsense',
    'ftp://example.org/',
    'file:///etc/passwd',
    'http://example.org/',
    'https://u:p@example.org/',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://169.254.169.254/latest/meta-data',
  ]
  for (const address of refused) {
    assert.throws(() => checked(address), { code: 'kernel.egress.address' }, address)
    await assert.rejects(send(address), { code: 'kernel.egress.address' }, address)
  }
  assert.equal(checked('https://receiver.example.org/events').hostname, 'receiver.example.org')
})

test('a name that points inside is refused when the connection is made', async () => {
  // RFC 6761, section 6.3: the name resolves to the loopback address.
  await assert.rejects(createEgress().send('https://localhost:8443/'), { code: 'kernel.egress.address' })
})

test('what an operator has named is called, within its bounds, and no redirect is followed', async () => {
  const { host, url } = await server((request, response) => {
    if (request.url === '/large') return void response.end('x'.repeat(2_000))
    if (request.url === '/away') return void response.writeHead(307, { location: '/' }).end()
    if (request.url === '/never') return
    response.writeHead(202).end(`${request.method} ${request.headers['content-length'] ?? ''}`)
  })
  const { send } = createEgress({ allowed: [host] })
  assert.deepEqual(pick(await send(`${url}/`, { method: 'POST', body: 'æ' })), [202, 'POST 2'])
  assert.deepEqual(pick(await send(`${url}/away`)), [307, ''])
  await assert.rejects(send(`${url}/large`, { mostBytes: 1_000 }), { code: 'kernel.egress.too_large' })
  await assert.rejects(send(`${url}/never`, { timeoutMs: 200 }), { code: 'kernel.egress.unreachable' })
  await assert.rejects(createEgress({ allowed: ['other.example.org'] }).send(`${url}/`), {
    code: 'kernel.egress.address',
  })
})

const pick = ({ status, text }: { status: number; text: string }) => [status, text]

async function server(answer: RequestListener) {
  const listening = createServer(answer)
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  after(() => (listening.closeAllConnections(), listening.close()))
  const host = `127.0.0.1:${(listening.address() as { port: number }).port}`
  return { host, url: `http://${host}` }
}
