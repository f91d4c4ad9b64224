import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertNone, graph, plant } from './finding.ts'
import { checkWorlds } from './worlds.ts'

test('no file reaches both a person and a ballot', () => {
  assertNone(checkWorlds(graph))
})

test('a house without violations passes', () => {
  const planted = plant({
    'services/events/tickets/rules.ts': `import { electionsShape } from '@althing/elections/contract'`,
    'services/elections/setup/rules.ts': `import { policyShape } from '@althing/policy/contract'`,
    'web/admin/main.ts': `import { electionsShape } from '@althing/elections/contract'\nimport { html } from '@althing/web-ui/html.ts'`,
  })
  assertNone(checkWorlds(planted))
})

test('what attests a client is of the person world: nothing that knows a ballot may import it', () => {
  const planted = plant({
    'kernel/attestation/index.ts': 'export interface Attestation {}',
    'services/elections/ballots/routes.ts': `import type { Attestation } from '@althing/kernel/attestation'`,
  })
  const found = checkWorlds(planted).map(({ at }) => at)
  assert.ok(found.includes('services/elections/ballots/routes.ts'), found.join())
})

const box = { 'services/elections/ballots/store.ts': 'export const box = 1\nexport interface Ballot {}' }
const toBox = '../../elections/ballots/store.ts'

refused(
  'a direct import',
  {
    ...box,
    'services/events/tickets/rules.ts': `import { box } from '${toBox}'`,
  },
  ['services/events/tickets/rules.ts → services/elections/ballots/store.ts'],
)

refused(
  'an import of a type only',
  {
    ...box,
    'services/events/tickets/rules.ts': `import type { Ballot } from '${toBox}'`,
  },
  ['services/events/tickets/rules.ts → services/elections/ballots/store.ts'],
)

refused(
  'a type named inside a line',
  {
    ...box,
    'services/events/tickets/rules.ts': `export const seal = (ballot: import('${toBox}').Ballot) => ballot`,
  },
  ['services/events/tickets/rules.ts → services/elections/ballots/store.ts'],
)

refused(
  'a re-export',
  {
    ...box,
    'services/events/tickets/again.ts': `export * from '${toBox}'`,
    'services/events/tickets/rules.ts': `import { box } from './again.ts'`,
  },
  [
    'services/events/tickets/rules.ts → services/events/tickets/again.ts → services/elections/ballots/store.ts',
  ],
)

refused(
  'a way through the kernel',
  {
    ...box,
    'kernel/meeting/index.ts': `import { log } from '../telemetry/index.ts'\nexport { box } from '../../services/elections/ballots/store.ts'`,
    'services/members/directory/rules.ts': `import { box } from '@althing/kernel/meeting'`,
  },
  ['services/members/directory/rules.ts → kernel/meeting/index.ts → services/elections/ballots/store.ts'],
)

refused(
  'a way through a contract',
  {
    ...box,
    'services/elections/contract.ts': `export { box } from './ballots/store.ts'`,
    'services/events/tickets/rules.ts': `import { box } from '@althing/elections/contract'`,
  },
  ['services/events/tickets/rules.ts → services/elections/contract.ts → services/elections/ballots/store.ts'],
)

refused(
  'the contract of a service of persons, seen from the ballot box',
  {
    'services/elections/ballots/rules.ts': `import { membersShape } from '@althing/members/contract'`,
  },
  ['services/elections/ballots/rules.ts → services/members/contract.ts'],
)

refused(
  'a dynamic import',
  {
    ...box,
    'services/events/tickets/rules.ts': `export const late = () => import('${toBox}')`,
  },
  ['services/events/tickets/rules.ts → services/elections/ballots/store.ts'],
)

refused(
  'createRequire',
  {
    ...box,
    'services/events/tickets/rules.ts': `import { createRequire } from 'node:module'\nconst require = createRequire(import.meta.url)\nrequire('${toBox}')`,
  },
  ['services/events/tickets/rules.ts → services/elections/ballots/store.ts'],
)

refused(
  'a worker',
  {
    ...box,
    'services/events/tickets/rules.ts': `import { Worker } from 'node:worker_threads'\nnew Worker(new URL('${toBox}', import.meta.url))`,
  },
  ['services/events/tickets/rules.ts → services/elections/ballots/store.ts'],
)

refused(
  'a neutral file that knows both worlds',
  {
    'run/both.ts': `import '../services/elections/service.ts'\nimport '../services/members/service.ts'`,
  },
  ['run/both.ts → services/members/service.ts', 'run/both.ts → services/elections/service.ts'],
)

refused(
  'a page of the booth that uses one of the signed-in pages',
  {
    'web/collect/page.tsx': "export const page = <p>It's yours</p>",
    'web/booth/main.tsx': `import { page } from '../collect/page.tsx'`,
  },
  ['web/booth/main.tsx → web/collect/page.tsx'],
)

test('a folder nobody has placed in a world is refused', () => {
  const [finding] = checkWorlds(plant({ 'services/tallies/rules.ts': '' }))
  assert.match(finding?.message ?? '', /is in no world/)
})

function refused(what: string, planted: Record<string, string>, paths: string[]) {
  test(`${what} is refused, with the way shown`, () => {
    const findings = checkWorlds(plant(planted))
    for (const path of paths) {
      assert.ok(
        findings.some(({ message }) => message.includes(path)),
        `${path} is not in ${JSON.stringify(findings, null, 2)}`,
      )
    }
    assert.ok(
      findings.every(({ message }) => message.includes('to a person') && message.includes('to a ballot')),
    )
  })
}
