import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (file: string) => readFileSync(`${root}/${file}`, 'utf8')

test('every command of a service can be reached by `althing`: write it down in cli/main.ts', () => {
  const files = [...globSync('services/*/cli*.ts', { cwd: root }), 'kernel/service/kernel-commands.ts']
  const commands = files
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) => [...read(file).matchAll(/noun: '([\w-]+)',\s+verb: '([\w-]+)'/g)])
    .map(([, noun = '', verb = '']) => [noun, verb] as const)
  assert.ok(commands.length > 20)
  const table = read('cli/main.ts')
  const missing = commands.filter(([noun, verb]) => {
    const [, after] = table.split(new RegExp(`\\n  '?${noun}'?: \\{`))
    return after === undefined || !new RegExp(`^[^]*?verbs: \\{[^}]*?\\b'?${verb}'?:`).test(after)
  })
  assert.deepEqual(missing, [])
})
