import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadConfig } from '@althing/kernel/config'
import { serviceSettings } from '@althing/kernel/service'
import { serviceNames } from '../../run/settings.ts'
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
