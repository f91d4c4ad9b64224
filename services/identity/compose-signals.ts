/** What applications are told, and what that is made from: the audit log's lines, facts to other services, keys, grants. */
import { timingSafeEqual } from 'node:crypto'
import type { AuditEntry } from '@althing/kernel/audit'
import { sha256, utf8 } from '@althing/kernel/crypto'
import { createEgress } from '@althing/kernel/egress'
import type { Clients } from './clients/rules.ts'
import { createClientStore } from './clients/store.ts'
import type { PublishedKeys } from './keys/published.ts'
import type { Db, IdentityKit } from './kit.ts'
import type { Metrics } from './metrics.ts'
import { signJws } from './oidc/signer.ts'
import { createRecordStore } from './oidc/store.ts'
import { createSharingStore } from './connections/store.ts'
import { signalOfAddress, signalOfEntry, signalOfMessage } from './signals/changes.ts'
import { createDelivering } from './signals/delivery.ts'
import { fault } from './signals/faults.ts'
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
  const making = { issuer: config.url, sign: signerOf(published) }
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
    streamLife: createStreamLife({ ...shared, signals, uses: usesIn(kit) }),
    signalOperations: createSignalOperations({
      ...shared,
      isClient: async (id) => (await clients.find(id)) !== null,
    }),
    delivering: createDelivering({ clock, streams, deliveries, send, onOutcome, log }),
    poll: createPolling({ ...making, clock, signals, deliveries, onOutcome }),
    receiverOf: clientOf(clients),
  }
}

const usesIn =
  ({ database, chance }: IdentityKit) =>
  async (account: string, client: string): Promise<boolean> =>
    (await createRecordStore(database, chance).grantsOf(account)).some((grant) => grant.client === client)

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

/** HTTP Basic as RFC 6749, section 2.3.1, has it. Unknown, without a secret, or wrong: all the same answer. */
const clientOf =
  (clients: Clients) =>
  async (authorization: string | undefined): Promise<string> => {
    const [, encoded = ''] = /^Basic ([A-Za-z0-9+/=]{1,2048})$/i.exec(authorization ?? '') ?? []
    const [, id, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? []
    const name = decoded(id ?? '')
    const known = (await clients.find(name))?.live_secrets ?? []
    const shown = decoded(secret ?? '')
    if (known.filter((one) => isSame(one.secret, shown)).length === 0) throw fault.unauthorized()
    return name
  }

const isSame = (known: string, shown: string): boolean =>
  timingSafeEqual(sha256(utf8(known)), sha256(utf8(shown)))

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return ''
  }
}
