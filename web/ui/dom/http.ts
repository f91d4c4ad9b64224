/**
 * A page asks its own origin. Three things may happen, and they are never mixed: an answer, a refusal that says why, or silence:
 * then nobody knows whether it arrived, and whoever asked has to say so.
 */
export interface FieldError {
  readonly pointer: string
  readonly message: string
}

/** Problem details (RFC 9457). */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly status: number
  readonly code: string
  readonly errors: readonly FieldError[]
  /** All that was said, members of its own kind too (RFC 9457, section 3.2). */
  readonly body: Readonly<Record<string, unknown>>

  constructor(
    status: number,
    code: string,
    title: string,
    errors: readonly FieldError[] = [],
    body: Readonly<Record<string, unknown>> = {},
  ) {
    super(title)
    this.status = status
    this.code = code
    this.errors = errors
    this.body = body
  }
}

/** No answer, or none from the service itself: what was asked may have been done. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered'
}

export interface Question<T> {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly body?: unknown
  /** From /session/me: proves that one of our pages asks. */
  readonly csrf?: string
  /** For what must not happen twice when its answer is lost: the same key is the same request. */
  readonly idempotencyKey?: string
  /** The version that was read: whoever else has changed it meanwhile is not written over (RFC 9110, section 13.1.1). */
  readonly ifMatch?: number
  /** On the ballot origin: no cookie either way. */
  readonly anonymous?: boolean
  readonly parse: (value: unknown) => T
  readonly timeoutMs?: number
}

/** @throws Refused, Unanswered */
export async function ask<T>(path: string, question: Question<T>): Promise<T> {
  const response = await send(path, question)
  const body = await read(response)
  if (!response.ok) throw refusal(response.status, body)
  return question.parse(body)
}

async function send<T>(path: string, question: Question<T>): Promise<Response> {
  const {
    method = 'GET',
    body,
    csrf,
    idempotencyKey,
    ifMatch,
    anonymous = false,
    timeoutMs = 20_000,
  } = question
  try {
    return await fetch(path, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(csrf === undefined ? {} : { 'x-csrf-token': csrf }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        ...(ifMatch === undefined ? {} : { 'if-match': `"${ifMatch}"` }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      credentials: anonymous ? 'omit' : 'same-origin',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
  } catch (cause) {
    throw new Unanswered('There was no answer.', { cause })
  }
}

async function read(response: Response): Promise<unknown> {
  try {
    return await response.json()
  } catch (cause) {
    if (response.ok) throw new Unanswered('The answer was cut off.', { cause })
    return null
  }
}

function refusal(status: number, body: unknown): Error {
  const said = isRecord(body) ? body : {}
  const { code, title, errors } = said
  if (typeof code !== 'string') return new Unanswered(`Answered ${status} by something that is not ours.`)
  return new Refused(status, code, typeof title === 'string' ? title : code, fieldErrors(errors), said)
}

function fieldErrors(errors: unknown): FieldError[] {
  if (!Array.isArray(errors)) return []
  return errors.flatMap((one: unknown) =>
    isRecord(one) && typeof one['pointer'] === 'string' && typeof one['message'] === 'string'
      ? [{ pointer: one['pointer'], message: one['message'] }]
      : [],
  )
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
