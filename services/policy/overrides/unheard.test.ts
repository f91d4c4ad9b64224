/** Whoever was just given a role asks before policy has heard of it: that is no reason for which what they asked for falls. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { minutes, overrideOffice, refusal } from '../../../tests/support/override-office.ts'

async function office() {
  const here = await overrideOffice()
  const { service, bea, una, person, officer, wanted, ask, inMinutes } = here
  /** An administrator with the third number of their account; policy has heard of the first at most. */
  async function newcomer(name = 'dag', isHeardOf = true) {
    if (isHeardOf) await person(name, ['member'])
    const one = officer(name, { roles: ['member', 'administrator'], stamp: 3 })
    const { body } = await ask(one, wanted('allow', una, { until: inMinutes(26 * 60) }))
    return { id: one.actor.replace('person:', ''), wish: body['id'] }
  }
  const state = async (id: unknown) =>
    (await bea.send('GET', `/api/policy/overrides/${String(id)}`)).body['state']
  async function sweepAfter(milliseconds: number) {
    here.pass(milliseconds)
    await service.assembled.tickers
      ?.find(({ name }) => name === 'policy.overrides')
      ?.run(AbortSignal.timeout(10_000))
  }
  return { ...here, newcomer, state, sweepAfter }
}

test('nobody agrees to what somebody asked for whose role was not heard of, and it waits for the news', async () => {
  const { bea, tell, decide, newcomer, state } = await office()
  for (const [name, isHeardOf] of [
    ['dag', false],
    ['eva', true],
  ] as const) {
    const { id, wish } = await newcomer(name, isHeardOf)
    const refused = await decide(bea, wish)
    assert.equal(refusal(refused), '503 unheard')
    assert.equal(refused.headers.get('retry-after'), '60')
    assert.equal(await state(wish), 'asked')
    await tell(id, ['member', 'administrator'], 3)
    assert.equal((await decide(bea, wish)).status, 200)
  }
})

test('it may be refused all the same: for that nobody’s role matters', async () => {
  const { bea, decide, newcomer, state } = await office()
  const { wish } = await newcomer()
  assert.equal((await decide(bea, wish, { approve: false, reason: 'No need.' })).status, 200)
  assert.equal(await state(wish), 'refused')
})

test('it does not fall by older news that comes late, but by newer news that takes the role', async () => {
  const { tell, newcomer, state } = await office()
  const { id, wish } = await newcomer()
  await tell(id, ['member', 'auditor'], 2)
  assert.equal(await state(wish), 'asked')
  await tell(id, ['member', 'administrator'], 3)
  assert.equal(await state(wish), 'asked')
  await tell(id, ['member'], 4)
  assert.equal(await state(wish), 'lapsed')
})

test('it waits for news as long as identity tries to bring it, which is a day, and no longer', async () => {
  const { newcomer, state, sweepAfter } = await office()
  const { wish } = await newcomer()
  await sweepAfter(minutes(23 * 60))
  assert.equal(await state(wish), 'asked')
  await sweepAfter(minutes(61))
  assert.equal(await state(wish), 'lapsed')
})

test('of what came with no number the news may come six minutes later, and nobody decides before', async () => {
  const { service, bea, decide, newcomer, state, sweepAfter } = await office()
  const { wish } = await newcomer()
  await service.kit.database.query(
    `update policy_override set asked_with = asked_with - 'stamp' where id = $1`,
    [wish],
  )
  await sweepAfter(minutes(5))
  assert.equal(await state(wish), 'asked')
  assert.equal(refusal(await decide(bea, wish)), '503 unheard')
  await sweepAfter(minutes(2))
  assert.equal(await state(wish), 'lapsed')
})
