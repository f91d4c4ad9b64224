/** What an application asked of a person who is elsewhere, as the engine keeps it, and the answer written to where the engine looks for it. */
import { z } from 'zod'
import type { Allowed, AskedFor } from '../asked-elsewhere.ts'
import { scopes as ours } from './schema.ts'
import type { RecordStore } from './store.ts'

const kind = 'BackchannelAuthenticationRequest'
const thirtyDays = 30 * 24 * 3600

const words = z
  .string()
  .default('')
  .transform((text) => text.split(' ').filter((word) => word !== ''))
const Details = z.array(z.looseObject({ type: z.string() }))

const Kept = z.looseObject({
  accountId: z.string(),
  clientId: z.string(),
  exp: z.number(),
  resource: z.union([z.string().transform((one) => [one]), z.array(z.string())]).default([]),
  scope: words,
  params: z.looseObject({
    binding_message: z.string().optional(),
    acr_values: z.string().optional(),
    authorization_details: z.string().optional(),
    client_notification_token: z.string().optional(),
  }),
})

interface Needs {
  readonly records: Pick<RecordStore, 'find' | 'putAll'>
  readonly now: () => Date
  /** For the grant that an answer makes. */
  readonly newId: () => string
}

export function backchannelRecords({ records, now, newId }: Needs) {
  async function find(id: string) {
    const found = await records.find(kind, id)
    return found === null ? null : Kept.parse(found)
  }

  async function open(id: string): Promise<AskedFor | null> {
    const found = await find(id)
    if (found === null) return null
    const { scope, resource, params } = found
    return {
      scopes: scope,
      resources: resource,
      message: params.binding_message ?? null,
      levels: params.acr_values ?? null,
      details: detailsOf(params.authorization_details),
      token: params.client_notification_token ?? null,
    }
  }

  /** The same words as `backchannelResult` of the engine writes, in the transaction of the decision. False when it is not there any more. */
  async function allow(id: string, { given, refused, acr, amr, authTime }: Allowed): Promise<boolean> {
    const found = await find(id)
    if (found === null) return false
    const at = Math.floor(now().getTime() / 1000)
    const { accountId, clientId, resource, params } = found
    const grantId = newId()
    const told = given.filter((word) => isOurs(word)).join(' ')
    const elsewhere = given.filter((word) => !isOurs(word)).join(' ')
    const payload = {
      kind: 'Grant',
      accountId,
      clientId,
      iat: at,
      exp: at + thirtyDays,
      openid: { scope: told },
      ...(elsewhere === '' ? {} : { resources: Object.fromEntries(resource.map((uri) => [uri, elsewhere])) }),
      ...(refused.length === 0 ? {} : { rejected: { openid: { scope: refused.join(' ') } } }),
    }
    await records.putAll([{ kind: 'Grant', id: grantId, payload, expiresInSeconds: thirtyDays }])
    const details = detailsOf(params.authorization_details)
    const proof = { acr, amr: [...amr], authTime: Math.floor(authTime.getTime() / 1000) }
    await write(id, { grantId, ...proof, ...(details.length === 0 ? {} : { rar: details }) })
    return true
  }

  const refuse = (id: string): Promise<void> =>
    write(id, { error: 'access_denied', errorDescription: 'The person said no.' })

  async function write(id: string, answer: Readonly<Record<string, unknown>>): Promise<void> {
    const found = await records.find(kind, id)
    if (found === null) return
    const seconds = Kept.parse(found).exp - now().getTime() / 1000
    const expiresInSeconds = Math.max(1, seconds) + 600
    await records.putAll([{ kind, id, payload: { ...found, ...answer }, expiresInSeconds }])
  }

  return { open, allow, refuse }
}

const isOurs = (word: string): boolean => (ours as readonly string[]).includes(word)
const detailsOf = (text: string | undefined) => (text === undefined ? [] : Details.parse(JSON.parse(text)))
