/**
 * Threads that hash with Argon2 and do nothing else, at a low priority: with every core full of hashes the thread that answers, and the
 * database, still run the moment they have something to do. In the pool that Node shares with signatures and files they would all wait
 * in one line. A thread begins with the first password and keeps no process alive.
 */
import { Worker } from 'node:worker_threads'
import { withDeadline } from '@althing/kernel/resilience'
import type { Argon, Asked, Done } from './hash-asked.ts'

interface HashThreads {
  hash(password: string, options: Argon): Promise<string>
  verify(phc: string, password: string): Promise<boolean>
}

/**
 * Far more than a hash takes that we do at all, on a machine with every core full: what takes longer hangs, and would keep one of the
 * few threads from everybody.
 */
const patienceMs = 30_000

export function createHashThreads(deadlineMs = patienceMs): HashThreads {
  const idle: Worker[] = []

  async function run(asked: Asked): Promise<string | boolean> {
    const thread = idle.pop() ?? start()
    thread.ref()
    // One that has ended is not asked again: it is not put back.
    const done = await inTime(thread, asked, deadlineMs)
    thread.unref()
    idle.push(thread)
    if ('problem' in done) throw new Error(done.problem)
    return done.value
  }

  return {
    hash: async (password, options) => String(await run({ kind: 'hash', password, options })),
    verify: async (phc, password) => (await run({ kind: 'verify', phc, password })) === true,
  }
}

/** It is given what it is asked and nothing else of ours. The memory of a hash is not counted here. */
function start(): Worker {
  const thread = new Worker(new URL('./hash-thread.ts', import.meta.url), {
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 },
  })
  // Whoever waits for it hears of it too; without a listener it would end the process.
  return thread.on('error', () => {})
}

/**
 * Nobody waits for a thread that is late, and none is put behind it. A hash that has begun cannot be called off: its thread ends with it,
 * which is why what a hash may cost is bounded before it begins.
 * @throws Fault kernel.resilience.too_late
 */
async function inTime(thread: Worker, asked: Asked, deadlineMs: number): Promise<Done> {
  return withDeadline(deadlineMs, (signal) => {
    signal.addEventListener('abort', () => void thread.terminate(), { once: true })
    return answered(thread, asked)
  })
}

/** @throws Error when the thread ends instead */
async function answered(thread: Worker, asked: Asked): Promise<Done> {
  const { promise, resolve, reject } = Promise.withResolvers<Done>()
  const ended = () => reject(new Error('A thread that hashes has ended.'))
  thread.on('message', resolve).on('error', reject).on('exit', ended)
  try {
    thread.postMessage(asked)
    return await promise
  } finally {
    thread.off('message', resolve).off('error', reject).off('exit', ended)
  }
}
