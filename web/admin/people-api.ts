import {
  AccountDetail,
  Done,
  ListedAccount,
  ListedApplication,
  ListedDelivery,
  LoginTry,
  NamesOf,
  PersonId,
  QueuedLetter,
  RefusalCount,
  SecurityAlert,
  SecurityAlertDetail,
  SettingsInForce,
  Suppressed,
} from '@althing/identity/contract'
import { ask } from '@althing/web-ui/dom/http.ts'
import { z } from 'zod'
import { me } from './api.ts'

/** What the console asks of identity. Whether this person may is decided behind it; a refusal is shown as it comes. */
const base = '/api/identity'

const queryOf = (parts: Readonly<Record<string, string>>) =>
  new URLSearchParams(Object.entries(parts).filter(([, value]) => value !== '')).toString()

function get<S extends z.ZodType>(path: string, shape: S): Promise<z.output<S>> {
  return ask(`${base}${path}`, { parse: (value) => shape.parse(value) })
}

async function post<S extends z.ZodType>(path: string, shape: S, body: unknown = {}): Promise<z.output<S>> {
  const { csrf } = await me()
  return ask(`${base}${path}`, { method: 'POST', csrf, body, parse: (value) => shape.parse(value) })
}

const People = z.object({ users: z.array(ListedAccount), next: z.string().nullable() })
const Applications = z.object({ applications: z.array(ListedApplication), next: z.string().nullable() })
const Tries = z.object({ events: z.array(LoginTry), next: z.string().nullable() })
const Reasons = z.object({ reasons: z.array(RefusalCount) })
const Alerts = z.object({ alerts: z.array(SecurityAlert), next: z.string().nullable() })
const Queue = z.object({ letters: z.array(QueuedLetter) })
const Sent = z.object({ deliveries: z.array(ListedDelivery), next: z.string().nullable() })
const HeldBack = z.object({ suppressions: z.array(Suppressed) })
const Paper = z.object({ code: z.string(), until: z.iso.datetime() })
export type Paper = z.output<typeof Paper>

export const people = (filter: { q: string; status: string; by: string; after: string }) =>
  get(`/users?${queryOf(filter)}`, People)
export const person = (id: string) => get(`/users/${id}`, AccountDetail)
/** Whether it may be somebody of ours at all. */
export const isAccount = (id: string): boolean => PersonId.safeParse(id).success

/**
 * What people are called; of a page of a list in one question, and of a long one in a few. Applications have people of their own, whom nobody knows
 * by name here.
 */
export async function names(of: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const ids = of.filter(isAccount)
  const found = new Map<string, string>()
  for (let n = 0; n < ids.length; n += 100) {
    const answer = await get(`/names?${queryOf({ of: ids.slice(n, n + 100).join(',') })}`, NamesOf)
    for (const [id, name] of Object.entries(answer.names)) found.set(id, name)
  }
  return found
}
export const create = (body: unknown) => post('/users', ListedAccount, body)
export const setStatus = (
  id: string,
  status: 'active' | 'suspended' | 'banned',
  words: { readonly reason: string; readonly told: string },
) => post(`/users/${id}/status`, ListedAccount, { status, ...words })
export const setRoles = (id: string, roles: readonly string[], reason: string) =>
  post(`/users/${id}/roles`, ListedAccount, { roles, reason })
export const signOut = (id: string) => post(`/users/${id}/sign-out`, z.object({ ended: z.int() }))
export const invite = (id: string) => post(`/users/${id}/activate`, z.object({ sent: z.literal(true) }))
export const paperCode = (id: string) => post(`/users/${id}/paper-code`, Paper)
export const resetFactors = (id: string, reason: string) =>
  post(`/users/${id}/reset-factors`, Done.extend({ ended: z.int() }), { reason })

export const applications = (state: string) => get(`/applications?${queryOf({ state })}`, Applications)
export const application = (id: string) => get(`/applications/${id}`, ListedApplication)
export const approve = (id: string) => post(`/applications/${id}/approve`, z.object({ account: z.string() }))
export const reject = (id: string, reason: string) => post(`/applications/${id}/reject`, Done, { reason })

export const tries = (filter: { result: string; before: string }) =>
  get(`/login-events?${queryOf(filter)}`, Tries)
export const reasons = (days: string) => get(`/login-events/reasons?${queryOf({ days })}`, Reasons)

export const alerts = (filter: { state: string; severity: string; before: string }) =>
  get(`/alerts?${queryOf(filter)}`, Alerts)
export const alert = (id: string) => get(`/alerts/${id}`, SecurityAlertDetail)
export const resolve = (id: string, reason: string) =>
  post(`/alerts/${id}/resolve`, SecurityAlert, { reason })

export const mailQueue = () => get('/mail/queue', Queue)
export const sendAgain = (id: string) => post(`/mail/queue/${id}/retry`, Done)
export const deliveries = (filter: { state: string; before: string; account: string }) =>
  get(`/mail/deliveries?${queryOf(filter)}`, Sent)
export const suppressions = () => get('/mail/suppressions', HeldBack)
const Lifted = z.object({ done: z.literal(true), carrier: z.enum(['without_lists', 'released', 'kept']) })
export type Lifted = z.output<typeof Lifted>
export const lift = (address: string) => post('/mail/suppressions/lift', Lifted, { address })

export const settings = () => get('/settings', SettingsInForce)
