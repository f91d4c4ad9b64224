/**
 * What is needed to take ballots of one election, made once and kept for some seconds. Nothing of it decides: whether a ballot
 * is accepted is said by the statement that stores it.
 */
import type { Clock } from '@althing/kernel/context'
import { fromBase64url, type SigningKey } from '@althing/kernel/crypto'
import { Manifest, type ElectionId, type Status } from '../contract.ts'
import { isPublic, type Election } from '../record.ts'
import { createChecks, type Checks } from './check.ts'
import { paddedEntryBytes } from './entry.ts'
import { fault } from './faults.ts'
import type { Promises } from './receipt.ts'

export interface Box {
  readonly election: ElectionId
  readonly key: Uint8Array
  readonly checks: Checks
  readonly promise: Promises
  readonly paddedBytes: number
}

interface Needs {
  readonly clock: Clock
  readonly find: (id: ElectionId) => Promise<Election | null>
  readonly readKey: (id: ElectionId) => Promise<Uint8Array | null>
  readonly promises: (id: ElectionId, key: SigningKey) => Promise<Promises>
  readonly logKey: (id: ElectionId) => SigningKey
}

const keptMs = 10_000
const most = 100

export function createBoxes({ clock, find, readKey, promises, logKey }: Needs) {
  const held = new Map<ElectionId, { readonly until: number; readonly box: Promise<Box> }>()

  async function load(id: ElectionId): Promise<Box> {
    const election = await find(id)
    const refusal = refusalOf(election)
    if (refusal !== null) throw refusal
    const manifest = Manifest.parse(JSON.parse(election?.manifest ?? ''))
    const key = await readKey(id)
    if (key === null) throw fault.no_key(undefined, { retryAfterSeconds: 5 })
    return {
      election: id,
      key,
      checks: createChecks(manifest, fromBase64url(election?.manifestHash ?? '')),
      promise: await promises(id, logKey(id)),
      paddedBytes: paddedEntryBytes(manifest),
    }
  }

  return {
    /** @throws Fault elections.ballots.* when the election takes no ballots */
    async box(id: ElectionId): Promise<Box> {
      const now = clock.now().getTime()
      const known = held.get(id)
      if (known !== undefined && known.until > now) return known.box
      if (held.size >= most) held.clear()
      const box = load(id)
      held.set(id, { until: now + keptMs, box })
      box.catch(() => held.delete(id))
      return box
    },
    /** Its key is about to be destroyed. */
    forget: (id: ElectionId): void => void held.delete(id),
  }
}
export type Boxes = ReturnType<typeof createBoxes>

/** Why an election takes no ballots; null when it may. A hidden one looks as if it did not exist. */
export function refusalOf(election: Election | null) {
  if (election === null || !isPublic(election)) return fault.unknown()
  const { status, scheduledStart, scheduledEnd, now } = election
  if (status === 'published' && scheduledStart !== null && scheduledStart > now) return fault.not_open()
  if (['published', 'open'].includes(status))
    return scheduledEnd !== null && scheduledEnd <= now ? fault.closed() : null
  return (byStatus[status] ?? fault.closed)()
}

const byStatus: Partial<Record<Status, () => ReturnType<typeof fault.closed>>> = {
  draft: () => fault.unknown(),
  paused: () => fault.paused(),
  tallied: () => fault.tallied(),
  archived: () => fault.tallied(),
  cancelled: () => fault.cancelled(),
}
