/**
 * Fault: a refusal we planned for. Everything else that is thrown is a bug and is reported as one.
 * A fault carries what the caller may see (code, title, fields) and what only the operator may see (cause).
 */

/** One mistake in the input: `pointer` is an RFC 6901 JSON Pointer into body, query or path; the value is never quoted. */
export interface FieldError {
  readonly pointer: string
  readonly message: string
}

export interface FaultOptions {
  readonly fields?: readonly FieldError[]
  /** For 429 and 503: when it is worth asking again (RFC 9110, section 10.2.3). */
  readonly retryAfterSeconds?: number
  /** Members added to the problem document (RFC 9457, section 3.2); must not quote input. */
  readonly extensions?: Readonly<Record<string, string | number | boolean>>
}

export class Fault extends Error {
  readonly code: string
  readonly status: number
  /** Tells a person what to do next. Never quotes input. */
  readonly title: string
  readonly fields: readonly FieldError[]
  readonly retryAfterSeconds: number | undefined
  readonly extensions: Readonly<Record<string, string | number | boolean>>

  constructor(code: string, status: number, title: string, cause?: unknown, options: FaultOptions = {}) {
    super(`${code}: ${title}`, cause === undefined ? undefined : { cause })
    this.name = 'Fault'
    this.code = code
    this.status = status
    this.title = title
    this.fields = options.fields ?? []
    this.retryAfterSeconds = options.retryAfterSeconds
    this.extensions = options.extensions ?? {}
  }
}

type Table = Readonly<Record<string, readonly [status: number, title: string]>>
export type FaultMaker = (cause?: unknown, options?: FaultOptions) => Fault
export type Faults<T extends Table> = { readonly [word in keyof T]: FaultMaker }

const catalogue = new Map<string, { readonly status: number; readonly title: string }>()

/**
 * Declares every way a feature can say no. Codes are `prefix.word`, unique in the process and part of the API.
 * @throws Error when a code is declared twice with another meaning: codes are keys of the translations.
 */
export function faults<const T extends Table>(prefix: string, table: T): Faults<T> {
  const makers: Record<string, FaultMaker> = {}
  for (const [word, [status, title]] of Object.entries(table)) {
    const code = `${prefix}.${word}`
    register(code, status, title)
    makers[word] = (cause, options) => new Fault(code, status, title, cause, options)
  }
  return makers as Faults<T>
}

function register(code: string, status: number, title: string): void {
  const known = catalogue.get(code)
  if (known !== undefined && (known.status !== status || known.title !== title)) {
    throw new Error(`The fault ${code} is declared twice. Give one of them another word.`)
  }
  catalogue.set(code, { status, title })
}

/** Every fault declared so far, for the manual and for the test that each has a title in each language. */
export function faultCatalogue(): ReadonlyMap<string, { readonly status: number; readonly title: string }> {
  return catalogue
}

export function isFault(error: unknown, code?: string): error is Fault {
  return error instanceof Fault && (code === undefined || error.code === code)
}
