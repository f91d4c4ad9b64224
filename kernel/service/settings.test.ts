import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigError, loadConfig } from '../config/index.ts'
import { serviceSettings } from './settings.ts'

const { trustedProxies } = serviceSettings('members')
const read = (value: string) =>
  loadConfig({ trustedProxies }, { ALTHING_TRUSTED_PROXIES: value }).trustedProxies

test('a proxy is trusted by an address, a range or a name that can be read; anything else stops the start', () => {
  assert.deepEqual(read('loopback, 10.0.0.0/8,2001:db8::/32,192.0.2.7'), [
    'loopback',
    '10.0.0.0/8',
    '2001:db8::/32',
    '192.0.2.7',
  ])
  assert.deepEqual(read(''), [])
  for (const bad of [
    'true',
    '*',
    'proxy.example',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '::1/129',
    '10.0.0',
  ])
    assert.throws(
      () => read(bad),
      (error) => error instanceof ConfigError && error.message.includes('ALTHING_TRUSTED_PROXIES'),
      bad,
    )
})
