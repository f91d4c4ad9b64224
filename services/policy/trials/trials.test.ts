import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { basePolicies, ownCases } from '../compose-publish.ts'
import { prepare } from '../engine/prepared.ts'
import { parsePolicies } from '../../../tests/support/cedar-text.ts'
import { roleHierarchy } from '../publish/world.ts'
import { runTrials } from './rules.ts'

const policies = await parsePolicies(`
@id("readers") permit (principal in group::"readers", action == Action::"read", resource is doc);
@id("owner") permit (principal, action, resource is doc) when { resource.owner.contains(principal) };
@id("locked") forbid (principal, action == Action::"write", resource is doc) when { resource has locked && resource.locked };
`)
const prepared = prepare({ policies, entities: [] })
const run = (...lines: string[]) => runTrials([{ file: 'tests', text: lines.join('\n') }], prepared)
const world = [
  'model:',
  '  - { type: doc, id: d, properties: { locked: true, owner: [] } }',
  '  - { type: doc, id: e, properties: { owner: [] } }',
  'relations:',
  '  - { subject: "user::una", relation: in, object: "group::readers" }',
  '  - { subject: "user::una", relation: owner, object: "doc::f" }',
  'cases:',
]
const one = (more: string) =>
  `  - { name: it, subject: "user::una", action: read, resource: "doc::d", ${more} }`

test('Althing’s own cases come out as they say with Althing’s own policies', async () => {
  const own = prepare({ policies: await parsePolicies(basePolicies()), entities: roleHierarchy })
  const { problems, trials } = await runTrials(ownCases(), own)
  assert.deepEqual(problems, [])
  assert.deepEqual(
    trials.filter(({ passed }) => !passed),
    [],
  )
  assert.ok(trials.length > 20)
})

test('a case says what is decided, by which policies, and for which reason', async () => {
  const { problems, trials } = await run(
    ...world,
    one('decision: allow, policies: [readers], reason: permitted'),
    '  - { name: owner, subject: "user::una", action: write, resource: "doc::f", decision: allow, policies: [owner] }',
    '  - { name: locked, subject: "user::una", action: write, resource: "doc::d", decision: deny, policies: [locked], reason: forbidden }',
    '  - { name: nobody, subject: "user::ulf", action: read, resource: "doc::e", decision: deny, policies: [], reason: nothing-permits }',
    '  - { name: unknown, subject: "user::ulf", action: read, resource: "doc::g", decision: deny, reason: cannot-be-evaluated }',
  )
  assert.deepEqual(problems, [])
  assert.deepEqual(
    trials.map(({ name, passed, instead }) => [name, passed, instead]),
    [
      ['it', true, null],
      ['owner', true, null],
      ['locked', true, null],
      ['nobody', true, null],
      ['unknown', true, null],
    ],
  )
})

test('a case that comes out otherwise says what was decided instead, and where it stands', async () => {
  const { trials } = await run(
    ...world,
    one('decision: deny'),
    one('decision: allow, policies: [owner]'),
    one('decision: allow, reason: forbidden'),
  )
  assert.deepEqual(
    trials.map(({ passed }) => passed),
    [false, false, false],
  )
  assert.deepEqual(
    trials.map(({ line }) => line),
    [8, 9, 10],
  )
  assert.equal(trials[0]?.instead, 'allow, permitted: readers')
})

test('a case says at which moment it is asked; one that does not is asked on the same day for ever', async () => {
  const timed = prepare({
    policies: await parsePolicies(
      '@id("2026") permit (principal, action, resource) when { context.now < datetime("2027-01-01") };',
    ),
    entities: [],
  })
  const at = (more: string) =>
    `  - { name: it, subject: "user::una", action: read, resource: "doc::d", ${more} }`
  const tried = (text: string) => runTrials([{ file: 'tests', text: `cases:\n${text}` }], timed)
  const { trials } = await tried(
    [
      at('decision: allow'),
      at('context: { now: "2026-12-31T23:59:59Z" }, decision: allow'),
      at('context: { now: "2027-01-01T00:00:00Z" }, decision: deny'),
    ].join('\n'),
  )
  assert.deepEqual(
    trials.map(({ passed }) => passed),
    [true, true, true],
  )
  for (const now of ['tomorrow', '2027-01-01T00:00', '7']) {
    const { problems } = await tried(at(`context: { now: "${now}" }, decision: deny`))
    assert.match(problems[0]?.message ?? '', /2026-12-31T09:00:00Z/, now)
  }
  assert.equal((await tried(at('context: { now: 7 }, decision: deny'))).problems.length, 1)
})

test('a file that is none is refused with its line, and nothing of it is run', async () => {
  const refused = {
    'a word that nobody reads': [...world, one('decision: allow, wanted: yes')],
    'a decision that is none': [...world, one('decision: perhaps')],
    'somebody without a kind': [
      'cases:',
      '  - { name: x, subject: una, action: read, resource: "doc::d", decision: deny }',
    ],
    'a thing of which something else is said': [
      'model:',
      '  - { type: doc, id: d, attributes: {} }',
      'cases: []',
    ],
    'properties that stand beside a subject': [...world, one('decision: allow, properties: {}')],
    'a number that is not exact': [...world, one('decision: allow, context: { n: 9007199254740993 }')],
    'an alias': ['cases: &a', '  - *a'],
    'a tag': ['cases: !!js/function "x"'],
    'ten thousand brackets': ['['.repeat(10_000)],
  }
  for (const [what, text] of Object.entries(refused)) {
    const { problems, trials } = await run(...text)
    assert.ok(problems.length > 0 && (problems[0]?.line ?? 0) >= 1, what)
    assert.deepEqual(trials, [], what)
  }
  assert.deepEqual(await run('# nothing yet'), { problems: [], trials: [] })
})

test('what is wrong is said at its place, of somebody in full as of one in short', async () => {
  const said = async (line: string) =>
    (await run('cases:', line)).problems.map(({ line, message }) => [line, message])
  assert.deepEqual(
    await said('  - { name: x, subject: una, action: read, resource: "doc::d", decision: deny }'),
    [[2, 'cases/0/subject: Is written Type::id, or Type::"an id".']],
  )
  assert.deepEqual(
    await said(
      '  - { name: x, subject: { type: user }, action: { nme: read }, resource: "doc::d", decision: deny }',
    ),
    [
      [2, 'cases/0/subject/id: Is missing.'],
      [2, 'cases/0/action/name: Is missing.'],
      [2, 'cases/0/action: Nobody reads nme here.'],
    ],
  )
  assert.deepEqual(await said('  - { name: x, action: read, resource: "doc::d", decision: deny }'), [
    [2, 'cases/0/subject: Is missing.'],
  ])
})

test('somebody and something are written as AuthZEN writes them, or in short; what was written before is read as ever', async () => {
  const full = [
    'model:',
    '  - { type: doc, id: d, properties: { locked: true, owner: [] } }',
    '  - user::una',
    'relations:',
    '  - { subject: { type: user, id: una }, relation: in, object: { type: group, id: readers } }',
    'cases:',
    '  - name: it',
    '    subject: { type: user, id: una, properties: { level: 1 } }',
    '    action: { name: read }',
    '    resource: { type: doc, id: d, properties: { locked: false } }',
    '    decision: allow',
  ]
  const before = [
    'model:',
    '  - { entity: "doc::d", attributes: { locked: true, owner: [] } }',
    ...world.slice(3),
    '  - { name: it, principal: "user::una", action: write, resource: "doc::d", attributes: { level: 1 }, properties: { size: 3 }, decision: deny, policies: [locked] }',
  ]
  for (const lines of [full, before]) {
    const { problems, trials } = await run(...lines)
    assert.deepEqual([problems, trials.map(({ passed, instead }) => [passed, instead])], [[], [[true, null]]])
  }
})

test('the test in the README is one', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const [, text = ''] = /```yaml\n([^]*?)```/.exec(readme) ?? []
  const own = prepare({ policies: await parsePolicies(basePolicies()), entities: roleHierarchy })
  const { problems, trials } = await runTrials([{ file: 'tests', text }], own)
  assert.deepEqual([problems, trials.length, trials.filter(({ passed }) => !passed)], [[], 2, []])
})
