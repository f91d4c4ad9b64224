/** It did not happen; it happened and nobody was told: of each line there is one in the end, and none holds back another. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '@althing/kernel/testing'
import { somebody } from '../../../tests/support/deciding-people.ts'
import { lineToKeep as line } from '../../../tests/support/decision-lines.ts'
import { decisionPoint } from '../../../tests/support/decision-point.ts'
import { createDecisionLog, type Keepable } from './log.ts'
import type { LogMode } from './schema.ts'
import { createDecisionStore } from './store.ts'

const point = await decisionPoint()
const { database } = point.kit
const atomically = point.kit.atomic((db, tx) => ({ store: createDecisionStore(db), record: tx.record }))

type Broken = 'before' | 'after' | null

function setUp({ mode = 'soon' as LogMode, breaks = [] as Broken[] } = {}) {
  const told = { written: 0, failed: 0, lost: [] as string[] }
  const log = createDecisionLog({
    mode,
    allowedShare: 1,
    random: () => 0,
    clock: point.kit.clock,
    salt: (bytes) => point.kit.chance.bytes(bytes),
    redact: (seen) => seen,
    onWritten: (outcome, count) => {
      if (outcome !== 'lost') told[outcome] += count
    },
    onBehind: () => {},
    onLost: (decision) => void told.lost.push(decision),
    async atomically(work) {
      const how = breaks.shift() ?? null
      if (how === 'before') throw new Error('The connection is gone.')
      const value = await atomically(work as never)
      if (how === 'after') throw new Error('The connection is gone, and it was committed.')
      return value as never
    },
  })
  return { log, told, breaks }
}

const there = async (...lines: readonly { readonly id: string }[]): Promise<number> => {
  const rows = await database.query('select id from policy_decision where id = any($1)', [
    lines.map(({ id }) => id),
  ])
  return rows.length
}
test('a batch that was committed and of which nobody heard is there once, and what comes after it is written', async () => {
  // Its number is drawn first; then it is written.
  const { log, told } = setUp({ breaks: [null, 'after'] })
  const [first, second] = [line(), line()]
  await log.keep([first])
  await assert.rejects(log.flush())
  await log.keep([second])
  await log.flush()
  assert.equal(await there(first, second), 2)
  assert.equal(told.written, 2)
})

test('a database that is away is tried again by itself, and nothing of it is lost', async () => {
  const { log, told } = setUp({ breaks: Array.from({ length: 4 }, () => 'before' as const) })
  const one = line()
  await log.keep([one])
  await until(() => told.written > 0)
  assert.deepEqual([await there(one), told.lost], [1, []])
})

test('a line that the table takes in no way is given up alone, and told of', async () => {
  const { log, told } = setUp()
  const good = Array.from({ length: 40 }, () => line())
  const bad = line({ microseconds: 2 ** 40 })
  await log.keep([...good.slice(0, 20), bad, ...good.slice(20)])
  for (let tries = 0; tries < 40 && told.written < good.length; tries += 1) await log.flush().catch(() => {})
  await log.flush()
  assert.deepEqual([await there(...good), await there(bad), told.lost], [40, 0, [bad.id]])
})

test('a line that is too large for an index is given up alone, and what waits behind it is written', async () => {
  const { log, told } = setUp()
  const large = line({
    action: Buffer.from(crypto.getRandomValues(new Uint8Array(20_000))).toString('base64'),
  })
  const good = Array.from({ length: 20 }, () => line())
  await log.keep([...good.slice(0, 10), large])
  const behind = log.keepSafe(good.slice(10))
  await assert.rejects(log.flush(), { code: 'policy.decisions.unwritten' })
  await behind
  assert.deepEqual([await there(...good), await there(large), told.lost], [20, 0, [large.id]])
})

test('whoever waits is refused for a line of their own that the table takes in no way, and nobody for that of another', async () => {
  for (const mode of ['required', 'soon'] as const) {
    const { log, told } = setUp({ mode })
    const own = [line(), line({ microseconds: 2 ** 40 })] as const
    const refused = assert.rejects(log.keepSafe(own), { code: 'policy.decisions.unwritten' })
    const strangers = Array.from({ length: 40 }, () => line())
    await Promise.all(strangers.map((one) => log.keepSafe([one])))
    await refused
    assert.deepEqual([await there(own[0], ...strangers), told.lost], [41, [own[1].id]])
  }
})

test('whoever waits for their line is refused when it cannot be written, and the next one is not', async () => {
  const { log } = setUp({ mode: 'required', breaks: [null, 'before'] })
  const [first, second] = [line(), line()]
  await assert.rejects(log.keep([first]), { code: 'policy.decisions.unwritten' })
  await log.keep([second])
  assert.deepEqual([await there(first), await there(second)], [0, 1])
})

test('what is behind by more than there is room for is refused, and what has room is kept', async () => {
  const { log } = setUp({ breaks: Array.from({ length: 100 }, () => 'before' as const) })
  const large = { entities: [], context: { text: 'x'.repeat(4_000_000) } }
  const kept: unknown[] = []
  for (let n = 0; n < 20; n += 1) kept.push(await log.keep([line({ seen: large })]).catch(() => 'refused'))
  assert.ok(kept.includes('refused') && kept[0] === undefined)
})

/** Who told of it tells it again. */
const told = (id: string): Keepable & { readonly id: string } => ({ ...line({ id }), id, isTold: true })
const intact = async () => {
  const { body } = await somebody(point, 'auditor')('POST', '/api/policy/decisions/verify', {})
  return [body['intact'], body['findings']]
}

test('what is told twice is there once, and the batch that it came in is whole without it', async () => {
  const { log, told: counted } = setUp()
  const ids = Array.from({ length: 4 }, () => crypto.randomUUID())
  const [before, after] = [ids.slice(0, 2).map(told), ids.slice(2).map(told)]
  await log.keepSafe(before)
  const own = line()
  await log.keepSafe([...after, ...before, own, ...after])
  assert.equal(counted.written, 5)
  assert.equal(await there(...before, ...after, own), 5)
  await log.keepSafe([...before, ...after])
  assert.equal(counted.written, 5, 'of what is there already nothing is written')
  assert.deepEqual(await intact(), [true, []])
})

test('what was committed unheard and is told again is there once', async () => {
  const { log } = setUp({ breaks: [null, 'after'] })
  const one = told(crypto.randomUUID())
  await assert.rejects(log.keepSafe([one]), { code: 'policy.decisions.unwritten' })
  await log.keepSafe([one])
  assert.equal(await there(one), 1)
  assert.deepEqual(await intact(), [true, []])
})

for (const mode of ['soon', 'required'] as const)
  test(`what two nodes are told in the same moment is there once, and whoever waits beside it is not refused (${mode})`, async () => {
    for (let round = 0; round < 20; round += 1) {
      const nodes = [setUp({ mode }), setUp({ mode }), setUp({ mode })]
      const same = Array.from({ length: 50 }, () => told(crypto.randomUUID()))
      const beside = nodes.map(() => line())
      await Promise.all(
        nodes.flatMap(({ log }, n) => [log.keepSafe(same), log.keepSafe([beside[n] ?? line()])]),
      )
      assert.equal(await there(...same, ...beside), 53)
      for (const { told: counted } of nodes) assert.deepEqual(counted.lost, [])
    }
    assert.deepEqual(await intact(), [true, []])
  })

test('two hundred thousand that are old go in parts, and what is younger stays', async () => {
  const young = line()
  const rows = (batch: string, at: string, count: number) =>
    database.query(
      `insert into policy_decision (id, batch, place, at, caller, subject_type, subject_id, action, resource_type, resource_id,
         decision, determining, errors, policies, world, digest, hash, cached, microseconds)
       select gen_random_uuid(), ${batch}, n % 500, ${at}, 'old', 'u', 'u', 'a', 'd', 'd', false, '{}', '[]', 1, 1, '', '', false, 1
         from generate_series(0, $1::int - 1) n`,
      [count],
    )
  for (let part = 0; part < 10; part += 1)
    await rows(`${-1000 + 40 * part} + n / 500`, `now() - interval '200 days'`, 20_000)
  const { log } = setUp()
  await log.keep([young])
  await log.flush()
  const sweep = point.assembled.tickers?.find(({ name }) => name === 'policy.sweep')
  await sweep?.run(new AbortController().signal)
  const [left] = await database.query(`select count(*)::int as n from policy_decision where caller = 'old'`)
  assert.deepEqual([left?.['n'], await there(young)], [0, 1])
})
