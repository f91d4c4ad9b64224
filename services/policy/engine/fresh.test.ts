import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { coalesced } from './fresh.ts'

function setUp() {
  const looks: { resolve: (value: number) => void; reject: (error: Error) => void }[] = []
  const ask = coalesced(() => {
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    looks.push({ resolve, reject })
    return promise
  })
  return { ask, looks }
}
/** A look waits for one turn of the loop, so that it takes along whoever has come in. */
async function turn(): Promise<void> {
  await setImmediate()
  await setImmediate()
}

test('whoever asks while somebody looks waits for a look that begins afterwards, and all of them share it', async () => {
  const { ask, looks } = setUp()
  const first = ask()
  await turn()
  const later = [ask(), ask(), ask()]
  await turn()
  assert.equal(looks.length, 1, 'one look at a time')
  looks[0]?.resolve(1)
  assert.equal(await first, 1)
  await turn()
  assert.equal(looks.length, 2)
  looks[1]?.resolve(2)
  assert.deepEqual(await Promise.all(later), [2, 2, 2])
})

test('a look that fails is the answer of those who waited for it, and of nobody else', async () => {
  const { ask, looks } = setUp()
  const first = assert.rejects(ask(), /away/)
  await turn()
  const second = ask()
  looks[0]?.reject(new Error('away'))
  await first
  await turn()
  looks[1]?.resolve(7)
  assert.equal(await second, 7)
})

test('two that ask in the same moment look once, and the next one looks again', async () => {
  const { ask, looks } = setUp()
  const both = Promise.all([ask(), ask()])
  await turn()
  looks[0]?.resolve(1)
  assert.deepEqual(await both, [1, 1])
  const again = ask()
  await turn()
  assert.equal(looks.length, 2)
  looks[1]?.resolve(3)
  assert.equal(await again, 3)
})
