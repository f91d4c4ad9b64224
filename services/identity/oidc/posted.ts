/**
 * A request for authorization that comes as a form (OIDC Core, section 3.1.2.1: POST MUST be understood). It is sent on to the same address
 * as a query: a form from elsewhere brings no cookies with it (SameSite=Lax), and there is one way in which such a request is judged.
 */
import type { IncomingMessage } from 'node:http'
import { httpFault } from '@althing/kernel/http'

/** Bytes. What is longer fits into no address that every proxy on the way takes; it can be pushed (RFC 9126). */
const most = 8 * 1024
/** Several servers may be asked for (RFC 8707, section 2). */
const repeatable = 'resource'

/** @throws Fault kernel.http.wrong_type, .too_large, .invalid (something stands twice; RFC 6749, section 3.1) */
export async function queryOf(request: IncomingMessage): Promise<string> {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded') throw httpFault.wrong_type()
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > most) throw httpFault.too_large()
    chunks.push(chunk)
  }
  const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
  const names = [...form.keys()]
  if (names.some((name, index) => name !== repeatable && names.indexOf(name) !== index))
    throw httpFault.invalid('Something in the form stands twice.')
  const query = form.toString()
  // Written anew, what was sent as it is takes three bytes for one.
  if (query.length > most) throw httpFault.too_large()
  return query
}
