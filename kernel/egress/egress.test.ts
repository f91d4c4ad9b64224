import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { isPublic } from './addresses.ts'
import { createEgress } from './index.ts'

const server = createServer((request, response) => {
  if (request.url === '/large') return void response.end('x'.repeat(2_000))
  if (request.url === '/never') return
  if (request.url === '/away') return void response.writeHead(302, { location: 'http://127.0.0.1/' }).end()
  let body = ''
  request.on('data', (chunk) => (body += String(chunk)))
  request.on('end', () => response.end(`${request.method} ${body}`))
})
await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
after(() => server.close().closeAllConnections())
const host = `127.0.0.1:${(server.address() as AddressInfo).port}`

test('an address of our own network is not called, however it is written', async () => {
  const call = createEgress()
  for (const url of [
    `http://${host}/`,
    `https://${host}/`,
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[fd00::1]/',
    'https://10.0.0.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://0x7f000001/',
    'https://2130706433/',
    'https://192.168.1.1./',
    'https://name:word@example.org/',
    'file:///etc/passwd',
  ])
    await assert.rejects(call(url), { code: 'kernel.egress.forbidden' }, url)
})

test('a name is looked at by every address that it has, and the connection goes to one that was looked at', async () => {
  const pretend = (...addresses: string[]) =>
    createEgress({
      lookup: ((_name: string, _options: unknown, found: (error: null, all: unknown) => void) =>
        found(
          null,
          addresses.map((address) => ({ address, family: 4 })),
        )) as never,
    })
  for (const addresses of [['127.0.0.1'], ['93.184.215.14', '10.0.0.1'], []])
    await assert.rejects(pretend(...addresses)('https://shop.example/'), { code: 'kernel.egress.forbidden' })
})

test('what the operator allows is called, with bounds on its answer', async () => {
  const call = createEgress({ allowed: [host], mostBytes: 1_000, deadlineMs: 300 })
  const answer = await call(`http://${host}/`, { method: 'POST', body: new URLSearchParams({ a: 'b' }) })
  assert.deepEqual([answer.status, await answer.text()], [200, 'POST a=b'])
  await assert.rejects(call(`http://${host}/large`), { code: 'kernel.egress.failed' })
  await assert.rejects(call(`http://${host}/never`), { code: 'kernel.resilience.too_late' })
  const away = await call(`http://${host}/away`)
  assert.deepEqual([away.status, away.headers.get('location')], [302, 'http://127.0.0.1/'])
  await assert.rejects(call('http://127.0.0.1:1/'), { code: 'kernel.egress.forbidden' })
  const closed = createEgress({ allowed: ['127.0.0.1:1'] })
  await assert.rejects(closed('http://127.0.0.1:1/'), { code: 'kernel.egress.failed' })
})

test('public is what no registry names for another purpose', () => {
  for (const address of ['93.184.215.14', '8.8.8.8', '2606:4700::1111', '2a00::1'])
    assert.ok(isPublic(address), address)
  for (const address of [
    '100.64.0.1',
    '192.0.2.1',
    '224.0.0.1',
    '255.255.255.255',
    'fe80::1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    'name',
    '',
  ])
    assert.equal(isPublic(address), false, address)
})
