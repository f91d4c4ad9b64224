/** What the running service knows, from the command line: the engines outside, and what it keeps. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createServer } from 'node:http'
import { commandRunner } from '../../tests/support/commands.ts'
import { decisionPoint } from '../../tests/support/decision-point.ts'
import { opaStandIn } from '../../tests/support/engines.ts'
import { decisionCommands } from './cli-decisions.ts'
import { engineCommands } from './cli-engines.ts'
import { policy } from './service.ts'

const risk = await opaStandIn({
  'pay/allow': ({ resource }) => (resource.id === 'a1' ? true : { allow: false, reasons: ['Too much.'] }),
})
const engine = {
  kind: 'opa',
  actions: ['pay.*'],
  resources: ['account'],
  sends: { subject: ['level'], context: ['hour'] },
}
const management = createServer()
await new Promise<void>((done) => management.listen(0, '127.0.0.1', done))
management.unref()
const point = await decisionPoint({
  policies: `@id("pay") permit (principal is user, action == Action::"pay.send", resource);`,
  settings: {
    ALTHING_POLICY_ENGINES: JSON.stringify([
      { ...engine, name: 'risk', url: `${risk.url}/v1/data/pay/allow` },
      { ...engine, name: 'away', url: 'http://127.0.0.1:1/v1/data/x', resources: ['doc'] },
    ]),
    ALTHING_POLICY_EGRESS_ALLOWED: `${risk.host},127.0.0.1:1`,
    ALTHING_MANAGEMENT_URL: `http://127.0.0.1:${(management.address() as { port: number }).port}`,
  },
})
// As where several services run in one process: each is below its name.
management.on('request', (request, response) => {
  const path = (request.url ?? '').replace('/policy/', '/')
  void point
    .fetchManagement(new Request(`http://x${path}`))
    .then(async (answer) => response.end(await answer.text()))
})
const run = commandRunner(point, [...engineCommands, ...decisionCommands], policy)

test('one engine is asked a question, and what was sent and what came is shown; the audit log knows who did it', async () => {
  await point.write({ put: [{ type: 'user', id: 'una', properties: { level: 7, pin: '1234' } }] })
  const yes = await run(['policy', 'engines', 'try', 'risk', 'user::una', 'pay.send', 'account::a1'], {
    context: '{"hour": 9, "minute": 5}',
  })
  assert.equal(yes.code, 0, yes.err)
  const { sent, came } = yes.value as { sent: object; came: object }
  assert.deepEqual(sent, {
    subject: { type: 'user', id: 'una', properties: { level: 7 } },
    action: { name: 'pay.send', properties: {} },
    resource: { type: 'account', id: 'a1', properties: {} },
    context: { hour: 9 },
  })
  assert.deepEqual([came, risk.asked.at(-1)], [{ decision: true }, sent])
  assert.match(yes.out, /^Sent: \{[^]*Came after \d+ ms: \{/)
  const no = await run(['policy', 'engines', 'try', 'risk', 'user::una', 'pay.send', 'account::a2'])
  assert.deepEqual((no.value as { came: object }).came, { decision: false, reason: { en: 'Too much.' } })
  const away = await run(['policy', 'engines', 'try', 'away', 'user::una', 'pay.send', 'doc::a2'])
  assert.equal(away.code, 2)
  assert.match(away.out, /kernel\.egress\.unreachable[^]*ECONNREFUSED/)
  const lines = await point.kit.audit.search({ action: 'engines.tried' })
  assert.deepEqual(
    [lines.length, lines[0]?.actor, lines[0]?.fields],
    [3, 'operator:test', ['away', 'pay.send']],
  )
})

test('the engines are listed as the running service finds them', async () => {
  for (const type of ['account', 'doc'])
    await point.ask('/access/v1/evaluation', {
      subject: { type: 'user', id: 'una' },
      action: { name: 'pay.send' },
      resource: { type, id: 'a1' },
    })
  const { code, out, value } = await run(['policy', 'engines', 'list'])
  assert.equal(code, 0)
  const [first, second] = (value as { engines: { breaker: string; answers: object }[] }).engines
  assert.deepEqual(first?.answers, { allow: 1, deny: 0, error: 0, open: 0 })
  assert.deepEqual(second?.answers, { allow: 0, deny: 0, error: 1, open: 0 })
  assert.match(out, /risk\s+opa\s+closed\s+pay\.\* account\s+300/)
})

test('of a cache that is off it is said that it is', async () => {
  const { code, value, notes } = await run(['policy', 'cache', 'stats'])
  assert.deepEqual([code, value], [0, { hit: 0, miss: 0, evicted: 0, dropped: 0, hitRatio: 0 }])
  assert.match(notes[0] ?? '', /^No decision is kept: the cache is off\. ALTHING_POLICY_CACHE=true/)
})

test('what is mistyped is said, with the nearest that there is', async () => {
  for (const [words, code, said] of [
    [[], 1, /Say which: list, try/],
    [['lst'], 1, /Did you mean list\?/],
    [['try', 'risk'], 1, /Say which engine, who, what and on what/],
    [['try', 'rsk', 'user::una', 'pay.send', 'account::a1'], 2, /Did you mean risk\?/],
    [['try', 'risk', 'una', 'pay.send', 'account::a1'], 1, /no name of somebody/],
  ] as const) {
    const answer = await run(['policy', 'engines', ...words])
    assert.deepEqual([answer.code, said.test(answer.err)], [code, true], answer.err)
  }
})
