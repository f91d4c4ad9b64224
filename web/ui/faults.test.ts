import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { faultCodes, faultTitle } from './faults.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Folders all of whose faults must have a title in each language. A service is added when its pages are. */
const complete = ['kernel', 'services/members', 'services/events', 'services/identity', 'services/policy']

/** Read from the source, because loading every service to ask it would take seconds. */
function declared(folder: string): string[] {
  const files = globSync(`${folder}/**/*.ts`, { cwd: root }).filter((file) => !file.endsWith('.test.ts'))
  const tables = files.flatMap((file) => [
    ...readFileSync(`${root}/${file}`, 'utf8').matchAll(/faults\('([\w.-]+)', \{(.*?)\n\}\)/gs),
  ])
  return tables.flatMap(([, prefix, table = '']) =>
    [...table.matchAll(/^ {2}(\w+): \[/gm)].map(([, word]) => `${prefix}.${word}`),
  )
}

for (const folder of complete)
  test(`every fault of ${folder} has a title in each language`, () => {
    const codes = declared(folder)
    assert.ok(codes.length > 0)
    const missing = codes.filter((code) => !faultCodes.includes(code))
    assert.deepEqual(missing, [], 'Write their titles in web/ui/texts/faults.is.json and faults.en.json.')
  })

test('a fault without a title of ours keeps its own', () => {
  assert.equal(faultTitle('is', 'kernel.token.missing', 'Sign in first.'), 'Skráðu þig fyrst inn.')
  assert.equal(faultTitle('is', 'no.such.code', 'Own words.'), 'Own words.')
})
