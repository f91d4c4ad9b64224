/** Whoever may ask no more has asked for nothing that goes on waiting: it falls with their role, and with the policy that let them ask. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '@althing/kernel/context'
import { race } from '@althing/kernel/testing'
import { minutes, overrideOffice, peopleAt, refusal } from '../../../tests/support/override-office.ts'
import { testService } from '../../../tests/support/service.ts'
import { policy } from '../service.ts'

const operatorsAsk = (when = '') =>
  `@id("operators-ask") permit (principal in Role::"operator", action in [Action::"overrides.ask", Action::"overrides.read"], resource)${when};\n`
const byPortal = ' when { principal has client && principal.client == "portal" }'

async function office() {
  const here = await overrideOffice()
  const { service, bea, publish } = here
  const show = async (id: unknown, door = 'overrides') =>
    (await bea.send('GET', `/api/policy/${door}/${String(id)}`)).body
  const state = async (id: unknown) => {
    const one = await show(id)
    return [one['state'], one['endedBy'], one['endedWhy']]
  }
  const sweep = async () =>
    service.assembled.tickers
      ?.find(({ name }) => name === 'policy.overrides')
      ?.run(AbortSignal.timeout(10_000))
  async function told(topic: string) {
    const sent = await service.kit.database.query<{ payload: Readonly<Record<string, unknown>> }>(
      `select payload from outbox_message where topic = $1 and recipient = 'identity' order by created_at, id`,
      [topic],
    )
    return sent.map(({ payload }) => payload)
  }
  /** A policy of the organisation that lets operators ask. */
  const letOperators = (when = '') => publish({ policies: operatorsAsk(when) })
  return { ...here, show, state, sweep, told, letOperators }
}
const fallen = ['lapsed', 'service:identity', null]

test('what somebody asked for falls when the role is taken that let them ask, and everybody who looks sees it; they hear of it once', async () => {
  const { service, ada, bea, una, wanted, ask, tell, decide, show, state, told } = await office()
  const [first, second] = [await ask(ada, wanted('allow', una)), await ask(ada, wanted('allow', una))]
  const other = await ask(bea, wanted('allow', una))
  await tell(ada.id, ['election-manager'], 2)
  for (const { body } of [first, second]) assert.deepEqual(await state(body['id']), fallen)
  assert.equal((await show(other.body['id']))['state'], 'asked', 'what somebody else asked for waits')
  const { body } = await bea.send('GET', '/api/policy/overrides?state=lapsed')
  assert.equal((body['overrides'] as unknown[]).length, 2)
  for (const approve of [true, false])
    assert.equal(
      refusal(await decide(bea, first.body['id'], { approve, reason: 'No need.' })),
      '409 asks_no_more',
    )
  await tell(ada.id, ['member'], 3)
  const fell = (await told('policy.override_changed')).filter((fact) => fact['state'] === 'fell')
  assert.deepEqual(
    new Set(fell.map((fact) => `${String(fact['id'])} ${String(fact['askedBy'])} ${String(fact['by'])}`)),
    new Set([first, second].map(({ body: { id } }) => `${String(id)} ${ada.actor} service:policy`)),
  )
  assert.equal(fell.length, 2)
  const lines = await service.kit.audit.search({ action: 'overrides.fell' })
  assert.deepEqual(
    lines.map(({ actor, onBehalfOf }) => [actor, onBehalfOf]),
    [1, 2].map(() => ['service:identity', ada.actor]),
  )
})

test('so does emergency access that waits, and those who would have decided hear of that too', async () => {
  const { bea, cid, olaf, emergency, tell, show, told } = await office()
  const [theirs, other] = [await emergency.ask(cid), await emergency.ask(olaf)]
  await tell(cid.id, ['member'], 2)
  const after = await show(theirs.body['id'], 'emergency')
  assert.deepEqual([after['state'], after['endedBy']], ['lapsed', 'service:identity'])
  assert.equal(refusal(await emergency.decide(bea, theirs.body['id'])), '409 asks_no_more')
  assert.equal((await show(other.body['id'], 'emergency'))['state'], 'asked')
  const [fell] = (await told('policy.emergency_changed')).filter(({ state }) => state === 'fell')
  assert.deepEqual(
    [fell?.['id'], fell?.['person'], fell?.['by']],
    [theirs.body['id'], cid.id, 'service:policy'],
  )
})

test('whoever has no office any more has no emergency access either, from that moment on; who keeps one keeps it', async () => {
  const { bea, cid, olaf, emergency, tell, show, told, may } = await office()
  const [theirs, other] = [await emergency.ask(cid), await emergency.ask(olaf)]
  for (const { body } of [theirs, other]) assert.equal((await emergency.decide(bea, body['id'])).status, 200)
  assert.equal(may(cid, 'members.list'), true)
  await tell(cid.id, ['member', 'auditor'], 2)
  assert.equal((await show(theirs.body['id'], 'emergency'))['state'], 'in-force', 'another office')
  await tell(cid.id, ['member'], 3)
  const after = await show(theirs.body['id'], 'emergency')
  assert.deepEqual([after['state'], after['endedBy']], ['ended', 'service:identity'])
  assert.equal(may({ ...cid, roles: ['member'] }, 'members.list'), false)
  assert.equal((await show(other.body['id'], 'emergency'))['state'], 'in-force')
  const [ended] = (await told('policy.emergency_changed')).filter(({ state }) => state === 'ended')
  assert.deepEqual(
    [ended?.['id'], ended?.['person'], ended?.['by']],
    [theirs.body['id'], cid.id, 'service:identity'],
  )
})

test('emergency access that somebody agreed to in the moment in which the office was taken ends at the next look', async () => {
  const { service, bea, cid, emergency, pass, show, sweep } = await office()
  const { body } = await emergency.ask(cid)
  await emergency.decide(bea, body['id'])
  await service.kit.database.query(`update policy_subject set roles = '{member}' where subject = $1`, [
    cid.id,
  ])
  await sweep()
  assert.equal(
    (await show(body['id'], 'emergency'))['state'],
    'in-force',
    'it may not have been heard of yet',
  )
  pass(minutes(11))
  await sweep()
  const after = await show(body['id'], 'emergency')
  assert.deepEqual([after['state'], after['endedBy']], ['ended', 'service:policy'])
})

test('nothing falls by a role that they did not need, nor by news that is older than what is known, nor what was decided', async () => {
  const { ada, bea, una, sunna, wanted, ask, tell, decide, show } = await office()
  const asked = await ask(ada, wanted('allow', una))
  await tell(ada.id, ['administrator', 'auditor'], 2)
  await tell(ada.id, ['administrator'], 4)
  await tell(ada.id, ['member'], 3)
  assert.equal((await show(asked.body['id']))['state'], 'asked')
  assert.equal((await decide(bea, asked.body['id'])).status, 200)
  const theirs = await ask(sunna, wanted('allow', una))
  await tell(ada.id, ['member'], 5)
  assert.equal((await show(asked.body['id']))['state'], 'in-force')
  assert.equal((await show(theirs.body['id']))['state'], 'asked')
})

test('whom a policy of the organisation lets ask keeps what they asked for as long as it does, whatever else they lose', async () => {
  const { bea, una, person, wanted, ask, tell, show, state, sweep, pass, publish, letOperators } =
    await office()
  await letOperators()
  const dag = await person('dag', ['member', 'operator', 'auditor'])
  const asked = await ask(dag, wanted('allow', una))
  await tell(dag.id, ['member', 'operator'], 2)
  pass(minutes(2))
  await sweep()
  assert.equal((await show(asked.body['id']))['state'], 'asked')
  await tell(dag.id, ['member', 'auditor'], 3)
  assert.deepEqual(await state(asked.body['id']), fallen)
  await tell(dag.id, ['member', 'operator'], 4)
  const again = await ask(dag, wanted('allow', una, { actions: ['elections.list'] }))
  const after = await publish({
    policies:
      '@id("none") permit (principal in Role::"operator", action == Action::"read", resource is doc);\n',
  })
  assert.ok(after > 1)
  pass(minutes(2))
  await sweep()
  assert.deepEqual(
    await state(again.body['id']),
    ['lapsed', 'service:policy', null],
    'nor without the policy',
  )
  assert.equal((await bea.send('GET', '/api/policy/overrides?state=asked')).status, 200)
})

test('a policy that lets somebody ask with one application is asked about that application when somebody agrees', async () => {
  const { bea, una, person, wanted, ask, tell, decide, show, state, letOperators } = await office()
  await letOperators(byPortal)
  const olaf = await person('olaf', ['member', 'operator'])
  const [first, second] = [await ask(olaf, wanted('allow', una)), await ask(olaf, wanted('allow', una))]
  assert.equal(first.status, 201)
  const { body } = await decide(bea, first.body['id'])
  assert.equal(body['state'], 'in-force')
  assert.ok(!('askedWith' in body), 'how they had signed in is shown to nobody')
  await tell(olaf.id, ['member', 'operator', 'auditor'], 2)
  assert.equal((await show(second.body['id']))['state'], 'asked')
  await letOperators(byPortal.replace('portal"', 'other"'))
  assert.equal(refusal(await decide(bea, second.body['id'])), '409 asks_no_more')
  assert.deepEqual((await state(second.body['id'])).slice(0, 2), ['lapsed', 'service:policy'])
})

test('of who agrees and the news that the role is taken, in the same moment at two nodes, one is first and the other sees it', async () => {
  const { service, ada, bea, una, wanted, ask, tell, decide, show } = await office()
  const there = await peopleAt(await testService(policy, { like: service }), systemClock)
  let stamp = 1
  for (let round = 0; round < 8; round += 1) {
    await tell(ada.id, ['administrator'], (stamp += 1))
    const asked = await ask(ada, wanted('allow', una))
    const taken = (stamp += 1)
    const { won } = await race(2, async (runner, ready) => {
      await ready()
      return runner === 0 ? there.tell(ada.id, ['member'], taken) : decide(bea, asked.body['id'])
    })
    const decided = won.find((one) => one !== undefined)
    const { state } = await show(asked.body['id'])
    if (decided?.status === 200) assert.equal(state, 'in-force')
    else {
      assert.match(decided === undefined ? '' : refusal(decided), /^409 (asks_no_more|decided)$/)
      assert.equal(state, 'lapsed')
    }
  }
})

test('what was asked for in the moment of that news is looked at a minute later', async () => {
  const { service, pass, ada, una, wanted, ask, state, sweep } = await office()
  const { body } = await ask(ada, wanted('allow', una))
  await service.kit.database.query(`update policy_subject set roles = '{member}' where subject = $1`, [
    ada.id,
  ])
  await sweep()
  assert.equal((await state(body['id']))[0], 'asked', 'a role that was just given may not have been heard of')
  pass(minutes(2))
  await sweep()
  assert.deepEqual(await state(body['id']), ['lapsed', 'service:policy', null])
})
