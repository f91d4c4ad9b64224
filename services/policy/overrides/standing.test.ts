/** What stands for somebody, for the page of their own account: identity asks, and nobody else. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { minutes, overrideOffice } from '../../../tests/support/override-office.ts'

async function office() {
  const here = await overrideOffice()
  const get = (person: string, from = 'identity') =>
    here.service.asService(from, 'GET', `/internal/policy/standing/${person}`)
  const standing = async (person: string) =>
    ((await (await get(person)).json()) as { standing: Record<string, unknown>[] }).standing
  return { ...here, get, standing }
}

test('nobody but identity is told, and people are not', async () => {
  const { get, ada, una } = await office()
  for (const from of ['members', 'portal', 'events']) assert.equal((await get(una.id, from)).status, 403)
  assert.notEqual((await ada.send('GET', `/internal/policy/standing/${una.id}`)).status, 200)
  assert.equal((await get('somebody')).status, 400)
})

test('of somebody for whom nothing stands nothing is said: what was only asked for, refused, ended or is over', async () => {
  const { pass, ada, bea, una, wanted, ask, decide, end, inMinutes, standing } = await office()
  assert.deepEqual(await standing('acc_00000000-0000-7000-8000-000000000000'), [])
  const [refused, ended] = [await ask(ada, wanted('allow', una)), await ask(ada, wanted('deny', una))]
  await decide(bea, refused.body['id'], { approve: false, reason: 'No need.' })
  await end(ada, ended.body['id'])
  await ask(ada, wanted('allow', una))
  await ask(ada, wanted('deny', una, { until: inMinutes(2) }))
  await ask(ada, wanted('deny', bea))
  assert.equal((await standing(una.id)).length, 1)
  pass(minutes(3))
  assert.deepEqual(await standing(una.id), [])
})

test('what stands is told with its end, its reason and who gave it, what ends first before the others', async () => {
  const { ada, bea, cid, wanted, ask, decide, emergency, inMinutes, standing } = await office()
  const resource = { type: 'Election', id: 'e1' }
  const denied = await ask(ada, wanted('deny', cid, { until: inMinutes(600), resource }))
  const allowed = await ask(ada, wanted('allow', cid, { until: inMinutes(300) }))
  await decide(bea, allowed.body['id'])
  const lent = await emergency.ask(cid)
  const { body: given } = await emergency.decide(ada, lent.body['id'])
  const words = { 'members.list': { en: 'See the list of members', is: 'Sjá félagatalið' } }
  const all = { resource: null, actions: ['members.list'], words, reason: 'The count needs it.', role: null }
  assert.deepEqual(await standing(cid.id), [
    {
      ...all,
      id: given['id'],
      kind: 'emergency',
      role: 'administrator',
      actions: [],
      words: {},
      reason: 'Nobody else is here.',
      until: given['until'],
      by: [ada.actor],
    },
    {
      ...all,
      id: allowed.body['id'],
      kind: 'allow',
      until: allowed.body['until'],
      by: [ada.actor, bea.actor],
    },
    { ...all, id: denied.body['id'], kind: 'deny', until: denied.body['until'], resource, by: [ada.actor] },
  ])
})
