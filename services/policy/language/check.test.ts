import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { parseJson } from '@althing/kernel/cedar'
import type { Source } from '../authored.ts'
import { createLanguage } from './cedar.ts'
import { createParserThreads } from './threads.ts'

const threads = createParserThreads()
after(() => threads.close())
const { check } = createLanguage(threads)
const source = (more: Partial<Source>): Source => ({
  policies: '',
  schema: '',
  links: '',
  tests: '',
  ...more,
})
const said = async (more: Partial<Source>) => {
  const { problems, warnings } = await check(source(more))
  const line = ({ part, policy, line, column, message }: (typeof problems)[number]) =>
    `${part} ${policy ?? '-'} ${line}:${column} ${message}`
  return { problems: problems.map(line), warnings: warnings.map(line) }
}

test('Althing’s own policies fit the schema that is made of its doors', async () => {
  const policies = readFileSync(new URL('./base.cedar', import.meta.url), 'utf8')
  assert.deepEqual(await said({ policies }), { problems: [], warnings: [] })
})

test('what is no Cedar is said with its line and column, also behind letters that are more than a byte', async () => {
  const { problems } = await said({
    policies:
      '// Þetta er athugasemd\n@id("a") permit (principal, action, resource)\nwhen { "þæö" == principal. };',
  })
  assert.equal(problems.length, 1)
  assert.match(problems[0] ?? '', /^policies - 3:28 unexpected token `}`/)
})

test('nobody writes what looks like an override, as a policy or as a link', async () => {
  const written = await said({
    policies: '@id("override/ovr_1") permit (principal == user::"a", action, resource);',
  })
  assert.deepEqual(written.problems, [
    'policies override/ovr_1 1:1 Names that begin with override/ are Althing’s own.',
  ])
  const linked = await said({
    policies: '@id("t") permit (principal == ?principal, action, resource);',
    links: '- { id: override/ovr_1, template: t, principal: "user::a" }',
  })
  assert.deepEqual(linked.problems, [
    'links override/ovr_1 1:null Names that begin with override/ are Althing’s own.',
  ])
  assert.deepEqual(
    (await said({ policies: '@id("overrides") permit (principal == user::"a", action, resource);' }))
      .problems,
    [],
  )
})

test('policies about Althing’s own actions may look at the clock, and at nothing else around the question', async () => {
  const timed = (name: string, action = 'elections.open') =>
    `@id("t") permit (principal, action == Action::"${action}", resource) when { context.${name} < datetime("2027-01-01") };`
  assert.deepEqual((await said({ policies: timed('now') })).problems, [])
  assert.match(String((await said({ policies: timed('later') })).problems), /later/)
  const schema = (context: string) =>
    `entity user, doc; action read appliesTo { principal: [user], resource: [doc], context: { ${context} } };`
  const declared = { policies: timed('now', 'read'), schema: schema('now: datetime') }
  assert.deepEqual((await said(declared)).problems, [])
  assert.match(String((await said({ ...declared, schema: schema('') })).problems), /now/)
})

test('each policy has a name of its own, and none that means something elsewhere', async () => {
  const policy = (id: string) => `${id} permit (principal == user::"a", action, resource);`
  const { problems } = await said({
    policies: [
      policy(''),
      policy('@id("a")'),
      policy('@id("a")'),
      policy('@id("__proto__")'),
      policy('@id("")'),
    ].join('\n'),
  })
  assert.deepEqual(
    problems.map((one) => one.slice(0, 40)),
    [
      'policies - 1:2 Has no name of its own: @',
      'policies a 3:1 There are two of this @id',
      'policies - 4:1 An @id begins with a lett',
      'policies - 5:1 An @id begins with a lett',
    ],
  )
})

test('against Althing’s schema a word that is misspelt is a mistake; what is the organisation’s own is not judged without a schema', async () => {
  const mistaken = await said({
    policies:
      '@id("a") permit (principal is Person, action == Action::"users.raed", resource);\n@id("b") permit (principal is Person, action == Action::"users.read", resource) when { principal.department == "x" };',
  })
  assert.match(
    mistaken.problems.join('\n'),
    /^policies b 2:\d+ attribute `department` on entity type `Person` not found/,
  )
  assert.match(
    mistaken.warnings.join('\n'),
    /policies a 1:\d+ unrecognized action `Action::"users.raed"`; did you mean/,
  )
  const theirs =
    '@id("c") permit (principal is user, action == Action::"read", resource is doc) when { resource.ownr == principal };'
  assert.deepEqual((await said({ policies: theirs })).problems, [])
  const schema =
    'entity user; entity doc { owner: user }; action read appliesTo { principal: [user], resource: [doc] };'
  assert.match(
    (await said({ policies: theirs, schema })).problems.join(),
    /policies c 1:\d+ attribute `ownr` on entity type `doc` not found; did you mean `owner`/,
  )
  const far = await said({ policies: theirs.replace('ownr', 'colour'), schema })
  assert.match(
    far.problems.join(),
    /attribute `colour` on entity type `doc` not found$/,
    'nothing is guessed',
  )
  assert.deepEqual(await said({ policies: theirs.replace('ownr', 'owner'), schema }), {
    problems: [],
    warnings: [],
  })
})

test('an organisation says more of a person, and nothing else of what is ours', async () => {
  const policies =
    '@id("a") permit (principal is Person, action == Action::"users.read", resource) when { principal has department && principal.department == "x" };'
  const more = 'entity Team;\nentity Person in [Role, Team] { department?: String };'
  assert.deepEqual(await said({ policies, schema: more }), { problems: [], warnings: [] })
  const refused = {
    'entity Person { acr: String };': /The attribute acr of Person is Althing’s own/,
    'entity Role enum ["boss"];': /Role is Althing’s own/,
    'action "users.read" appliesTo { principal: Person, resource: Person };':
      /The action users.read is Althing’s own/,
    'entity user {': /schema - 1:\d+ unexpected token/,
  }
  for (const [schema, expected] of Object.entries(refused))
    assert.match((await said({ schema })).problems.join(), expected)
})

test('an integer beyond what JavaScript holds stays what was written, or is refused', async () => {
  const { compiled, problems } = await check(
    source({
      policies:
        '@id("a") permit (principal == user::"a", action, resource) when { context.n == 9007199254740993 };',
    }),
  )
  const policies = (parseJson(compiled) as { policies?: unknown }).policies
  if (problems.length === 0)
    assert.match(
      JSON.stringify(policies, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
      /9007199254740993/,
    )
  else assert.match(problems[0]?.message ?? '', /Cannot be decided with/)
})

test('a link fills a template, and becomes a policy like any other', async () => {
  const policies =
    '@id("viewer") permit (principal == ?principal, action == Action::"read", resource in ?resource);'
  const links =
    '- { id: ada-reads, template: viewer, principal: "user::ada", resource: "folder::\\"a::b\\"" }'
  const { compiled, problems } = await check(source({ policies, links }))
  assert.deepEqual(problems, [])
  const { policies: made } = JSON.parse(compiled) as { policies: Record<string, Record<string, unknown>> }
  assert.deepEqual(Object.keys(made), ['ada-reads'], 'a template decides nothing')
  assert.deepEqual(made['ada-reads']?.['principal'], { op: '==', entity: { type: 'user', id: 'ada' } })
  assert.deepEqual(made['ada-reads']?.['resource'], { op: 'in', entity: { type: 'folder', id: 'a::b' } })
  const wrong = await said({
    policies,
    links: [
      '- { id: a, template: viewer, principal: "user::ada" }',
      '- { id: viewer, template: viewer, principal: "user::ada", resource: "folder::f" }',
      '- { id: b, template: nothing, principal: "user::ada" }',
    ].join('\n'),
  })
  assert.deepEqual(wrong.problems, [
    'links a 1:null The template viewer needs a resource.',
    'links viewer 2:null This id is taken.',
    'links b 3:null There is no template nothing.',
  ])
  assert.match(
    (await said({ policies, links: '- { id: a, template: viewer, principal: ada }' })).problems.join(),
    /^links - 1:null 0\/principal: Is written Type::id/,
  )
  assert.match((await said({ policies, links: '&a [*a]' })).problems.join(), /^links - 1:null/)
})

test('an action that is one of several is one when it is decided', async () => {
  const schema =
    'entity user; entity doc; action view; action read, list in [view] appliesTo { principal: [user], resource: [doc] };'
  const { compiled } = await check(
    source({
      policies: '@id("a") permit (principal is user, action in Action::"view", resource is doc);',
      schema,
    }),
  )
  const { entities } = JSON.parse(compiled) as { entities: { uid: { id: string }; parents: unknown }[] }
  assert.deepEqual(
    entities.map(({ uid, parents }) => [uid.id, parents]),
    [
      ['list', [{ type: 'Action', id: 'view' }]],
      ['read', [{ type: 'Action', id: 'view' }]],
    ],
  )
})

test('no text harms the service: it is refused, and the next one is read', async () => {
  const policy = (condition: string) => `@id("a") permit (principal, action, resource) when { ${condition} };`
  const harmful = {
    'ten thousand brackets': policy(`${'('.repeat(10_000)}true${')'.repeat(10_000)}`),
    'two hundred brackets': policy(`${'('.repeat(200)}true${')'.repeat(200)}`),
    'a chain of twenty thousand': policy(`${'true && '.repeat(20_000)}true`),
    'a string that does not end': '@id("a) permit (principal, action, resource);',
    'ten thousand and one policies': Array.from(
      { length: 10_001 },
      (_, n) => `@id("p${n}") permit (principal == user::"a", action, resource);`,
    ).join(''),
  }
  for (const [what, policies] of Object.entries(harmful)) {
    const refused = await check(source({ policies })).then(
      ({ problems }) => problems.length > 0,
      (error: { code?: string }) => error.code === 'policy.language.too_complex',
    )
    assert.ok(refused, what)
  }
  assert.deepEqual((await said({ policies: policy('principal is user') })).problems, [])
  const many = Array.from(
    { length: 9_000 },
    (_, n) => `@id("p${n}") permit (principal == user::"a", action, resource);`,
  ).join('')
  await assert.rejects(createLanguage(threads, 500).check(source({ policies: many })), {
    code: 'policy.language.too_slow',
  })
})
