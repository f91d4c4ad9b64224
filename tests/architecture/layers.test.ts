import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertNone, graph, plant } from './finding.ts'
import { checkLayers } from './layers.ts'

test('everybody imports only whom they may', () => {
  assertNone(checkLayers(graph))
})

test('a feature as the house rules draw it passes', () => {
  assertNone(
    checkLayers(
      plant({
        'services/members/directory/schema.ts': `import { z } from 'zod'\nimport { membersShape } from '../contract.ts'`,
        'services/members/directory/store.ts': `import type { Db } from '@althing/kernel/db'\nimport { Member } from './schema.ts'`,
        'services/members/directory/rules.ts': `import type { Store } from './store.ts'\nimport { timingSafeEqual } from 'node:crypto'`,
        'services/members/directory/routes.ts': `import { route } from '@althing/kernel/http'\nimport type { Directory } from './rules.ts'`,
        'services/identity/sign-in/routes.ts': `import { page } from '../../../web/signin/page.ts'`,
        'web/signin/page.ts': `import { html } from '@althing/web-ui/html.ts'\nexport const page = 1`,
      }),
    ),
  )
})

const rows: [what: string, from: string, source: string, message: RegExp][] = [
  [
    'a service in the kernel',
    'kernel/http/x.ts',
    `import '../../services/members/contract.ts'`,
    /the kernel imports the kernel only/,
  ],
  [
    'the kernel in a contract',
    'services/members/contract.ts',
    `import '@althing/kernel/telemetry'`,
    /schema library only/,
  ],
  [
    'the database in a rule',
    'services/members/directory/rules.ts',
    `import '@althing/kernel/db'`,
    /no HTTP and no SQL/,
  ],
  [
    'HTTP in a rule',
    'services/members/directory/rules.ts',
    `import type { R } from '@althing/kernel/http'`,
    /no HTTP and no SQL/,
  ],
  [
    'a store itself in a rule',
    'services/members/directory/rules.ts',
    `import { s } from './store.ts'`,
    /import its type only/,
  ],
  [
    'a store in a route',
    'services/members/directory/routes.ts',
    `import type { S } from './store.ts'`,
    /calls rules, not a store/,
  ],
  [
    'HTTP in a store',
    'services/members/directory/store.ts',
    `import '@althing/kernel/http'`,
    /a store imports/,
  ],
  [
    'the database elsewhere',
    'services/members/directory/cache.ts',
    `import '@althing/kernel/db'`,
    /only stores/,
  ],
  [
    'a sibling feature',
    'services/members/groups/rules.ts',
    `import type { S } from '../directory/store.ts'`,
    /no sibling/,
  ],
  [
    'the inside of another service',
    'services/members/groups/rules.ts',
    `import '../../identity/service.ts'`,
    /only the contract/,
  ],
  [
    'the service in its feature',
    'services/members/groups/rules.ts',
    `import '../service.ts'`,
    /does not know its service/,
  ],
  [
    'a service in the runner',
    'run/all.ts',
    `import '../services/members/service.ts'`,
    /started by file name/,
  ],
  ['a tool', 'kernel/http/x.ts', `import '../../tools/x.ts'`, /nothing imports tests, tools/],
  ['an example', 'kernel/http/x.ts', `import '../../examples/api/x.ts'`, /nothing imports .* examples/],
  ['ours in an example', 'examples/api/x.ts', `import '@althing/kernel/http'`, /packages of others only/],
  [
    'a contract in an example',
    'examples/api/x.ts',
    `import '../../services/identity/contract.ts'`,
    /own files/,
  ],
  ['another example in an example', 'examples/api/x.ts', `import '../web-app/x.ts'`, /own files/],
  [
    'the testing kernel',
    'services/members/groups/rules.ts',
    `import '../../../kernel/testing/index.ts'`,
    /for tests/,
  ],
  [
    'the inside of a service in a page',
    'web/admin/main.ts',
    `import '../../services/members/directory/rules.ts'`,
    /pages import contracts/,
  ],
  [
    'a file its package does not open',
    'web/admin/main.ts',
    `import '@althing/members/service.ts'`,
    /not opened by its package/,
  ],
]

for (const [what, from, source, message] of rows) {
  test(`refused: ${what} (${from.split('/').at(-1)})`, () => {
    const findings = checkLayers(
      plant({
        'tools/x.ts': '',
        'examples/api/x.ts': '',
        'examples/web-app/x.ts': '',
        'kernel/testing/index.ts': '',
        'services/members/directory/store.ts': 'export const s = 1',
        'services/members/directory/rules.ts': '',
        [from]: source,
      }),
    )
    assert.ok(
      findings.some((finding) => finding.at.startsWith(from) && message.test(finding.message)),
      JSON.stringify(findings),
    )
  })
}

test('a circle is refused, of types too', () => {
  const findings = checkLayers(
    plant({
      'kernel/a/one.ts': `import type { T } from './two.ts'`,
      'kernel/a/two.ts': `export { o } from './one.ts'`,
    }),
  )
  assert.match(
    findings[0]?.message ?? '',
    /goes round in a circle: kernel\/a\/\w+.ts → kernel\/a\/\w+.ts → kernel/,
  )
})
