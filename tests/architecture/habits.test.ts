import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readGraph } from '../../tools/source/tree.ts'
import { assertNone, graph, house, plant, tree } from './finding.ts'
import { checkAmbient, checkEscapes, checkKernelWords, checkNames } from './habits.ts'

test('nothing is exported by default, and only the kernel has doors called index', () => {
  assertNone(checkNames(graph))
})

test('code is loaded by its written name', () => {
  assertNone(checkEscapes(graph))
})

test('time, chance and the environment are given, not taken', () => {
  assertNone(checkAmbient(graph))
})

test('the kernel has no word of our domain', () => {
  assertNone(checkKernelWords(graph, tree))
})

test('planted: default exports and stray doors', () => {
  const findings = checkNames(
    plant({
      'services/members/index.ts': '',
      'services/members/groups/rules.ts': 'export default 1',
      'web/admin/vite.config.ts': 'export default 1',
    }),
  )
  assert.deepEqual(findings.map(({ at }) => at).sort(), [
    'services/members/groups/rules.ts',
    'services/members/index.ts',
  ])
})

test('planted: ways around the imports', () => {
  const ways = {
    'services/members/a.ts': 'export const load = (name: string) => import(name)',
    'services/members/b.ts': `import { createRequire } from 'node:module'`,
    'services/members/c.ts': `import { Worker } from 'node:worker_threads'`,
    'services/members/d.ts': `import { spawn } from 'node:child_process'`,
    'services/members/e.ts': `new Function('return 1')`,
    'kernel/http/f.ts': `process.getBuiltinModule('child_process')`,
    'web/booth/g.ts': 'await import(`./${name}.ts`)',
  }
  const found = new Set(checkEscapes(plant(ways)).map(({ at }) => at.split(':')[0]))
  assert.deepEqual(found, new Set(Object.keys(ways)))
  assert.deepEqual(
    checkEscapes(
      plant({
        'run/all.ts': ways['services/members/a.ts'],
        'kernel/db/embedded.ts': ways['services/members/d.ts'],
      }),
    ),
    [],
  )
})

test('planted: what takes time, chance or the environment for itself', () => {
  const takes = {
    'services/members/a.ts': 'const now = Date.now()',
    'services/members/b.ts': 'const now = new Date()',
    'services/members/c.ts': 'const id = crypto.randomUUID()',
    'services/members/d.ts': `import { randomBytes } from 'node:crypto'`,
    'services/members/e.ts': 'const key = process.env.KEY',
    'kernel/http/f.ts': `const dice = Math.random()`,
  }
  const found = new Set(checkAmbient(plant(takes)).map(({ at }) => at.split(':')[0]))
  assert.deepEqual(found, new Set(Object.keys(takes)))
  assert.deepEqual(
    checkAmbient(
      plant({
        'services/members/main.ts': takes['services/members/e.ts'],
        'kernel/context/index.ts': takes['services/members/a.ts'],
      }),
    ),
    [],
  )
  assert.deepEqual(
    checkAmbient(
      plant({ 'services/members/a.ts': '// Date.now()\nconst at = new Date(text) + new Date(`2026-01-01`)' }),
    ),
    [],
  )
})

test('planted: words of the domain in the kernel', () => {
  const planted = house({
    'kernel/http/a.ts': 'export const castBallot = 1',
    'kernel/http/b.ts': `const topic = 'member.left'`,
    'kernel/http/c.ts': `export const remember = 'ballot' // a ballot`,
    'kernel/http/migrations/0001-x.sql': 'create table voter (id int); -- nothing',
  })
  const findings = checkKernelWords(readGraph(planted), planted)
  assert.deepEqual(
    findings.map(({ at }) => at),
    ['kernel/http/a.ts:1', 'kernel/http/b.ts:1', 'kernel/http/migrations/0001-x.sql'],
  )
})
