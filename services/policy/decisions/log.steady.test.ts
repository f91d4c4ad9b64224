/** Under steady load, in which the log is never empty: whoever waits is let go, and what is written takes no room. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { systemChance } from '@althing/kernel/context'
import { DatabaseError } from '@althing/kernel/db'
import { lineToKeep } from '../../../tests/support/decision-lines.ts'
import { createDecisionLog } from './log.ts'
import type { LogMode } from './schema.ts'

/** A database that takes a batch when the test says so; each says how many lines it had. */
function setUp(mode: LogMode) {
  const writes: { readonly ids: readonly string[]; readonly end: PromiseWithResolvers<void> }[] = []
  const lost: string[] = []
  let number = 0
  const store = {
    nextBatch: () => Promise.resolve((number += 1)),
    rowsOf: () => Promise.resolve(0),
    known: () => Promise.resolve([]),
    add(_batch: number, lines: readonly { readonly id: string }[]) {
      const end = Promise.withResolvers<void>()
      writes.push({ ids: lines.map(({ id }) => id), end })
      return end.promise
    },
  }
  const log = createDecisionLog({
    mode,
    allowedShare: 1,
    random: () => 0,
    clock: { now: () => new Date() },
    salt: (bytes) => systemChance.bytes(bytes),
    redact: (seen) => seen,
    onWritten: () => {},
    onBehind: () => {},
    onLost: (decision) => void lost.push(decision),
    atomically: (work) => work({ store, record: () => Promise.resolve() }),
  })
  /** The one that is under way. */
  async function under() {
    for (let turns = 0; turns < 100 && writes.length === 0; turns += 1) await turn()
    const [write] = writes.splice(0, 1)
    assert.ok(write !== undefined, 'nothing is being written')
    return write
  }
  return { log, under, writes, lost }
}

const line = (size = 1) => lineToKeep({ seen: { entities: [], context: { text: 'x'.repeat(size) } } })

/** How it stands with a promise now. */
async function stateOf(one: Promise<unknown>): Promise<string> {
  const waits = turn().then(() => 'waits')
  return Promise.race([
    one.then(
      () => 'done',
      () => 'refused',
    ),
    waits,
  ])
}

test('whoever must have their line is let go when it is written, while the next ones are being written', async () => {
  const { log, under } = setUp('required')
  const first = log.keep([line()])
  let out = await under()
  const [second, third] = [log.keep([line()]), log.keep([line()])]
  out.end.resolve()
  out = await under()
  const fourth = log.keep([line()])
  assert.deepEqual(
    await Promise.all([first, second, fourth].map(stateOf)),
    ['done', 'waits', 'waits'],
    'the log was at no time empty',
  )
  assert.equal(out.ids.length, 2, 'who came meanwhile goes together')
  out.end.resolve()
  await Promise.all([second, third])
  assert.equal(await stateOf(fourth), 'waits')
})

test('whoever wants written what is there now does not wait for what comes later', async () => {
  const { log, under } = setUp('soon')
  await log.keep([line()])
  const written = log.flush()
  const out = await under()
  await log.keep([line()])
  out.end.resolve()
  const next = await under()
  assert.equal(await stateOf(written), 'done')
  next.end.resolve()
})

test('what can be written in no way is tried three times and refused to those who waited for it, and the next ones are none of it', async () => {
  const { log, under } = setUp('required')
  const first = log.keep([line()])
  let out = await under()
  const second = log.keep([line()])
  for (let tries = 1; tries <= 3; tries += 1) {
    assert.equal(await stateOf(first), 'waits')
    out.end.reject(new DatabaseError('other', { code: '22003' }))
    out = await under()
  }
  assert.deepEqual(await Promise.all([first, second].map(stateOf)), ['refused', 'waits'])
  out.end.resolve()
  await second
})

test('a batch that met with others is tried again at once, and nobody who waits hears of it', async () => {
  for (const code of ['40P01', '40001'] as const) {
    const { log, under } = setUp('required')
    const first = log.keep([line()])
    let out = await under()
    const strangers = Array.from({ length: 1_200 }, () => log.keep([line()]))
    for (let tries = 1; tries <= 4; tries += 1) {
      out.end.reject(new DatabaseError(code === '40P01' ? 'deadlock' : 'serialization', { code }))
      out = await under()
    }
    assert.equal(await stateOf(first), 'waits')
    for (let batch = 0; batch < 3; batch += 1) {
      out.end.resolve()
      out = await under()
    }
    out.end.resolve()
    await Promise.all([first, ...strangers])
  }
})

test('a batch that meets with others at each try is no reason to try for ever, and none to give a line up', async () => {
  const { log, under, lost } = setUp('soon')
  const own = [line()]
  const first = log.keepSafe(own)
  for (let tries = 1; tries <= 5; tries += 1)
    (await under()).end.reject(new DatabaseError('deadlock', { code: '40P01' }))
  assert.equal(await stateOf(first), 'refused')
  const flushed = log.flush()
  const out = await under()
  assert.deepEqual(
    out.ids,
    own.map(({ id }) => id),
  )
  out.end.resolve()
  await flushed
  assert.deepEqual(lost, [])
})

test('a database that has no room, only reads, or is of another version is away, and no line is given up for it', async () => {
  for (const code of ['53100', '25006', '42P01', '55P03', '57014', '58030', 'XX001']) {
    const { log, under, lost } = setUp('soon')
    await log.keep([line()])
    for (let tries = 1; tries <= 4; tries += 1) {
      const flushed = log.flush()
      const out = await under()
      out.end.reject(new DatabaseError('other', { code }))
      assert.equal(await stateOf(flushed), 'refused', code)
    }
    const flushed = log.flush()
    const out = await under()
    out.end.resolve()
    await flushed
    assert.deepEqual(lost, [], code)
  }
})

test('what waits for a database that is away is refused all at once, and takes no room afterwards', async () => {
  const { log, under } = setUp('required')
  for (let n = 0; n < 10; n += 1) {
    const refused = [log.keep([line(4_000_000)])]
    const out = await under()
    refused.push(log.keep([line(4_000_000)]))
    out.end.reject(new Error('The connection is gone.'))
    assert.deepEqual(await Promise.all(refused.map(stateOf)), ['refused', 'refused'])
  }
})

test('however much has gone through a log that is never empty, there is room; and never for more than there is', async () => {
  const { log, under } = setUp('soon')
  await log.keep([line(4_000_000)])
  void log.flush()
  for (let n = 0; n < 20; n += 1) {
    const out = await under()
    await log.keep([line(4_000_000)])
    out.end.resolve()
  }
  await under()
  // One is out, and takes the room that it takes.
  for (let n = 0; n < 8; n += 1) await log.keep([line(4_000_000)])
  await assert.rejects(log.keep([line()]), { code: 'policy.decisions.unwritten' })
})

test('what is being written is counted among what waits', async () => {
  const { log, under } = setUp('soon')
  await log.keep(Array.from({ length: 500 }, () => line()))
  void log.flush()
  await under()
  const others = Array.from({ length: 9_500 }, () => line())
  void log.keep(others)
  await assert.rejects(log.keep([line()]), { code: 'policy.decisions.unwritten' })
})
