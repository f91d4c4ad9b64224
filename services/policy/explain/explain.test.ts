/** Why, why not and what it would take, as those who look after it meet it; and what an application is told beside a denial. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decisionPoint } from '../../../tests/support/decision-point.ts'
import { policyOffice } from '../../../tests/support/policy-office.ts'
import { somebody } from '../../../tests/support/deciding-people.ts'

const ada = 'acc_00000000-0000-7000-8000-00000000000a'
const bea = 'acc_00000000-0000-7000-8000-00000000000b'
const point = await decisionPoint({
  policies: `
@id("readers") permit (principal in group::"readers", action == Action::"doc.read", resource is doc);
@id("owners") permit (principal, action in [Action::"doc.read", Action::"doc.write"], resource is doc) when { resource.owner == principal && principal.level >= 3 };
@id("archived") @reason("It is in the archive.") @reason_is("Það er komið í skjalasafnið.") @advice("Take it out of the archive first.")
forbid (principal, action == Action::"doc.write", resource) when { resource has state && resource.state == "archived" };
@id("vault") permit (principal is Person, action == Action::"vault.open", resource) when { principal has acr && principal.acr == "urn:althing:acr:mfa" };
@id("hardware") permit (principal is Person, action == Action::"safe.open", resource) when { principal has amr && principal.amr.contains("hwk") };
@id("clerks") permit (principal in group::"clerks", action == Action::"till.open", resource) when { principal has acr && principal.acr == "urn:althing:acr:mfa" };
`,
})
await point.write({
  put: [
    { type: 'user', id: 'ali', properties: { level: 1 } },
    { type: 'user', id: 'bo', properties: { level: 5 } },
    { type: 'doc', id: 'd1', properties: { owner: { __entity: { type: 'user', id: 'ali' } } } },
    {
      type: 'doc',
      id: 'd2',
      properties: { owner: { __entity: { type: 'user', id: 'bo' } }, state: 'archived' },
    },
    { type: 'group', id: 'readers', properties: {} },
    { type: 'Person', id: ada, properties: {} },
  ],
  relate: [{ subject: { type: 'user', id: 'bo' }, relation: 'in', object: { type: 'group', id: 'readers' } }],
})
const admin = somebody(point, 'administrator')
const asked = (subject: string, action: string, resource: string) => ({
  subject: { type: 'user', id: subject },
  action: { name: action },
  resource: { type: 'doc', id: resource },
})
interface Told {
  readonly decision: boolean
  readonly words: { readonly en: readonly string[]; readonly is: readonly string[] }
  readonly unknown: readonly {
    readonly id: string
    readonly meant: string | null
    readonly words: { readonly en: string; readonly is: string }
  }[]
  readonly policies: readonly {
    readonly id: string
    readonly applies: string
    readonly goals: readonly { readonly because: unknown }[]
  }[]
  readonly needed: readonly {
    readonly policy: string
    readonly changes: readonly object[]
    readonly words: { readonly is: string }
  }[]
}
const explain = async (...of: Parameters<typeof asked>) =>
  (await admin('POST', '/api/policy/explain', asked(...of))).body as unknown as Told

test('of somebody or something that nobody knows it is said so, with what may have been meant', async () => {
  assert.deepEqual((await explain('bo', 'doc.read', 'd1')).unknown, [])
  const { decision, unknown } = await explain('alli', 'doc.read', 'd12')
  assert.equal(decision, false)
  assert.deepEqual(
    unknown.map(({ id, meant }) => [id, meant]),
    [
      ['alli', 'ali'],
      ['d12', 'd1'],
    ],
  )
  assert.deepEqual(unknown[0]?.words, {
    en: 'Nothing is known here of user::alli: no application has told of it. Did you mean user::ali?',
    is: 'Ekkert er vitað hér um user::alli: ekkert forrit hefur sagt frá því. Áttirðu við user::ali?',
  })
  const of = async (subject: object, action: string, resource: object) =>
    (await admin('POST', '/api/policy/explain', { subject, action: { name: action }, resource }))
      .body as unknown as Told
  const nobody = await of({ type: 'Person', id: 'nope' }, 'elections.open', { type: 'Election', id: 'e1' })
  assert.deepEqual(
    nobody.unknown.map(({ words }) => words.en),
    ['Nothing is known here of Person::nope: nobody with this id has a role.'],
    'of elections nobody tells, and of them nothing is said',
  )
  const near = `${ada.slice(0, -1)}b`
  const service = await of({ type: 'Person', id: near }, 'members.list', { type: 'Service', id: 'membres' })
  assert.deepEqual(
    service.unknown.map(({ meant }) => meant),
    [ada, 'members'],
  )
  const known = await of({ type: 'Person', id: ada }, 'members.list', { type: 'Service', id: 'members' })
  const own = await of({ type: 'Person', id: 'nope' }, 'account.read-own', { type: 'Person', id: 'nope' })
  assert.deepEqual([known.unknown.length, own.unknown.length], [0, 1], 'and twice nothing')
})

test('AuthZEN decides about them as about anybody of whom nothing is known', async () => {
  const answer = await point.asService('portal', 'POST', '/access/v1/evaluation', {
    subject: { type: 'Person', id: 'nope' },
    action: { name: 'doc.read' },
    resource: { type: 'doc', id: 'd12' },
  })
  const { decision } = (await answer.json()) as { decision: boolean }
  assert.deepEqual([answer.status, decision], [200, false])
})

test('nobody is told why but those who look after it', async () => {
  const paths = ['explain', 'simulate', 'who-can', 'what-may']
  for (const role of [undefined, 'election-manager', 'operator'])
    for (const path of paths)
      assert.equal(
        (await somebody(point, role)('POST', `/api/policy/${path}`, asked('ali', 'doc.read', 'd1'))).status,
        403,
        `${role} ${path}`,
      )
  for (const path of paths)
    assert.equal((await point.ask(`/api/policy/${path}`, asked('ali', 'doc.read', 'd1'))).status, 403)
  for (const role of ['administrator', 'auditor', 'developer'])
    assert.equal(
      (await somebody(point, role)('POST', '/api/policy/explain', asked('ali', 'doc.read', 'd1'))).status,
      200,
    )
})

test('a yes says which policy permits it', async () => {
  const told = await explain('bo', 'doc.read', 'd1')
  assert.deepEqual([told.decision, told.needed], [true, []])
  assert.deepEqual(told.words, {
    en: ['Yes: “readers” permits it, and nothing forbids it.'],
    is: ['Já: „readers“ leyfir það og ekkert bannar það.'],
  })
})

test('a no says what stood in the way, in the author’s words, and each way to a yes that was tried', async () => {
  const told = await explain('ali', 'doc.read', 'd1')
  assert.equal(told.decision, false)
  assert.deepEqual(
    told.needed.map(({ policy, changes }) => [policy, changes]),
    [
      [
        'readers',
        [
          {
            kind: 'join',
            of: { type: 'user', id: 'ali' },
            in: { type: 'group', id: 'readers' },
            sort: 'group',
          },
        ],
      ],
      [
        'owners',
        [{ kind: 'set', of: { type: 'user', id: 'ali' }, path: ['level'], value: 3, sort: 'attribute' }],
      ],
    ],
  )
  assert.equal(told.needed[1]?.words.is, '„owners“ myndi leyfa það ef user::"ali".level væri 3.')
  assert.deepEqual(told.policies.find(({ id }) => id === 'owners')?.goals.at(-1)?.because, {
    text: 'principal.level >= 3',
    values: [{ text: 'principal.level', value: '1' }],
    missing: null,
    message: null,
  })
  const missing = await explain('nobody', 'doc.write', 'd3')
  assert.match(missing.words.en.join(' '), /doc::"d3"` does not have .*owner/)
})

test('a forbid that strikes says its reason, and what it takes to be past it', async () => {
  const told = await explain('bo', 'doc.write', 'd2')
  assert.deepEqual(told.words.is, ['Nei: „archived“ bannar það: Það er komið í skjalasafnið.'])
  assert.deepEqual(told.needed[0]?.changes, [
    { kind: 'unset', of: { type: 'doc', id: 'd2' }, path: ['state'], sort: 'attribute' },
  ])
})

test('what an explanation asks for is tried with a simulation, which changes nothing', async () => {
  const { needed } = await explain('ali', 'doc.read', 'd1')
  for (const { changes, policy } of needed) {
    const { status, body } = await admin('POST', '/api/policy/simulate', {
      ...asked('ali', 'doc.read', 'd1'),
      changes: changes.map((change) =>
        Object.fromEntries(Object.entries(change).filter(([name]) => name !== 'sort')),
      ),
    })
    assert.equal(status, 200)
    assert.deepEqual(
      [body['now'], body['supposed']],
      [
        { decision: false, determining: [], errors: [] },
        { decision: true, determining: [policy], errors: [] },
      ],
    )
  }
  assert.equal((await explain('ali', 'doc.read', 'd1')).decision, false)
  for (const changes of [
    [{ kind: 'set', of: null, path: ['a'], value: 1.23456 }],
    [{ kind: 'set', of: null, path: [], value: 1 }],
    [{ kind: 'join', of: { type: 'user', id: 'ali' } }],
    [{ kind: 'wish' }],
  ])
    assert.equal(
      (await admin('POST', '/api/policy/simulate', { ...asked('ali', 'doc.read', 'd1'), changes })).status,
      400,
    )
  const none = await admin('POST', '/api/policy/simulate', {
    ...asked('ali', 'doc.read', 'd1'),
    draft: 'drf_none',
  })
  assert.deepEqual([none.status, /no such open draft/.test(none.text)], [404, true])
})

test('a draft can be supposed as well, with what it has in mind for the organisation', async () => {
  const office = policyOffice(point, point.origin)
  const { id } = await office.proposed({
    policies: '@id("everybody") permit (principal is user, action == Action::"doc.read", resource is doc);',
    schema: '',
    links: '',
    tests: '',
  })
  const { body } = await admin('POST', '/api/policy/simulate', {
    ...asked('ali', 'doc.read', 'd1'),
    draft: id,
  })
  assert.deepEqual(body['supposed'], { decision: true, determining: ['everybody'], errors: [] })
  assert.equal((body['now'] as { decision: boolean }).decision, false)
  assert.equal((await explain('ali', 'doc.read', 'd1')).decision, false, 'it is in force nowhere')
})

test('time and a second factor can be supposed in a simulation, and nowhere else', async () => {
  const vault = {
    subject: { type: 'Person', id: ada },
    action: { name: 'vault.open' },
    resource: { type: 'vault', id: 'v' },
  }
  const changes = [
    { kind: 'set', of: { type: 'Person', id: ada }, path: ['acr'], value: 'urn:althing:acr:mfa' },
  ]
  assert.equal(
    (
      (await admin('POST', '/api/policy/simulate', { ...vault, changes })).body['supposed'] as {
        decision: boolean
      }
    ).decision,
    true,
  )
  const said = { ...vault, subject: { ...vault.subject, properties: { acr: 'urn:althing:acr:mfa' } } }
  assert.equal((await admin('POST', '/api/policy/explain', said)).body['decision'], false)
})

test('who may do it is told with what they may it through; what somebody may with every action', async () => {
  const { body } = await admin('POST', '/api/policy/who-can', {
    subject: { type: 'user' },
    action: { name: 'doc.read' },
    resource: { type: 'doc', id: 'd1' },
  })
  assert.deepEqual(body['results'], [
    { type: 'user', id: 'bo', through: [{ policy: 'readers', in: { type: 'group', id: 'readers' } }] },
  ])
  const may = (
    await admin('POST', '/api/policy/what-may', {
      subject: { type: 'user', id: 'bo' },
      resource: { type: 'doc' },
    })
  ).body
  assert.deepEqual(
    (may['results'] as { resource: { id: string }; actions: { name: string }[] }[]).map(
      ({ resource, actions }) => [resource.id, actions.map(({ name }) => name)],
    ),
    [
      ['d1', ['doc.read']],
      ['d2', ['doc.read']],
    ],
  )
  const first = (
    await admin('POST', '/api/policy/what-may', {
      subject: { type: 'user', id: 'bo' },
      resource: { type: 'doc' },
      page: { limit: 1 },
    })
  ).body
  const { next_token } = first['page'] as { next_token: string }
  const rest = (
    await admin('POST', '/api/policy/what-may', {
      subject: { type: 'user', id: 'bo' },
      resource: { type: 'doc' },
      page: { limit: 1, token: next_token },
    })
  ).body
  assert.deepEqual(
    (rest['results'] as { resource: { id: string } }[]).map(({ resource }) => resource.id),
    ['d2'],
  )
  for (const stolen of [
    { subject: { type: 'user', id: 'ali' }, resource: { type: 'doc' }, page: { token: next_token } },
    { subject: { type: 'user', id: 'bo' }, resource: { type: 'doc' }, page: { token: 'made-up' } },
  ])
    assert.equal((await admin('POST', '/api/policy/what-may', stolen)).status, 400)
  assert.equal(
    (
      await somebody(point, 'auditor')('POST', '/api/policy/what-may', {
        subject: { type: 'user', id: 'bo' },
        resource: { type: 'doc' },
        page: { limit: 1, token: next_token },
      })
    ).status,
    400,
  )
})

test('what a role may in Althing itself is told without naming a thing', async () => {
  const told = await point.asService('identity', 'POST', '/internal/messages', {
    id: crypto.randomUUID(),
    topic: 'identity.roles_changed',
    payload: { person: bea, roles: ['auditor'], stamp: 1 },
  })
  assert.equal(told.status, 200)
  const { results } = (await admin('POST', '/api/policy/what-may', { subject: { type: 'Person', id: bea } }))
    .body as {
    results: { resource: { id: string }; actions: { name: string; through: unknown }[] }[]
  }
  const decisions = results.find(({ resource }) => resource.id === 'decisions')
  assert.deepEqual(
    decisions?.actions.map(({ name }) => name),
    ['decisions.export', 'decisions.read', 'decisions.replay', 'decisions.verify'],
  )
  assert.deepEqual(decisions?.actions[0]?.through, [
    { policy: 'auditors-look-at-decisions', in: { type: 'Role', id: 'auditor' } },
  ])
  assert.ok(!results.some(({ actions }) => actions.some(({ name }) => /write|open|set-roles/.test(name))))
  const own = results.find(({ resource }) => resource.id === bea)
  assert.ok(
    own?.actions.some(({ name }) => name === 'account.read-own'),
    'and what is their own',
  )
})

test('what Althing does to its own things is offered of no others: nobody archives a door', async () => {
  const subject = { type: 'Person', id: bea }
  const door = { type: 'door', id: 'main' }
  const offered = async () => {
    const found = await point.ask('/access/v1/search/action', { subject, resource: door })
    return (found.body['results'] as { name: string }[]).map(({ name }) => name)
  }
  await point.asService('identity', 'POST', '/internal/messages', {
    id: crypto.randomUUID(),
    topic: 'identity.roles_changed',
    payload: { person: bea, roles: ['superadmin'], stamp: 2 },
  })
  assert.ok(!(await offered()).some((name) => /^(elections|policy|users|members)\./.test(name)))
  const { results } = (await admin('POST', '/api/policy/what-may', { subject, resource: door })).body as {
    results: { actions: { name: string }[] }[]
  }
  assert.ok(!results.some(({ actions }) => actions.some(({ name }) => name.startsWith('elections.'))))
})

test('an application is told the reasons that authors wrote for it, and no others', async () => {
  const { body } = await point.ask('/access/v1/evaluation', asked('bo', 'doc.write', 'd2'))
  const context = body['context'] as Record<string, unknown>
  assert.deepEqual(context['reason_user'], {
    en: 'It is in the archive.',
    is: 'Það er komið í skjalasafnið.',
  })
  assert.deepEqual(context['reason_admin'], { en: 'Take it out of the archive first.' })
  for (const [who, what, where] of [
    ['ali', 'doc.read', 'd1'],
    ['bo', 'doc.read', 'd1'],
  ] as const) {
    const other = (await point.ask('/access/v1/evaluation', asked(who, what, where))).body[
      'context'
    ] as object
    assert.ok(!('reason_user' in other) && !('acr_values' in other))
  }
})

test('where nothing is missing but a stronger sign-in, it is told which; where more is, it is not', async () => {
  const ask = async (action: string) => {
    const { body } = await point.ask('/access/v1/evaluation', {
      subject: { type: 'Person', id: ada },
      action: { name: action },
      resource: { type: 'vault', id: 'v' },
    })
    assert.equal(body['decision'], false)
    const { acr_values, amr_values } = body['context'] as Record<string, unknown>
    return [acr_values, amr_values]
  }
  assert.deepEqual(await ask('vault.open'), ['urn:althing:acr:mfa', undefined])
  assert.deepEqual(await ask('safe.open'), [undefined, 'hwk'])
  assert.deepEqual(await ask('till.open'), [undefined, undefined])
  assert.deepEqual(await ask('doc.read'), [undefined, undefined])
})

test('what is kept can be looked at and forgotten, at every node, by those who may; others are refused', async () => {
  const operator = somebody(point, 'operator')
  assert.equal((await operator('GET', '/api/policy/cache')).body['isOn'], false)
  const before = ((await operator('POST', '/api/policy/cache/clear', {})).body['revision'] as number) ?? 0
  const again = await operator('POST', '/api/policy/cache/invalidate', {
    entities: [{ type: 'doc', id: 'd1' }],
  })
  assert.equal(again.body['revision'], before + 1)
  assert.equal((await explain('bo', 'doc.read', 'd1')).decision, true, 'nothing was taken from anybody')
  assert.equal((await point.kit.audit.search({ action: 'cache.invalidated' })).length, 1)
  for (const role of [undefined, 'election-manager', 'auditor', 'developer'])
    assert.equal((await somebody(point, role)('POST', '/api/policy/cache/clear', {})).status, 403, role)
  for (const wrong of [{}, { entities: [] }, { entities: [{ type: 'doc' }] }])
    assert.equal((await operator('POST', '/api/policy/cache/invalidate', wrong)).status, 400)
})

test('whoever asks why about somebody is seen asking', async () => {
  const lines = await point.kit.audit.search({ action: 'access.explained', limit: 1000 })
  assert.ok(lines.some(({ targetId, fields }) => targetId === 'ali' && fields.includes('doc.read')))
  const may = await point.kit.audit.search({ action: 'access.what-may', limit: 1000 })
  assert.ok(may.some(({ targetId, actor }) => targetId === bea && actor.startsWith('person:')))
  assert.ok((await point.kit.audit.search({ action: 'access.who-can' })).length > 0)
})
