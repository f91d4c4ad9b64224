import { PublicElection, PublicElections, Receipt, Result, SignedManifest } from '@althing/elections/contract'
import type { Cast } from '@althing/elections/contract'
import { ask } from '@althing/web-ui/dom/http.ts'

/** What the booth asks of its own origin: without a cookie, without saying where it comes from. */
export const elections = () =>
  ask('/api/elections', { anonymous: true, parse: (value) => PublicElections.parse(value).elections })

export const election = (id: string) =>
  ask(`/api/elections/${id}`, { anonymous: true, parse: (value) => PublicElection.parse(value) })

export const manifest = (id: string) =>
  ask(`/api/elections/${id}/manifest`, { anonymous: true, parse: (value) => SignedManifest.parse(value) })

export const results = (id: string) =>
  ask(`/api/elections/${id}/results`, { anonymous: true, parse: (value) => Result.parse(value) })

export const send = (id: string, body: Cast) =>
  ask(`/api/elections/${id}/ballots`, {
    anonymous: true,
    method: 'POST',
    body,
    parse: (value) => Receipt.parse(value),
  })

/** C2SP tlog-proof: that a leaf stands on the board. Null while it does not, or not yet. */
export async function proof(id: string, leaf: string): Promise<string | null> {
  const response = await fetch(`/board/${id}/proof/${leaf}`, {
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    cache: 'no-store',
  })
  if (response.status === 404) return null
  if (!response.ok) throw new Error(`The board answered ${response.status}.`)
  return response.text()
}
