/**
 * How a refusal is told. A fault is answered with its code and title. Anything else is a bug: reported with all we
 * know, answered with a reference and nothing more.
 */
import { Fault } from '../errors/index.ts'

export interface Presented {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type Dialect = (fault: Fault, correlation: string | undefined) => Presented

/**
 * Problem details (RFC 9457). `type` names the fault for ever; `errors` points at the fields that are not right. Title and fields are in English,
 * whatever language is asked for: they are for who writes a client. People read it in theirs on our pages, by its code (web/ui/faults.ts).
 */
export const problem: Dialect = (fault, correlation) => ({
  status: fault.status,
  headers: {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    ...challenge(fault),
    ...retryAfter(fault),
  },
  body: JSON.stringify({
    type: `urn:fault:${fault.code}`,
    title: fault.title,
    status: fault.status,
    code: fault.code,
    ...(fault.fields.length > 0 ? { errors: fault.fields } : {}),
    ...(correlation === undefined ? {} : { correlation }),
    ...fault.extensions,
  }),
})

const scimError = 'urn:ietf:params:scim:api:messages:2.0:Error'

/** RFC 7644, section 3.12. */
export const scim: Dialect = (fault) => ({
  status: fault.status,
  headers: { 'content-type': 'application/scim+json', ...challenge(fault), ...retryAfter(fault) },
  body: JSON.stringify({ schemas: [scimError], status: String(fault.status), detail: fault.title }),
})

/** Whoever is not known is told how to become so (RFC 9110, section 15.5.2; RFC 6750, section 3). */
function challenge({ status, code }: Fault): Readonly<Record<string, string>> {
  if (status !== 401) return {}
  const wasShown = code === 'kernel.token.invalid' || code === 'kernel.token.revoked'
  return { 'www-authenticate': wasShown ? 'Bearer error="invalid_token"' : 'Bearer' }
}

export function retryAfter(fault: Fault): Readonly<Record<string, string>> {
  return fault.retryAfterSeconds === undefined
    ? {}
    : { 'retry-after': String(Math.ceil(fault.retryAfterSeconds)) }
}

/** Turns whatever was thrown into a fault; `report` keeps the cause and answers the reference that the caller sees. */
export function asFault(error: unknown, report: (bug: unknown) => string): Fault {
  if (error instanceof Fault) return error
  const reference = report(error)
  return new Fault('kernel.bug', 500, `Something went wrong on our side. Reference: ${reference}`, error)
}
