/** Overrides as a part of what everybody decides with: heard at once, kept by whatever comes into force, over in their moment, and provable afterwards. */
import assert from 'node:assert/strict'
import { createPublicKey } from 'node:crypto'
import { test } from 'node:test'
import { createAuthz, type SignedBundle } from '@althing/kernel/authz'
import { signingKey } from '@althing/kernel/http'
import { createTestClock, median } from '@althing/kernel/testing'
import { minutes, overrideOffice, refusal, type Person } from '../../../tests/support/override-office.ts'
import { testService, type TestService } from '../../../tests/support/service.ts'
import { policy } from '../service.ts'

const readers = '@id("readers") permit (principal is Person, action == Action::"read", resource is doc);\n'

/** Another service of ours, with a clock of its own. */
function elsewhere(node: TestService, now: Date) {
  const clock = createTestClock(now.toISOString())
  const authz = createAuthz({
    clock,
    key: createPublicKey(signingKey(node.seeds['policy'] ?? '')),
    staleSeconds: 86_400,
  })
  async function hear(): Promise<number> {
    const answer = await node.asService(
      'events',
      'GET',
      `/internal/policy/bundle?revision=${authz.revision()}`,
    )
    const said = (await answer.json()) as SignedBundle & { readonly unchanged?: true }
    if (said.unchanged !== true) authz.install(said)
    return authz.revision()
  }
  const may = ({ id, roles }: Person, action: string, acr = 'urn:althing:acr:mfa') =>
    authz.decide({
      caller: { kind: 'person', subject: id, roles, acr },
      action,
      resource: { type: 'Service', id: 'members' },
    }).decision
  return { clock, hear, may }
}

test('another service denies within a second, and permits again when the override is ended', async (t) => {
  const { service, clock, ada, bea, wanted, ask, end } = await overrideOffice()
  const second = await testService(policy, { like: service })
  const { hear, may } = elsewhere(second, clock.now())
  assert.equal(await hear(), 1)
  assert.equal(may(bea, 'members.list'), true)
  const times: number[] = []
  const timed = async (what: string, change: () => Promise<unknown>) => {
    const heard = hear()
    const begun = performance.now()
    const [done] = await Promise.all([change(), heard])
    const took = Math.round(performance.now() - begun)
    t.diagnostic(`${what}: heard at another node after ${took} ms`)
    times.push(took)
    return done as { body: Record<string, unknown> }
  }
  for (let round = 0; round < 3; round += 1) {
    const { body } = await timed('a denial', () => ask(ada, wanted('deny', bea)))
    assert.equal(may(bea, 'members.list'), false)
    await timed('its end', () => end(ada, body['id']))
    assert.equal(may(bea, 'members.list'), true)
  }
  assert.ok(median(times) < 1000, `${times.join(', ')} ms`)
})

test('what was given ends in its moment in a service that hears nothing of policy any more', async () => {
  const { service, clock, ada, bea, una, wanted, ask, decide, inMinutes } = await overrideOffice()
  const { hear, may, clock: theirs } = elsewhere(service, clock.now())
  const until = inMinutes(60)
  const { body } = await ask(ada, wanted('allow', una, { until }))
  await decide(bea, body['id'])
  await hear()
  await service.close()
  assert.equal(may(una, 'members.list'), true)
  theirs.set(new Date(new Date(until).getTime() - 1))
  assert.equal(may(una, 'members.list'), true)
  theirs.set(until)
  assert.equal(may(una, 'members.list'), false)
})

test('an activation and a rollback take along what stands now, and bring nothing back that was ended', async () => {
  const { service, ada, bea, cid, una, publish, wanted, ask, end, decide, may } = await overrideOffice()
  const denied = await ask(ada, wanted('deny', cid, { actions: ['elections.open'] }))
  assert.equal(await publish({ policies: readers }), 3)
  assert.equal(may(cid, 'elections.open'), false)
  const given = await ask(ada, wanted('allow', una))
  await decide(bea, given.body['id'])
  const back = await bea.send('POST', '/api/policy/versions/1/roll-back', { reason: 'As it was.' })
  assert.deepEqual(back.body, { revision: 5 })
  assert.deepEqual([may(cid, 'elections.open'), may(una, 'members.list')], [false, true])
  await end(ada, denied.body['id'])
  assert.equal(
    (await bea.send('POST', '/api/policy/versions/3/roll-back', { reason: 'And again.' })).status,
    200,
  )
  assert.deepEqual([may(cid, 'elections.open'), may(una, 'members.list')], [true, true])
  const { body } = await bea.send('GET', '/api/policy/state')
  assert.deepEqual(
    [body['revision'], body['written'], body['organisation'], body['overrides'], body['kind']],
    [7, 7, 1, 1, 'rollback'],
  )
  const kinds = await service.kit.database.query(
    'select kind, overrides from policy_bundle order by revision',
  )
  assert.deepEqual(
    kinds.map(({ kind, overrides }) => `${String(kind)} ${(overrides as string[]).length}`),
    ['release 0', 'override 1', 'activation 1', 'override 2', 'rollback 2', 'override 1', 'rollback 1'],
  )
})

test('a draft is as fresh as before after an override, and versions are told without those that only overrides made', async () => {
  const { ada, bea, cid, proposed, activate, draft, wanted, ask } = await overrideOffice()
  const one = await proposed({ policies: readers })
  await ask(ada, wanted('deny', cid))
  const later = await draft({ policies: `${readers}// and more` })
  assert.equal(later.basedOn, 1, 'what was written is what it was')
  const seen = await ada.send('GET', `/api/policy/drafts/${one.id}`)
  assert.deepEqual([seen.body['basedOn'], seen.body['inForce']], [1, 1])
  const onTop = await ada.send(
    'PATCH',
    `/api/policy/drafts/${later.id}`,
    { basedOn: 2 },
    { 'if-match': later.etag },
  )
  assert.equal(onTop.body['basedOn'], 1, 'a version that only an override made is the one before it')
  assert.equal((await activate(one)).status, 200)
  assert.equal(refusal(await activate({ ...later, version: 2 })), '409 not_proposed')
  const revisions = async (query: string) => {
    const { body } = await bea.send('GET', `/api/policy/versions${query}`)
    return (body['versions'] as { revision: number }[]).map(({ revision }) => revision)
  }
  assert.deepEqual(await revisions(''), [3, 1])
  assert.deepEqual(await revisions('?overrides=true'), [3, 2, 1])
  await ask(ada, wanted('deny', cid))
  assert.equal(
    refusal(await bea.send('POST', '/api/policy/versions/3/roll-back', { reason: 'It is there already.' })),
    '409 in_force',
  )
  const state = await bea.send('GET', '/api/policy/state')
  assert.deepEqual([state.body['revision'], state.body['written']], [4, 3])
})

test('why somebody may not names the override with its reason, for those who may ask why', async () => {
  const { ada, cid, wanted, ask } = await overrideOffice()
  const { body } = await ask(
    ada,
    wanted('deny', cid, { actions: ['elections.open'], reason: 'Two votes at once.' }),
  )
  const asked = {
    subject: { type: 'Person', id: cid.id },
    action: { name: 'elections.open' },
    resource: { type: 'Election', id: 'e1' },
  }
  const told = await ada.send('POST', '/api/policy/explain', asked)
  assert.equal(told.status, 200)
  const [first] = told.body['policies'] as { id: string; override: Record<string, unknown> }[]
  assert.equal(first?.id, `override/${String(body['id'])}`)
  assert.deepEqual(first?.override, {
    id: body['id'],
    kind: 'deny',
    reason: 'Two votes at once.',
    until: body['until'],
  })
  const words = told.body['words'] as { en: string[]; is: string[] }
  assert.match(
    words.en.join(' '),
    /an override forbids it until .*The reason of the override: Two votes at once\./s,
  )
  assert.match(words.is.join(' '), /Ástæða undanþágunnar: Two votes at once\./)
  const needed = told.body['needed'] as { policy: string; changes: unknown[]; ends: unknown[] }[]
  assert.deepEqual(
    needed.map(({ policy, changes, ends }) => [policy, changes, ends]),
    [['election-managers-run-elections', [], [body['id']]]],
    'nothing that they could do would help, and the end of the override would',
  )

  const others = told.body['policies'] as { id: string; override: unknown }[]
  assert.ok(others.slice(1).every(({ override }) => override === null))
})

test('a decision that an override made is made again as it was, also when the override is long over', async () => {
  const { pass, ada, bea, una, wanted, ask, decide, end, evaluate, inMinutes } = await overrideOffice({
    ALTHING_POLICY_DECISION_LOG: 'required',
  })
  const given = await ask(ada, wanted('allow', una, { until: inMinutes(5) }))
  await decide(bea, given.body['id'])
  assert.equal((await evaluate(una, 'members.list')).decision, true)
  const denied = await ask(ada, wanted('deny', una))
  assert.equal((await evaluate(una, 'members.list')).decision, false)
  await end(ada, denied.body['id'])
  pass(minutes(6))
  assert.equal((await evaluate(una, 'members.list')).decision, false)
  const { body } = await ada.send('POST', '/api/policy/decisions/replay', {
    limit: 10,
    // What doors report of whoever came to them may be there by now.
    subject: `Person::${una.id}`,
  })
  assert.deepEqual(
    [body['equal'], body['differences'], body['not']],
    [3, 0, { forgotten: 0, redacted: 0, policies: 0 }],
  )
})

test('what is over leaves the bundle, and so does what was erased with its person', async () => {
  const { service, pass, ada, cid, una, wanted, ask, inMinutes } = await overrideOffice()
  await ask(ada, wanted('deny', cid, { until: inMinutes(2) }))
  const kept = await ask(ada, wanted('deny', una))
  const ticker = service.assembled.tickers?.find(({ name }) => name === 'policy.overrides')
  const sweep = () => ticker?.run(AbortSignal.timeout(10_000))
  const inBundle = async () => {
    const [row] = await service.kit.database.query(
      'select revision, overrides, bundle from policy_bundle order by revision desc limit 1',
    )
    const count = String(row?.['bundle']).split('"override/').length - 1
    const ids = (row?.['overrides'] ?? []) as string[]
    assert.equal(ids.length, count)
    return [row?.['revision'], ids]
  }
  await sweep()
  assert.equal((await inBundle())[0], 3, 'while all of them stand there is nothing to do')
  pass(minutes(3))
  await sweep()
  assert.deepEqual(await inBundle(), [4, [kept.body['id']]])
  assert.equal((await ada.send('GET', '/api/policy/overrides?state=expired')).status, 200)

  const collected = await service.asService('identity', 'GET', `/internal/privacy/data?person=${una.id}`)
  assert.match(await collected.text(), /The count needs it\./)
  const erased = await service.asService('identity', 'POST', '/internal/messages', {
    id: crypto.randomUUID(),
    topic: 'identity.person_erased',
    payload: { person: una.id },
  })
  assert.equal(erased.status, 200)
  await sweep()
  assert.deepEqual(await inBundle(), [5, []])
  const left = await service.kit.database.query('select subject_id from policy_override')
  assert.deepEqual(left, [{ subject_id: cid.id }])
})
