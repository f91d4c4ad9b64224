/**
 * Cedar's parser at work: few at a time, each with a deadline, and thrown away when it is late or broken. The next call has a new one,
 * and whoever else is being answered notices nothing.
 */
import { Worker } from 'node:worker_threads'
import { withDeadline } from '@althing/kernel/resilience'
import { isFault } from '@althing/kernel/errors'
import type { Asked, Done } from './asked.ts'
import { fault } from './faults.ts'
import { createTurns, retryAfterSeconds } from './turns.ts'

export interface ParserThreads {
  /** The deadline is for waiting and for the work. @throws Fault kernel.resilience.too_late, policy.language.busy */
  ask(
    asked: Asked,
    how?: { readonly deadlineMs?: number; readonly whose?: string | undefined },
  ): Promise<Done>
  close(): Promise<void>
}

interface Options {
  readonly deadlineMs?: number
  readonly atOnce?: number
}

/** A large set of policies takes some hundred milliseconds, and on an overloaded machine the thread alone takes seconds to begin. */
const patienceMs = 20_000
/** A thread that nobody asks gives its memory back. */
const idleMs = 60_000

export function createParserThreads({ deadlineMs = patienceMs, atOnce = 2 }: Options = {}): ParserThreads {
  const idle = new Map<Worker, NodeJS.Timeout>()
  const working = new Set<Worker>()
  const turns = createTurns({ atOnce })

  function takeThread(): Worker {
    const [first] = idle.keys()
    if (first === undefined) return start()
    clearTimeout(idle.get(first))
    idle.delete(first)
    first.ref()
    return first
  }

  function rest(thread: Worker): void {
    thread.unref()
    const timer = setTimeout(() => {
      idle.delete(thread)
      void thread.terminate()
    }, idleMs)
    idle.set(thread, timer.unref())
  }

  return {
    async ask(asked, { deadlineMs: atMostMs = deadlineMs, whose } = {}) {
      const begun = performance.now()
      const { leave } = await turns.take(whose, AbortSignal.timeout(atMostMs))
      const left = Math.max(0, atMostMs - (performance.now() - begun))
      const thread = takeThread()
      working.add(thread)
      try {
        const done = await inTime(thread, asked, left)
        if (done.kind === 'broken') void thread.terminate()
        else rest(thread)
        return done
      } catch (error) {
        void thread.terminate()
        // Whoever had little time left after they had waited may have asked for nothing that takes long.
        const isCutShort = left < atMostMs / 2 && isFault(error, 'kernel.resilience.too_late')
        throw isCutShort ? fault.busy(error, { retryAfterSeconds }) : error
      } finally {
        working.delete(thread)
        leave()
      }
    },
    async close() {
      for (const timer of idle.values()) clearTimeout(timer)
      await Promise.all([...idle.keys(), ...working].map((thread) => thread.terminate()))
      idle.clear()
    },
  }
}

/** It is given what it is asked and nothing else of ours. The memory of WebAssembly is not counted here. */
function start(): Worker {
  const thread = new Worker(new URL('./parser-thread.ts', import.meta.url), {
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  })
  // Whoever waits for it hears of it too; without a listener it would end the process.
  return thread.on('error', () => {})
}

/** Work in WebAssembly cannot be called off: its thread ends with it. */
async function inTime(thread: Worker, asked: Asked, deadlineMs: number): Promise<Done> {
  return withDeadline(deadlineMs, () => answered(thread, asked))
}

async function answered(thread: Worker, asked: Asked): Promise<Done> {
  const { promise, resolve } = Promise.withResolvers<Done>()
  const broken = (problem: string) => resolve({ kind: 'broken', problem })
  const failed = (error: unknown) => broken(String(error))
  const ended = () => broken('The thread has ended.')
  thread.once('message', resolve).once('error', failed).once('exit', ended)
  thread.postMessage(asked)
  try {
    return await promise
  } finally {
    thread.off('message', resolve).off('error', failed).off('exit', ended)
  }
}
