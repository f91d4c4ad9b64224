/** What administrators do with applications: look, make, change, disable, remove, and give secrets. */
import type { Chance, Clock, Ids } from '@althing/kernel/context'
import { fault } from './faults.ts'
import { hasSecret, kindOf, ofKind } from './kinds.ts'
import { judged, type Judging } from './rules.ts'
import {
  ClientId,
  portalClient,
  programsClient,
  type Client,
  type ClientFilter,
  type ClientKind,
  type ClientSecret,
  type ClientWords,
} from './schema.ts'
import type { Known } from './servers.ts'
import type { ClientStore } from './store.ts'
import { weakenedIn, type Weakness } from './weakened.ts'
import { newSecret, sealedSecret, versionOf, type Writing } from './writing.ts'

interface Needs extends Judging {
  readonly clock: Clock
  readonly ids: Ids
  readonly chance: Chance
  readonly sealingKey: Uint8Array
  readonly store: ClientStore
  readonly write: Writing
  readonly servers: () => Promise<Known['servers']>
  /** Of secrets that are older, or end within fewer days, somebody is to be reminded. */
  readonly secretDays: number
  readonly warnDays: number
}

export interface ShownSecret extends Omit<ClientSecret, 'sealed' | 'client'> {
  /** What somebody has to see about it. */
  readonly notice: 'old' | 'ending' | null
}

export interface ShownClient extends Client {
  readonly kind: ClientKind
  readonly version: string
  readonly provesBySecret: boolean
  readonly secrets: readonly ShownSecret[]
  readonly weakened: readonly Weakness[]
}

/** What is to be another way; null takes a word of the metadata away. */
interface Changes {
  readonly name?: string | undefined
  readonly metadata: Readonly<Record<string, unknown>>
  /** The version that whoever changes it was looking at: of two who saw the same one, the second is told. */
  readonly madeFrom?: string | undefined
}

export interface WishedClient {
  readonly kind: ClientKind
  readonly id?: string | undefined
  readonly name: string
  readonly metadata: ClientWords
}

const dayMs = 86_400_000

export function createClientOperations(needs: Needs) {
  const { clock, ids, store, write } = needs

  async function list(filter: ClientFilter, after: string, most: number): Promise<ShownClient[]> {
    return shown(await store.list(filter, after, most))
  }

  /** @throws Fault not_found, of_settings */
  async function show(id: string): Promise<ShownClient> {
    const [one] = await shown([await found(id, store.byId)])
    if (one === undefined) throw fault.not_found()
    return one
  }

  async function shown(clients: readonly Client[]): Promise<ShownClient[]> {
    const now = clock.now()
    const secrets = await store.secretsOf(
      clients.map(({ id }) => id),
      now,
    )
    return clients.map((client) => ({
      ...client,
      kind: kindOf(client.metadata),
      version: versionOf(client),
      provesBySecret: hasSecret(client.metadata),
      secrets: secrets.filter((one) => one.client === client.id).map((one) => shownSecret(one, now, needs)),
      weakened: weakenedIn(client.metadata),
    }))
  }

  /** @throws Fault metadata, which names the fields; taken */
  async function create({ kind, name, metadata, ...more }: WishedClient, actor: string) {
    const id = more.id ?? ids.create('app')
    if (!ClientId.safeParse(id).success) throw fault.taken()
    const known = { servers: await needs.servers() }
    const client = { id, name, metadata: judged(ofKind(kind, metadata), { ...needs, known }) }
    const made = await write((parts) => parts.make(client, sealedSecret(needs, id, client.metadata), actor))
    if (made === null) throw fault.taken()
    return { client: await show(id), secret: made.secret }
  }

  /**
   * Only what is named changes. Who says no version is heard beside whoever changes something else.
   * @throws Fault not_found, metadata, changed_meanwhile
   */
  async function change(id: string, { name, metadata, madeFrom }: Changes, actor: string) {
    const servers = await needs.servers()
    const { secret } = await write(async (parts) => {
      const before = await found(id, parts.locked)
      if (madeFrom !== undefined && madeFrom !== versionOf(before)) throw fault.changed_meanwhile()
      const words = Object.entries({ ...before.metadata, ...metadata }).filter(([, value]) => value !== null)
      const after = {
        id,
        name: name ?? before.name,
        metadata: judged(Object.fromEntries(words) as ClientWords, {
          ...needs,
          known: { servers, before: before.metadata.resources },
        }),
      }
      return parts.change(before, after, sealedSecret(needs, id, after.metadata), actor)
    })
    return { client: await show(id), secret }
  }

  async function setDisabled(id: string, isDisabled: boolean, actor: string): Promise<ShownClient> {
    await write(async (parts) => {
      await found(id, parts.locked)
      await parts.setDisabled(id, isDisabled, actor)
    })
    return show(id)
  }

  async function remove(id: string, actor: string): Promise<void> {
    await write(async (parts) => {
      await found(id, parts.locked)
      await parts.remove(id, actor)
    })
  }

  /** Answered once and never again. @throws Fault not_found, has_no_secret, too_many_secrets */
  async function addSecret(id: string, actor: string) {
    const secret = newSecret(needs, id)
    await write(async (parts) => parts.addSecret(await found(id, parts.locked), secret, actor))
    return { client: await show(id), secret: secret.value }
  }

  /** @param endsAt when it opens nothing any more; at once when nothing is said. @throws Fault not_found, no_secret, last_secret */
  async function retireSecret(id: string, secret: string, endsAt: Date | undefined, actor: string) {
    await write(async (parts) =>
      parts.retireSecret(await found(id, parts.locked), secret, endsAt ?? clock.now(), actor),
    )
    return show(id)
  }

  return { list, show, create, change, setDisabled, remove, addSecret, retireSecret }
}
export type ClientOperations = ReturnType<typeof createClientOperations>

async function found(id: string, find: (id: string) => Promise<Client | null>): Promise<Client> {
  if (id === portalClient || id === programsClient) throw fault.of_settings()
  const client = await find(id)
  if (client === null) throw fault.not_found()
  return client
}

function shownSecret(
  { sealed: _sealed, client: _client, ...secret }: ClientSecret,
  now: Date,
  { secretDays, warnDays }: Pick<Needs, 'secretDays' | 'warnDays'>,
): ShownSecret {
  const { madeAt, endsAt } = secret
  const isEnding = endsAt !== null && endsAt.getTime() <= now.getTime() + warnDays * dayMs
  const isOld = endsAt === null && madeAt.getTime() <= now.getTime() - secretDays * dayMs
  return { ...secret, notice: isEnding ? 'ending' : isOld ? 'old' : null }
}
