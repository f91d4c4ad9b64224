import assert from 'node:assert/strict'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { loadConfig } from '@althing/kernel/config'
import { serviceSettings } from '@althing/kernel/service'
import { startManagement } from '../../run/management.ts'
import { serviceNames } from '../../run/settings.ts'
import { portal } from '../../services/portal/service.ts'
import { testService } from '../support/service.ts'
import { serviceFor } from '../../services/portal/gateway/table.ts'

test('a service that is told nothing listens on loopback only', () => {
  for (const name of serviceNames) {
    const own = (word: string) => `ALTHING_${name.toUpperCase()}_${word}`
    const settings = loadConfig(serviceSettings(name), {
      [own('DATABASE_URL')]: 'postgres://x',
      [own('SERVICE_KEY')]: 'x'.repeat(43),
    })
    assert.equal(settings.host, '127.0.0.1')
    assert.equal(settings.managementHost, '127.0.0.1')
  }
})

test('the gateway leads to no internal address, however it is spelled', () => {
  const spellings = [
    '/internal/messages',
    '/internal',
    '/api/members/../../internal/messages',
    '/api/members/%2e%2e/internal',
    '/api/members/..%2finternal',
    '//internal/messages',
    '/api/events\\..\\internal',
    '/api/members/./x',
    '/api/members//x',
    '/health',
    '/metrics',
    '/breakers',
    '/API/members',
    '/api/membersx',
  ]
  for (const path of spellings) assert.equal(serviceFor(path), null, path)
})

test('every public address has its service', () => {
  const known = {
    '/sign-in': 'identity',
    '/oauth/token': 'identity',
    '/.well-known/jwks.json': 'identity',
    '/account': 'identity',
    '/access/v1/evaluation': 'policy',
    '/api/members/me': 'members',
    '/scim/v2/Users': 'members',
    '/api/events/tickets': 'events',
    '/api/admin/elections': 'elections',
    '/api/admin/elections/x/open': 'elections',
  }
  for (const [path, service] of Object.entries(known)) assert.equal(serviceFor(path), service, path)
})

test('on the public address of the person origin there is nothing internal, also over the wire', async () => {
  const service = await testService(portal, {
    listen: true,
    env: { ALTHING_PORTAL_CLIENT_SECRET: 'a secret of the portal that is long enough' },
  })
  const { main = '', internal = '' } = service.addresses
  assert.notEqual(main, internal)
  for (const path of ['/internal/messages', '/internal/openapi.json', '/internal/x']) {
    for (const method of ['GET', 'POST'])
      assert.equal((await fetch(`${main}${path}`, { method })).status, 404, `${method} ${path}`)
  }
  assert.equal((await fetch(`${internal}/internal/openapi.json`)).status, 200)
  assert.equal((await fetch(`${internal}/internal/messages`, { method: 'POST' })).status, 401)
  assert.equal((await fetch(`${internal}/`)).status, 404)
  // A stranger's large body is not read before the answer.
  const large = await fetch(`${main}/nope`, { method: 'POST', body: 'x'.repeat(200_000) })
  assert.ok([404, 413].includes(large.status), String(large.status))
})

test('the management address answers nobody who came by another name, and no page of another site', async () => {
  const server = await startManagement({ host: '127.0.0.1', port: 0, services: {}, mailbox: true })
  after(() => server.close())
  const { port } = server.address() as AddressInfo
  const ask = (method: string, path: string, headers: Record<string, string>) =>
    new Promise<number>((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, method, path, headers }, (answer) =>
        resolve(answer.resume().statusCode ?? 0),
      )
      sent.on('error', reject).end(method === 'POST' ? '{"kind":"mail","to":"a@b.is","text":"x"}' : undefined)
    })
  const here = `localhost:${port}`
  assert.equal(await ask('GET', '/outbox.json', { host: here }), 200)
  assert.equal(await ask('GET', '/outbox.json', { host: `attacker.example:${port}` }), 403)
  assert.equal(await ask('GET', '/health', { host: '127.0.0.1.attacker.example' }), 403)
  assert.equal(await ask('POST', '/outbox', { host: here }), 202)
  assert.equal(await ask('POST', '/outbox', { host: here, origin: `http://${here}` }), 202)
  assert.equal(await ask('POST', '/outbox', { host: here, origin: 'https://attacker.example' }), 403)
  assert.equal(await ask('POST', '/outbox', { host: here, origin: 'null' }), 403)
})
