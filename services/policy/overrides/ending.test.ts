/** Who ends what somebody is denied or permitted: whoever was lent that does not stand beside those whose own it is. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { untilBlocked } from '@althing/kernel/testing'
import { overrideOffice, refusal, type Person } from '../../../tests/support/override-office.ts'

async function office() {
  const here = await overrideOffice()
  const { ada, sunna, wanted, ask, decide } = here
  async function lend(to: Person, actions: readonly string[]): Promise<void> {
    const { body } = await ask(sunna, wanted('allow', to, { actions }))
    assert.equal((await decide(ada, body['id'])).status, 200)
  }
  /** Something that does not matter here. */
  async function denied(by: Person, to: Person): Promise<unknown> {
    const answer = await ask(by, wanted('deny', to, { actions: ['elections.open'] }))
    assert.equal(answer.status, 201)
    return answer.body['id']
  }
  /** Asked for by the one, agreed to by the other. */
  async function permitted(by: Person, agreeing: Person, to: Person): Promise<unknown> {
    const { body } = await ask(by, wanted('allow', to))
    assert.equal((await decide(agreeing, body['id'])).status, 200)
    return body['id']
  }
  return { ...here, lend, denied, permitted }
}

test('whoever was lent it ends no denial of somebody who ranks above them', async () => {
  const { ada, bea, cid, una, olaf, sunna, end, lend, denied } = await office()
  await lend(una, ['overrides.end'])
  await lend(cid, ['overrides.end', 'overrides.ask'])
  for (const id of [await denied(sunna, bea), await denied(ada, olaf)]) {
    assert.equal(refusal(await end(una, id)), '403 decided_above')
    assert.equal(refusal(await end(cid, id)), '403 decided_above')
  }
  const theirs = await denied(cid, olaf)
  assert.equal(refusal(await end(una, theirs)), '403 decided_above', 'Cid runs elections')
})

test('nor does emergency access make them an administrator here; nor is there anybody above an operator at the machine', async () => {
  const { service, ada, cid, olaf, emergency, end, denied } = await office()
  const { body } = await emergency.ask(cid)
  await emergency.decide(ada, body['id'])
  assert.equal(refusal(await end(cid, await denied(ada, olaf))), '403 decided_above')
  const alone = await denied(cid, olaf)
  await service.kit.database.query(
    `update policy_override set is_alone = true, asked_by = 'operator:root', decided_by = 'operator:root' where id = $1`,
    [alone],
  )
  assert.equal(refusal(await end(cid, alone)), '403 decided_above')
})

test('nor do they end what somebody denied who was erased since: nobody knows how they ranked', async () => {
  const { service, ada, una, olaf, end, lend, denied } = await office()
  await lend(una, ['overrides.end'])
  const id = await denied(ada, olaf)
  await service.kit.database.query(`delete from policy_subject where subject = $1`, [ada.id])
  assert.equal(refusal(await end(una, id)), '403 decided_above')
})

test('what they denied themselves they end, and what somebody denied who ranks as they do', async () => {
  const { cid, olaf, person, end, lend, denied } = await office()
  const dag = await person('dag', ['election-manager'])
  await lend(cid, ['overrides.ask', 'overrides.end'])
  await lend(dag, ['overrides.end'])
  assert.equal((await end(cid, await denied(cid, olaf))).status, 200)
  assert.equal((await end(dag, await denied(cid, olaf))).status, 200)
})

test('an administrator by their own role ends any denial, whoever made it, but one of themselves', async () => {
  const { ada, bea, olaf, sunna, end, denied } = await office()
  assert.equal((await end(bea, await denied(sunna, olaf))).status, 200)
  assert.equal((await end(bea, await denied(ada, olaf))).status, 200)
  assert.equal(refusal(await end(bea, await denied(sunna, bea))), '403 for_oneself')
})

test('nor do they end what was permitted to somebody above them, or agreed to by somebody above them, whoever had asked for it', async () => {
  const { service, ada, bea, cid, una, olaf, sunna, tell, end, lend, permitted } = await office()
  await lend(una, ['overrides.end'])
  await lend(cid, ['overrides.end', 'overrides.ask'])
  const above = await permitted(ada, bea, cid)
  assert.equal(refusal(await end(una, above)), '403 decided_above')
  for (const id of [await permitted(ada, sunna, olaf), await permitted(ada, bea, una)])
    assert.equal(refusal(await end(cid, id)), '403 decided_above')
  const theirs = await permitted(cid, ada, olaf)
  assert.equal(refusal(await end(cid, theirs)), '403 decided_above', 'what a second person agreed to stands')
  await service.kit.database.query(`delete from policy_subject where subject = $1`, [ada.id])
  assert.equal(refusal(await end(cid, theirs)), '403 decided_above', 'nobody knows how they ranked')
  await Promise.all([tell(ada.id, ['member'], 2), tell(bea.id, ['member'], 2)])
  assert.equal(
    refusal(await end(una, above)),
    '403 above',
    'whoever decided ranks as they do, and Cid does not',
  )
})

test('nor what somebody above them asks for, nor emergency access, which has its own people', async () => {
  const { ada, bea, cid, una, olaf, emergency, wanted, ask, end, lend } = await office()
  await lend(una, ['overrides.end'])
  const { body } = await ask(ada, wanted('allow', olaf))
  assert.equal(refusal(await end(una, body['id'])), '403 above')
  const lent = await emergency.ask(olaf)
  await emergency.decide(bea, lent.body['id'])
  assert.equal(refusal(await end(una, lent.body['id'])), '403 decided_above')
  assert.equal((await emergency.end(cid, lent.body['id'])).status, 200, 'whoever could have agreed to it')
})

test('what they asked for they take back, and what was permitted to themselves they give back', async () => {
  const { ada, bea, cid, una, olaf, wanted, ask, end, lend, permitted } = await office()
  await lend(cid, ['overrides.end', 'overrides.ask'])
  const { body } = await ask(cid, wanted('allow', olaf))
  assert.equal((await end(cid, body['id'])).status, 200)
  assert.equal((await end(cid, await permitted(ada, bea, cid))).status, 200)
  assert.equal((await end(bea, await permitted(ada, bea, una))).status, 200)
})

test('whoever takes back their wish in the moment in which a second person agrees to it has come too late, and it stands', async () => {
  const { service, ada, cid, olaf, wanted, ask, end, lend } = await office()
  const { database } = service.kit
  await lend(cid, ['overrides.end', 'overrides.ask'])
  const { body } = await ask(cid, wanted('allow', olaf))
  const ending = await database.transaction(async (db) => {
    await db.query(
      `update policy_override set state = 'in-force', decided_by = $2, decided_at = now() where id = $1`,
      [body['id'], ada.actor],
    )
    const waiting = end(cid, body['id'])
    await untilBlocked(database)
    return { waiting }
  })
  assert.equal(refusal(await ending.waiting), '403 decided_above')
  const [one] = await database.query(`select state from policy_override where id = $1`, [body['id']])
  assert.equal(one?.['state'], 'in-force')
})

test('what is over stays as it was, and whoever comes to its door is told so', async () => {
  const { bea, cid, una, sunna, end, lend, permitted } = await office()
  await lend(cid, ['overrides.end'])
  const id = await permitted(sunna, bea, una)
  assert.equal(refusal(await end(cid, id)), '403 decided_above')
  await end(bea, id)
  const { status, body } = await end(cid, id)
  assert.deepEqual([status, body['state'], body['endedBy']], [200, 'ended', bea.actor])
})
