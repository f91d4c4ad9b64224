/** What one thread that hashes does: one password after the other, and never at the cost of whoever waits for an answer. */
import { getPriority, setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { hashSync, verifySync } from '@node-rs/argon2'
import type { Asked, Done } from './hash-asked.ts'

// On Linux a priority belongs to a thread, and this call is about the one that makes it (sched(7)). Elsewhere it would slow everything.
// Ten steps leave it about a tenth of a core that others want, and all of one that nobody does.
if (process.platform === 'linux') setPriority(Math.min(19, getPriority() + 10))

parentPort?.on('message', (asked: Asked) => parentPort?.postMessage(answerTo(asked)))

function answerTo(asked: Asked): Done {
  try {
    return {
      value:
        asked.kind === 'hash'
          ? hashSync(asked.password, asked.options)
          : verifySync(asked.phc, asked.password),
    }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}
