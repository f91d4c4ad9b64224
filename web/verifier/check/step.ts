/** What the steps of the check have in common: how one says that something does not hold. */
import { fromB64u, type Bytes } from './bytes.ts'

export type StepName =
  | 'readable'
  | 'manifest'
  | 'board'
  | 'checkpoint'
  | 'tickets'
  | 'issued'
  | 'key'
  | 'result'

export interface Step {
  readonly name: StepName
  /** `untold`: nothing is wrong, but the bundle leaves out what this step would look at. `unable`: this browser cannot check it. */
  readonly outcome: 'holds' | 'untold' | 'fails' | 'unable'
  /** What was checked, in numbers, or where and why it failed. In English, for whoever looks closer. */
  readonly detail: string
}

/** Something does not hold. */
export class Failed extends Error {}
/** It may hold: we cannot see it here. */
export class Unable extends Error {}

export function must(condition: boolean, why: string): asserts condition {
  if (!condition) throw new Failed(why)
}

export function bytesOf(text: string, size: number | null, what: string): Bytes {
  const bytes = fromB64u(text)
  must(bytes !== null && (size === null || bytes.length === size), `${what} is not what it should be`)
  return bytes
}

/** A P-256 key in its one form: OpenSSL would read others too, and a browser would not. */
export function pointOf(text: string, what: string): Bytes {
  const bytes = bytesOf(text, 65, what)
  must(bytes[0] === 4, `${what} is not an uncompressed key`)
  return bytes
}

/** Hears how far it is. What it returns is awaited: there a page draws itself. */
export type Progress = (done: number, of: number) => void | Promise<void>

/** Some at a time, so that every core has work and a page stays awake. Results in order. */
export async function eachOf<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  progress: (done: number) => void | Promise<void>,
): Promise<R[]> {
  const results: R[] = []
  const together = 50
  for (let at = 0; at < items.length; at += together) {
    results.push(...(await Promise.all(items.slice(at, at + together).map(work))))
    await progress(results.length)
  }
  return results
}
