import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createLanguage } from './cedar.ts'
import { createParserThreads } from './threads.ts'
import { createTurns } from './turns.ts'

const never = new AbortController().signal
const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Everybody who is served leaves when they are told to. */
function setUp(options: Parameters<typeof createTurns>[0]) {
  const turns = createTurns(options)
  const served: string[] = []
  const leaving = new Map<string, () => void>()
  async function ask(name: string, ends = never) {
    const { leave } = await turns.take(name.split(' ')[0], ends)
    served.push(name)
    leaving.set(name, leave)
  }
  return {
    ask,
    served,
    async done(name: string) {
      leaving.get(name)?.()
      await settle()
    },
  }
}

test('one of each asker at a time, and whoever was served longest ago is next', async () => {
  const { ask, served, done } = setUp({ atOnce: 2 })
  const asked = ['ada 1', 'ada 2', 'ada 3', 'bea 1', 'cleo 1', 'bea 2'].map((name) => ask(name))
  await settle()
  assert.deepEqual(served, ['ada 1', 'bea 1'])
  await done('ada 1')
  assert.equal(served.at(-1), 'cleo 1', 'before what others have asked for twice')
  await done('cleo 1')
  await done('bea 1')
  await done('ada 2')
  await Promise.all(asked)
  assert.deepEqual(served, ['ada 1', 'bea 1', 'cleo 1', 'ada 2', 'bea 2', 'ada 3'])
})

test('so many wait and no more, of one asker and of all; whoever waits too long is told to come back', async () => {
  const { ask, served, done } = setUp({ atOnce: 1, waitingAtMost: { each: 2, all: 3 } })
  const busy = { code: 'policy.language.busy', retryAfterSeconds: 5 }
  const waiting = [ask('ada 1'), ask('ada 2'), ask('ada 3')]
  await settle()
  await assert.rejects(ask('ada 4'), busy)
  const ends = new AbortController()
  const late = assert.rejects(ask('bea 1', ends.signal), busy)
  await assert.rejects(ask('cleo 1'), busy)
  ends.abort()
  await late
  const other = ask('cleo 2')
  for (const name of ['ada 1', 'cleo 2', 'ada 2', 'ada 3']) await done(name)
  await Promise.all([...waiting, other])
  assert.deepEqual(served, ['ada 1', 'cleo 2', 'ada 2', 'ada 3'])
})

test('a kilobyte of types is refused at once, and four who try to take long leave room for somebody else', async () => {
  const threads = createParserThreads()
  after(() => threads.close())
  const { check } = createLanguage(threads)
  const types = Array.from({ length: 27 }, (_, n) => `type T${n + 1} = { a: T${n}, b: T${n} };`)
  const schema = `type T0 = { a: Long };\n${types.join('\n')}\nentity Thing { t: T27 };`
  const source = { policies: '', schema: '', links: '', tests: '' }
  assert.equal((await check({ ...source, schema }, 'ada')).problems[0]?.code, 'types-too-large')
  const long = Array.from(
    { length: 400 },
    (_, n) => `@id("p${n}") permit (principal, action == Action::"users.read", resource) when { 1 == ${n} };`,
  ).join('\n')
  const begun: string[] = []
  const ask = (name: string, policies: string, whose: string) =>
    check({ ...source, policies }, whose).then(() => void begun.push(name))
  await Promise.all([...[1, 2, 3, 4].map((n) => ask(`ada ${n}`, long, 'ada')), ask('bea', '', 'bea')])
  assert.equal(begun[0], 'bea', String(begun))
})
