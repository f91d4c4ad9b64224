import { Entitlements, ManifestCopy, TicketAnswer, type TicketRequest } from '@althing/events/contract'
import { Membership } from '@althing/members/contract'
import { Me } from '@althing/portal/contract'
import { ask } from '@althing/web-ui/dom/http.ts'

/** What this page asks of the person origin, in the browser's own session. */
export const me = () => ask('/session/me', { parse: (value) => Me.parse(value) })

export const entitlements = () =>
  ask('/api/events/me/entitlements', { parse: (value) => Entitlements.parse(value).entitlements })

export const membership = () =>
  ask('/api/members/me/membership', { parse: (value) => Membership.parse(value) })

export const manifest = (election: string) =>
  ask(`/api/events/elections/${election}/manifest`, { parse: (value) => ManifestCopy.parse(value) })

export const tickets = (csrf: string) => (body: TicketRequest) =>
  ask('/api/events/tickets', { method: 'POST', body, csrf, parse: (value) => TicketAnswer.parse(value) })
