/**
 * Quick questions, of many requests, that are asked in the same moment go out in one piece on one connection: writing to a socket and waking
 * the server cost more than such a question does. Each is a statement of its own, that sees all that was committed before it was asked, and
 * fails alone. They are answered one after the other: a statement that waited for a lock would make strangers wait for it, and has no
 * business here.
 */
import { DatabaseError } from './errors.ts'

interface Questions {
  query<R>(text: string, params?: readonly unknown[], options?: Options): Promise<R[]>
}
interface Options {
  readonly name?: string
}
type Together = (ask: (connection: Questions) => Promise<unknown>) => Promise<unknown>

interface Asked {
  readonly ask: (connection: Questions) => Promise<unknown>
  readonly answer: (rows: unknown) => void
  readonly fail: (error: unknown) => void
}

/** On one connection: the rest of a crowd has another, and another core of the server. */
const most = 16

/** @returns what went wrong with the connection itself */
async function tell({ ask, answer, fail }: Asked, connection: Questions): Promise<Error | undefined> {
  try {
    answer(await ask(connection))
    return undefined
  } catch (error) {
    fail(error)
    return isOfStatement(error) ? undefined : (error as Error)
  }
}

const isOfStatement = (error: unknown): boolean =>
  error instanceof DatabaseError && error.kind !== 'unavailable' && error.sqlState !== ''

export function createGathering(together: Together): Questions['query'] {
  let waiting: Asked[] = []

  function send(): void {
    const all = waiting
    waiting = []
    for (let from = 0; from < all.length; from += most) void sendOne(all.slice(from, from + most))
  }

  async function sendOne(asked: readonly Asked[]): Promise<void> {
    try {
      await together(async (connection) => {
        const broke = await Promise.all(asked.map((one) => tell(one, connection)))
        const first = broke.find((error) => error !== undefined)
        // Nobody else is lent a connection that has died: its pool may not know of it yet.
        if (first !== undefined) throw first
      })
    } catch (error) {
      // There was no connection, or it is gone. Whoever has heard keeps what they heard.
      for (const { fail } of asked) fail(error)
    }
  }

  return <R>(text: string, params?: readonly unknown[], options?: Options) => {
    const { promise, resolve, reject } = Promise.withResolvers<R[]>()
    // When everything that has come in by then has been looked at.
    if (waiting.length === 0) setImmediate(send)
    waiting.push({
      ask: (connection) => connection.query(text, params, options),
      answer: (rows) => resolve(rows as R[]),
      fail: reject,
    })
    return promise
  }
}
