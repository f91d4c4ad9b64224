/**
 * Who did what, on whose behalf, to what, why and with which outcome: written in the transaction of the change, placed in a
 * Merkle tree soon after, signed. Nobody can take an entry back; a person can still be erased.
 */
import { fromUtf8, utf8 } from '../crypto/bytes.ts'
import { canonicalJson } from '../crypto/canonical.ts'
import { signingKey } from '../crypto/ed25519.ts'
import { hmac } from '../crypto/hash.ts'
import { keyId } from '../crypto/keyring.ts'
import { createPersonKeys } from '../crypto/personkeys.ts'
import { type Chance, type Clock, correlation, systemChance } from '../context/index.ts'
import type { Database, Db, MigrationFolder } from '../db/index.ts'
import { formatTlogProof, openCheckpoint } from '../merkle/checkpoints.ts'
import type { NoteKey } from '../merkle/notes.ts'
import { pathTiles, subtreeFromTiles } from '../merkle/tilestore.ts'
import { inclusionProof } from '../merkle/tree.ts'
import { type AuditEntry, entryBytes, type StoredEntry } from './entry.ts'
import { createIntegrator } from './integrate.ts'
import { type AuditFilter, createAuditStore, createPersonKeyStore, personalPlace } from './store.ts'
import { type AuditVerdict, verifyAudit } from './verify.ts'

/** For the list given to `migrate` of every service. */
export const auditMigrations: MigrationFolder = {
  name: 'kernel.audit',
  folder: new URL('./migrations/', import.meta.url),
}

export interface AuditNeeds {
  readonly service: string
  readonly clock: Clock
  readonly database: Database
  /** 32 bytes: signs the heads. Whoever has it can sign another history. */
  readonly signingSeed: Uint8Array
  /** 32 bytes: wraps the keys of persons. Whoever has it and the database can read every personal value. */
  readonly personKey: Uint8Array
  readonly chance?: Chance
  /** Public keys whose earlier checkpoints count, after the signing seed was changed. */
  readonly previousKeys?: readonly Uint8Array[]
  /** Key-encryption keys that still open wrapped keys, after `personKey` was changed. */
  readonly previousPersonKeys?: readonly Uint8Array[]
}

export interface Audit {
  /** `db` is the transaction of the change: no change without its entry, no entry without its change. */
  record(db: Db, entry: AuditEntry): Promise<void>
  /** A refusal by policy, in a transaction of its own: there is no change to stand beside. */
  denied(asked: Denied): Promise<void>
  search(filter: AuditFilter): Promise<StoredEntry[]>
  /** The personal values of an entry; null when it has none or the person was erased. */
  personal(entryId: string): Promise<Readonly<Record<string, unknown>> | null>
  /** Destroys the person's key, in the caller's transaction. Every proof stays valid. */
  forget(db: Db, subject: string): Promise<boolean>
  /** Places what is pending and signs the head; the ticker does it every second. */
  integrate(): Promise<number>
  /** Null while the entry has no place under a signed head. checkAuditProof reads it. */
  prove(entryId: string): Promise<string | null>
  verify(kept?: readonly string[]): Promise<AuditVerdict>
  /** The last signed head, to be kept elsewhere. */
  checkpoint(): Promise<string | null>
  readonly key: NoteKey
  readonly ticker: { name: string; everySeconds: number; run: () => Promise<void> }
}

interface Denied {
  readonly caller: { readonly kind: 'person' | 'service' | 'machine'; readonly subject: string }
  readonly action: string
  readonly resource: { readonly type: string; readonly id: string }
}

export function createAudit(needs: AuditNeeds): Audit {
  const { service, clock, database, chance = systemChance } = needs
  const origin = `althing/${service}/audit`
  const signer = { name: origin, ...signingKey(needs.signingSeed) }
  const key: NoteKey = { name: origin, publicKey: signer.publicKey }
  const trusted = [key, ...(needs.previousKeys ?? []).map((publicKey) => ({ name: origin, publicKey }))]
  const wrapping = wrappingKeys(needs.personKey, needs.previousPersonKeys ?? [])
  const personKeys = (db: Db) => createPersonKeys({ store: createPersonKeyStore(db), wrapping, chance })
  const integrate = createIntegrator({ database, signer, trusted })
  const store = createAuditStore(database)

  async function record(db: Db, entry: AuditEntry): Promise<void> {
    const id = chance.uuid()
    await createAuditStore(db).insert({
      id,
      at: clock.now(),
      action: entry.action,
      actor: entry.actor,
      onBehalfOf: entry.onBehalfOf ?? null,
      targetType: entry.target?.type ?? null,
      targetId: entry.target?.id ?? null,
      reason: entry.reason ?? null,
      outcome: entry.outcome,
      fields: entry.fields ?? [],
      correlation: correlation() ?? null,
      personalSubject: entry.personal?.subject ?? null,
      personal: await sealed(db, id, entry.personal),
    })
  }

  /** Null also for an erased person: what they are no longer known by must not come back through a log. */
  async function sealed(db: Db, id: string, personal: AuditEntry['personal']) {
    if (personal === undefined) return null
    return personKeys(db).seal(personal.subject, utf8(canonicalJson(personal.values)), personalPlace(id))
  }

  async function personal(entryId: string) {
    const entry = await store.entry(entryId)
    if (entry?.personalSubject == null || entry.personal === null) return null
    const values = await personKeys(database).open(
      entry.personalSubject,
      entry.personal,
      personalPlace(entryId),
    )
    return values === null ? null : (JSON.parse(fromUtf8(values)) as Record<string, unknown>)
  }

  async function prove(entryId: string): Promise<string | null> {
    const [placed, last] = [await store.placed(entryId), await store.lastCheckpoint()]
    if (placed?.entry == null || last === null || placed.index >= last.size) return null
    if ((await openCheckpoint(last.note, origin, trusted)) === null) return null
    const subtree = subtreeFromTiles(await store.tiles(pathTiles(placed.index, last.size)))
    const proof = inclusionProof(subtree, placed.index, last.size)
    return formatTlogProof({
      index: placed.index,
      proof,
      checkpoint: last.note,
      extra: entryBytes(placed.entry),
    })
  }

  return {
    record,
    denied: ({ caller, action, resource: { type, id } }) =>
      record(database, {
        action,
        actor: `${caller.kind}:${caller.subject}`,
        target: { type, id },
        outcome: 'denied',
      }),
    search: (filter) => store.search(filter),
    personal,
    forget: (db, subject) => personKeys(db).destroy(subject),
    integrate,
    prove,
    verify: (kept = []) => verifyAudit(database, { origin, keys: trusted, kept }),
    checkpoint: async () => (await store.lastCheckpoint())?.note ?? null,
    key,
    ticker: { name: 'audit', everySeconds: 1, run: async () => void (await integrate()) },
  }
}

/** Named by a keyed hash, so that the name in each wrapped key tells nothing about the key. */
function wrappingKeys(active: Uint8Array, previous: readonly Uint8Array[]) {
  const nameOf = (key: Uint8Array) => keyId(hmac(key, utf8('althing/wrapping-key/v1')))
  const keys = new Map([active, ...previous].map((key) => [nameOf(key), key]))
  return { active: nameOf(active), keys }
}
