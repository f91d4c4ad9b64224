/** What a service decides by itself stands in the decision log too: all that it denies, and of what it allows as much as the operator wants. */
import assert from 'node:assert/strict'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { SignedBundle } from '@althing/kernel/authz'
import { until } from '@althing/kernel/testing'
import { events } from '../../services/events/service.ts'
import { members } from '../../services/members/service.ts'
import { policy } from '../../services/policy/service.ts'
import { testService, type TestService } from '../support/service.ts'

const log = await testService(policy, { listen: true })
/** A service that tells it, and has heard of its policies. */
async function beside(
  service: Parameters<typeof testService>[0],
  told: string,
  url = log.addresses.main ?? '',
) {
  const started = await testService(service, {
    seeds: log.seeds,
    peerUrls: { policy: url },
    env: { ALTHING_DECISIONS_TOLD: told },
  })
  const [signed] = await log.kit.database.query<SignedBundle & Record<string, unknown>>(
    'select bundle, signature from policy_bundle order by revision desc limit 1',
  )
  assert.ok(signed !== undefined)
  started.kit.authz.install(signed)
  return started
}
const officer = { subject: 'acc_officer', roles: ['election-manager'] }
const administrator = { subject: 'acc_admin', roles: ['administrator'] }

interface Row {
  readonly caller: string
  readonly subject_id: string
  readonly action: string
  readonly decision: boolean
  readonly determining: readonly string[]
  readonly seen: { readonly entities: readonly { readonly id: string }[] }
}
const rows = (): Promise<Row[]> =>
  log.kit.database.query<Row>(
    'select caller, subject_id, action, decision, determining, seen from policy_decision order by at',
  )
async function heardAs(outcome: string): Promise<number> {
  const metrics = await (await log.fetchManagement(new Request('http://management/metrics'))).text()
  const [, count] =
    new RegExp(`policy_decisions_heard_total\\{[^}]*outcome="${outcome}"\\} (\\d+)`).exec(metrics) ?? []
  return Number(count)
}
const written = (count: number): Promise<Row[]> =>
  until(async () => {
    const found = await rows()
    return found.length >= count && found
  }, `${count} lines`)
/** A way to it on which nothing goes through, until it does. */
async function frontOf(to: string) {
  let isAway = true
  const front = createServer((asked, answer) => {
    if (isAway) return void answer.writeHead(503).end()
    const { method, headers, url: path } = asked
    const onward = request(new URL(path ?? '', to), { method, headers }, (said) => {
      answer.writeHead(said.statusCode ?? 502, said.headers)
      said.pipe(answer)
    })
    asked.pipe(onward)
  })
  await new Promise<void>((done) => front.listen(0, '127.0.0.1', done))
  after(() => front.close().closeAllConnections())
  const { port } = front.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, comeBack: () => void (isAway = false) }
}

const ask = (service: TestService, who: typeof officer) => service.asPerson(who, 'GET', '/api/members')

test('a denial is told, with what it was made of; what is allowed is not, unless it is wanted', async () => {
  const quiet = await beside(members, 'denied')
  assert.equal((await ask(quiet, administrator)).status, 200)
  assert.equal((await ask(quiet, officer)).status, 403)
  const [denied, ...more] = await written(1)
  assert.deepEqual(
    [denied?.caller, denied?.subject_id, denied?.action, denied?.decision, more.length],
    ['service:members', 'acc_officer', 'members.list', false, 0],
  )

  const open = await beside(members, '1')
  assert.equal((await ask(open, administrator)).status, 200)
  const allowed = (await written(2)).at(-1)
  assert.deepEqual(
    [allowed?.subject_id, allowed?.decision, allowed?.determining],
    ['acc_admin', true, ['administrators-keep-the-directory']],
  )
  assert.ok(allowed?.seen.entities.some(({ id }) => id === 'acc_admin'))
})

test('that people look after what is their own is nobody’s to read, whatever is wanted', async () => {
  const before = (await rows()).length
  const open = await beside(members, '1')
  assert.notEqual((await open.asPerson(officer, 'GET', '/api/members/me/membership')).status, 403)
  await pause(1500)
  assert.deepEqual((await rows()).slice(before), [])
})

test('who fetches a ticket and when is told nobody, whatever is wanted', async () => {
  const before = (await rows()).length
  const issuer = await beside(events, '1')
  const { status } = await issuer.asPerson(officer, 'POST', '/api/events/tickets', {})
  assert.ok(![401, 403].includes(status), `${status}`)
  await pause(1500)
  const told = (await rows()).slice(before)
  assert.deepEqual(told, [])
})

test('while nobody hears, decisions are made as ever, and are told when somebody does', async () => {
  const before = (await rows()).length
  const front = await frontOf(log.addresses.main ?? '')
  const far = await beside(members, 'denied', front.url)
  for (let n = 0; n < 3; n += 1) assert.equal((await ask(far, officer)).status, 403)
  await pause(1500)
  assert.equal((await rows()).length, before)
  front.comeBack()
  far.kit.breakers.reset()
  assert.equal((await written(before + 3)).length, before + 3)
})

test('only services tell, and what they tell is looked at: an unknown revision leaves no line, another decision is written as it was made', async () => {
  const report = {
    at: new Date().toISOString(),
    request: 'r-1',
    caller: { kind: 'person', subject: 'acc_x', roles: ['member'] },
    action: 'members.list',
    resource: { type: 'Service', id: 'members' },
    decision: true,
    determining: ['nobody-knows'],
    errors: [],
    revision: log.kit.authz.revision(),
    microseconds: 5,
  }
  const tell = (decisions: readonly unknown[]) =>
    log.asService('members', 'POST', '/internal/policy/decisions', { decisions })
  const heard = async (decisions: readonly unknown[]) => {
    const answer = await tell(decisions)
    return [answer.status, answer.status === 200 ? ((await answer.json()) as { heard: number }).heard : null]
  }
  assert.deepEqual(await heard([{ ...report, revision: 4711 }]), [200, 0])
  assert.deepEqual(await heard([{ ...report, digest: 'of another database' }]), [200, 0])
  assert.deepEqual(await heard([{ ...report, caller: { ...report.caller, kind: 'service' } }]), [400, null])
  assert.deepEqual(await heard([]), [400, null])
  const byPerson = await log.asPerson(administrator, 'POST', '/internal/policy/decisions', {
    decisions: [report],
  })
  assert.equal(byPerson.status, 403)
  const before = (await rows()).length
  assert.deepEqual(await heard([report]), [200, 1])
  const line = (await rows())[before]
  assert.deepEqual([line?.decision, line?.determining], [true, ['nobody-knows']])
  const others = await heardAs('other')
  assert.deepEqual([others, await heardAs('unknown')], [1, 2])
  const named = [{ ...report, id: crypto.randomUUID() }]
  for (let times = 0; times < 3; times += 1) assert.deepEqual(await heard(named), [200, 1])
  assert.equal(await heardAs('other'), 2, 'what is told again is no other alarm')
})

test('what is told twice stands there once, and no service can take the place of what another one tells', async () => {
  const report = {
    id: crypto.randomUUID(),
    at: new Date().toISOString(),
    request: 'r-2',
    caller: { kind: 'person', subject: 'acc_twice', roles: ['member'] },
    action: 'members.list',
    resource: { type: 'Service', id: 'members' },
    decision: false,
    determining: [],
    errors: [],
    revision: log.kit.authz.revision(),
    microseconds: 5,
  }
  const tell = (by: string, decisions: readonly unknown[]) =>
    log.asService(by, 'POST', '/internal/policy/decisions', { decisions })
  const lines = async () => (await rows()).filter(({ subject_id }) => subject_id === 'acc_twice').length
  const more = { ...report, id: crypto.randomUUID() }
  assert.equal((await tell('members', [report])).status, 200)
  assert.equal((await tell('members', [report, more, more])).status, 200)
  assert.equal(await lines(), 2)
  assert.equal((await tell('events', [report])).status, 200)
  assert.equal(await lines(), 3)
  const { id: _, ...nameless } = report
  assert.equal((await tell('members', [nameless, nameless])).status, 200)
  assert.equal(await lines(), 5, 'a service of the version before says no id')
  assert.equal((await tell('members', [{ ...report, id: 'x' }])).status, 400)
})
