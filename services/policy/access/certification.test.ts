/**
 * The cases of the certification scenario for Authorization API 1.0 (openid/authzen, certification/authorization-api-1_0-scenario.md), each under
 * its number there, over https, with a bearer token, and with nothing known beforehand but the origin.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { decisionPoint } from '../../../tests/support/decision-point.ts'

/** The fixture of section 1 as policies of an organisation. */
const policies = `
@id("records-alice-changes")
permit (principal == user::"alice", action in [Action::"read", Action::"write"], resource is record);
@id("records-bob-reads")
permit (principal == user::"bob", action == Action::"read", resource is record);
@id("records-admins-write-archived")
permit (principal is user, action == Action::"write", resource is record)
when { principal has role && principal.role == "admin" && resource has status && resource.status == "archived" };
@id("records-archived-are-closed")
forbid (principal is user, action == Action::"write", resource is record)
when { resource has status && resource.status == "archived" }
unless { principal has role && principal.role == "admin" };
@id("records-alice-deletes-softly")
permit (principal == user::"alice", action == Action::"delete", resource is record)
when { context has action && context.action has soft && context.action.soft };
`

const alice = { type: 'user', id: 'alice' }
const bob = { type: 'user', id: 'bob' }
const one = { type: 'record', id: 'record-1' }
const archived = { type: 'record', id: 'record-2', properties: { status: 'archived' } }
const admin = { ...bob, properties: { role: 'admin' } }
const [read, write] = [{ name: 'read' }, { name: 'write' }]

const point = await decisionPoint({ policies })
await point.write({
  put: [
    { ...alice, properties: {} },
    { ...bob, properties: { role: 'admin' } },
    { ...one, properties: { status: 'active' } },
    archived,
  ],
})
const found = await fetch(`${point.origin}/.well-known/authzen-configuration`)
const at = (await found.json()) as Record<string, string>

const evaluate = (body: unknown, headers = {}) =>
  point.ask(at['access_evaluation_endpoint'] ?? '', body, headers)
const evaluateAll = (body: unknown) => point.ask(at['access_evaluations_endpoint'] ?? '', body)
const search = (what: 'subject' | 'resource' | 'action', body: unknown) =>
  point.ask(at[`search_${what}_endpoint`] ?? '', body)

describe('2.2 a request is accepted', () => {
  const cases: readonly [name: string, body: object, decision: boolean][] = [
    ['2.2.1 permit', { subject: alice, action: read, resource: one }, true],
    ['2.2.2 deny', { subject: bob, action: write, resource: one }, false],
    [
      '2.2.3 with a context',
      {
        subject: alice,
        action: read,
        resource: one,
        context: { time: '2025-06-27T18:03-07:00', ip: '192.168.1.1' },
      },
      true,
    ],
    ['2.2.4 a property of the resource', { subject: alice, action: write, resource: archived }, false],
    ['2.2.5 a property of the subject', { subject: admin, action: write, resource: archived }, true],
    [
      '2.2.6 a property of the action',
      { subject: alice, action: { name: 'delete', properties: { soft: true } }, resource: one },
      true,
    ],
    [
      '2.2.7 and its opposite',
      { subject: alice, action: { name: 'delete', properties: { soft: false } }, resource: one },
      false,
    ],
    [
      '2.2.8 more properties',
      {
        subject: { ...alice, properties: { department: 'Sales', role: 'manager' } },
        action: { name: 'read', properties: { method: 'GET' } },
        resource: { ...one, properties: { status: 'active', owner: 'bob' } },
      },
      true,
    ],
    [
      '2.2.9 fields that nobody knows',
      { subject: alice, action: read, resource: one, foo: 'bar', futureField: { nested: true } },
      true,
    ],
    ['rule 2', { subject: alice, action: write, resource: one }, true],
    ['rule 3', { subject: bob, action: read, resource: one }, true],
  ]
  for (const [name, body, decision] of cases)
    test(name, async () => {
      const { status, headers, body: said } = await evaluate(body)
      assert.equal(status, 200)
      assert.match(headers.get('content-type') ?? '', /^application\/json/)
      assert.equal(said['decision'], decision)
      assert.ok(said['context'] === undefined || typeof said['context'] === 'object')
    })
})

describe('2.4 a request that is none', () => {
  const good = { subject: alice, action: read, resource: one }
  const wrong: Record<string, unknown> = {
    'without a subject': { action: read, resource: one },
    'without an action': { subject: alice, resource: one },
    'without a resource': { subject: alice, action: read },
    'a subject without a type': { ...good, subject: { id: 'alice' } },
    'a subject without an id': { ...good, subject: { type: 'user' } },
    'an action without a name': { ...good, action: {} },
    'a resource without a type': { ...good, resource: { id: 'record-1' } },
    'a resource without an id': { ...good, resource: { type: 'record' } },
    'a subject that is a string': { ...good, subject: 'alice' },
    'a name that is a number': { ...good, action: { name: 123 } },
    'properties that are a list': { ...good, subject: { ...alice, properties: [] } },
    'a context that is a string': { ...good, context: 'now' },
    'no JSON': '{ "subject": ',
    nothing: '',
    'a list': [good],
  }
  for (const [name, body] of Object.entries(wrong))
    test(name, async () => {
      const { status, text } = await evaluate(body)
      assert.equal(status, 400)
      assert.match(text, /^[A-Z].+\(.+\..+\)\n/, 'and is told why, in a string')
    })
  test('2.4.3 another kind of content', async () => {
    for (const type of ['text/plain', 'application/xml', 'application/x-www-form-urlencoded'])
      assert.equal((await evaluate(good, { 'content-type': type })).status, 400, type)
  })
  test('2.5 the id of a request stands in whatever is answered, and nothing is wrong without one', async () => {
    const id = 'bfe9eb29-ab87 any/thing: "at all"'
    for (const body of [good, {}, '{', { ...good, context: { text: 'x'.repeat(2 ** 21) } }])
      assert.equal((await evaluate(body, { 'x-request-id': id })).headers.get('x-request-id'), id)
    const stranger = await evaluate(good, { 'x-request-id': id, authorization: 'Bearer nonsense' })
    assert.deepEqual([stranger.status, stranger.headers.get('x-request-id')], [401, id])
    assert.match(stranger.headers.get('www-authenticate') ?? '', /^Bearer/)
    assert.equal((await evaluate(good)).status, 200)
  })
  test('2.6 the same question has the same answer', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => evaluate(good)))
    assert.ok(answers.every(({ body }) => body['decision'] === true))
  })
})

describe('3 many at once', () => {
  const decisions = async (body: unknown) => {
    const { status, body: said } = await evaluateAll(body)
    assert.equal(status, 200)
    const list = said['evaluations'] as { decision: boolean; context?: { error?: object } }[]
    return list.map(({ decision }) => decision)
  }
  test('3.2.1 and 3.2.2 in the order they came', async () => {
    const resources = [{ resource: one }, { resource: { type: 'record', id: 'record-2' } }]
    assert.deepEqual(await decisions({ subject: alice, action: read, evaluations: resources }), [true, true])
    const actions = [{ action: read }, { action: write }]
    assert.deepEqual(await decisions({ subject: bob, resource: one, evaluations: actions }), [true, false])
  })
  test('3.2.3 and 3.2.4 with properties of their own', async () => {
    const active = { ...one, properties: { status: 'active' } }
    assert.deepEqual(
      await decisions({
        subject: alice,
        action: write,
        evaluations: [{ resource: active }, { resource: archived }],
      }),
      [true, false],
    )
    assert.deepEqual(
      await decisions({
        action: write,
        resource: archived,
        evaluations: [{ subject: alice }, { subject: admin }],
      }),
      [false, true],
    )
  })
  test('3.2.5 and 3.2.6 without defaults, and with a context for all', async () => {
    const evaluations = [
      { subject: alice, action: read, resource: one },
      { subject: bob, action: write, resource: one },
    ]
    assert.deepEqual(await decisions({ evaluations }), [true, false])
    const context = { time: '2025-06-27T18:03-07:00' }
    const two = [{ resource: one }, { resource: one, context: { ...context, source: 'batch-override' } }]
    assert.deepEqual(await decisions({ subject: alice, action: read, context, evaluations: two }), [
      true,
      true,
    ])
  })
  test('3.2.7 only what an item leaves out is filled in', async () => {
    const evaluations = [
      { resource: { id: 'record-1', properties: { status: 'active' } } },
      { resource: archived },
    ]
    assert.deepEqual(
      await decisions({ subject: alice, action: write, resource: { type: 'record' }, evaluations }),
      [true, false],
    )
    // What is said of an entity is said of all of it: no property of the default remains.
    assert.deepEqual(
      await decisions({
        subject: alice,
        action: write,
        resource: archived,
        evaluations: [{ resource: { id: 'record-1' } }, {}],
      }),
      [true, false],
    )
  })
  test('3.3 there is no decision beside the list', async () => {
    const { body } = await evaluateAll({ subject: alice, action: read, evaluations: [{ resource: one }] })
    assert.deepEqual(Object.keys(body), ['evaluations'])
  })
  test('3.4.1 one that is wrong is denied by itself, with what is wrong about it', async () => {
    const { status, body } = await evaluateAll({
      subject: alice,
      action: read,
      evaluations: [{ resource: one }, {}, 'nonsense', { resource: { type: 'record', id: 7 } }],
    })
    assert.equal(status, 200)
    const list = body['evaluations'] as {
      decision: boolean
      context: { error?: { status: number; message: string } }
    }[]
    assert.deepEqual(
      list.map(({ decision }) => decision),
      [true, false, false, false],
    )
    assert.deepEqual([list[1]?.context.error?.status, list[0]?.context.error], [400, undefined])
    assert.match(list[1]?.context.error?.message ?? '', /\/resource/)
  })
  test('3.4.2 and 3.4.3 without a list, or with an empty one, it is one evaluation', async () => {
    for (const more of [{}, { evaluations: [] }]) {
      const { body } = await evaluateAll({ subject: alice, action: read, resource: one, ...more })
      assert.deepEqual([body['decision'], body['evaluations']], [true, undefined])
    }
    assert.equal((await evaluateAll({ subject: alice, action: read })).status, 400)
    assert.equal((await evaluateAll({ subject: alice, action: read, evaluations: [] })).status, 400)
  })
  test('what is wrong with all of it is wrong for all of it', async () => {
    const evaluations = [{ subject: alice, action: read, resource: one }]
    const wrong = [
      { subject: 'alice', evaluations },
      { evaluations: 'none' },
      { evaluations, options: { evaluations_semantic: 'as_you_like' } },
      { evaluations: Array.from({ length: 1001 }, () => evaluations[0]) },
    ]
    for (const body of wrong) assert.equal((await evaluateAll(body)).status, 400)
  })
  test('an evaluation may be the last: the first that denies, or the first that permits', async () => {
    const asked = {
      subject: bob,
      resource: one,
      evaluations: [{ action: read }, { action: write }, { action: read }],
    }
    const by = (evaluations_semantic: string) => decisions({ ...asked, options: { evaluations_semantic } })
    assert.deepEqual(await by('execute_all'), [true, false, true])
    assert.deepEqual(await by('deny_on_first_deny'), [true, false])
    assert.deepEqual(await by('permit_on_first_permit'), [true])
    const wrongFirst = { ...asked, evaluations: [{}, { action: read }] }
    assert.deepEqual(
      await decisions({ ...wrongFirst, options: { evaluations_semantic: 'deny_on_first_deny' } }),
      [false],
    )
  })
})

describe('4 search', () => {
  const ids = async (what: 'subject' | 'resource', body: unknown) => {
    const { status, body: said } = await search(what, body)
    assert.equal(status, 200)
    return (said['results'] as { type: string; id: string }[]).map(({ type, id }) => `${type} ${id}`)
  }
  const names = async (body: unknown) => {
    const { status, body: said } = await search('action', body)
    assert.equal(status, 200)
    return (said['results'] as { name: string }[]).map(({ name }) => name)
  }
  const user = { type: 'user' }
  test('4.2 subjects', async () => {
    const asked = { subject: user, action: read, resource: one }
    assert.deepEqual(await ids('subject', asked), ['user alice', 'user bob'])
    assert.deepEqual(await ids('subject', { ...asked, context: { time: 'now' } }), ['user alice', 'user bob'])
    const named = { ...asked, subject: { type: 'user', id: 'nobody' } }
    assert.deepEqual(await ids('subject', named), ['user alice', 'user bob'], 'an id is ignored')
    assert.deepEqual(await ids('subject', { subject: user, action: write, resource: archived }), ['user bob'])
  })
  test('4.3 resources', async () => {
    const asked = { subject: alice, action: read, resource: { type: 'record' } }
    assert.deepEqual(await ids('resource', asked), ['record record-1', 'record record-2'])
    assert.deepEqual(await ids('resource', { ...asked, resource: one }), [
      'record record-1',
      'record record-2',
    ])
    assert.deepEqual(await ids('resource', { subject: admin, action: write, resource: { type: 'record' } }), [
      'record record-2',
    ])
  })
  test('4.4 actions', async () => {
    assert.deepEqual(await names({ subject: alice, resource: one }), ['read', 'write'])
    assert.deepEqual(await names({ subject: alice, resource: one, context: { a: 1 } }), ['read', 'write'])
    assert.ok((await names({ subject: admin, resource: archived })).includes('write'))
  })
  test('4.5 page by page, each thing once, and a token is of its question and its caller alone', async () => {
    const asked = { subject: user, action: read, resource: one }
    const first = await search('subject', { ...asked, page: { limit: 1 } })
    assert.equal(Object.keys(first.body)[0], 'page')
    const { next_token: token, count } = first.body['page'] as { next_token: string; count: number }
    assert.equal(count, 1)
    const second = await search('subject', { ...asked, page: { limit: 1, token } })
    assert.deepEqual(second.body['results'], [bob])
    assert.equal((second.body['page'] as { next_token: string }).next_token, '')
    const wrong = [
      { ...asked, action: write, page: { token } },
      { ...asked, resource: archived, page: { token } },
      { ...asked, context: { a: 1 }, page: { token } },
      { ...asked, page: { token: `${token}x` } },
      { ...asked, page: { token: token.slice(2) } },
      { ...asked, page: { token: 'nonsense' } },
      { ...asked, page: { limit: 0 } },
      { ...asked, page: { token: 7 } },
    ]
    for (const body of wrong) assert.equal((await search('subject', body)).status, 400, JSON.stringify(body))
    const other = point.issuer.token(
      { subject: 'svc_other' },
      { iss: point.origin, aud: `${point.origin}/api`, kind: 'machine', scope: 'access.evaluate' },
    )
    const stolen = await point.ask(
      at['search_subject_endpoint'] ?? '',
      { ...asked, page: { token } },
      { authorization: `Bearer ${other}` },
    )
    assert.equal(stolen.status, 400)
  })
  test('4.6 nobody that is known is an empty list', async () => {
    const stranger = { type: 'user', id: 'nonexistent-user' }
    assert.deepEqual(await names({ subject: stranger, resource: one }), [])
    assert.deepEqual(
      await ids('subject', { subject: { type: 'spaceship' }, action: read, resource: one }),
      [],
    )
    assert.deepEqual(
      await ids('resource', { subject: stranger, action: read, resource: { type: 'record' } }),
      [],
    )
    assert.deepEqual(
      await ids('resource', { subject: alice, action: { name: 'fly' }, resource: { type: 'record' } }),
      [],
    )
  })
  test('4.7 what is left out of a search is missed', async () => {
    const wrong: readonly ['subject' | 'resource' | 'action', object][] = [
      ['subject', { subject: user, resource: one }],
      ['subject', { action: read, resource: one }],
      ['subject', { subject: user, action: read, resource: { type: 'record' } }],
      ['resource', { action: read, resource: { type: 'record' } }],
      ['resource', { subject: user, action: read, resource: { type: 'record' } }],
      ['resource', { subject: alice, action: read }],
      ['action', { subject: alice }],
      ['action', { subject: user, resource: one }],
    ]
    for (const [what, body] of wrong)
      assert.equal((await search(what, body)).status, 400, JSON.stringify(body))
  })
})

describe('6 discovery', () => {
  const find = (headers: Record<string, string> = {}) =>
    fetch(`${point.origin}/.well-known/authzen-configuration`, { headers })
  test('every address is https, of the decision point that was asked, and is kept for a while', async () => {
    const answer = await find()
    assert.equal(answer.status, 200)
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json/)
    assert.match(answer.headers.get('cache-control') ?? '', /max-age=\d+/)
    const said = (await answer.json()) as Record<string, string>
    assert.equal(said['policy_decision_point'], point.origin)
    for (const [name, url] of Object.entries(said)) assert.ok(url.startsWith(point.origin), name)
    assert.equal(Object.keys(said).length, 6)
  })
  test('whoever says another host does not change where others are sent', async () => {
    const said = (await (
      await find({ 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' })
    ).json()) as object
    assert.deepEqual(said, at)
  })
})
