/** Two nodes at one database: who decides, who ends and who publishes in the same moment, and what a node leaves that is killed in the middle of it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '@althing/kernel/context'
import { Registry } from '@althing/kernel/telemetry'
import { race, until } from '@althing/kernel/testing'
import { overrideOffice, peopleAt, refusal } from '../../../tests/support/override-office.ts'
import type { Answered } from '../../../tests/support/policy-office.ts'
import { askElsewhere } from '../../../tests/support/policy-elsewhere.ts'
import { testService, type TestService } from '../../../tests/support/service.ts'
import type { PolicyKit } from '../compose-access.ts'
import { basePolicies, composePublishing } from '../compose-publish.ts'
import { createPolicyMetrics } from '../metrics.ts'
import { policy } from '../service.ts'

const readers =
  '@id("readers") permit (principal in group::"readers", action == Action::"read", resource is doc);\n'

async function twoNodes() {
  const here = await overrideOffice()
  const second = await testService(policy, { like: here.service })
  const there = await peopleAt(second, systemClock)
  const db = here.service.kit.database
  return {
    here,
    there,
    db,
    /** What is in force, and whether the table says the same. */
    async inForce() {
      const [row] = await db.query(
        'select revision, bundle, overrides from policy_bundle order by revision desc limit 1',
      )
      const standing = await db.query(`select id from policy_override where state = 'in-force' order by id`)
      const { policies } = JSON.parse(String(row?.['bundle'])) as { policies: Record<string, unknown> }
      const inBundle = Object.keys(policies).flatMap((id) => id.match(/^override\/([^/]+)/)?.[1] ?? [])
      const ids = standing.map(({ id }) => id)
      assert.deepEqual([...new Set(inBundle)].sort(), ids, 'the bundle is what stands')
      assert.deepEqual(row?.['overrides'], ids)
      return { revision: Number(row?.['revision']), policies: Object.keys(policies), ids }
    },
  }
}

/** Both at once, the one at each node. */
async function both(first: () => Promise<Answered>, second: () => Promise<Answered>): Promise<Answered[]> {
  const { won } = await race(2, async (runner, ready) => {
    await ready()
    return runner === 0 ? first() : second()
  })
  return won
}

test('of two who decide in the same moment one does', async () => {
  const { here, there, inForce } = await twoNodes()
  const dora = await here.person('dora', ['administrator'])
  for (let round = 0; round < 8; round += 1) {
    const { body } = await here.ask(here.ada, here.wanted('allow', here.una))
    const answers = await both(
      () => here.decide(here.bea, body['id']),
      () => there.decide(dora, body['id'], { approve: false, reason: 'Not now.' }),
    )
    const statuses = answers.map(({ status }) => String(status)).sort()
    assert.deepEqual(statuses, ['200', '409'])
    const lost = answers.find(({ status }) => status === 409)
    assert.equal(lost === undefined ? '' : refusal(lost), '409 decided')
    const { body: after } = await here.ada.send('GET', `/api/policy/overrides/${String(body['id'])}`)
    assert.equal(after['state'], answers.find(({ status }) => status === 200)?.body['state'])
    await inForce()
  }
})

test('what is ended while somebody brings it into force is over, whoever was first', async () => {
  const { here, there, inForce } = await twoNodes()
  for (let round = 0; round < 8; round += 1) {
    const { body } = await here.ask(here.ada, here.wanted('allow', here.una))
    const [decided, ended] = await both(
      () => here.decide(here.bea, body['id']),
      () => there.end(there.ada, body['id'], 'I was mistaken.'),
    )
    const statuses = [decided?.status, ended?.status]
    assert.ok(['200,200', '409,200', '200,409'].includes(statuses.join()), statuses.join())
    const { body: after } = await here.ada.send('GET', `/api/policy/overrides/${String(body['id'])}`)
    assert.equal(after['state'], 'ended')
    const { ids } = await inForce()
    assert.deepEqual(ids, [])
    // The other node has ended it; here it is heard of soon (how soon is measured in publish/feed).
    await until(() => !here.may(here.una, 'members.list'))
  }
})

test('an override beside an activation, a rollback and a release: both are in force, and none is lost', async () => {
  const { here, there, inForce } = await twoNodes()
  const release = async (name: string): Promise<void> =>
    composePublishing(
      there.service.kit as unknown as PolicyKit,
      createPolicyMetrics(new Registry()),
    ).publishing.release(
      `${basePolicies()}\n@id("${name}") permit (principal == Person::"nobody", action == Action::"mail.read", resource);`,
      'release',
    )
  for (let round = 0; round < 4; round += 1) {
    const draft = await here.proposed({ policies: `${readers}// ${round}` })
    const activated = await both(
      () => here.ask(here.ada, here.wanted('deny', here.cid)),
      () => there.activate(draft),
    )
    assert.deepEqual(
      activated.map(({ status }) => status),
      [201, 200],
    )
    const { policies } = await inForce()
    assert.ok(policies.includes('readers'))

    const back = await both(
      () => there.bea.send('POST', '/api/policy/versions/1/roll-back', { reason: 'As it was.' }),
      () => here.ask(here.ada, here.wanted('deny', here.una)),
    )
    assert.deepEqual(
      back.map(({ status }) => status),
      [200, 201],
    )
    assert.ok(!(await inForce()).policies.includes('readers'))

    const [, denied] = await Promise.all([
      release(`new-here-${round}`),
      here.ask(here.ada, here.wanted('deny', here.olaf)),
    ])
    assert.equal(denied.status, 201)
    const { policies: released, ids } = await inForce()
    assert.ok(released.includes(`new-here-${round}`), 'a release does not wait for the next start')
    assert.equal(ids.length, 3 * (round + 1))
  }
})

test('of twenty at once at two nodes every one is in force', async () => {
  const { here, there, inForce } = await twoNodes()
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => {
      const { ask, ada, una, wanted } = n % 2 === 0 ? here : there
      return ask(ada, wanted('deny', una))
    }),
  )
  assert.deepEqual(answers.filter(({ status }) => status !== 201).map(refusal), [])
  assert.equal((await inForce()).ids.length, 20)
})

for (const moment of ['before its end', 'at its end'] as const) {
  test(
    `killed while it brings an override into force, ${moment}, a node leaves all of it or nothing`,
    { timeout: 120_000 },
    async () => {
      const { here, inForce, db } = await twoNodes()
      const { body } = await here.ask(here.ada, here.wanted('allow', here.una))
      // The transaction stands still, long enough to be killed in: before the commit was sent, or in the middle of it.
      await db.query(
        `create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(3); return null; end $$`,
      )
      const when = moment === 'at its end' ? 'deferrable initially deferred' : ''
      await db.query(
        `create constraint trigger slow after insert on policy_bundle ${when} for each row execute function slow()`,
      )
      const asleep = async () =>
        (await db.query(`select from pg_stat_activity where wait_event = 'PgSleep'`)).length > 0
      const { child, asked } = await decideElsewhere(here.service, String(body['id']), here.bea.id)
      await until(asleep)
      child.kill('SIGKILL')
      assert.equal(await asked, 'lost')
      await until(async () => !(await asleep()))
      await db.query('drop trigger slow on policy_bundle')

      const { revision } = await inForce()
      const [line] = await db.query(
        `select count(*)::int as n from audit_entry where action = 'overrides.in_force'`,
      )
      const isThere = moment === 'at its end'
      // A commit that was sent comes through, though nobody is there any more to hear of it or to tell of it.
      assert.deepEqual([revision, line?.['n']], isThere ? [2, 1] : [1, 0])
      await until(async () => here.may(here.una, 'members.list') === isThere)
      assert.equal((await here.decide(here.bea, body['id'])).status, isThere ? 409 : 200)
      assert.equal((await here.service.kit.audit.verify()).ok, true)
    },
  )
}

/** At a node that is a process of its own. */
const decideElsewhere = (service: TestService, id: string, by: string) =>
  askElsewhere(service, { by, path: `/api/policy/overrides/${id}/decide`, body: { approve: true } })
