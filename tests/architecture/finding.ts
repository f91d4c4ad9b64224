import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { readGraph, readTree, type Tree } from '../../tools/source/tree.ts'

/** A broken rule: where, and what to do about it. */
export interface Finding {
  at: string
  message: string
}

const root = fileURLToPath(new URL('../..', import.meta.url))

/** This repository as it is now. */
export const tree = readTree(root)
export const graph = readGraph(tree)

export function assertNone(findings: readonly Finding[]) {
  const shown = findings
    .slice(0, 20)
    .map(({ at, message }) => `${at}\n    ${message.replaceAll('\n', '\n    ')}`)
  const more = findings.length > 20 ? [`… and ${findings.length - 20} more`] : []
  assert.equal(findings.length, 0, `\n${[...shown, ...more].join('\n')}`)
}

/** A small house like ours, to plant violations in. */
export function house(planted: Record<string, string> = {}): Tree {
  const service = (name: string): [string, string][] => [
    [
      `services/${name}/package.json`,
      `{ "name": "@althing/${name}", "exports": { "./contract": "./contract.ts" } }`,
    ],
    [`services/${name}/contract.ts`, `import { z } from 'zod'\nexport const ${name}Shape = z.object({})`],
    [
      `services/${name}/service.ts`,
      `import { ${name}Shape } from './contract.ts'\nimport { log } from '@althing/kernel/telemetry'`,
    ],
  ]
  return new Map([
    ['kernel/package.json', '{ "name": "@althing/kernel", "exports": { "./*": "./*/index.ts" } }'],
    ['kernel/telemetry/index.ts', 'export const log = 1'],
    ['kernel/db/index.ts', `export const openDatabase = 1\nexport type Db = 1`],
    ['kernel/http/index.ts', 'export const route = 1'],
    ['web/ui/package.json', '{ "name": "@althing/web-ui", "exports": { "./*": "./*" } }'],
    ['web/ui/html.ts', 'export const html = 1'],
    ...['portal', 'identity', 'policy', 'members', 'events', 'elections'].flatMap(service),
    ...Object.entries(planted),
  ])
}

export const plant = (planted: Record<string, string>) => readGraph(house(planted))
