/** Whom identity has to write to about an override: each time once, and of nothing that did not happen. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '@althing/kernel/context'
import { race } from '@althing/kernel/testing'
import { minutes, overrideOffice, peopleAt, refusal } from '../../../tests/support/override-office.ts'
import { testService } from '../../../tests/support/service.ts'
import { policy } from '../service.ts'

type Fact = Readonly<Record<string, unknown>>

/** Two nodes at one database, and what identity is told of there. */
async function office() {
  const here = await overrideOffice()
  const there = await peopleAt(await testService(policy, { like: here.service }), systemClock)
  async function facts(): Promise<Fact[]> {
    const sent = await here.service.kit.database.query<{ payload: Fact }>(
      `select payload from outbox_message where topic = 'policy.override_changed' and recipient = 'identity' order by created_at, id`,
    )
    return sent.map(({ payload }) => payload)
  }
  /** What happened, to whom, who had asked for it and who did it. */
  const told = async () =>
    (await facts()).map(({ kind, state, person, askedBy, by }) => [kind, state, person, askedBy, by])
  return { ...here, there, facts, told }
}

test('nobody hears of what was refused at the door; of what is asked for those who decide do, until when and of what', async () => {
  const { pass, ada, cid, una, sunna, wanted, ask, decide, inMinutes, told, facts } = await office()
  assert.equal(refusal(await ask(ada, wanted('deny', sunna))), '403 above')
  assert.equal((await ask(cid, wanted('deny', una))).status, 403)
  const late = await ask(ada, wanted('allow', una, { until: inMinutes(2) }))
  assert.equal(refusal(await decide(ada, late.body['id'])), '403 own')
  assert.deepEqual(await told(), [['allow', 'asked', una.id, ada.actor, ada.actor]])
  const [{ actions, resource, decideBy, until } = {}] = await facts()
  assert.deepEqual([actions, resource, decideBy], [['members.list'], null, until])
  await ask(ada, wanted('deny', una, { until: inMinutes(2) }))
  pass(minutes(3))
  assert.equal(refusal(await decide(sunna, late.body['id'])), '409 lapsed')
  assert.equal((await told()).length, 2, 'that it came into force, and no more')
})

test('about what nobody decided whoever asked hears, once, and nobody of what was in force until its end', async () => {
  const { service, pass, ada, una, wanted, ask, inMinutes, told } = await office()
  await ask(ada, wanted('allow', una, { until: inMinutes(2) }))
  await ask(ada, wanted('deny', una, { until: inMinutes(2) }))
  const before = (await told()).length
  pass(minutes(3))
  const ticker = service.assembled.tickers?.find(({ name }) => name === 'policy.overrides')
  await Promise.all([1, 2, 3].map(async () => ticker?.run(AbortSignal.timeout(10_000))))
  assert.deepEqual((await told()).slice(before), [['allow', 'lapsed', una.id, ada.actor, 'service:policy']])
})

test('whose loan is over hears that their request fell with it, whoever ended it and also when nobody did; not that nobody decided', async () => {
  const { service, pass, ada, cid, una, emergency, wanted, ask, inMinutes, told, facts } = await office()
  const fell = ['allow', 'fell', una.id, cid.actor, 'service:policy']
  for (const by of [ada, cid, null]) {
    const lent = await emergency.ask(cid)
    await emergency.decide(ada, lent.body['id'])
    await ask(cid, wanted('allow', una, { until: inMinutes(600) }))
    const before = (await told()).length
    if (by !== null) await emergency.end(by, lent.body['id'])
    else pass(minutes(61))
    const ticker = service.assembled.tickers?.find(({ name }) => name === 'policy.overrides')
    await Promise.all([1, 2].map(async () => ticker?.run(AbortSignal.timeout(10_000))))
    assert.deepEqual((await told()).slice(before), [fell])
    assert.equal((await facts()).at(-1)?.['why'], null, 'why it was ended was said of the loan')
  }
})

test('what somebody denied with a loan and what ended with it is told as ended, by whoever ended the loan', async () => {
  const { ada, bea, cid, una, emergency, wanted, ask, told } = await office()
  const lent = await emergency.ask(cid)
  await emergency.decide(ada, lent.body['id'])
  await ask(cid, wanted('deny', una))
  const before = (await told()).length
  await emergency.end(bea, lent.body['id'])
  assert.deepEqual((await told()).slice(before), [['deny', 'ended', una.id, cid.actor, bea.actor]])
})

test('whom a denial is about is told that it holds and that it was ended; neither fact says why it was wanted', async () => {
  const { ada, bea, una, wanted, ask, end, told, facts } = await office()
  const { body } = await ask(ada, wanted('deny', una))
  await end(bea, body['id'])
  await end(bea, body['id'])
  assert.deepEqual(await told(), [
    ['deny', 'in-force', una.id, ada.actor, ada.actor],
    ['deny', 'ended', una.id, ada.actor, bea.actor],
  ])
  assert.doesNotMatch(JSON.stringify(await facts()), /count needs it/)
  for (const { id, until } of await facts()) assert.deepEqual([id, until], [body['id'], body['until']])
})

test('what somebody asked for is told when it is agreed to, refused, or ended before anybody decided', async () => {
  const { ada, bea, una, wanted, ask, decide, end, told } = await office()
  const [agreed, refused, withdrawn] = [
    await ask(ada, wanted('allow', una)),
    await ask(ada, wanted('allow', una)),
    await ask(ada, wanted('allow', una)),
  ].map(({ body }) => body['id'])
  await decide(bea, agreed)
  await decide(bea, refused, { approve: false, reason: 'No need.' })
  await end(bea, withdrawn)
  await end(ada, agreed)
  const isAnswer = (one: readonly unknown[]) => one[1] !== 'asked'
  assert.deepEqual((await told()).filter(isAnswer), [
    ['allow', 'in-force', una.id, ada.actor, bea.actor],
    ['allow', 'refused', una.id, ada.actor, bea.actor],
    ['allow', 'taken-back', una.id, ada.actor, bea.actor],
    ['allow', 'ended', una.id, ada.actor, ada.actor],
  ])
})

test('what is about no person is told only where somebody else had asked for it', async () => {
  const { ada, bea, wanted, una, ask, decide, told } = await office()
  await ada.send('POST', '/api/policy/entities', { put: [{ type: 'robot', id: 'r2', properties: {} }] })
  const about = { ...wanted('allow', una), subject: { type: 'robot', id: 'r2' } }
  const { body } = await ask(ada, about)
  await decide(bea, body['id'])
  await ask(ada, { ...about, kind: 'deny' })
  assert.deepEqual((await told()).slice(1), [['allow', 'in-force', null, ada.actor, bea.actor]])
})

test('of two who decide at two nodes in the same moment one is told of, however often others publish in between', async () => {
  const { there, ada, bea, una, person, wanted, ask, decide, told } = await office()
  const dora = await person('dora', ['administrator'])
  for (let round = 1; round <= 6; round += 1) {
    const { body } = await ask(ada, wanted('allow', una))
    await race(3, async (runner, ready) => {
      await ready()
      if (runner === 0) return decide(bea, body['id'])
      if (runner === 1) return there.decide(dora, body['id'], { approve: false, reason: 'Not now.' })
      return there.ask(there.ada, wanted('deny', una))
    })
    const states = (await told()).map(([kind, state]) => `${String(kind)} ${String(state)}`)
    assert.equal(states.filter((state) => /^allow (in-force|refused)/.test(state)).length, round)
    assert.equal(states.filter((state) => state === 'deny in-force').length, round)
  }
})

test('of what was taken back by who asked nothing more is told; nor of what somebody ends for themselves', async () => {
  const { ada, bea, una, wanted, ask, decide, end, told } = await office()
  const { body } = await ask(ada, wanted('allow', una))
  await end(ada, body['id'])
  assert.deepEqual(await told(), [['allow', 'asked', una.id, ada.actor, ada.actor]])
  const own = await ask(ada, wanted('allow', ada))
  await decide(bea, own.body['id'])
  await end(ada, own.body['id'])
  assert.deepEqual((await told()).slice(2), [['allow', 'in-force', ada.id, ada.actor, bea.actor]])
})
