/** What the console asks of identity about applications that sign people in. */
import { Done } from '@althing/identity/contract'
import { ask } from '@althing/web-ui/dom/http.ts'
import { z } from 'zod'
import { me } from './api.ts'

const kinds = ['web', 'native', 'spa', 'machine', 'device'] as const
export type Kind = (typeof kinds)[number]
export const isKind = (word: string): word is Kind => kinds.some((kind) => kind === word)

const Secret = z.object({
  id: z.string(),
  madeAt: z.string(),
  endsAt: z.string().nullable(),
  usedAt: z.string().nullable(),
  notice: z.enum(['old', 'ending']).nullable(),
})
export type Secret = z.output<typeof Secret>

const Listed = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(kinds),
  policy: z.string(),
  disabled: z.boolean(),
  usedAt: z.string().nullable(),
  provesBySecret: z.boolean(),
  secrets: z.array(Secret),
  weakened: z.array(z.string()),
})
export type Listed = z.output<typeof Listed>

const Client = Listed.extend({
  createdAt: z.string(),
  updatedAt: z.string(),
  /** What a change is made from. */
  version: z.string(),
  issuer: z.string(),
  metadata: z.looseObject({
    redirect_uris: z.array(z.string()),
    post_logout_redirect_uris: z.array(z.string()),
    scope: z.string(),
    grant_types: z.array(z.string()),
    token_endpoint_auth_method: z.string(),
    resources: z.record(z.string(), z.string()).optional(),
    consent: z.string().optional(),
    national_id_purpose: z.object({ is: z.string(), en: z.string() }).optional(),
  }),
})
export type Client = z.output<typeof Client>

const Whole = Client.extend({ logoHref: z.string().nullable() })
export type Whole = z.output<typeof Whole>

const Clients = z.object({ clients: z.array(Listed), next: z.string().nullable() })
const Once = z.object({ client: Client, secret: z.string().nullable() })
export type Once = z.output<typeof Once>

const Server = z.object({ uri: z.string(), name: z.string(), scopes: z.array(z.string()) })
export type Server = z.output<typeof Server>
const Servers = z.object({ resources: z.array(Server) })

const base = '/api/identity/clients'
const at = (id: string) => `${base}/${encodeURIComponent(id)}`

export function clients(filter: Readonly<Record<string, string>>) {
  const given = Object.entries(filter).filter(([, value]) => value !== '')
  return ask(`${base}?${new URLSearchParams(given).toString()}`, { parse: (value) => Clients.parse(value) })
}

export const client = (id: string) => ask(at(id), { parse: (value) => Whole.parse(value) })

/** Which servers tokens can be for, each with its scopes. */
export const servers = () =>
  ask('/api/identity/resources', { parse: (value) => Servers.parse(value).resources })

/** Everything that changes something; the token is asked for each time, because it lives as long as the session. */
async function send<T>(
  path: string,
  method: 'POST' | 'PATCH' | 'DELETE',
  parse: (value: unknown) => T,
  body?: unknown,
) {
  const { csrf } = await me()
  return ask(path, { method, csrf, parse, ...(body === undefined ? {} : { body }) })
}
const once = (value: unknown) => Once.parse(value)
const one = (value: unknown) => Client.parse(value)
const done = (value: unknown) => Done.parse(value)

export const create = (body: unknown) => send(base, 'POST', once, body)
export const change = (id: string, body: unknown) => send(at(id), 'PATCH', once, body)
export const disable = (id: string) => send(`${at(id)}/disable`, 'POST', one, {})
export const enable = (id: string) => send(`${at(id)}/enable`, 'POST', one, {})
export const remove = (id: string) => send(at(id), 'DELETE', done)
export const addSecret = (id: string) => send(`${at(id)}/secrets`, 'POST', once, {})
export const retireSecret = (id: string, secret: string, endsAt: string | undefined) =>
  send(`${at(id)}/secrets/${secret}/retire`, 'POST', one, endsAt === undefined ? {} : { endsAt })
export const putLogo = (id: string, png: string) => send(`${at(id)}/logo`, 'POST', done, { png })
export const dropLogo = (id: string) => send(`${at(id)}/logo`, 'DELETE', done)
