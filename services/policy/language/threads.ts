/** Policies of others are read in a thread that can be thrown away: for so long, with so much memory, and two at a time. */
import { Worker } from 'node:worker_threads'
import { isFault } from '@althing/kernel/errors'
import { createBulkhead, withDeadline } from '@althing/kernel/resilience'
import type { Checked, Source } from '../authored.ts'
import type { Asked, Done } from './asked.ts'
import { fault } from './faults.ts'

/** Four thousand policies take a few seconds of a core. */
const patienceMs = 60_000

export type Check = (source: Source) => Promise<Checked>

export function createChecking(deadlineMs = patienceMs): Check {
  const bulkhead = createBulkhead({ limit: 2, queue: 8 })
  /** @throws Fault policy.language.too_slow, broken; kernel.resilience.full */
  return ({ policies, schema, links }) =>
    bulkhead.run(async () => {
      const thread = start()
      try {
        return await withDeadline(deadlineMs, () => answered(thread, { policies, schema, links }))
      } catch (error) {
        throw isFault(error, 'kernel.resilience.too_late') ? fault.too_slow(error) : error
      } finally {
        await thread.terminate()
      }
    })
}

function start(): Worker {
  const thread = new Worker(new URL('./thread.ts', import.meta.url), {
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 32 },
  })
  // Whoever waits for it hears of it too; without a listener it would end the process.
  return thread.on('error', () => {})
}

/** @throws Fault policy.language.broken when the thread ends instead, or its parser breaks */
async function answered(thread: Worker, asked: Asked): Promise<Checked> {
  const { promise, resolve, reject } = Promise.withResolvers<Done>()
  thread
    .once('message', resolve)
    .once('error', reject)
    .once('exit', () => reject(new Error('The thread has ended.')))
  thread.postMessage(asked)
  const done = await promise.catch((error: unknown) => {
    throw fault.broken(error)
  })
  if ('problem' in done) throw fault.broken(new Error(done.problem))
  return done.checked
}
