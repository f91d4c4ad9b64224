/** The commands of policies, as an operator gives them; what a process adds is in kernel/service/cli.test.ts. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { commandRunner } from '../../tests/support/commands.ts'
import { policyOffice } from '../../tests/support/policy-office.ts'
import { testService } from '../../tests/support/service.ts'
import { policyCommands } from './cli-policies.ts'
import { versionCommands } from './cli-versions.ts'
import { policy } from './service.ts'

const readers =
  '@id("readers") permit (principal in group::"readers", action == Action::"read", resource is doc);\n'
const folder = mkdtempSync(join(tmpdir(), 'policies-'))
after(() => rmSync(folder, { recursive: true }))
const file = (name: string, text: string) => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

async function setUp() {
  const service = await testService(policy)
  return {
    service,
    run: commandRunner(service, [...policyCommands, ...versionCommands], policy),
    ...policyOffice(service),
  }
}

test('policies in a file are validated: right, wrong with its place, and not there', async () => {
  const { run } = await setUp()
  const right = await run(['policy', 'validate', file('right.cedar', readers)])
  assert.deepEqual([right.code, /\d+ passed, 0 failed/.test(right.out)], [0, true])
  const wrong = file(
    'wrong.cedar',
    `${readers}@id("b") permit (principal, action, resource) when { principal. };`,
  )
  const refused = await run(['policy', 'validate', wrong])
  assert.equal(refused.code, 2)
  assert.ok(refused.out.startsWith(`${wrong}:2:`), refused.out)
  const failing = await run([
    'policy',
    'validate',
    file('open.cedar', '@id("all") permit (principal, action, resource);'),
  ])
  assert.equal(failing.code, 2)
  assert.match(failing.out, /althing\.yaml:\d+: A member changes no policies\. Decided instead: allow/)
  assert.deepEqual(await run(['policy', 'validate']).then(({ code }) => code), 1)
  const none = await run(['policy', 'validate', join(folder, 'none.cedar')])
  assert.deepEqual([none.code, /There is no file/.test(none.err)], [1, true])
})

test('cases of a file are decided with what is in force, or with another file', async () => {
  const { run, publish } = await setUp()
  await publish({ policies: readers })
  const cases = (decision: string) =>
    `relations:\n  - { subject: "user::una", relation: in, object: "group::readers" }\ncases:\n  - { name: reads, subject: "user::una", action: read, resource: "doc::d", decision: ${decision} }\n`
  const good = await run(['policy', 'test', file('good.yaml', cases('allow'))])
  assert.deepEqual([good.code, good.out], [0, '1 passed, 0 failed'])
  const bad = file('bad.yaml', cases('deny'))
  const failing = await run(['policy', 'test', bad])
  assert.deepEqual(
    [failing.code, failing.out.split('\n')[0]],
    [2, `${bad}:4: reads Decided instead: allow, permitted: readers.`],
  )
  const other = await run(['policy', 'test', bad], { policies: file('none.cedar', '') })
  assert.equal(other.code, 0)
  const broken = await run(['policy', 'test', file('broken.yaml', 'cases: 7')])
  assert.equal(broken.code, 2)
})

test('an operator is the second person for a draft that was proposed, and nobody’s second for a file', async () => {
  const { service, run, proposed, draft, ada } = await setUp()
  await proposed({ policies: readers })
  const near = await run(['policy', 'activate', 'A darft'])
  assert.deepEqual(
    [near.code, near.err],
    [2, 'There is no open draft A darft.\nDid you mean A draft?\nThere are: A draft.'],
  )
  const done = await run(['policy', 'activate', 'a draft'])
  assert.deepEqual(
    [done.code, done.out],
    [0, `“A draft” is in force as version 2. Written by ${ada.actor} (no administrator now).`],
  )

  const folderOfThatName = await run(['policy', 'activate', folder])
  assert.deepEqual([folderOfThatName.code, /no open draft/.test(folderOfThatName.err)], [2, true])
  const path = file('mine.cedar', readers.replace('"readers"', '"mine"'))
  const nobody = await run(['policy', 'activate', path])
  assert.deepEqual([nobody.code, /--alone/.test(nobody.err)], [1, true])
  assert.equal((await run(['policy', 'activate', path], { alone: true })).code, 1, 'and says why')
  const forgetful = await run(['policy', 'activate', path], { alone: true, reason: 'There is nobody else.' })
  assert.deepEqual([forgetful.code, /any more: readers\. Say --instead/.test(forgetful.err)], [1, true])
  const alone = await run(['policy', 'activate', path], {
    alone: true,
    instead: true,
    reason: 'There is nobody else.',
  })
  assert.deepEqual([alone.code, alone.value], [0, { revision: 3 }])
  const unproposed = await draft({ policies: readers })
  assert.equal((await run(['policy', 'activate', unproposed.id])).code, 2)
  assert.equal(
    (await run(['policy', 'activate', unproposed.id], { alone: true, reason: 'There is nobody else.' })).code,
    0,
  )

  const lines = await service.kit.database.query(
    `select actor, reason, fields from audit_entry where action = 'policy.activated' order by at, id`,
  )
  const said = lines.map(({ actor, reason, fields }) => [
    actor,
    reason,
    (fields as string[]).includes('alone'),
  ])
  assert.deepEqual(said, [
    ['operator:test', null, false],
    ['operator:test', 'There is nobody else.', true],
    ['operator:test', 'There is nobody else.', true],
  ])
})

test('what was in force is shown, compared and brought back', async () => {
  const { run, publish } = await setUp()
  await publish({ policies: readers })
  await publish({ policies: readers.replace('"read"', '"write"') })
  const versions = await run(['policy', 'versions'])
  assert.deepEqual(
    versions.out
      .split('\n')
      .slice(1)
      .map((line) => line.split(/ +/).slice(0, 2)),
    [
      ['3', 'activation'],
      ['2', 'activation'],
      ['1', 'release'],
    ],
  )
  const diff = await run(['policy', 'diff'])
  assert.deepEqual(
    diff.out.split('\n').map((line) => line.slice(0, 3)),
    ['Wha', '---', '@@ ', '-@i', '+@i'],
  )
  assert.match(diff.out, /^What is different in version 3 \(in force\) from version 2:\n/)
  const earlier = await run(['policy', 'diff', '1'])
  assert.match(earlier.out, /^What is different in version 3 \(in force\) from version 1:\n/)
  assert.match(
    (await run(['policy', 'diff', '3', '2'])).out,
    /^What is different in version 2 from version 3 \(in force\):\n/,
  )
  assert.equal(
    (await run(['policy', 'diff', '2', '2'])).out,
    'Nothing in version 2 is different from version 2.',
  )
  assert.equal((await run(['policy', 'drafts'])).out, 'Nothing there.')

  assert.equal((await run(['policy', 'rollback', '2'])).code, 1, 'not without a reason')
  assert.equal((await run(['policy', 'rollback'], { reason: 'It was better.' })).code, 1)
  const none = await run(['policy', 'rollback', '22'], { reason: 'It was better.' })
  assert.deepEqual(
    [none.code, none.err],
    [2, 'There is no version 22. Version 3 is in force: althing policy versions shows all that there were.'],
  )
  const back = await run(['policy', 'rollback', '2'], { reason: 'It was better.' })
  assert.deepEqual(
    [back.code, back.out],
    [0, 'What was in force as version 2 is in force again, as version 4.'],
  )
})
