/** What somebody does with what was lent to them hangs on that: it lasts no longer, and falls in the transaction that ends it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { race } from '@althing/kernel/testing'
import {
  minutes,
  overrideOffice,
  peopleAt,
  refusal,
  type Person,
} from '../../../tests/support/override-office.ts'
import { testService } from '../../../tests/support/service.ts'
import { policy } from '../service.ts'

async function office() {
  const here = await overrideOffice()
  const { service, clock, ada, bea, cid, una, emergency, wanted, ask, decide, inMinutes } = here
  const db = service.kit.database
  const far = { until: inMinutes(300 * 24 * 60) }
  /** Emergency access for Cid, in force. */
  async function lent() {
    const { body } = await emergency.ask(cid)
    return (await emergency.decide(ada, body['id'])).body
  }
  /** An override in force that lets somebody ask for overrides. */
  async function letAsk(person: Person, more: Readonly<Record<string, unknown>> = {}) {
    const { body } = await ask(ada, wanted('allow', person, { actions: ['overrides.ask'], ...more }))
    return (await decide(bea, body['id'])).body
  }
  const wish = async (more = {}) => (await ask(cid, wanted('allow', una, { ...far, ...more }))).body
  const denial = async (more = {}) => (await ask(cid, wanted('deny', cid, { ...far, ...more }))).body
  const show = async (id: unknown) => (await bea.send('GET', `/api/policy/overrides/${String(id)}`)).body
  const elsewhere = async (at = clock) =>
    peopleAt(await testService(policy, { like: service, clock: at }), at)
  /** Which overrides are in the last versions, the newest first. */
  async function versions(count: number) {
    const rows = await db.query('select overrides from policy_bundle order by revision desc limit $1', [
      count,
    ])
    return rows.map(({ overrides }) => overrides)
  }
  /** As if identity’s word of it and the wish had come in the same moment. */
  const silently = (person: Person, roles: readonly string[]) =>
    db.query('update policy_subject set roles = $2 where subject = $1', [person.id, roles])
  async function erase(person: string) {
    const topic = 'identity.person_erased'
    const message = { id: crypto.randomUUID(), topic, payload: { person } }
    assert.equal((await service.asService('identity', 'POST', '/internal/messages', message)).status, 200)
  }
  return { ...here, db, far, silently, erase, lent, letAsk, wish, denial, show, elsewhere, versions }
}

test('nobody agrees any more to what somebody asked for who has lost the role that let them ask', async () => {
  const { ada, bea, una, far, wanted, ask, silently, decide, show } = await office()
  const [first, second] = [
    await ask(ada, wanted('allow', una, far)),
    await ask(ada, wanted('allow', una, far)),
  ]
  await silently(ada, ['member'])
  assert.equal(refusal(await decide(bea, first.body['id'])), '409 asks_no_more')
  const after = await show(first.body['id'])
  assert.deepEqual([after['state'], after['endedBy']], ['lapsed', 'service:policy'])
  assert.equal(refusal(await decide(bea, first.body['id'])), '409 asks_no_more', 'and hears it again')
  const refused = await decide(bea, second.body['id'], { approve: false, reason: 'No need.' })
  assert.equal(refused.status, 200, 'to refuse takes nothing of anybody')
})

test('nor to what somebody asked for who may ask no more, be it by their own role or by what was lent to them', async () => {
  const { ada, bea, sunna, cid, una, letAsk, wish, wanted, ask, decide, end, show } = await office()
  await letAsk(cid)
  const [lentOne, own] = [await wish(), (await ask(ada, wanted('allow', una))).body]
  const actions = ['overrides.ask']
  await ask(bea, wanted('deny', cid, { actions }))
  const denied = await ask(sunna, wanted('deny', ada, { actions }))
  for (const { id } of [lentOne, own] as { id?: unknown }[]) {
    assert.equal(refusal(await decide(bea, id)), '409 asks_no_more')
    assert.equal((await show(id))['state'], 'lapsed')
  }
  await end(bea, denied.body['id'])
  const other = { actions, resource: { type: 'Service', id: 'members' } }
  await ask(sunna, wanted('deny', ada, other))
  const again = await ask(ada, wanted('allow', una))
  assert.equal(
    (await decide(bea, again.body['id'])).status,
    200,
    'what is denied on another thing is another door',
  )
})

test('nor is emergency access given to somebody who has no office any more', async () => {
  const { bea, cid, emergency, silently } = await office()
  const { body } = await emergency.ask(cid)
  await silently(cid, ['member'])
  assert.equal(refusal(await emergency.decide(bea, body['id'])), '409 asks_no_more')
})

test('of somebody who was erased nothing waits, and nothing holds that they denied with what was lent to them', async () => {
  const { service, erase, ada, bea, cid, una, lent, wish, denial, far, wanted, ask, decide, show, versions } =
    await office()
  await lent()
  const [asked, denied] = [await wish(), await denial({ subject: { type: 'Person', id: una.id } })]
  const own = await ask(ada, wanted('allow', una, far))
  for (const { id } of [ada, cid]) await erase(id)
  assert.equal(refusal(await decide(bea, own.body['id'])), '409 asks_no_more')
  const sweep = service.assembled.tickers?.find(({ name }) => name === 'policy.overrides')
  await sweep?.run(AbortSignal.timeout(10_000))
  assert.deepEqual(
    [(await show(asked['id']))['state'], (await show(denied['id']))['state']],
    ['lapsed', 'ended'],
  )
  assert.deepEqual(await versions(1), [[]])
})

test('what is denied with what was lent lasts no longer than that, and the answer says until when', async () => {
  const { pass, ada, cid, far, lent, wanted, ask, denial, show } = await office()
  assert.equal((await ask(cid, wanted('deny', cid))).status, 403)
  const given = await lent()
  const denied = await denial()
  assert.deepEqual(
    [denied['state'], denied['until'], denied['askedUnder']],
    ['in-force', given['until'], given['id']],
  )
  const own = await ask(ada, wanted('deny', cid, far))
  assert.deepEqual([own.body['until'], own.body['askedUnder']], [far.until, null])
  pass(minutes(61))
  assert.deepEqual(
    [(await show(denied['id']))['state'], (await show(own.body['id']))['state']],
    ['expired', 'in-force'],
  )
})

test('it ends in the version that ends the loan; what an administrator denied stands', async () => {
  const { service, ada, bea, cid, emergency, lent, wanted, ask, denial, show, may, versions } = await office()
  const given = await lent()
  const theirs = await denial({ actions: ['elections.open'] })
  const { body: own } = await ask(ada, wanted('deny', cid, { actions: ['elections.close'] }))
  assert.equal(may(cid, 'elections.open'), false)
  await emergency.end(bea, given['id'])
  assert.deepEqual([may(cid, 'elections.open'), may(cid, 'elections.close')], [true, false])
  const after = await show(theirs['id'])
  assert.deepEqual([after['state'], after['endedBy'], after['endedWhy']], ['ended', bea.actor, 'It is over.'])
  assert.deepEqual(await versions(2), [[own['id']], [given['id'], theirs['id'], own['id']]])
  const lines = await service.kit.audit.search({ action: 'overrides.ended' })
  assert.deepEqual(
    lines.map(({ targetId, actor, onBehalfOf }) => [targetId, actor, onBehalfOf]),
    [[theirs['id'], bea.actor, cid.actor]],
  )
})

test('it hangs on what opens the door, and on nothing that is lent for something else', async () => {
  const { ada, bea, cid, end, letAsk, wish, decide } = await office()
  const real = await letAsk(cid, { resource: { type: 'Service', id: 'overrides' } })
  await letAsk(cid, { resource: { type: 'Service', id: 'members' }, until: real['until'] })
  const asked = await wish()
  assert.equal(asked['askedUnder'], real['id'])
  await end(ada, real['id'])
  assert.equal(refusal(await decide(bea, asked['id'])), '409 asks_no_more')
})

test('while something else is lent that opens it, it hangs on that, and lasts no longer than that either', async () => {
  const { service, ada, bea, cid, una, inMinutes, end, letAsk, wish, denial, show, decide, may } =
    await office()
  const [short, long] = [
    await letAsk(cid, { until: inMinutes(30) }),
    await letAsk(cid, { until: inMinutes(90) }),
  ]
  const [asked, denied] = [await wish(), await denial({ actions: ['elections.open'] })]
  assert.deepEqual([asked['askedUnder'], denied['askedUnder']], [long['id'], long['id']])
  await end(ada, long['id'])
  const [wishNow, denialNow] = [await show(asked['id']), await show(denied['id'])]
  assert.deepEqual(
    [wishNow['state'], wishNow['askedUnder'], wishNow['decideBy']],
    ['asked', short['id'], short['until']],
  )
  assert.deepEqual(
    [denialNow['state'], denialNow['askedUnder'], denialNow['until']],
    ['in-force', short['id'], short['until']],
  )
  assert.equal((await service.kit.audit.search({ action: 'overrides.rehung' })).length, 2)
  assert.equal((await decide(bea, asked['id'])).status, 200)
  await end(ada, short['id'])
  assert.equal((await show(denied['id']))['state'], 'ended')
  assert.deepEqual([may(una, 'members.list'), may(cid, 'elections.open')], [true, true])
})

test('of two who end the two loans of somebody in the same moment neither leaves anything standing', async () => {
  const { ada, cid, end, letAsk, wish, denial, show, elsewhere } = await office()
  const there = await elsewhere()
  for (let round = 0; round < 6; round += 1) {
    const [one, other] = [await letAsk(cid), await letAsk(cid)]
    const [asked, denied] = [await wish(), await denial({ actions: ['elections.open'] })]
    const { won } = await race(2, async (runner, ready) => {
      await ready()
      return runner === 0 ? end(ada, one['id']) : there.end(there.bea, other['id'])
    })
    assert.deepEqual(
      won.map(({ status }) => status),
      [200, 200],
    )
    assert.deepEqual(
      [(await show(asked['id']))['state'], (await show(denied['id']))['state']],
      ['lapsed', 'ended'],
    )
  }
})

test('who agrees in the moment in which the loan is ended at another node agrees before that, or not at all', async () => {
  const { db, bea, lent, wish, decide, elsewhere } = await office()
  const there = await elsewhere()
  for (let round = 0; round < 12; round += 1) {
    const [given, asked] = [await lent(), await wish()]
    const { won } = await race(2, async (runner, ready) => {
      await ready()
      return runner === 0 ? there.emergency.end(there.cid, given['id']) : decide(bea, asked['id'])
    })
    const [decided] = won.filter(({ body }) => body['id'] !== given['id'])
    const [row] = await db.query(
      `select (select state from policy_override where id = $1) as state,
        (select min(revision) from policy_bundle where $1 = any(overrides)) as given,
        (select max(revision) from policy_bundle where $2 = any(overrides)) as last`,
      [asked['id'], given['id']],
    )
    if (decided?.status === 200) {
      assert.equal(row?.['state'], 'in-force')
      assert.ok(Number(row?.['given']) <= Number(row?.['last']), 'in no version that comes after the loan')
    } else {
      assert.ok(['409 asks_no_more', '409 decided'].includes(decided === undefined ? '' : refusal(decided)))
      assert.deepEqual([row?.['state'], row?.['given']], ['lapsed', null])
    }
  }
})

test('nor does a node agree whose clock is behind', async () => {
  const { clock, cid, emergency, lent, wish, show, elsewhere } = await office()
  const behind = { ...clock, now: () => new Date(clock.now().getTime() - 3000) }
  const there = await elsewhere(behind)
  const [given, asked] = [await lent(), await wish()]
  await emergency.end(cid, given['id'])
  assert.equal(refusal(await there.decide(there.bea, asked['id'])), '409 asks_no_more')
  assert.equal((await show(asked['id']))['state'], 'lapsed')
})

test('whoever denies in the moment in which the loan is ended has denied nothing that goes on', async () => {
  const { cid, wanted, ask, lent, show, elsewhere, versions } = await office()
  const there = await elsewhere()
  for (let round = 0; round < 8; round += 1) {
    const given = await lent()
    const { won } = await race(2, async (runner, ready) => {
      await ready()
      return runner === 0 ? there.emergency.end(there.cid, given['id']) : ask(cid, wanted('deny', cid))
    })
    const [denied] = won.filter(({ body }) => body['id'] !== given['id'])
    if (denied?.status === 201) assert.equal((await show(denied.body['id']))['state'], 'ended')
    else assert.match(denied === undefined ? '' : refusal(denied), /^(409 lent_no_more|403 )/)
    assert.deepEqual(await versions(1), [[]])
  }
})
