/** What changes an application, bound to one transaction, each with its line in the audit log. */
import type { AuditEntry } from '@althing/kernel/audit'
import type { Chance, Clock, Ids } from '@althing/kernel/context'
import { sealBox, utf8 } from '@althing/kernel/crypto'
import type { Atomically } from '@althing/kernel/service'
import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { fault } from './faults.ts'
import { hasSecret } from './kinds.ts'
import type { Act } from './metrics.ts'
import type { Client, ClientMetadata, ClientSecret } from './schema.ts'
import type { LogoStore } from './logo-store.ts'
import type { ClientStore } from './store.ts'

/** One that has just been made: for its owner once, and for the table. */
export interface NewSecret {
  readonly value: string
  readonly sealed: Uint8Array
}

const yearMs = 366 * 86_400_000

export type Described = Pick<Client, 'id' | 'name' | 'metadata'>

interface Needs {
  readonly clock: Clock
  readonly ids: Ids
  readonly store: ClientStore
  readonly logos: LogoStore
  readonly record: (entry: AuditEntry) => Promise<void>
  /** What people gave it and what it is told: codes, tokens, consents, signals. */
  readonly forget: (client: string) => Promise<void>
  /** What people allowed it: they are asked anew. */
  readonly askAnew: (client: string) => Promise<void>
  readonly counted: (act: Act) => void
}

export function createWriting({ clock, ids, store, logos, record, forget, askAnew, counted }: Needs) {
  async function done(act: Act, id: string, actor: string, fields?: readonly string[]): Promise<void> {
    await record({
      action: `clients.${act}`,
      actor,
      target: { type: 'Client', id },
      outcome: 'done',
      ...(fields === undefined ? {} : { fields }),
    })
    counted(act)
  }

  const place = (client: string, { sealed }: NewSecret) =>
    store.addSecret({ id: ids.create('cls'), client, sealed }, clock.now())

  /** Null when the id is taken. */
  async function make(client: Described, secret: NewSecret | null, actor: string) {
    if (!(await store.add(client, clock.now()))) return null
    if (secret !== null) await place(client.id, secret)
    await done('registered', client.id, actor)
    return { secret: secret?.value ?? null }
  }

  /**
   * To how it is described. Who showed no secret before and does from now on gets one; who shows none any more has none.
   * @returns the fields that changed, and that secret
   */
  async function change(before: Described, after: Described, secret: NewSecret | null, actor: string) {
    const fields = changedFields(before, after)
    if (fields.length === 0) return { fields, secret: null }
    await store.change(after, clock.now())
    // Whoever allowed it for one purpose has not allowed it for another.
    if (before.metadata.national_id_purpose !== undefined && fields.includes('national_id_purpose'))
      await askAnew(after.id)
    const [had, has] = [hasSecret(before.metadata), hasSecret(after.metadata)]
    if (had && !has) await store.dropSecrets(after.id)
    const isNew = !had && has && secret !== null && (await place(after.id, secret))
    await done('changed', after.id, actor, fields)
    return { fields, secret: isNew ? secret.value : null }
  }

  async function setDisabled(id: string, isDisabled: boolean, actor: string): Promise<boolean> {
    if (!(await store.setDisabled(id, isDisabled, clock.now()))) return false
    await done(isDisabled ? 'disabled' : 'enabled', id, actor)
    return true
  }

  async function remove(id: string, actor: string): Promise<boolean> {
    if (!(await store.remove(id))) return false
    await forget(id)
    await done('removed', id, actor)
    return true
  }

  /** @throws Fault has_no_secret, too_many_secrets */
  async function addSecret({ id, metadata }: Described, secret: NewSecret, actor: string): Promise<void> {
    if (!hasSecret(metadata)) throw fault.has_no_secret()
    if (!(await place(id, secret))) throw fault.too_many_secrets()
    await done('secret-made', id, actor)
  }

  /** The last one does not end at once. @throws Fault no_secret, last_secret, end_too_far */
  async function retireSecret({ id }: Described, secret: string, endsAt: Date, actor: string): Promise<void> {
    const now = clock.now()
    if (endsAt.getTime() > now.getTime() + yearMs)
      throw fault.end_too_far(undefined, { fields: [{ pointer: '/endsAt', message: 'is too far away' }] })
    const live = await store.secretsOf([id], now)
    if (!live.some((one) => one.id === secret)) throw fault.no_secret()
    if (endsAt <= now && live.length === 1) throw fault.last_secret()
    if (!(await store.endSecret(id, secret, endsAt, now))) throw fault.no_secret()
    await done('secret-retired', id, actor)
  }

  async function putLogo(client: string, png: Uint8Array, actor: string): Promise<void> {
    await logos.put(client, png)
    await done('logo-changed', client, actor)
  }

  async function dropLogo(client: string, actor: string): Promise<void> {
    if (await logos.drop(client)) await done('logo-changed', client, actor)
  }

  return {
    locked: store.locked,
    lockedAll: store.lockedAll,
    secretsOf: (id: string): Promise<ClientSecret[]> => store.secretsOf([id], clock.now()),
    make,
    change,
    setDisabled,
    remove,
    addSecret,
    retireSecret,
    putLogo,
    dropLogo,
  }
}
export type WritingParts = ReturnType<typeof createWriting>
export type Writing = Atomically<WritingParts>

interface Sealing {
  readonly chance: Chance
  readonly sealingKey: Uint8Array
}

/** Of 256 bits; sealed under the id of its application, so that it opens nothing elsewhere. */
export function newSecret({ chance, sealingKey }: Sealing, client: string): NewSecret {
  const value = Buffer.from(chance.bytes(32)).toString('base64url')
  return { value, sealed: sealBox(sealingKey, utf8(value), utf8(client), chance) }
}

export const sealedSecret = (sealing: Sealing, client: string, metadata: ClientMetadata): NewSecret | null =>
  hasSecret(metadata) ? newSecret(sealing, client) : null

/** What a change was made from: another after every change of what is described, and the same again when it is as it was. */
export const versionOf = ({ name, metadata }: Omit<Described, 'id'>): string => fingerprint([name, metadata])

/** Short enough to be copied by hand; nothing is proven by it. */
export const fingerprint = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16)

/** By the words of RFC 7591; `client_name` for the name. */
export function changedFields(before: Described, after: Described): string[] {
  const names = new Set([...Object.keys(before.metadata), ...Object.keys(after.metadata)])
  const said = (of: Described) => of.metadata as Readonly<Record<string, unknown>>
  return [
    ...(before.name === after.name ? [] : ['client_name']),
    ...[...names].filter((name) => !isDeepStrictEqual(said(before)[name], said(after)[name])),
  ]
}
