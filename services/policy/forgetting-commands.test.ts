/** A file that is brought into force takes the place of everything; what it would forget is named before it does. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { commandRunner } from '../../tests/support/commands.ts'
import { policyOffice } from '../../tests/support/policy-office.ts'
import { testService } from '../../tests/support/service.ts'
import { policyCommands } from './cli-policies.ts'
import { policy } from './service.ts'

const folder = mkdtempSync(join(tmpdir(), 'forgetting-'))
after(() => rmSync(folder, { recursive: true }))
const file = (name: string, text: string) => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const service = await testService(policy)
const { publish, ada } = policyOffice(service)
const run = commandRunner(service, policyCommands, policy)

const readers =
  '@id("readers") permit (principal in group::"readers", action == Action::"read", resource is doc);\n'
const spaced = '@id ( "spaced" ) forbid (principal, action == Action::"shred", resource is doc);\n'
const template =
  '@id("team") permit (principal in ?principal, action == Action::"read", resource in ?resource);\n'
const schema =
  'entity user in [group]; entity group, doc; action "read" appliesTo { principal: user, resource: doc };'
const tests =
  'cases:\n  - { name: none, subject: "user::una", action: write, resource: "doc::d", decision: deny }\n'
const link = (id: string) => ({ id, template: 'team', principal: `group::"${id}"`, resource: 'folder::"f"' })

const inForce = async (): Promise<unknown> => (await ada.send('GET', '/api/policy/state')).body['revision']

interface Given {
  readonly policies: string
  readonly schema?: string
  readonly links?: string
  readonly tests?: string
}

/** As it is called; nothing is changed by what is refused. */
async function activate({ policies, ...parts }: Given, more: Readonly<Record<string, boolean>> = {}) {
  const given = Object.entries(parts).map(([part, text]) => [part, file(`their.${part}`, text)] as const)
  return run(['policy', 'activate', file('next.cedar', policies)], {
    ...Object.fromEntries(given),
    ...more,
    alone: true,
    reason: 'There is nobody else.',
  })
}

async function refused(before: Given, next: Given): Promise<string> {
  // A draft begins with what is in force: what is not said here is to be gone.
  await publish({ schema: '', links: '', tests: '', ...before })
  const was = await inForce()
  const { code, err } = await activate(next)
  assert.deepEqual([code, await inForce()], [1, was], err)
  assert.match(err, /Say --instead to mean that\.$/)
  return err.replace(/^.*all that the organisation says\. /, '').replace(/ Say --instead.*$/, '')
}

test('a policy that is not in the file is named, however its name was written', async () => {
  assert.equal(
    await refused({ policies: readers + spaced }, { policies: readers }),
    'Not in it any more: spaced.',
  )
})

test('a policy that only a comment of the file still names is gone', async () => {
  const commented = `// @id("spaced") was here.\n${readers}`
  assert.equal(
    await refused({ policies: readers + spaced }, { policies: commented }),
    'Not in it any more: spaced.',
  )
})

test('links whose names begin alike are told apart', async () => {
  const both = `- { id: "team one", template: team, principal: "group::one", resource: "folder::f" }
- { id: "team two", template: team, principal: "group::two", resource: "folder::f" }\n`
  const one = both.split('\n', 1).join('')
  assert.equal(
    await refused({ policies: template, links: both }, { policies: template, links: one }),
    'Not in it any more: team two.',
  )
})

test('links that are written as JSON are links', async () => {
  assert.equal(
    await refused(
      { policies: template, links: JSON.stringify([link('a'), link('b')]) },
      { policies: template, links: JSON.stringify([link('a')]) },
    ),
    'Not in it any more: b.',
  )
})

test('links, a schema and tests that are in force and not given are named, with how to give them', async () => {
  const links = JSON.stringify([link('a')])
  assert.equal(
    await refused(
      { policies: readers + template, links },
      { policies: readers + template, links: '# none\n' },
    ),
    'Not in it any more: a. Not given with it: the links (--links <file>).',
  )
  assert.equal(
    await refused({ policies: readers, schema }, { policies: readers }),
    'Not given with it: the schema (--schema <file>).',
  )
  assert.equal(
    await refused({ policies: readers, schema, tests }, { policies: readers, tests: '---\n# none\n' }),
    'Not given with it: the schema (--schema <file>), the tests (--tests <file>).',
  )
})

test('of many that are gone the first are named, and how many more there are', async () => {
  const many = Array.from({ length: 30 }, (_, n) => readers.replace('"readers"', `"r${n + 10}"`)).join('')
  assert.match(
    await refused({ policies: many }, { policies: '' }),
    /^Not in it any more: r10, r11, .*r29 and 10 more\.$/,
  )
})

test('a file in which everything is, or that is meant so, comes into force', async () => {
  const whole = {
    policies: readers + spaced + template,
    schema: '',
    links: JSON.stringify([link('a')]),
    tests,
  }
  await publish(whole)
  const again = await activate({
    ...whole,
    policies: `${readers + template}@id("spaced")${spaced.slice(16)}`,
  })
  assert.equal(again.code, 0, again.err)
  const less = await activate({ policies: readers }, { instead: true })
  assert.equal(less.code, 0, less.err)
})
