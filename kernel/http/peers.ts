/**
 * How a service asks another: a signed HTTP call with a deadline, a retry budget (only where repeating is harmless), a
 * breaker per peer and a bound on the size of what comes back. Contracts build their clients on this.
 */
import { z } from 'zod'
import { correlation } from '../context/index.ts'
import { Fault, faults } from '../errors/index.ts'
import { boundedText, createRetryBudget, withDeadline, type Breakers } from '../resilience/index.ts'
import type { Signer } from './signatures.ts'

export const peerFault = faults('kernel.peer', {
  unknown: [503, 'A part of the system that this needs is not set up.'],
  unavailable: [503, 'A part of the system does not answer at the moment. Try again in a minute.'],
  confused: [502, 'A part of the system gave an answer that cannot be used.'],
})

/** Where the peers are and which key speaks for each. */
export const PeerTable = z.record(
  z.string().regex(/^[a-z]{2,32}$/),
  z.object({ url: z.url(), key: z.string().length(43) }),
)
export type PeerTable = z.output<typeof PeerTable>

export interface PeerCall<R> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Path and query. */
  readonly path: string
  readonly body?: unknown
  readonly reply: z.ZodType<R>
  readonly timeoutMs?: number
  /** Bytes of the answer, where it may be longer than others. */
  readonly longestAnswer?: number
  /** False in the ballot world, so that nothing of an identified request travels. */
  readonly carryCorrelation?: boolean
  readonly signal?: AbortSignal
  /** For callers with their own patience (feeds, the outbox): no breaker between. */
  readonly unguarded?: boolean
}

export interface Peer {
  /** @throws Fault of the peer (below 500) as it is; kernel.peer.* or kernel.resilience.* otherwise. */
  call<R>(call: PeerCall<R>): Promise<R>
}

export interface PeersOptions {
  readonly table: PeerTable
  readonly signer: Signer
  readonly breakers: Breakers
  readonly fetch?: typeof fetch
}

const longestAnswer = 8 * 1024 * 1024

export function createPeers({ table, signer, breakers, fetch: fetcher = fetch }: PeersOptions) {
  const withRetry = createRetryBudget()

  async function once<R>(
    { base, name }: { base: string; name: string },
    call: PeerCall<R>,
    signal: AbortSignal,
  ): Promise<R> {
    const url = new URL(call.path, base)
    const body = call.body === undefined ? '' : JSON.stringify(call.body)
    const carried = call.carryCorrelation === false ? undefined : correlation()
    const response = await fetcher(url, {
      method: call.method,
      redirect: 'error',
      signal: call.signal === undefined ? signal : AbortSignal.any([signal, call.signal]),
      headers: {
        ...signer.headers({ method: call.method, target: `${url.pathname}${url.search}`, body }, name),
        ...(body === '' ? {} : { 'content-type': 'application/json' }),
        ...(carried === undefined ? {} : { 'x-correlation-id': carried }),
      },
      ...(body === '' ? {} : { body }),
    })
    const text = await boundedText(response, call.longestAnswer ?? longestAnswer, () => peerFault.confused())
    if (!response.ok) throw refusalOf(response.status, text)
    const parsed = call.reply.safeParse(text === '' ? undefined : safeJson(text))
    if (!parsed.success) throw peerFault.confused(parsed.error)
    return parsed.data
  }

  return {
    peer(name: string): Peer {
      return {
        async call(call) {
          const entry = table[name]
          if (entry === undefined) throw peerFault.unknown()
          const attempt = () =>
            withDeadline(call.timeoutMs ?? 5_000, (signal) =>
              translated(once({ base: entry.url, name }, call, signal)),
            )
          const harmless = call.method === 'GET' || call.method === 'PUT'
          if (call.unguarded === true) return attempt()
          return breakers
            .breaker(`peer:${name}`)
            .run(() => withRetry(attempt, (error) => harmless && isTransient(error)))
        },
      }
    },
    names: (): readonly string[] => Object.keys(table),
    url: (name: string): string | undefined => table[name]?.url,
  }
}
export type Peers = ReturnType<typeof createPeers>

const Problem = z.object({ code: z.string(), title: z.string(), status: z.number().int() })

/** A peer's planned refusal stays itself; its bug is an outage to us. */
function refusalOf(status: number, text: string): Fault {
  const problem = Problem.safeParse(safeJson(text))
  if (problem.success && status < 500) return new Fault(problem.data.code, status, problem.data.title)
  return peerFault.unavailable(new Error(`The peer answered ${status}.`), { retryAfterSeconds: 5 })
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function translated<R>(answer: Promise<R>): Promise<R> {
  try {
    return await answer
  } catch (error) {
    throw error instanceof Fault ? error : peerFault.unavailable(error, { retryAfterSeconds: 5 })
  }
}

function isTransient(error: unknown): boolean {
  return error instanceof Fault && error.code === 'kernel.peer.unavailable'
}
