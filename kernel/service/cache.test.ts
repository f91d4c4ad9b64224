import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { countersInPostgres, type Counters } from '../http/index.ts'
import { race, testDatabase, until } from '../testing/index.ts'
import { sharedCounters } from './cache.ts'

const { database } = await testDatabase({
  migrations: [{ name: 'kernel.http', folder: new URL('../http/migrations/', import.meta.url) }],
  name: 'counters',
})
const inPostgres = countersInPostgres(database)
const lost: string[] = []
const cache = await startCache()
const shared = sharedCounters({ cacheUrl: cache.socket }, 'test', inPostgres, {
  info: () => {},
  warn: (event) => void lost.push(event),
  error: () => {},
})
// Until it is connected PostgreSQL counts.
await until(async () => (await shared.check?.())?.status === 'healthy')
lost.length = 0
after(async () => {
  await shared.close()
  await cache.stop()
})

for (const [place, counters] of [
  ['PostgreSQL', namedFor('postgres', inPostgres)],
  ['the cache', namedFor('cache', shared.counters)],
] as const) {
  const spend = async (key: string, windowSeconds = 60) =>
    (await counters.spend([{ key, windowSeconds, most: 100 }]))[0]?.count

  test(`${place}: of many that count at one moment each gets a number of its own`, async () => {
    const { won } = await race(32, async (_runner, ready) => (await ready(), spend('race:a')))
    assert.deepEqual(
      won.map(Number).sort((a, b) => a - b),
      Array.from({ length: 32 }, (_, n) => n + 1),
    )
  })

  test(`${place}: several are counted in turn, and no further than the first that is used up`, async () => {
    const both = () =>
      counters.spend([
        { key: 'turn:own', windowSeconds: 60, most: 1 },
        { key: 'turn:shared', windowSeconds: 60, most: 9 },
      ])
    assert.deepEqual((await both()).map(countOf), [1, 1])
    assert.deepEqual((await both()).map(countOf), [2], 'what was refused spends nothing that others share')
    assert.equal(await spend('turn:shared'), 2)
  })

  test(`${place}: what came to nothing is given back, once for each, and never below none`, async () => {
    await counters.giveBack('back:never')
    assert.equal(await spend('back:never'), 1, 'what nobody spent leaves no credit')
    await spend('back:a')
    await spend('back:a')
    await counters.giveBack('back:a')
    assert.equal(await spend('back:a'), 2)
    await Promise.all(Array.from({ length: 9 }, () => counters.giveBack('back:a')))
    assert.equal(await spend('back:a'), 1)
  })

  test(`${place}: giving back moves no end, and what has ended is not begun by it`, async () => {
    await spend('end:a', 0.2)
    await counters.giveBack('end:a')
    const [counted] = await counters.list('end:')
    assert.ok(counted !== undefined && counted.resetSeconds <= 0.2)
    await pause(250)
    await counters.giveBack('end:a')
    assert.deepEqual(await counters.list('end:'), [])
    assert.equal(await spend('end:a'), 1)
  })

  test(`${place}: counters are listed and forgotten by how they begin`, async () => {
    await spend('list:a')
    await spend('list:a')
    await spend('listed:b')
    assert.deepEqual(
      (await counters.list('list:')).map(({ key, count }) => [key, count]),
      [['list:a', 2]],
    )
    assert.equal(await counters.reset('list:'), 1)
    assert.equal(await spend('list:a'), 1)
  })
}

// The last: after it there is no cache.
test('with the cache away PostgreSQL counts and takes back, and the loss is told', async () => {
  await cache.stop()
  const { counters } = shared
  const key = 'away:a'
  const spend = async () => countOf((await counters.spend([{ key, windowSeconds: 60, most: 9 }]))[0])
  assert.deepEqual([await spend(), await spend()], [1, 2])
  await counters.giveBack(key)
  assert.equal(await spend(), 2)
  assert.ok(lost.includes('cache does not answer'))
})

/** The cache lists what PostgreSQL has counted for it as well: so that the two are told apart. */
function namedFor(place: string, { spend, giveBack, list, reset }: Counters): Counters {
  const own = (key: string) => `${place}-${key}`
  return {
    spend: (wanted) => spend(wanted.map(({ key, ...rest }) => ({ key: own(key), ...rest }))),
    giveBack: (key) => giveBack(own(key)),
    list: async (prefix) =>
      (await list(own(prefix))).map(({ key, ...rest }) => ({ key: key.slice(own('').length), ...rest })),
    reset: (prefix) => reset(own(prefix)),
  }
}

const countOf = (spent: Awaited<ReturnType<Counters['spend']>>[number] | undefined) => spent?.count

/** Valkey or Redis, whichever is there, in memory alone. */
async function startCache() {
  const folder = mkdtempSync(join(tmpdir(), 'althing-cache-'))
  const socket = join(folder, 'cache.sock')
  const program = ['valkey-server', 'redis-server'].find((name) => existsSync(`/usr/bin/${name}`))
  assert.ok(program !== undefined, 'there is no Valkey and no Redis: npm test installs one')
  const server: ChildProcess = spawn(
    program,
    ['--port', '0', '--unixsocket', socket, '--save', '', '--dir', folder],
    { stdio: 'ignore' },
  )
  await until(() => existsSync(socket))
  return {
    socket,
    async stop() {
      if (server.exitCode === null && server.kill()) await once(server, 'exit')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
