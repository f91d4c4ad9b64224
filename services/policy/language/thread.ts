/**
 * Reads one source and ends. Cedar's parser is WebAssembly with a stack of its own: a text that overruns it breaks every call that comes after
 * (policy-and-scim A3), so nobody comes after.
 */
import { getPriority, setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import type { Asked, Done } from './asked.ts'
import { checkSource } from './check.ts'

// As the threads that hash: whoever waits for a decision comes first.
if (process.platform === 'linux') setPriority(Math.min(19, getPriority() + 10))

parentPort?.once('message', (asked: Asked) => parentPort?.postMessage(answerTo(asked)))

function answerTo(asked: Asked): Done {
  try {
    return { checked: checkSource(cedar, asked) }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}
