/** A decision that others must agree to, as an application, an auditor and an operator meet it. */
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { silentLog } from '@althing/kernel/telemetry'
import { decisionPoint } from '../../../tests/support/decision-point.ts'
import { somebody } from '../../../tests/support/deciding-people.ts'
import { opaStandIn, type Input } from '../../../tests/support/engines.ts'
import { policyOffice } from '../../../tests/support/policy-office.ts'
import type { EngineShown } from './schema.ts'

/** What the engine says of each resource; where nothing is said it is a yes. */
let says: Readonly<Record<string, unknown>> = {}
const rule = ({ resource }: Input) => says[resource.id] ?? true
const risk = await opaStandIn({ 'pay/allow': rule }, 'sesam')
const audit = await opaStandIn({ 'audit/allow': () => true })
const policies = `
@id("staff-pay") permit (principal is user, action == Action::"pay.send", resource) when { principal.level > 2 };
@id("staff-read") permit (principal is user, action == Action::"pay.read", resource);
@id("all-look") permit (principal is user, action == Action::"look", resource);
@id("any-open") permit (principal is user, action == Action::"elections.open", resource);
@id("not-closed") @reason("It is closed.") forbid (principal, action == Action::"pay.send", resource == account::"closed");`
/** What is shown here is not about time: a busy machine has as much of it as it needs. */
const deadlineMs = 5_000
const engines = [
  {
    name: 'risk',
    kind: 'opa',
    url: `${risk.url}/v1/data/pay/allow`,
    token: 'sesam',
    deadlineMs,
    actions: ['pay.*'],
    sends: {
      subject: ['level', 'owner'],
      resource: ['amount'],
      action: ['soft'],
      context: ['hour', 'device'],
    },
  },
  { name: 'audit', kind: 'opa', url: `${audit.url}/v1/data/audit/allow`, actions: ['pay.send'], deadlineMs },
  {
    name: 'away',
    kind: 'opa',
    url: 'http://127.0.0.1:1/v1/data/x',
    actions: ['fly'],
    resources: ['account'],
  },
]
const lines: unknown[] = []
const point = await decisionPoint({
  log: { ...silentLog, warn: (event, facts) => void lines.push([event, facts]) },
  policies: `${policies}
@id("all-fly") permit (principal is user, action == Action::"fly", resource);`,
  settings: {
    ALTHING_POLICY_ENGINES: JSON.stringify(engines),
    ALTHING_POLICY_EGRESS_ALLOWED: [risk.host, audit.host, '127.0.0.1:1'].join(),
    ALTHING_POLICY_CACHE: 'true',
    ALTHING_POLICY_DECISION_LOG: 'required',
  },
})
const auditor = somebody(point, 'auditor')
const user = { type: 'user', id: 'una', properties: { level: 3, secretly: 'x' } }
const account = (id: string, properties = {}) => ({ type: 'account', id, properties })

beforeEach(() => {
  says = {}
  risk.asked.length = 0
})

async function pay(id: string, more: object = {}) {
  const asked = { subject: user, action: { name: 'pay.send' }, resource: account(id), ...more }
  const { body } = await point.ask('/access/v1/evaluation', asked)
  const { decision, context } = body as { decision: boolean; context: Record<string, unknown> }
  return { decision, policies: context['policies'], errors: context['errors'], told: context['reason_user'] }
}
const asked = () => risk.asked.map(({ resource }) => resource.id)

test('ours is asked first: what it denies nobody is asked about, and what it allows the engine can deny', async () => {
  assert.deepEqual(await pay('a1'), {
    decision: true,
    policies: ['staff-pay'],
    errors: undefined,
    told: undefined,
  })
  says = { a2: { allow: false, reasons: ['Too much <b>money</b>.'] }, a3: 'yes', closed: true }
  assert.deepEqual(await pay('a2'), {
    decision: false,
    policies: ['engine/risk'],
    errors: undefined,
    told: { en: 'Too much <b>money</b>.' },
  })
  assert.deepEqual(await pay('a3'), {
    decision: false,
    policies: [],
    errors: ['engine/risk'],
    told: undefined,
  })
  assert.deepEqual(await pay('closed'), {
    decision: false,
    policies: ['not-closed'],
    errors: undefined,
    told: { en: 'It is closed.' },
  })
  assert.equal((await pay('a1', { subject: { ...user, properties: { level: 1 } } })).decision, false)
  assert.deepEqual(asked(), ['a1', 'a2', 'a3'])
})

test('what is about other actions, and about Althing’s own, is decided without anybody; an engine that is away denies what is its own', async () => {
  const ask = async (name: string) =>
    (await point.ask('/access/v1/evaluation', { subject: user, action: { name }, resource: account('a1') }))
      .body['decision']
  assert.deepEqual([await ask('look'), await ask('elections.open'), asked()], [true, true, []])
  assert.equal(await ask('fly'), false)
})

test('what an engine said a moment ago is not what it says now, although ours is kept', async () => {
  assert.equal((await pay('kept')).decision, true)
  says = { kept: false }
  assert.equal((await pay('kept')).decision, false)
  says = {}
  assert.equal((await pay('kept')).decision, true)
  assert.equal(risk.asked.length, 3)
})

test('nothing leaves but what is named, and of that no secret, however deep', async () => {
  await pay('a1', {
    subject: {
      ...user,
      properties: { level: 3, secretly: 'x', owner: { name: 'Una', kennitala: '0101302989' } },
    },
    action: { name: 'pay.send', properties: { soft: true, hard: true } },
    resource: account('a1', { amount: 12.5, iban: 'IS14' }),
    context: { hour: 12, device: { model: 'x', token: 'abc' }, password: 'p' },
  })
  assert.deepEqual(risk.asked, [
    {
      subject: { type: 'user', id: 'una', properties: { level: 3, owner: { name: 'Una' } } },
      action: { name: 'pay.send', properties: { soft: true } },
      resource: { type: 'account', id: 'a1', properties: { amount: 12.5 } },
      context: { hour: 12, device: { model: 'x' } },
    },
  ])
})

test('what is too large to be sent is denied, and asked nobody', async () => {
  const large = { context: { device: Array.from({ length: 40 }, (_, n) => `${n}${'x'.repeat(2_000)}`) } }
  assert.deepEqual(await pay('a1', large), {
    decision: false,
    policies: [],
    errors: ['engine/risk'],
    told: undefined,
  })
  assert.deepEqual(asked(), [])
})

test('what the world knows of somebody leaves as well, where it is named', async () => {
  await point.write({ put: [{ type: 'user', id: 'orri', properties: { level: 9, pin: 'x' } }] })
  await pay('a1', { subject: { type: 'user', id: 'orri' } })
  assert.deepEqual(risk.asked[0]?.subject.properties, { level: 9 })
})

async function batch(semantic: string, ids: readonly string[]) {
  const { body } = await point.ask('/access/v1/evaluations', {
    subject: user,
    action: { name: 'pay.send' },
    evaluations: ids.map((id) => (id === 'wrong' ? { resource: 7 } : { resource: account(id) })),
    options: { evaluations_semantic: semantic },
  })
  return (body['evaluations'] as { decision: boolean }[]).map(({ decision }) => decision)
}

test('of many the engines are asked all at once, and the one that ends it is the one that is denied or allowed in the end', async () => {
  says = { no: false }
  assert.deepEqual(await batch('execute_all', ['a', 'no', 'wrong', 'closed', 'b']), [
    true,
    false,
    false,
    false,
    true,
  ])
  assert.deepEqual(await batch('deny_on_first_deny', ['a', 'no', 'b', 'closed', 'c']), [true, false])
  assert.deepEqual(await batch('deny_on_first_deny', ['a', 'b', 'closed', 'c']), [true, true, false])
  assert.deepEqual(await batch('permit_on_first_permit', ['no', 'closed', 'wrong', 'a', 'b']), [
    false,
    false,
    false,
    true,
  ])
  assert.deepEqual(await batch('permit_on_first_permit', ['no', 'closed']), [false, false])
  risk.asked.length = 0
  await batch('deny_on_first_deny', ['a', 'closed', 'b'])
  assert.deepEqual(asked(), ['a'], 'nobody is asked about what comes after our own no')
})

type Row = {
  id: string
  decision: boolean
  determining: string[]
  outside: { own: string[]; said: { engine: string; outcome: string; why: string | null }[] } | null
}
async function rows(resource: string): Promise<Row[]> {
  const { body } = await auditor('GET', `/api/policy/decisions?resource=account::${resource}`)
  return body['decisions'] as Row[]
}

test('a line says what each engine said, and nothing of its words; a replay and a report of a draft know which part was ours', async () => {
  lines.length = 0
  says = { log2: { allow: false, reasons: ['Because of Una.'] }, log3: 'garbage' }
  for (const id of ['log1', 'log2', 'log3']) await pay(id)
  await batch('deny_on_first_deny', ['log2', 'log4'])
  const said = async (id: string) =>
    (await rows(id)).map(({ decision, determining, outside }) => [
      decision,
      determining,
      outside?.own,
      outside?.said.map(({ engine, outcome, why }) => `${engine} ${outcome} ${why}`),
    ])
  assert.deepEqual(await said('log1'), [
    [true, ['staff-pay'], ['staff-pay'], ['risk allow null', 'audit allow null']],
  ])
  const denied = [false, ['engine/risk'], ['staff-pay'], ['risk deny null', 'audit allow null']]
  assert.deepEqual(await said('log2'), [denied, denied])
  assert.deepEqual(await said('log3'), [
    [false, [], ['staff-pay'], ['risk error policy.external.unreadable', 'audit allow null']],
  ])
  assert.deepEqual(await said('log4'), [], 'what was not answered was not decided')
  assert.deepEqual(lines, [
    ['an engine outside does not answer', { engine: 'risk', why: 'policy.external.unreadable' }],
  ])
  const [whole] = await rows('log2')
  assert.doesNotMatch((await auditor('GET', `/api/policy/decisions/${whole?.id}`)).text, /Because of Una/)

  await point.kit.audit.integrate()
  const verified = await auditor('POST', '/api/policy/decisions/verify', { after: 0 })
  assert.deepEqual([verified.body['intact'], verified.body['findings']], [true, []])
  const replayed = await auditor('POST', '/api/policy/decisions/replay', {})
  assert.deepEqual(
    [replayed.body['differences'], replayed.body['not']],
    [0, { forgotten: 0, redacted: 0, policies: 0 }],
  )

  const office = policyOffice(point, point.origin)
  const { id } = await office.draft({
    policies: `${policies}\n@id("all-fly") permit (principal is user, action == Action::"fly", resource);`,
  })
  await office.ada.send('POST', `/api/policy/drafts/${id}/check`)
  const report = await office.ada.send('GET', `/api/policy/drafts/${id}/impact`)
  assert.deepEqual([report.status, report.body['wouldAllow'], report.body['wouldDeny']], [200, 0, 0])
})

test('who said what cannot be changed afterwards without its being found', async () => {
  await pay('altered')
  const [row] = await rows('altered')
  await point.kit.database.query(
    `update policy_decision set outside = jsonb_set(outside, '{said,0,outcome}', '"deny"') where id = $1`,
    [row?.id],
  )
  const { body } = await auditor('POST', '/api/policy/decisions/verify', { after: 0 })
  assert.deepEqual(
    (body['findings'] as { what: string; decision: string }[]).map(({ what, decision }) => [what, decision]),
    [['altered', row?.id]],
  )
  await point.kit.database.query(
    `update policy_decision set outside = jsonb_set(outside, '{said,0,outcome}', '"allow"') where id = $1`,
    [row?.id],
  )
})

async function found(path: string, asking: object) {
  const { status, body, text } = await point.ask(`/access/v1/search/${path}`, asking)
  const results = (body['results'] ?? []) as { id?: string; name?: string }[]
  return { status, text, body, found: results.map((one) => one.id ?? one.name) }
}

test('a search finds what engines agree to, page by page; one that does not answer makes it fail', async () => {
  await point.write({
    put: Array.from({ length: 230 }, (_, n) => ({
      type: 'account',
      id: `s${String(n).padStart(3, '0')}`,
      properties: {},
    })),
  })
  says = { s001: false, s150: false }
  const all: (string | undefined)[] = []
  let token = ''
  let pages = 0
  do {
    const page = await found('resource', {
      subject: user,
      action: { name: 'pay.send' },
      resource: { type: 'account' },
      page: { limit: 1000, ...(token === '' ? {} : { token }) },
    })
    assert.equal(page.status, 200, page.text)
    all.push(...page.found)
    token = (page.body['page'] as { next_token: string }).next_token
    pages += 1
  } while (token !== '')
  assert.deepEqual([all.length, all.includes('s001'), all.includes('s150'), pages], [228, false, false, 5])
  const actions = await found('action', { subject: user, resource: account('s001') })
  assert.equal(actions.status, 503, 'the engine for fly is away')
  assert.match(actions.text, /policy\.access\.engines_away/)
  const onDoc = await found('action', { subject: user, resource: { type: 'doc', id: 's001' } })
  assert.deepEqual(onDoc.found, ['fly', 'look'], 'what it denies is not among them')
  const nobody = await found('subject', {
    subject: { type: 'user' },
    action: { name: 'fly' },
    resource: { type: 'account', id: 'a' },
  })
  assert.equal(nobody.status, 503)
})

test('whoever asks why is told which engines must agree, and none is asked', async () => {
  const developer = somebody(point, 'developer')
  const question = { subject: user, action: { name: 'pay.send' }, resource: account('a1') }
  const { body } = await developer('POST', '/api/policy/explain', question)
  assert.deepEqual([body['decision'], body['engines']], [true, ['risk', 'audit']])
  const words = body['words'] as { en: string[]; is: string[] }
  assert.equal(
    words.en[1],
    '“risk”, “audit” outside must agree: they are asked when somebody wants to do it.',
  )
  assert.equal(words.is[1], '„risk“, „audit“ utan kerfisins þurfa að samþykkja: spurt er þegar á reynir.')
  assert.deepEqual((await developer('POST', '/api/policy/simulate', question)).body['engines'], [
    'risk',
    'audit',
  ])
  const can = await developer('POST', '/api/policy/who-can', { ...question, subject: { type: 'user' } })
  assert.deepEqual(can.body['engines'], ['risk', 'audit'])
  const may = await developer('POST', '/api/policy/what-may', {
    subject: user,
    resource: { type: 'account', id: 'a1' },
  })
  const [one] = may.body['results'] as { actions: { name: string; engines: string[] }[] }[]
  assert.deepEqual(Object.fromEntries(one?.actions.map(({ name, engines: those }) => [name, those]) ?? []), {
    fly: ['away'],
    look: [],
    'pay.read': ['risk'],
    'pay.send': ['risk', 'audit'],
  })
  assert.deepEqual(risk.asked, [])
})

test('who may see how the engines do sees it, and no address; an operator counts what they said', async () => {
  for (const role of [undefined, 'election-manager'])
    assert.equal((await somebody(point, role)('GET', '/api/policy/engines')).status, 403, role)
  for (let n = 0; n < 6; n += 1)
    await point.ask('/access/v1/evaluation', {
      subject: user,
      action: { name: 'fly' },
      resource: account('a1'),
    })
  const { status, body, text } = await somebody(point, 'operator')('GET', '/api/policy/engines')
  assert.equal(status, 200)
  const [first, , last] = body['engines'] as EngineShown[]
  assert.deepEqual(
    [first?.name, first?.kind, first?.actions, first?.breaker],
    ['risk', 'opa', ['pay.*'], 'closed'],
  )
  assert.ok(Number(first?.answers.allow) > 200 && Number.isInteger(first?.p50))
  assert.deepEqual([last?.name, last?.breaker, last?.last?.outcome !== 'allow'], ['away', 'open', true])
  assert.doesNotMatch(text, /sesam|http:/)
  const metrics = await (await point.fetchManagement(new Request('http://x/metrics'))).text()
  assert.match(metrics, /policy_engine_answers_total\{[^}]*engine="risk",outcome="deny"\} [1-9]/)
  assert.match(metrics, /policy_engine_answers_total\{[^}]*engine="away",outcome="error"\} [1-9]/)
  assert.match(metrics, /policy_engine_seconds_count\{[^}]*engine="audit"\} [1-9]/)
  assert.deepEqual(
    point.kit.breakers
      .list()
      .filter(({ name }) => name.startsWith('engine-'))
      .map(({ name }) => name),
    ['engine-risk', 'engine-audit', 'engine-away'],
  )
})
