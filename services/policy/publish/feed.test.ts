/** What services hear, and when: of two nodes on one database, of versions that nobody signed, and of four thousand policies. */
import assert from 'node:assert/strict'
import { createPublicKey } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { createAuthz } from '@althing/kernel/authz'
import { systemClock } from '@althing/kernel/context'
import { signingKey } from '@althing/kernel/http'
import { median, race, until } from '@althing/kernel/testing'
import { askElsewhere } from '../../../tests/support/policy-elsewhere.ts'
import { policyOffice } from '../../../tests/support/policy-office.ts'
import { testService, type TestService } from '../../../tests/support/service.ts'
import { policy } from '../service.ts'

const readers =
  '@id("readers") permit (principal in group::"readers", action == Action::"read", resource is doc);\n'
const many = (n: number) =>
  Array.from(
    { length: n },
    (_, at) =>
      `@id("p${at}") permit (principal in group::"g${at}", action == Action::"read", resource is doc) when { context.level > ${at} };`,
  ).join('\n')

/** As every service follows it: by long poll, and taking nothing over that is not signed. */
function follower(node: TestService) {
  const authz = createAuthz({
    clock: systemClock,
    key: createPublicKey(signingKey(node.seeds['policy'] ?? '')),
  })
  async function next(): Promise<{ revision: number; at: number } | null> {
    const answer = await node.asService(
      'events',
      'GET',
      `/internal/policy/bundle?revision=${authz.revision()}`,
    )
    const said = (await answer.json()) as { bundle: string; signature: string; unchanged?: true }
    if (answer.status !== 200 || said.unchanged === true) return null
    authz.install(said)
    return { revision: authz.revision(), at: performance.now() }
  }
  return { authz, next }
}

test('a service at another node hears of an activation and of a rollback within a second', async (t) => {
  const first = await testService(policy)
  const second = await testService(policy, { like: first })
  const { bea, proposed, activate } = policyOffice(first)
  const { next } = follower(second)
  assert.equal((await next())?.revision, 1)

  const draft = await proposed({ policies: readers })
  const hears = next()
  const begun = performance.now()
  assert.equal((await activate(draft)).status, 200)
  const told = await hears
  assert.equal(told?.revision, 2)
  t.diagnostic(`of an activation it heard ${Math.round((told?.at ?? 0) - begun)} ms after it was asked for`)

  const took: number[] = []
  for (const [place, version] of [1, 2, 1].entries()) {
    const hearsBack = next()
    const asked = performance.now()
    await bea.send('POST', `/api/policy/versions/${version}/roll-back`, { reason: 'Who reads?' })
    const back = await hearsBack
    assert.equal(back?.revision, 3 + place)
    took.push((back?.at ?? Infinity) - asked)
    t.diagnostic(`of a rollback it heard ${Math.round(took.at(-1) ?? 0)} ms after it was asked for`)
  }
  assert.ok(median(took) < 1000, `${took.join(', ')} ms`)
})

test('whoever waits for news of a service that closes is let go at once, and nobody waits there again', async () => {
  const service = await testService(policy, { env: { ALTHING_POLICY_FEED_WAIT_MS: '25000' } })
  const { next } = follower(service)
  assert.equal((await next())?.revision, 1)
  const begun = performance.now()
  const waits = [next(), next()]
  await pause(300)
  service.assembled.drain?.()
  assert.deepEqual(await Promise.all(waits), [null, null], 'there is nothing new')
  assert.equal(await next(), null)
  assert.ok(performance.now() - begun < 10_000)
})

test(
  'four thousand policies come into force and go again in less than a second',
  { timeout: 240_000 },
  async (t) => {
    const service = await testService(policy)
    const { bea, proposed, activate } = policyOffice(service)
    const draft = await proposed({ policies: many(4000) })
    const timed = async (what: string, work: () => Promise<{ status: number }>) => {
      const begun = performance.now()
      const { status } = await work()
      const took = Math.round(performance.now() - begun)
      t.diagnostic(`${what}: ${took} ms`)
      assert.equal(status, 200)
      return took
    }
    const times = [
      await timed('4,000 policies activated', () => activate(draft)),
      await timed('rolled back to none', () =>
        bea.send('POST', '/api/policy/versions/1/roll-back', { reason: 'Too many.' }),
      ),
      await timed('rolled back to 4,000', () =>
        bea.send('POST', '/api/policy/versions/2/roll-back', { reason: 'Not too many.' }),
      ),
    ]
    t.diagnostic(JSON.stringify(times))
  },
)

test('of two that bring policies into force in the same moment one does', async () => {
  const first = await testService(policy)
  const second = await testService(policy, { like: first })
  const office = policyOffice(first)
  const drafts = [await office.proposed({ policies: readers }), await office.proposed({ policies: many(3) })]
  const nodes = [policyOffice(first), policyOffice(second)]
  for (let round = 0; round < 5; round += 1) {
    const { won } = await race(2, async (runner, ready) => {
      await ready()
      return nodes[runner]?.activate(drafts[round === 0 ? runner : 0] as (typeof drafts)[0])
    })
    const statuses = won.map((one) => String(one?.status)).sort()
    if (round === 0) assert.deepEqual(statuses, ['200', '409'])
    else assert.deepEqual(statuses, ['409', '409'], 'and the one that lost stays where it was')
  }
  const rows = await first.kit.database.query('select revision, kind from policy_bundle order by revision')
  assert.deepEqual(rows, [
    { revision: 1, kind: 'release' },
    { revision: 2, kind: 'activation' },
  ])
  const open = await first.kit.database.query(
    `select state, count(*)::int as n from policy_draft group by state order by state`,
  )
  assert.deepEqual(open, [
    { state: 'activated', n: 1 },
    { state: 'open', n: 1 },
  ])
})

test('a version that is not signed with our key is given to nobody, and counted', async () => {
  const service = await testService(policy, { env: { ALTHING_POLICY_FEED_WAIT_MS: '300' } })
  const { next, authz } = follower(service)
  await next()
  const forge = (signature: string, bundle: string) =>
    service.kit.database.query(
      `insert into policy_bundle (revision, source, source_hash, bundle, signature, published_by)
       select revision + 1, source, source_hash, $1, $2, 'nobody' from policy_bundle order by revision desc limit 1`,
      [bundle, signature],
    )
  const open = JSON.stringify({
    revision: 2,
    policies: {
      all: {
        effect: 'permit',
        principal: { op: 'All' },
        action: { op: 'All' },
        resource: { op: 'All' },
        conditions: [],
      },
    },
    entities: [],
  })
  await forge('', open)
  assert.equal(await next(), null)
  await forge(Buffer.alloc(64).toString('base64url'), open.replace('2', '3'))
  assert.equal(await next(), null)
  assert.equal(authz.revision(), 1)
  const metrics = await (await service.fetchManagement(new Request('http://localhost/metrics'))).text()
  assert.match(metrics, /^policy_forged_bundles_total\S* [12]$/m)
})

test('a node that is cut off from its database tells nobody that there is nothing newer', async () => {
  const service = await testService(policy, { env: { ALTHING_POLICY_FEED_WAIT_MS: '50' } })
  await service.kit.database.query('alter table policy_bundle rename to policy_bundle_away')
  const answer = await service.asService('events', 'GET', '/internal/policy/bundle?revision=1')
  assert.equal(answer.status, 503)
  await service.kit.database.query('alter table policy_bundle_away rename to policy_bundle')
  const again = await service.asService('events', 'GET', '/internal/policy/bundle?revision=1')
  assert.deepEqual(await again.json(), { unchanged: true })
})

for (const moment of ['before its end', 'at its end'] as const) {
  test(
    `killed while it brings a draft into force, ${moment}, a node leaves all of it or nothing`,
    { timeout: 120_000 },
    async () => {
      const service = await testService(policy)
      const { proposed, activate, bea } = policyOffice(service)
      const draft = await proposed({ policies: readers })
      const db = service.kit.database
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
      const { child, asked } = await activateElsewhere(service, { draft: draft.id, by: bea.actor })
      await until(asleep)
      child.kill('SIGKILL')
      assert.equal(await asked, 'lost')
      await until(async () => !(await asleep()))
      await db.query('drop trigger slow on policy_bundle')

      const [found] = await db.query(
        `select (select max(revision) from policy_bundle) as revision, (select state from policy_draft) as state,
              (select count(*)::int from audit_entry where action = 'policy.activated') as lines`,
      )
      const nothing = { revision: 1, state: 'open', lines: 0 }
      // A commit that was sent comes through, though nobody is there any more to hear of it or to tell of it.
      assert.deepEqual(
        found,
        moment === 'at its end' ? { revision: 2, state: 'activated', lines: 1 } : nothing,
      )
      const { next } = follower(service)
      assert.equal((await next())?.revision, found?.['revision'], 'the other node tells what is in force')
      assert.equal((await activate(draft)).status, moment === 'at its end' ? 409 : 200)
    },
  )
}

/** At a node that is a process of its own. */
const activateElsewhere = (
  service: TestService,
  { draft, by }: { readonly draft: string; readonly by: string },
) =>
  askElsewhere(service, {
    by: by.replace('person:', ''),
    path: `/api/policy/drafts/${draft}/activate`,
    body: { version: 1 },
  })
