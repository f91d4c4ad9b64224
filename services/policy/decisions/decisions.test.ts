/** What was decided can be looked up, is what was written, and can be made again: and where it is not, that is found (functional-spec E1 R11). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decisionPoint } from '../../../tests/support/decision-point.ts'
import { somebody } from '../../../tests/support/deciding-people.ts'
import { forgetPerson } from '@althing/kernel/service/privacy.ts'
import { until } from '@althing/kernel/testing'
import { personData } from '../person-data.ts'

const policies = `
@id("staff-read") permit (principal is user, action == Action::"read", resource) when { principal.level > 2 };
@id("keepers") permit (principal is user, action == Action::"open", resource) when { context.password == "sesam" };
@id("bosses") permit (principal is Person, action == Action::"sign", resource) when { resource.owner.trusted };
`
const point = await decisionPoint({ policies })
const { database } = point.kit
const auditor = somebody(point, 'auditor')
const path = '/api/policy/decisions'

async function ask(subject: object, action: string, more: object = {}): Promise<void> {
  const asked = { subject, action: { name: action }, resource: { type: 'doc', id: 'd1' }, ...more }
  const { status } = await point.ask('/access/v1/evaluation', asked)
  assert.equal(status, 200)
}
const user = (id: string, level: number) => ({ type: 'user', id, properties: { level } })
async function written(count: number): Promise<void> {
  await until(
    async () => (await database.query('select from policy_decision')).length === count,
    `${count} lines`,
  )
}
type Row = Readonly<Record<string, unknown>> & { readonly id: string }
const decisionsIn = ({ body }: { readonly body: object }) => (body as { decisions: Row[] }).decisions

test('nobody reads what was decided but auditors and administrators, and a machine that may ask may not look', async () => {
  for (const role of [undefined, 'election-manager', 'developer', 'operator']) {
    const one = somebody(point, role)
    for (const [method, at, body] of [
      ['GET', path],
      ['GET', `${path}/export`],
      ['GET', `${path}/${crypto.randomUUID()}`],
      ['POST', `${path}/verify`, {}],
      ['POST', `${path}/replay`, {}],
      ['POST', `${path}/${crypto.randomUUID()}/replay`, { policies: 'then' }],
    ] as const)
      assert.equal((await one(method, at, body)).status, 403, `${role} ${at}`)
  }
  const machine = await fetch(new URL(path, point.origin), {
    headers: { authorization: `Bearer ${point.token}` },
  })
  assert.equal(machine.status, 403)
  assert.equal((await fetch(new URL(path, point.origin))).status, 401)
  for (const role of ['auditor', 'administrator', 'superadmin'])
    assert.equal((await somebody(point, role)('GET', path)).status, 200, role)
})

test('decisions are found by who, what, on what, by whom asked, how it ended, by which policy and when; page by page', async () => {
  for (let n = 0; n < 5; n += 1) await ask(user(`u${n}`, n), 'read')
  await ask(user('u9', 9), 'fly', { resource: { type: 'bird', id: 'a::b' } })
  await written(6)
  const of = async (query: string) => decisionsIn(await auditor('GET', `${path}?${query}`)).length
  assert.equal(await of(''), 6)
  assert.equal(await of('subject=user::u3'), 1)
  assert.equal(await of('resource=doc::d1'), 5)
  assert.equal(await of(`resource=${encodeURIComponent('bird::a::b')}`), 0, 'the last two colons part them')
  assert.equal(await of('action=fly'), 1)
  assert.equal(await of('decision=allow'), 2)
  assert.equal(await of('policy=staff-read&decision=allow'), 2)
  assert.equal(await of('policy=nothing'), 0)
  assert.equal(await of('caller=machine:svc_application&decision=deny'), 4)
  assert.equal(await of(`from=${new Date(Date.now() + 60_000).toISOString()}`), 0)
  assert.equal(await of(`to=${new Date(Date.now() + 60_000).toISOString()}&action=read`), 5)

  const seen: string[] = []
  let cursor = ''
  do {
    const page = await auditor('GET', `${path}?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`)
    seen.push(...decisionsIn(page).map(({ id }) => id))
    cursor = String(page.body['next'] ?? '')
  } while (cursor !== '')
  assert.equal(new Set(seen).size, 6)

  for (const wrong of ['cursor=abc', 'decision=perhaps', 'subject=user', 'limit=0', 'whom=u1', 'from=today'])
    assert.equal((await auditor('GET', `${path}?${wrong}`)).status, 400, wrong)
})

test('one decision is shown with everything that it was made of; one that there is not is not', async () => {
  const [one] = decisionsIn(await auditor('GET', `${path}?subject=user::u3`))
  const { status, body } = await auditor('GET', `${path}/${one?.id}`)
  assert.equal(status, 200)
  const { seen, replayable, determining, policies, world } = body
  assert.deepEqual(
    { seen, replayable, determining },
    {
      seen: {
        entities: [
          { type: 'user', id: 'u3', attributes: { level: 3 }, ancestors: [] },
          { type: 'doc', id: 'd1', attributes: {}, ancestors: [] },
        ],
        context: {},
      },
      replayable: 'yes',
      determining: ['staff-read'],
    },
  )
  assert.equal(typeof policies, 'number')
  assert.equal(typeof world, 'number')
  assert.equal((await auditor('GET', `${path}/${crypto.randomUUID()}`)).status, 404)
  assert.equal((await auditor('GET', `${path}/all`)).status, 400)
})

test('whoever looks is seen looking', async () => {
  const { kit } = point
  const before = (await kit.audit.search({ action: 'decisions.read', limit: 1000 })).length
  await auditor('GET', `${path}?subject=user::u3&decision=allow`)
  const lines = await kit.audit.search({ action: 'decisions.read', limit: 1000 })
  assert.equal(lines.length, before + 1)
  assert.deepEqual([lines[0]?.targetId, lines[0]?.fields.includes('decision')], ['u3', true])
  assert.match(lines[0]?.actor ?? '', /^person:acc_/)
  await auditor('GET', `${path}/export`)
  assert.equal((await kit.audit.search({ action: 'decisions.exported' })).length, 1)
})

test('all of them can be taken along as lines of JSON, or as a table in which nothing is a formula', async () => {
  await ask({ type: 'user', id: '=HYPERLINK("x")' }, 'read')
  await written(7)
  const lines = (await auditor('GET', `${path}/export`)).text.trim().split('\n')
  assert.equal(lines.length, 7)
  for (const line of lines) assert.ok('seen' in (JSON.parse(line) as object))
  const { text } = await auditor('GET', `${path}/export?format=csv&decision=deny`)
  const rows = text.trim().split('\r\n')
  assert.equal(rows.length, 6)
  assert.match(rows[0] ?? '', /^id,at,caller/)
  assert.match(text, /"'=HYPERLINK\(""x""\)"/)
  assert.equal((await auditor('GET', `${path}/export?format=xls`)).status, 400)
})

test('the value of a secret never gets into the log, and a decision that looked at one says that it cannot be made again', async () => {
  await ask({ type: 'user', id: 'ali' }, 'open', { context: { password: 'sesam', other: 'sesam' } })
  await written(8)
  const [one] = decisionsIn(await auditor('GET', `${path}?subject=user::ali`))
  const { body } = await auditor('GET', `${path}/${one?.id}`)
  assert.equal(body['decision'], true)
  assert.equal(body['replayable'], 'redacted')
  assert.deepEqual((body['seen'] as { redacted: string[] }).redacted, ['context.password'])
  const rows = await database.query('select to_jsonb(d)::text as row from policy_decision d')
  assert.ok(!rows.some(({ row }) => String(row).includes('sesam')))
})

test('every decision made again is what it was, and what is not whole is counted', async () => {
  const { body } = await auditor('POST', `${path}/replay`, {})
  assert.deepEqual(body, {
    equal: 7,
    not: { forgotten: 0, redacted: 1, policies: 0 },
    different: [],
    differences: 0,
  })
  // Other policies since are not those of then.
  await point.publish(
    `${policies} @id("nobody-reads") forbid (principal, action == Action::"read", resource);`,
  )
  assert.equal((await auditor('POST', `${path}/replay`, {})).body['equal'], 7)
  const [one] = decisionsIn(await auditor('GET', `${path}?subject=user::u3`))
  await database.query('update policy_decision set decision = false where id = $1', [one?.id])
  const { different, differences } = (await auditor('POST', `${path}/replay`, { action: 'read' })).body
  assert.equal(differences, 1)
  assert.deepEqual((different as { id: string }[])[0]?.id, one?.id)
  await database.query('update policy_decision set decision = true where id = $1', [one?.id])
  for (const wrong of [{ limit: 0 }, { limit: 1e6 }, { whose: 'u1' }])
    assert.equal((await auditor('POST', `${path}/replay`, wrong)).status, 400)
})

test('one decision is made again with the policies of then, and with those of today; what these read and nobody wrote down is said', async () => {
  const [one] = decisionsIn(await auditor('GET', `${path}?subject=user::u3`))
  const again = async (policies: string, id = one?.id) =>
    (await auditor('POST', `${path}/${id}/replay`, { policies })).body
  const was = { decision: true, determining: ['staff-read'], errors: [] }
  const then = await again('then')
  assert.deepEqual([then['was'], then['is'], then['not']], [was, was, null])
  // The policy that forbids reading was published by the test before this one.
  const now = await again('now')
  assert.deepEqual(now['is'], { decision: false, determining: ['nobody-reads'], errors: [] })
  assert.ok(Number(now['revision']) > Number(then['revision']))
  await point.publish(
    `${policies} @id("upstairs") permit (principal, action == Action::"read", resource) when { resource.floor == 2 };`,
  )
  const more = await again('now')
  assert.deepEqual([more['is'], more['not'], more['readsMore']], [null, 'reads-more', ['resource.floor']])
  // The moment of then counts, though nobody had to look at the clock.
  await point.publish(
    `${policies} @id("closed") forbid (principal, action == Action::"read", resource) when { context.now > datetime("2020-01-01") };`,
  )
  assert.deepEqual(((await again('now'))['is'] as { determining: string[] }).determining, ['closed'])
  const [secret] = decisionsIn(await auditor('GET', `${path}?subject=user::ali`))
  assert.deepEqual((await again('then', secret?.id))['not'], 'redacted')
  assert.equal(
    (await auditor('POST', `${path}/${crypto.randomUUID()}/replay`, { policies: 'then' })).status,
    404,
  )
  for (const wrong of [{}, { policies: 'soon' }, { policies: 'then', limit: 1 }])
    assert.equal((await auditor('POST', `${path}/${one?.id}/replay`, wrong)).status, 400)
})

test('one batch is compared by itself', async () => {
  const [one] = decisionsIn(await auditor('GET', `${path}?subject=user::u3`))
  const { body } = await auditor('GET', `${path}/${one?.id}`)
  const batch = Number(body['batch'])
  const look = async () =>
    (await auditor('POST', `${path}/verify`, { after: batch - 1, through: batch })).body
  assert.deepEqual(
    [(await look())['batches'], (await look())['intact'], (await look())['next']],
    [1, true, null],
  )
  await database.query('update policy_decision set decision = not decision where id = $1', [one?.id])
  const found = (await look())['findings'] as { decision: string; what: string }[]
  assert.deepEqual(
    found.map(({ decision, what }) => [decision, what]),
    [[one?.id, 'altered']],
  )
  await database.query('update policy_decision set decision = not decision where id = $1', [one?.id])
})

async function findings(): Promise<string[]> {
  const found: string[] = []
  let after: number | null = 0
  while (after !== null) {
    const { body } = await auditor('POST', `${path}/verify`, { after })
    const verdict = body as { findings: { what: string }[]; next: number | null; intact: boolean }
    assert.equal(verdict.intact, verdict.findings.length === 0)
    found.push(...verdict.findings.map(({ what }) => what))
    after = verdict.next
  }
  return found.sort()
}

/** What somebody does to the table with a hand of their own, and how it is put back. */
const tampering: Readonly<Record<string, { readonly by: string; readonly finds: readonly string[] }>> = {
  'a changed outcome': {
    by: `update policy_decision set decision = not decision where id = $1`,
    finds: ['altered'],
  },
  'a changed asker': {
    by: `update policy_decision set caller = 'person:nobody' where id = $1`,
    finds: ['altered'],
  },
  'a changed time': {
    by: `update policy_decision set at = at + interval '1 ms' where id = $1`,
    finds: ['altered'],
  },
  'a changed ground': {
    by: `update policy_decision set seen = jsonb_set(seen, '{context}', '{"a": 1}') where id = $1`,
    finds: ['altered'],
  },
  'a ground taken away': {
    by: `update policy_decision set seen = null, seen_salt = null where id = $1`,
    finds: ['emptied'],
  },
  'a row taken away': { by: `delete from policy_decision where id = $1`, finds: ['deleted'] },
  'a hash made to fit nothing': {
    by: `update policy_decision set hash = sha256('x') where id = $1`,
    finds: ['altered'],
  },
  'a row moved to a batch of its own': {
    by: `update policy_decision set batch = 1000000 where id = $1`,
    finds: ['added', 'deleted'],
  },
  'a row moved to another place': {
    by: `update policy_decision set place = 700 where id = $1`,
    finds: ['added', 'deleted'],
  },
  'a row from nowhere': {
    by: `insert into policy_decision select gen_random_uuid(), batch, 900, at, caller, request, subject_type, subject_id, action,
           resource_type, resource_id, seen, decision, determining, errors, policies, world, digest, hash, cached, microseconds,
           seen_salt, seen_hash, persons from policy_decision where id = $1`,
    finds: ['added'],
  },
}

test('the log is what was written, and every hand in it is found', async () => {
  assert.deepEqual(await findings(), [])
  const [one] = decisionsIn(await auditor('GET', `${path}?subject=user::u3`))
  await database.query('create table kept as select * from policy_decision')
  for (const [name, { by, finds }] of Object.entries(tampering)) {
    await database.query(by, [one?.id])
    assert.deepEqual(await findings(), finds, name)
    await database.query('delete from policy_decision')
    await database.query('insert into policy_decision select * from kept')
    assert.deepEqual(await findings(), [], `${name}, put back`)
  }
  await database.query('drop table kept')
})

test('two rows of one batch that change their places are found', async () => {
  const asked = { action: { name: 'read' }, resource: { type: 'doc', id: 'd1' } }
  await point.ask('/access/v1/evaluations', {
    ...asked,
    evaluations: [1, 2, 3].map((n) => ({ subject: user(`b${n}`, n) })),
  })
  await written(11)
  const [{ batch } = { batch: 0 }] = await database.query(
    `select batch from policy_decision where subject_id = 'b1'`,
  )
  const swap = async () => {
    await database.query('update policy_decision set place = -1 where batch = $1 and place = 0', [batch])
    await database.query('update policy_decision set place = 0 where batch = $1 and place = 1', [batch])
    await database.query('update policy_decision set place = 1 where batch = $1 and place = -1', [batch])
  }
  await swap()
  assert.deepEqual(await findings(), ['moved'])
  await swap()
  assert.deepEqual(await findings(), [])
})

test('a person who is erased goes from what decisions were made of, also where nobody asked about them; the rest stays provable', async () => {
  const gone = 'acc_00000000-0000-7000-8000-0000000000ff'
  const other = 'acc_00000000-0000-7000-8000-0000000000ee'
  await point.write({
    put: [
      { type: 'Person', id: gone, properties: { trusted: true } },
      { type: 'letter', id: 'l1', properties: { owner: { __entity: { type: 'Person', id: gone } } } },
    ],
  })
  await ask({ type: 'Person', id: other }, 'sign', { resource: { type: 'letter', id: 'l1' } })
  await written(12)
  const [one] = decisionsIn(await auditor('GET', `${path}?action=sign`))
  assert.match((await auditor('GET', `${path}/${one?.id}`)).text, /trusted/)
  await point.kit.atomic((db, tx) => ({ db, tx }))(({ db, tx }) =>
    forgetPerson(db, tx, { service: 'policy', personData, audit: point.kit.audit }, gone),
  )
  const { body, text } = await auditor('GET', `${path}/${one?.id}`)
  assert.equal(body['replayable'], 'forgotten')
  assert.doesNotMatch(text, /trusted/)
  assert.deepEqual(await findings(), [], 'nobody has laid hands on it')
  const verdict = (await auditor('POST', `${path}/verify`, {})).body
  assert.equal(verdict['erased'], 1)
  // Under the cover of an erasure nothing else can be changed.
  await database.query('update policy_decision set decision = not decision where id = $1', [one?.id])
  assert.deepEqual(await findings(), ['altered'])
  await database.query('update policy_decision set decision = not decision where id = $1', [one?.id])
  assert.equal(
    ((await auditor('POST', `${path}/replay`, {})).body['not'] as { forgotten: number }).forgotten,
    1,
  )
})

test('what is past its days goes in whole batches and is not missed; what goes before is', async () => {
  const sweep = point.assembled.tickers?.find(({ name }) => name === 'policy.sweep')
  await sweep?.run(new AbortController().signal)
  await written(12)
  const [{ first } = { first: 0 }] = await database.query('select min(batch) as first from policy_decision')
  await database.query(`update policy_decision set at = at - interval '91 days' where batch = $1`, [first])
  await sweep?.run(new AbortController().signal)
  const left = await database.query('select from policy_decision where batch = $1', [first])
  assert.equal(left.length, 0)
  assert.ok((await database.query('select from policy_decision')).length > 0)
  // The row was written today: that it is gone by its time is not true.
  assert.deepEqual(await findings(), ['swept too early'])
})

test('a second word about a batch is found: nobody makes a digest fit afterwards', async () => {
  const [{ batch } = { batch: 0 }] = await database.query('select max(batch) as batch from policy_decision')
  await point.kit.audit.record(database, {
    action: 'decisions.logged',
    actor: 'service:policy',
    target: { type: 'DecisionBatch', id: String(batch) },
    outcome: 'done',
    fields: ['1', 'another digest'],
  })
  assert.ok((await findings()).includes('told twice'))
})

test('what was decided with policies that are gone, or are others by now, is not made again, and says so', async () => {
  const [before] = await database.query<{ count: number }>(
    'select count(*)::int as count from policy_decision',
  )
  const revision = await point.publish(
    `${policies} @id("late") permit (principal, action == Action::"read-late", resource);`,
  )
  await ask(user('late', 1), 'read-late')
  await written((before?.count ?? 0) + 1)
  await point.publish(policies)
  const [one] = decisionsIn(await auditor('GET', `${path}?subject=user::late`))
  const again = async () => (await auditor('POST', `${path}/${one?.id}/replay`, { policies: 'then' })).body
  const all = async () => (await auditor('POST', `${path}/replay`, { action: 'read-late' })).body
  const was = { decision: true, determining: ['late'], errors: [] }
  const swap = (from: string, to: string) =>
    database.query('update policy_bundle set bundle = replace(bundle, $2, $3) where revision = $1', [
      revision,
      from,
      to,
    ])

  await swap('"late"', '"later"')
  const others = await again()
  assert.deepEqual([others['was'], others['is'], others['not']], [was, null, 'policies'])
  assert.deepEqual(
    [(await all())['equal'], (await all())['not']],
    [0, { forgotten: 0, redacted: 0, policies: 1 }],
  )
  // What another text was remembered for is looked for again: a database that was restored has its own.
  await swap('"later"', '"late"')
  assert.deepEqual([(await again())['is'], (await all())['equal']], [was, 1])
})

test('what was decided with a version that is not there is not made again either', async () => {
  const [one] = decisionsIn(await auditor('GET', `${path}?subject=user::late`))
  await database.query('update policy_decision set policies = 99999 where id = $1', [one?.id])
  const { body } = await auditor('POST', `${path}/${one?.id}/replay`, { policies: 'then' })
  assert.deepEqual([body['is'], body['not']], [null, 'policies'])
})
