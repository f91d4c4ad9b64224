/** What the console asks of identity about programs that come in their own name. */
import { Done } from '@althing/identity/contract'
import { ask } from '@althing/web-ui/dom/http.ts'
import { z } from 'zod'
import { me } from './api.ts'

export const kinds = ['service', 'service-test', 'integration', 'workload', 'assistant'] as const
export type Kind = (typeof kinds)[number]
export const isKind = (word: string): word is Kind => kinds.some((kind) => kind === word)

export const scopes = [
  'members.read',
  'people.read',
  'login-events.read',
  'alerts.read',
  'mail.read',
  'signals.read',
  'clients.read',
  'settings.read',
  'access.evaluate',
  'entities.write',
] as const

const Key = z.object({
  id: z.string(),
  state: z.enum(['live', 'over', 'revoked']),
  scopes: z.array(z.string()),
  resources: z.record(z.string(), z.string()),
  networks: z.array(z.string()).nullable(),
  hours: z.tuple([z.number(), z.number()]).nullable(),
  madeAt: z.string(),
  endsAt: z.string(),
  rotated: z.boolean(),
  usedAt: z.string().nullable(),
})
export type Key = z.output<typeof Key>

const Program = z.object({
  id: z.string(),
  kind: z.enum(kinds),
  name: z.string(),
  purpose: z.string(),
  ownerKind: z.enum(['person', 'organisation']),
  owner: z.string().nullable(),
  disabled: z.boolean(),
  madeAt: z.string(),
  usedAt: z.string().nullable(),
  limits: z.object({ tokenMinutes: z.number(), keyDays: z.number(), atDoors: z.boolean() }),
  keys: z.array(Key),
})
export type Program = z.output<typeof Program>

const Programs = z.object({ identities: z.array(Program), next: z.string().nullable() })
const Once = z.object({ identity: Program, key: z.string() })

const base = '/api/identity/service-identities'
const at = (id: string) => `${base}/${encodeURIComponent(id)}`

export function programs(filter: Readonly<Record<string, string>>) {
  const given = Object.entries(filter).filter(([, value]) => value !== '')
  return ask(`${base}?${new URLSearchParams(given).toString()}`, { parse: (value) => Programs.parse(value) })
}

const one = (value: unknown) => Program.parse(value)
const once = (value: unknown) => Once.parse(value)

export const program = (id: string) => ask(at(id), { parse: one })

/** Everything that changes something; the token is asked for each time, because it lives as long as the session. */
async function send<T>(
  path: string,
  method: 'POST' | 'DELETE',
  parse: (value: unknown) => T,
  body?: unknown,
) {
  const { csrf } = await me()
  return ask(path, { method, csrf, parse, ...(body === undefined ? {} : { body }) })
}

export const create = (body: unknown) => send(base, 'POST', one, body)
export const disable = (id: string) => send(`${at(id)}/disable`, 'POST', one, {})
export const enable = (id: string) => send(`${at(id)}/enable`, 'POST', one, {})
export const remove = (id: string) => send(at(id), 'DELETE', (value) => Done.parse(value))
export const addKey = (id: string, body: unknown) => send(`${at(id)}/keys`, 'POST', once, body)
export const rotateKey = (id: string, key: string, until: string) =>
  send(`${at(id)}/keys/${key}/rotate`, 'POST', once, { until })
export const revokeKey = (id: string, key: string) => send(`${at(id)}/keys/${key}/revoke`, 'POST', one, {})
