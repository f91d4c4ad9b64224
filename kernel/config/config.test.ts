import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { z } from 'zod'
import { ConfigError, integer, list, loadConfig, optional, Secret, secret, setting } from './index.ts'

const Config = {
  port: setting({ env: 'T_PORT', schema: integer.min(1), fallback: '80', doc: 'Where to listen.' }),
  name: setting({ env: 'T_NAME', schema: z.string().min(3), doc: 'What it is called.' }),
  cache: setting({ env: 'T_CACHE', schema: optional, doc: 'Where counters may lie.' }),
  proxies: setting({ env: 'T_PROXIES', schema: list, fallback: 'loopback', doc: 'Who is believed.' }),
  key: secret({ env: 'T_KEY', schema: z.string().length(4), doc: 'The key.' }),
} as const

test('settings are typed, frozen and have their defaults', () => {
  const values = loadConfig(Config, { T_NAME: 'ada', T_KEY: 'abcd', T_PROXIES: '10.0.0.0/8, ::1' })
  assert.deepEqual(
    [values.port, values.name, values.cache, values.proxies],
    [80, 'ada', undefined, ['10.0.0.0/8', '::1']],
  )
  assert.equal(values.key.reveal(), 'abcd')
  assert.ok(Object.isFrozen(values))
})

test('all mistakes are told at once, and no value is quoted', () => {
  const mistake = { T_PORT: 'eighty-secret', T_KEY: 'much too long' }
  assert.throws(
    () => loadConfig(Config, mistake),
    (error: unknown) => {
      assert.ok(error instanceof ConfigError)
      assert.equal(error.mistakes.length, 3)
      assert.match(
        error.message,
        /T_PORT is not right[^]*T_NAME is missing: What it is called\.[^]*T_KEY is not right/,
      )
      assert.doesNotMatch(error.message, /eighty|much too long/)
      return true
    },
  )
})

test('a secret may lie in a file, as secret stores mount them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'config-'))
  const file = join(folder, 'key')
  writeFileSync(file, 'wxyz\n')
  assert.equal(loadConfig(Config, { T_NAME: 'ada', T_KEY_FILE: file }).key.reveal(), 'wxyz')
  assert.throws(
    () => loadConfig(Config, { T_NAME: 'ada', T_KEY_FILE: join(folder, 'none') }),
    /T_KEY_FILE names a file that cannot be read/,
  )
  rmSync(folder, { recursive: true })
})

test('a secret does not print, whatever prints it', () => {
  const hidden = new Secret('needle')
  for (const shown of [String(hidden), JSON.stringify({ hidden }), inspect({ a: { hidden } })])
    assert.doesNotMatch(shown, /needle/)
})
