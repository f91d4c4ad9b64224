import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import { test } from 'node:test'
import { verify } from '@node-rs/argon2'
import { createHashThreads } from './threads.ts'

const options = { memoryCost: 64, timeCost: 1, parallelism: 1 }
/** Argon2id of the reference implementation's own command, and the password. */
const foreign = '$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA'

test('a hash made in a thread opens with its password and no other, there and elsewhere', async () => {
  const threads = createHashThreads()
  const phc = await threads.hash('Þetta er lykilorð', options)
  assert.match(phc, /^\$argon2id\$v=19\$m=64,t=1,p=1\$/)
  assert.deepEqual(
    [await verify(phc, 'Þetta er lykilorð'), await threads.verify(phc, 'Þetta er lykilorð')],
    [true, true],
  )
  assert.equal(await threads.verify(phc, 'þetta er lykilorð'), false)
  assert.equal(await threads.verify(foreign, 'password'), true)
})

test('many at once are answered each with its own', async () => {
  const threads = createHashThreads()
  const words = Array.from({ length: 12 }, (_, n) => `word ${n}`)
  const made = await Promise.all(words.map((word) => threads.hash(word, options)))
  const opened = await Promise.all(made.map((phc, n) => threads.verify(phc, `word ${(n * 5) % 12}`)))
  assert.deepEqual(
    opened.map((isRight, n) => (isRight ? n : null)).filter((n) => n !== null),
    words.map((_, n) => n).filter((n) => (n * 5) % 12 === n),
  )
})

test('what is no hash is a failure of that one, and the thread works on', async () => {
  const threads = createHashThreads()
  await assert.rejects(threads.verify('no hash', 'password'), Error)
  assert.equal(await threads.verify(foreign, 'password'), true)
})

test('a thread that is late is ended, and who asked next has another', async () => {
  const threads = createHashThreads(1_500)
  const began = Date.now()
  const slow = threads.hash('password', { memoryCost: 65_536, timeCost: 80, parallelism: 1 })
  await assert.rejects(slow, { code: 'kernel.resilience.too_late' })
  assert.ok(Date.now() - began < 20_000)
  const patient = createHashThreads()
  assert.equal(await patient.verify(foreign, 'password'), true)
})

test(
  'whoever hashes gives way: its thread has a lower priority than every other of this process',
  {
    skip: process.platform !== 'linux',
  },
  async () => {
    const lower = () => priorities().filter((nice) => nice > getPriority()).length
    const before = lower()
    await createHashThreads().hash('password', options)
    assert.equal(lower(), before + 1)
  },
)

/** The nineteenth field; the name of the program, which may hold anything, ends with the last parenthesis (proc(5)). */
const priorities = () =>
  readdirSync('/proc/self/task').map((task) =>
    Number(readFileSync(`/proc/self/task/${task}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[16]),
  )
