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

/** Problem details (RFC 9457). `type` names the fault for ever; `errors` points at the fields that are not right. */
export const problem: Dialect = (fault, correlation) => ({
  status: fault.status,
  headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...retryAfter(fault) },
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
  headers: { 'content-type': 'application/scim+json', ...retryAfter(fault) },
  body: JSON.stringify({ schemas: [scimError], status: String(fault.status), detail: fault.title }),
})

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
