import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

/** Not our reading of `exports` but Node's own: what a running service could load of another. */
const root = fileURLToPath(new URL('../..', import.meta.url))
const services = readdirSync(`${root}services`)

test('of a service Node opens the contract and nothing else', () => {
  assert.ok(services.length >= 6)
  for (const service of services) {
    assert.ok(import.meta.resolve(`@althing/${service}/contract`).endsWith(`/${service}/contract.ts`))
    for (const inside of [
      '',
      '/service.ts',
      '/contract.ts',
      '/config.ts',
      '/package.json',
      '/main.ts',
      '/../identity/service.ts',
    ]) {
      assert.throws(
        () => import.meta.resolve(`@althing/${service}${inside}`),
        { code: /^ERR_(PACKAGE_PATH_NOT_EXPORTED|INVALID_MODULE_SPECIFIER)$/ },
        `@althing/${service}${inside}`,
      )
    }
  }
})

test('of the kernel Node opens its parts at their doors', () => {
  assert.ok(import.meta.resolve('@althing/kernel/db').endsWith('/kernel/db/index.ts'))
})
