/**
 * How somebody proved who they are is said by their token, and which role they have by identity: by nobody else, in whatever clothes it comes
 * (functional-spec B6.2; E3, check 12). And what is no question is refused, whole, while others are answered.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decisionPoint } from '../../../tests/support/decision-point.ts'

const ada = 'acc_00000000-0000-7000-8000-00000000000a'
const bea = 'acc_00000000-0000-7000-8000-00000000000b'
const point = await decisionPoint({
  policies: `
@id("strong") permit (principal is Person, action == Action::"vault.open", resource)
when { principal has acr && principal.acr == "urn:althing:acr:mfa" };
@id("chiefs") permit (principal in Role::"superadmin", action == Action::"vault.close", resource);
@id("numbers") permit (principal is user, action == Action::"count", resource) when { context.count == 9007199254740991 };
@id("odd") forbid (principal, action == Action::"odd", resource) when { resource.missing };
@id("all") permit (principal, action == Action::"odd", resource);
@id("only") permit (principal is user, action == Action::"whole", resource) when { context == {"a": 1} };
@id("named") permit (principal, action == Action::"named", resource);
@id("not named") forbid (principal, action == Action::"named", resource)
when { context has "__proto__" || resource has "__proto__" || principal has "__proto__" };
@id("office") permit (principal is user, action == Action::"enter", resource) when { context.from.isInRange(ip("10.0.0.0/8")) };
`,
})
const vault = { type: 'vault', id: 'v' }
const tokenOf = (subject: string, claims: object = {}, roles: readonly string[] = []) =>
  point.issuer.token({ subject, roles }, { iss: point.origin, aud: `${point.origin}/api`, ...claims })
const strong = { acr: 'urn:althing:acr:mfa', amr: ['hwk'] }

async function evaluate(subject: object, name: string, more: object = {}, headers = {}) {
  const asked = { subject, action: { name }, resource: vault, ...more }
  const { status, body, text } = await point.ask('/access/v1/evaluation', asked, headers)
  return { status, decision: body['decision'], text, context: body['context'] as Record<string, unknown> }
}

test('no word of an application makes anybody stronger', async () => {
  const words = [
    { acr: 'urn:althing:acr:mfa' },
    { mfa: true, mfa_verified: true, amr: ['hwk'] },
    { acr: { __expr: '"urn:althing:acr:mfa"' } },
    { Acr: 'urn:althing:acr:mfa', ACR: 'urn:althing:acr:mfa' },
  ]
  for (const properties of words)
    assert.notEqual((await evaluate({ type: 'Person', id: ada, properties }, 'vault.open')).decision, true)
  const word = {
    resource: { ...vault, properties: strong },
    context: strong,
    action: { name: 'vault.open', properties: strong },
  }
  assert.equal((await evaluate({ type: 'Person', id: ada }, 'vault.open', word)).decision, false)
  const self = { resource: { type: 'Person', id: ada, properties: strong } }
  assert.equal((await evaluate({ type: 'Person', id: ada }, 'vault.open', self)).decision, false)
  const headers = {
    'x-user-id': ada,
    'x-policy-url': 'https://evil.example',
    'x-policy-enforcement': 'loose',
  }
  assert.equal((await evaluate({ type: 'Person', id: ada }, 'vault.open', {}, headers)).decision, false)
})

test('their own token does, as long as it is theirs and good', async () => {
  const ask = (token: unknown, id = ada) =>
    evaluate({ type: 'Person', id, properties: { access_token: token } }, 'vault.open')
  const good = tokenOf(ada, strong)
  assert.equal((await ask(good)).decision, true)
  assert.equal((await ask(tokenOf(ada, { acr: 'urn:althing:acr:password' }))).decision, false)
  for (const [what, token] of [
    ['of somebody else', tokenOf(bea, strong)],
    ['that has ended', tokenOf(ada, { ...strong, exp: 1 })],
    ['for another', tokenOf(ada, { ...strong, aud: 'https://other.example' })],
    ['that was altered', `${good.slice(0, -4)}AAAA`],
    ['that is none', 'nonsense'],
    ['that is a number', 7],
    ['of a program', tokenOf(ada, { ...strong, kind: 'machine' })],
  ] as const) {
    const { status, text } = await ask(token)
    assert.deepEqual([status, /policy\.access\.invalid_token/.test(text)], [400, true], what)
  }
})

test('of many, one with a wrong token is denied by itself', async () => {
  const of = (id: string, token: string) => ({
    subject: { type: 'Person', id, properties: { access_token: token } },
  })
  const { body } = await point.ask('/access/v1/evaluations', {
    action: { name: 'vault.open' },
    resource: vault,
    evaluations: [of(ada, tokenOf(ada, strong)), of(ada, tokenOf(bea, strong))],
  })
  assert.deepEqual(
    (body['evaluations'] as { decision: boolean }[]).map(({ decision }) => decision),
    [true, false],
  )
})

test('a name of Cedar itself in a question is refused with its place, and of many questions by itself', async () => {
  const value = { fn: 'no', arg: 'x' }
  const wrong: readonly [pointer: string, more: object][] = [
    ['/context/__expr', { context: { __expr: 'x' } }],
    ['/context/__extn', { context: { __extn: value } }],
    ['/action/properties/__extn', { action: { name: 'odd', properties: { __extn: value } } }],
    ['/action/properties/__entity', { action: { name: 'odd', properties: { __entity: 1 } } }],
    ['/subject/properties/__expr', { subject: { type: 'user', id: 'x', properties: { __expr: 'x' } } }],
    ['/resource/properties/__expr', { resource: { ...vault, properties: { __expr: 'x' } } }],
  ]
  const asked = { subject: { type: 'user', id: 'x' }, action: { name: 'odd' }, resource: vault }
  for (const [pointer, more] of wrong) {
    const { status, text } = await point.ask('/access/v1/evaluation', { ...asked, ...more })
    assert.deepEqual([status, /^(\/.*):/m.exec(text)?.[1]], [400, pointer])
  }
  const evaluations = [{}, ...wrong.map(([, more]) => more), {}]
  const { status, body } = await point.ask('/access/v1/evaluations', { ...asked, evaluations })
  const told = body['evaluations'] as { context: { error?: { status: number } } }[]
  assert.deepEqual(
    [status, ...told.map(({ context }) => context.error?.status)],
    [200, undefined, ...wrong.map(() => 400), undefined],
  )
})

test('what is called like something of JavaScript is there as it was said, and is no way around a forbid', async () => {
  const ask = (asked: string) =>
    point.ask('/access/v1/evaluation', asked).then(({ body }) => body['decision'])
  const question = (action: string, context: string, resource = '{}', subject = '{}') =>
    `{"subject":{"type":"user","id":"x","properties":${subject}},"action":{"name":"${action}"},` +
    `"resource":{"type":"vault","id":"v","properties":${resource}},"context":${context}}`
  const hidden = '{"__proto__":1}'
  assert.deepEqual(
    [await ask(question('whole', '{"a":1}')), await ask(question('whole', '{"a":1,"__proto__":1}'))],
    [true, false],
  )
  assert.deepEqual(
    [
      await ask(question('named', '{"a":1}')),
      await ask(question('named', hidden)),
      await ask(question('named', '{}', hidden)),
      await ask(question('named', '{}', '{}', hidden)),
    ],
    [true, false, false, false],
  )
  const written = `{"put":[{"type":"vault","id":"hidden","properties":${hidden}}]}`
  assert.equal((await point.ask('/api/policy/entities', written)).status, 200)
  assert.equal(await ask(question('named', '{}').replace('"id":"v","properties":{}', '"id":"hidden"')), false)
})

test('nobody writes a role, an action or how somebody proved who they are', async () => {
  const person = { type: 'Person', id: ada }
  const refused = [
    { relate: [{ subject: person, relation: 'in', object: { type: 'Role', id: 'superadmin' } }] },
    { put: [{ type: 'Role', id: 'mine', properties: {} }] },
    { put: [{ ...person, properties: { acr: 'urn:althing:acr:mfa' } }] },
    { put: [{ ...person, properties: { roles: ['superadmin'] } }] },
    {
      relate: [
        { subject: { type: 'Role', id: 'member' }, relation: 'in', object: { type: 'group', id: 'g' } },
      ],
    },
    { put: [{ type: 'Action', id: 'vault.close', properties: {} }] },
    {
      relate: [
        {
          subject: { type: 'Bank::Action', id: 'close' },
          relation: 'in',
          object: { type: 'Bank::Action', id: 'look' },
        },
      ],
    },
    { remove: [{ type: 'Role', id: 'superadmin' }] },
  ]
  for (const writing of refused) {
    const { status, text } = await point.ask('/api/policy/entities', writing)
    assert.deepEqual(
      [status, JSON.parse(text).code],
      [422, 'policy.entities.reserved'],
      JSON.stringify(writing),
    )
  }
  const claimed = {
    ...person,
    properties: { roles: ['superadmin'], parents: [{ type: 'Role', id: 'superadmin' }] },
  }
  assert.equal((await evaluate(claimed, 'vault.close')).decision, false)
})

test('nothing can be within itself, over however many steps', async () => {
  const group = (id: string) => ({ type: 'group', id })
  const within = (id: string, parent: string) => ({
    subject: group(id),
    relation: 'in',
    object: group(parent),
  })
  await point.write({ relate: [within('a', 'b'), within('b', 'c')] })
  for (const relate of [[within('c', 'a')], [within('a', 'a')], [within('d', 'e'), within('e', 'd')]]) {
    const { status, text } = await point.ask('/api/policy/entities', { relate })
    assert.deepEqual([status, JSON.parse(text).code], [422, 'policy.entities.circle'])
  }
})

test('a policy that cannot be evaluated denies, and says so', async () => {
  const { decision, context } = await evaluate({ type: 'user', id: 'x' }, 'odd')
  assert.deepEqual([decision, context['errors']], [false, ['odd']])
})

test('a number is read exactly, or not at all', async () => {
  const count = (value: unknown) =>
    evaluate({ type: 'user', id: 'x' }, 'count', { context: { count: value } })
  assert.equal((await count(9007199254740991)).decision, true)
  assert.equal((await count(9007199254740990)).decision, false)
  const raw = (number: string) =>
    point.ask(
      '/access/v1/evaluation',
      `{"subject":{"type":"user","id":"x"},"action":{"name":"count"},"resource":{"type":"vault","id":"v"},"context":{"count":${number}}}`,
    )
  for (const number of ['9007199254740993', '1e20', '-9007199254740993'])
    assert.equal((await raw(number)).status, 400, number)
  assert.equal((await raw('1.23456')).status, 400, 'nor is a fraction bent')
  assert.equal((await raw('1.5')).status, 200)
})

test('an address is a value of Cedar when it is written as one', async () => {
  const from = (arg: string) =>
    evaluate({ type: 'user', id: 'x' }, 'enter', { context: { from: { __extn: { fn: 'ip', arg } } } })
  assert.equal((await from('10.1.2.3')).decision, true)
  assert.equal((await from('192.168.0.1')).decision, false)
  assert.equal((await from('10.0.0.256')).status, 400)
})

test('what is no question is refused, and the next one and others are answered as before', async () => {
  const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`
  const with_ = (context: string) =>
    `{"subject":{"type":"user","id":"x"},"action":{"name":"odd"},"resource":{"type":"vault","id":"v"},"context":${context}}`
  const bad: readonly [what: string, body: string, status: number][] = [
    ['10,000 deep', with_(deep(10_000)), 400],
    ['eleven deep', with_(`{"x":${deep(11)}}`), 400],
    ['a name twice', with_('{"a":1,"a":2}'), 400],
    ['a megabyte', with_(`{"a":"${'x'.repeat(2 ** 20)}"}`), 413],
    ['a long text', with_(`{"a":"${'x'.repeat(4097)}"}`), 400],
    [
      'many names',
      with_(JSON.stringify(Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`n${n}`, n])))),
      400,
    ],
    ['a name of nothing', with_('{"a":{"__entity":{"type":"user"}}}'), 400],
    ['a call of nothing', with_('{"a":{"__extn":{"fn":"rm","arg":"-rf"}}}'), 400],
    ['half a character', with_('{"a":"\\ud800"}'), 400],
    ['a zero byte', with_('{"a":"\\u0000"}'), 400],
  ]
  const before = process.memoryUsage().rss
  for (let round = 0; round < 10; round += 1) {
    const others = Promise.all(Array.from({ length: 5 }, () => evaluate({ type: 'user', id: 'x' }, 'odd')))
    const answers = await Promise.all(bad.map(([, body]) => point.ask('/access/v1/evaluation', body)))
    assert.deepEqual(
      answers.map(({ status }, n) => [bad[n]?.[0], status]),
      bad.map(([what, , status]) => [what, status]),
    )
    assert.ok((await others).every(({ status, decision }) => status === 200 && decision === false))
  }
  assert.ok(process.memoryUsage().rss - before < 200 * 2 ** 20, 'nothing of it is kept')
})

test('a role that identity has taken away is gone from the moment that its feed says so, whenever the word about what is left comes', async () => {
  const roles = (stamp: number, list: readonly string[]) =>
    point.asService('identity', 'POST', '/internal/messages', {
      id: crypto.randomUUID(),
      topic: 'identity.roles_changed',
      payload: { person: bea, roles: list, stamp },
    })
  const may = async () => (await evaluate({ type: 'Person', id: bea }, 'vault.close')).decision
  await roles(4, ['superadmin'])
  assert.equal(await may(), true)
  point.kit.revocations.apply({ entries: [{ seq: 1, subject: bea, stamp: 5 }], latest: 1 })
  assert.equal(await may(), false, 'before the word has come')
  await roles(4, ['superadmin'])
  assert.equal(await may(), false, 'nor does an old word bring it back')
  await roles(5, ['member', 'superadmin'])
  assert.equal(await may(), true, 'what is left is what the new word says')
})
