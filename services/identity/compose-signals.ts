/** What applications are told, and what that is made from: the audit log's lines, facts to other services, keys, grants. */
import type { AuditEntry } from '@althing/kernel/audit'
import { createEgress } from '@althing/kernel/egress'
import type { Clients } from './clients/rules.ts'
import { portalClient } from './clients/schema.ts'
import { createClientStore } from './clients/store.ts'
import type { PublishedKeys } from './keys/published.ts'
import type { Db, IdentityKit } from './kit.ts'
import type { Metrics } from './metrics.ts'
import { namesOf } from './oidc/pairwise.ts'
import { signJws } from './oidc/signer.ts'
import { createRecordStore } from './oidc/store.ts'
import { createSharingStore } from './connections/store.ts'
import { signalOfAddress, signalOfEntry, signalOfMessage } from './signals/changes.ts'
import { createDelivering } from './signals/delivery.ts'
import { createSignalDoor } from './signals/door.ts'
import { createPolling } from './signals/polling.ts'
import { createStreamLife } from './signals/life.ts'
import { createSignalOperations } from './signals/operations.ts'
import { createSignals } from './signals/rules.ts'
import { createStreamSecrets } from './signals/sealed.ts'
import { createSending } from './signals/sending.ts'
import { createDeliveryStore, createStreamStore } from './signals/store.ts'
import { createTelling } from './signals/telling.ts'

type Needed = Pick<IdentityKit, 'clock' | 'ids' | 'chance'>

const tellerIn = ({ clock, ids, chance }: Needed, db: Db) =>
  createTelling({
    clock,
    ids,
    streams: createStreamStore(db),
    deliveries: createDeliveryStore(db),
    async isShut(client) {
      const known = await createClientStore(db).byId(client)
      return known !== null && known.disabledAt !== null
    },
    async knowsAddress(client, account) {
      const grants = await createRecordStore(db, chance).grantsOf(account)
      const choices = await createSharingStore(db).of(account)
      const isKept = choices.some(({ scope, choice }) => scope === 'email' && choice === 'deny')
      return !isKept && grants.some((grant) => grant.client === client && grant.scopes.includes('email'))
    },
  })

/** A kit whose transactions tell applications what they record and say. */
export function tellingSignals(kit: IdentityKit): IdentityKit {
  return {
    ...kit,
    atomic: (parts) =>
      kit.atomic((db, tx) => {
        const tell = tellerIn(kit, db)
        return parts(db, {
          async record(entry: AuditEntry) {
            await tx.record(entry)
            const signal = signalOfEntry(entry)
            if (signal !== null) await tell(signal)
          },
          async send(topic, payload, to) {
            await tx.send(topic, payload, to)
            const signal = signalOfMessage(topic, payload)
            if (signal !== null) await tell(signal)
          },
        })
      }),
  }
}

/** Lent to what changes an address: which one it was stands in no line of the audit log. */
export const addressTeller = (kit: Needed, db: Db) => (account: string, previous: string) =>
  tellerIn(kit, db)(signalOfAddress(account, previous))

export function composeSignals(
  kit: IdentityKit,
  clients: Clients,
  published: PublishedKeys,
  metrics: Metrics,
) {
  const { config, clock, chance, ids, database, atomic, breakers, derivedKey, log } = kit
  const egress = createEgress({ allowed: config.egressAllowed })
  const [streams, deliveries] = [createStreamStore(database), createDeliveryStore(database)]
  const shared = {
    url: config.url,
    clock,
    ids,
    secrets: createStreamSecrets(derivedKey('signal-streams'), chance),
    streams,
    deliveries,
    checkAddress: (url: string) => void egress.checked(url),
    atomically: atomic((db, tx) => ({
      streams: createStreamStore(db),
      deliveries: createDeliveryStore(db),
      record: (entry: AuditEntry) => tx.record(entry),
    })),
  }
  const signals = createSignals(shared)
  const namesFor = async (client: string) => {
    // Also of one that is disabled: what was written before goes out under the name that it knows.
    const words = client === portalClient ? {} : (await createClientStore(database).byId(client))?.metadata
    if (words === undefined) throw new Error('There is no such application.')
    return namesOf(derivedKey('pairwise'), words)
  }
  const making = { issuer: config.url, sign: signerOf(published), namesFor }
  const send = createSending({
    ...making,
    clock,
    egress,
    breaker: (name) => breakers.breaker(name),
    opened: shared.secrets.opened,
  })
  const onOutcome = metrics.signalTold
  return {
    signals,
    streamLife: createStreamLife({ ...shared, ...usesIn(kit), signals, namesFor }),
    signalOperations: createSignalOperations({
      ...shared,
      isClient: async (id) => (await clients.find(id)) !== null,
    }),
    delivering: createDelivering({ clock, streams, deliveries, send, onOutcome, log }),
    poll: createPolling({ ...making, clock, signals, deliveries, onOutcome }),
    receiverOf: createSignalDoor({
      url: config.url,
      now: () => clock.now(),
      find: clients.find,
      published: published.published,
    }),
  }
}

function usesIn({ database, chance }: IdentityKit) {
  const records = createRecordStore(database, chance)
  return {
    uses: async (account: string, client: string): Promise<boolean> =>
      (await records.grantsOf(account)).some((grant) => grant.client === client),
    usersOf: records.usersOf,
  }
}

/** RS256: what every receiver must be able to verify (CAEP Interoperability Profile 1.0, section 2.6). */
const signerOf =
  ({ signing }: PublishedKeys) =>
  (header: object, payload: object): string => {
    const key = signing('RS256')
    if (key === null) throw new Error('There is no key that signs signals.')
    const parts = [{ ...header, alg: key.alg, kid: key.kid }, payload]
    const data = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
    return `${data}.${signJws(Buffer.from(data), key).toString('base64url')}`
  }
