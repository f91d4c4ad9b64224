import { AdminElection, Result } from '@althing/elections/contract'
import { May, Me, type ConsoleAction, type Thing } from '@althing/portal/contract'
import { ask } from '@althing/web-ui/dom/http.ts'
import { z } from 'zod'

/** What the console asks. Whether this person may is decided behind it; a refusal is shown as it comes. */
const Answered = z.object({ election: AdminElection })
const Listed = z.object({ elections: z.array(AdminElection) })
const base = '/api/admin/elections'

export const me = () => ask('/session/me', { parse: (value) => Me.parse(value) })

/** Who is here, the rooms that are open to them and what they may do, of all or of one thing, as it was decided behind it at this moment. */
export const standing = (thing: Thing | null) =>
  ask(`/session/may${thing === null ? '' : `?${new URLSearchParams(thing).toString()}`}`, {
    parse: (value) => May.parse(value),
  })

/** Whether whoever is here may do something: whoever may not is offered no button. */
export type MayI = (action: ConsoleAction) => boolean
export async function mayI(): Promise<MayI> {
  const { may } = await standing(null)
  return (action) => may.includes(action)
}

export const list = () =>
  ask(`${base}?includeHidden=true&limit=200`, { parse: (value) => Listed.parse(value).elections })

export const show = (id: string) => ask(`${base}/${id}`, { parse: (value) => Answered.parse(value).election })

export const results = (id: string) => ask(`${base}/${id}/results`, { parse: (value) => Result.parse(value) })

/** Everything that changes something; the token is asked for each time, because it lives as long as the session. */
async function change(
  path: string,
  method: 'POST' | 'PATCH',
  body?: unknown,
  more: { readonly idempotencyKey?: string } = {},
): Promise<AdminElection> {
  const { csrf } = await me()
  const parse = (value: unknown) => Answered.parse(value).election
  // Opening waits for the roll, counting for the board.
  return ask(path, {
    method,
    csrf,
    parse,
    ...more,
    timeoutMs: 60_000,
    ...(body === undefined ? {} : { body }),
  })
}

/** @param idempotencyKey of this very draft: sent again after a lost answer, it makes no second one */
export const create = (body: unknown, idempotencyKey: string) =>
  change(base, 'POST', body, { idempotencyKey })
export const patch = (id: string, body: unknown) => change(`${base}/${id}`, 'PATCH', body)
export const open = (id: string) => change(`${base}/${id}/open`, 'POST', {})
export const tally = (id: string, privateKey: string) =>
  change(`${base}/${id}/tally`, 'POST', { private_key: privateKey })
export const step = (id: string, verb: 'pause' | 'resume' | 'close' | 'hide' | 'unhide') =>
  change(`${base}/${id}/${verb}`, 'POST')
