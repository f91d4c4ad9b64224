/** Who ends what somebody is denied: whoever was lent that does not stand beside those whose own it is. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
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
  return { ...here, lend, denied }
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
