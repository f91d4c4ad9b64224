/**
 * Cedar's parser at work: few at a time, each with a deadline, and thrown away when it is late or broken. The next call has a new one,
 * and whoever else is being answered notices nothing.
 */
import { Worker } from 'node:worker_threads'
import { withDeadline } from '@althing/kernel/resilience'
import type { Asked, Done } from './asked.ts'

export interface ParserThreads {
  /** @throws Fault kernel.resilience.too_late */
  ask(asked: Asked, deadlineMs?: number): Promise<Done>
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
  const waiting: (() => void)[] = []
  let busy = 0

  async function place(): Promise<void> {
    if (busy < atOnce) return void (busy += 1)
    const { promise, resolve } = Promise.withResolvers<void>()
    waiting.push(resolve)
    return promise // The place of whoever leaves is handed over.
  }

  function leave(): void {
    const next = waiting.shift()
    if (next === undefined) busy -= 1
    else next()
  }

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
    async ask(asked, atMostMs = deadlineMs) {
      await place()
      const thread = takeThread()
      working.add(thread)
      try {
        const done = await inTime(thread, asked, atMostMs)
        if (done.kind === 'broken') void thread.terminate()
        else rest(thread)
        return done
      } catch (error) {
        void thread.terminate()
        throw error
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
