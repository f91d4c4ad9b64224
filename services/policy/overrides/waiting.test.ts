/** How long a wish waits: two weeks at most, no longer than what it is for, and no longer than what let somebody ask for it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { race } from '@althing/kernel/testing'
import { minutes, overrideOffice, peopleAt, refusal } from '../../../tests/support/override-office.ts'
import { testService } from '../../../tests/support/service.ts'
import { policy } from '../service.ts'

const days = (count: number) => minutes(count * 24 * 60)

async function inEmergency() {
  const office = await overrideOffice()
  const { ada, cid, una, emergency, ask, wanted, inMinutes } = office
  const lent = await emergency.ask(cid)
  const { body: given } = await emergency.decide(ada, lent.body['id'])
  const wish = async (more: Readonly<Record<string, unknown>> = {}) =>
    (await ask(cid, wanted('allow', una, { until: inMinutes(300 * 24 * 60), ...more }))).body
  const show = async (id: unknown) => (await ada.send('GET', `/api/policy/overrides/${String(id)}`)).body
  return { ...office, given, wish, show }
}

test('a wish waits two weeks and no day more, however far away its end is; and no longer than to its end', async () => {
  const { pass, ada, bea, una, wanted, ask, decide, inMinutes } = await overrideOffice()
  const far = await ask(ada, wanted('allow', una, { until: inMinutes(300 * 24 * 60) }))
  const near = await ask(ada, wanted('allow', una))
  const waits = ({ body }: typeof far) =>
    new Date(String(body['decideBy'])).getTime() - new Date(String(body['askedAt'])).getTime()
  assert.equal(waits(far), days(14))
  assert.equal(near.body['decideBy'], near.body['until'])
  assert.equal(far.body['askedUnder'], null)
  const { body } = await ada.send('GET', '/api/policy/overrides?limit=1')
  assert.equal(body['decideDays'], 14)
  pass(days(14))
  assert.equal(refusal(await decide(bea, far.body['id'])), '409 lapsed')
})

test('what is asked for with emergency access waits no longer than that lasts', async () => {
  const { pass, bea, decide, given, wish, show } = await inEmergency()
  const asked = await wish()
  assert.deepEqual([asked['askedUnder'], asked['decideBy']], [given['id'], given['until']])
  pass(minutes(61))
  assert.equal(refusal(await decide(bea, asked['id'])), '409 lapsed')
  assert.equal((await show(asked['id']))['state'], 'lapsed')
})

test('it falls at once when somebody ends that access, or gives it back; what was decided before stands', async () => {
  const { bea, cid, emergency, decide, given, wish, show, may, una } = await inEmergency()
  const [decided, waiting] = [await wish(), await wish({ actions: ['elections.list'] })]
  assert.equal((await decide(bea, decided['id'])).status, 200)
  await emergency.end(cid, given['id'])
  assert.equal(refusal(await decide(bea, waiting['id'])), '409 asks_no_more')
  assert.deepEqual(
    [(await show(decided['id']))['state'], (await show(waiting['id']))['state']],
    ['in-force', 'lapsed'],
  )
  assert.equal(may(una, 'members.list'), true)
})

test('so does what somebody asks for whom an override lets ask; of whoever ranks so themselves nothing falls', async () => {
  const { ada, bea, cid, una, olaf, wanted, ask, decide, end, emergency } = await overrideOffice()
  const { body } = await ask(ada, wanted('allow', cid, { actions: ['overrides.ask'] }))
  await decide(bea, body['id'])
  const theirs = await ask(cid, wanted('allow', una))
  assert.equal(theirs.body['askedUnder'], body['id'])
  const own = await ask(ada, wanted('allow', olaf))
  assert.equal(own.body['askedUnder'], null)
  await end(bea, body['id'])
  assert.equal(refusal(await decide(bea, theirs.body['id'])), '409 asks_no_more')
  assert.equal((await decide(bea, own.body['id'])).status, 200)
  assert.equal((await emergency.ask(olaf)).body['askedUnder'], null)
})

test('whoever asks in the moment in which it is ended, at another node, has asked for nothing that goes on waiting', async () => {
  const { service, clock, cid, una, emergency, wanted, ask, given, ada, decide, bea } = await inEmergency()
  const there = await peopleAt(await testService(policy, { like: service }), clock)
  let id = given['id']
  for (let round = 0; round < 8; round += 1) {
    const { won } = await race(2, async (runner, ready) => {
      await ready()
      return runner === 0 ? there.emergency.end(there.cid, id) : ask(cid, wanted('allow', una))
    })
    const [asked] = won.filter(({ body }) => body['id'] !== id)
    if (asked?.status === 201) assert.equal(refusal(await decide(bea, asked.body['id'])), '409 asks_no_more')
    else assert.match(asked === undefined ? '' : refusal(asked), /^(409 lent_no_more|403 )/)
    const waiting = await ada.send('GET', '/api/policy/overrides?kind=allow&state=asked')
    assert.deepEqual(waiting.body['overrides'], [])
    const again = await emergency.ask(cid)
    assert.equal(again.status, 201)
    await emergency.decide(ada, again.body['id'])
    id = again.body['id']
  }
})
