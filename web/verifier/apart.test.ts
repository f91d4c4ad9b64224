import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

test('the checks share no code with what they check: not the kernel, not a service, not Node', () => {
  const folder = new URL('./check/', import.meta.url)
  const sources = [
    ...readdirSync(folder).map((name) => new URL(name, folder)),
    new URL('./cli.ts', import.meta.url),
  ]
  assert.ok(sources.length > 8)
  for (const source of sources) {
    const imports = [...readFileSync(source, 'utf8').matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(
      ([, from]) => from ?? '',
    )
    const allowed = source.pathname.endsWith('/cli.ts') ? /^\.\/check\/|^node:(fs|util)$/ : /^\.\/[a-z]+\.ts$/
    assert.deepEqual(
      imports.filter((from) => !allowed.test(from)),
      [],
      source.pathname,
    )
  }
})
