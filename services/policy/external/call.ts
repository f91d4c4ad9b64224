/** One call to an engine: posted, bounded, not led elsewhere, and read as strictly as what comes in at our own doors. */
import type { Secret } from '@althing/kernel/config'
import type { Egress, Incoming } from '@althing/kernel/egress'
import { parseJson } from '@althing/kernel/http'
import type { z } from 'zod'
import { fault } from './faults.ts'
import type { Words } from './port.ts'

export interface Way {
  readonly url: string
  readonly token: Secret | undefined
  readonly send: Egress['send']
}

interface Posting {
  readonly body: unknown
  readonly milliseconds: number
  readonly headers?: Readonly<Record<string, string>>
}

/** A decision and its reasons: more is no answer to what was asked. */
const mostBytes = 65_536

/** @throws Fault policy.external.*, kernel.egress.* */
export async function post(
  { url, token, send }: Way,
  { body, milliseconds, headers = {} }: Posting,
): Promise<Incoming> {
  const answer = await send(url, {
    method: 'POST',
    headers: {
      ...headers,
      accept: 'application/json',
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token.reveal()}` }),
    },
    body: JSON.stringify(body),
    timeoutMs: milliseconds,
    mostBytes,
  })
  if (answer.status !== 200) throw failureOf(answer)
  return answer
}

/** The cause says a number and nothing else: what came may hold what was asked. */
function failureOf({ status }: Incoming) {
  const cause = new Error(`It answered ${status}.`)
  const isOfTheQuestion = status >= 400 && status < 500 && status !== 408 && status !== 429
  return isOfTheQuestion ? fault.refused(cause) : fault.away(cause)
}

/** @throws Fault policy.external.unreadable, which quotes nothing of it */
export function read<S extends z.ZodType>({ headers, text }: Incoming, schema: S): z.output<S> {
  if (!/^application\/(json|[\w.-]+\+json)\s*(;|$)/i.test(String(headers['content-type'] ?? '')))
    throw fault.unreadable()
  const parsed = schema.safeParse(jsonOf(text))
  if (!parsed.success) throw fault.unreadable()
  return parsed.data
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    throw fault.unreadable()
  }
}

/** A short sentence that can be shown as text: without control characters, and without those that turn the direction of a line round. */
const isSentence = (value: unknown): value is string =>
  typeof value === 'string' && /^[^\p{C}\p{Zl}\p{Zp}]{1,300}$/u.test(value)

/** What can be shown of a reason, however it is said; undefined when nothing can. */
export function wordsOf(said: unknown): Words | undefined {
  if (isSentence(said)) return { en: said }
  if (Array.isArray(said)) return wordsOf(said.find(isSentence))
  if (typeof said !== 'object' || said === null) return undefined
  const { en, is } = said as Readonly<Record<string, unknown>>
  if (!isSentence(en) && !isSentence(is)) return undefined
  return { ...(isSentence(en) ? { en } : {}), ...(isSentence(is) ? { is } : {}) }
}
