/**
 * Refusals as AuthZEN tells them (section 12.1.12): a string that says what is wrong, under 400, 401, 403 or 500. What elsewhere is another
 * kind of wrong request is 400 here (certification scenario, 2.4.3); what tells when to come back keeps its own status.
 */
import { problem, type Dialect } from '@althing/kernel/http'

export const authzen: Dialect = (fault, correlation) => {
  const { headers } = problem(fault, correlation)
  const fields = fault.fields.map(({ pointer, message }) => `\n${pointer}: ${message}`).join('')
  return {
    status: fault.status === 415 ? 400 : fault.status,
    headers: { ...headers, 'content-type': 'text/plain; charset=utf-8' },
    body: `${fault.title} (${fault.code})${fields}\n`,
  }
}
