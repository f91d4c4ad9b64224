/**
 * A roll is frozen once, at its moment, together with the keys its tickets will be signed with; and it is told to elections until
 * elections has heard it. Cut off anywhere it goes on from there, with the same roll and the same keys.
 */
import type { Issuance, IssuedCounts } from '@althing/elections/contract'
import type { Chance } from '@althing/kernel/context'
import { toBase64url } from '@althing/kernel/crypto'
import { isFault } from '@althing/kernel/errors'
import type { Atomically, Tx } from '@althing/kernel/service'
import type { z } from 'zod'
import { rollLeaf, sortedRoot } from './commitment.ts'
import { fault } from './faults.ts'
import type { Keys } from './keys.ts'
import type { Due, Entry, Key, Roll } from './schema.ts'
import type { RollStore } from './store.ts'

interface Candidate {
  readonly member: string
  readonly person: string | null
}

interface Parts {
  readonly store: RollStore
  readonly record: Tx['record']
}

interface Needs {
  readonly store: RollStore
  readonly atomically: Atomically<Parts>
  readonly chance: Chance
  readonly keys: Keys
  readonly smallestClass: number
  readonly isDecidable: (eligibility: string) => boolean
  readonly entitledBy: (
    eligibility: string,
    members: readonly Candidate[],
  ) => (Candidate & { readonly class: string })[] | null
  readonly isTooSmall: (size: number, smallest: number, reason: string | null) => boolean
  readonly membersAt: (cutOff: Date) => Promise<Candidate[]>
  readonly countsOf: (election: string) => Promise<ReadonlyMap<string, number>>
  readonly tell: {
    issuance(election: string, issuance: Issuance): Promise<unknown>
    counts(election: string, counts: z.output<typeof IssuedCounts>): Promise<unknown>
  }
  readonly report: (error: unknown, due: Due) => void
}

const batch = 5_000

export function createRolls(needs: Needs) {
  const { store, atomically, chance, keys, smallestClass, tell } = needs
  const steps = { roll: freeze, issuance: tellIssuance, counts: tellCounts }
  let running: Promise<void> | undefined
  let again = false

  /** Does all that is due. One run at a time on this node; two nodes at once do it twice, and one of them counts. */
  function work(): Promise<void> {
    again = true
    running ??= rounds().finally(() => (running = undefined))
    return running
  }

  async function rounds(): Promise<void> {
    while (again) {
      again = false
      for (const roll of await store.dueNow()) if (await step(roll)) again = true
    }
  }

  /** True when something was done, so that it is worth looking again. */
  async function step(roll: Roll): Promise<boolean> {
    const { due, election } = roll
    if (due === null) return false
    try {
      await steps[due](roll)
      return true
    } catch (error) {
      needs.report(error, due)
      await store.putOff(election, due)
      return false
    }
  }

  async function freeze(roll: Roll): Promise<void> {
    const { election, eligibility, smallGroupReason, cutOff, slots } = roll
    if (!needs.isDecidable(eligibility)) return refuse(election, fault.eligibility_unknown().code)
    const entitled = needs.entitledBy(eligibility, await needs.membersAt(cutOff)) ?? []
    if (needs.isTooSmall(entitled.length, smallestClass, smallGroupReason))
      return refuse(election, fault.class_too_small().code)
    const entries = entitled.map((one): Entry => ({ ...one, salt: chance.bytes(16) }))
    const root = sortedRoot(entries.map(rollLeaf))
    const classes = [...new Set(entries.map((entry) => entry.class))]
    const made: Key[] = []
    for (const slot of slots) for (const name of classes) made.push(await keys.make(election, slot, name))
    await keep(roll, { entries, root, made })
  }

  async function keep(
    roll: Roll,
    { entries, root, made }: { entries: readonly Entry[]; root: Uint8Array; made: readonly Key[] },
  ): Promise<void> {
    const { election } = roll
    await atomically(async ({ store, record }) => {
      if (!(await store.freeze(roll, { size: entries.length, root }))) return
      await store.alone()
      for (let from = 0; from < entries.length; from += batch)
        await store.addEntries(election, entries.slice(from, from + batch))
      await store.addLinked(election)
      for (const key of made) await store.addKey(election, key)
      await record({
        action: 'events.roll-frozen',
        actor: 'service:events',
        target: { type: 'Election', id: election },
        reason: `${entries.length} entitled, root ${toBase64url(root)}`,
        outcome: 'done',
      })
    })
  }

  async function refuse(election: string, code: string): Promise<void> {
    await atomically(async ({ store, record }) => {
      if (!(await store.refuse(election, code))) return
      await record({
        action: 'events.roll-refused',
        actor: 'service:events',
        target: { type: 'Election', id: election },
        reason: code,
        outcome: 'denied',
      })
    })
  }

  async function tellIssuance({ election, refusal, root, size }: Roll): Promise<void> {
    const said: Issuance =
      refusal !== null || root === null || size === null
        ? { kind: 'refused', code: refusal ?? fault.class_too_small().code }
        : { kind: 'ready', roll_root: toBase64url(root), slots: slotsOf(await store.keys(election), size) }
    await unlessGone(tell.issuance(election, said))
    await store.settle(election, 'issuance')
  }

  async function tellCounts({ election }: Roll): Promise<void> {
    const counted = await needs.countsOf(election)
    const issued = (await store.keys(election)).map(({ slot, class: name }) => ({
      slot,
      class: name,
      issued: counted.get(`${slot} ${name}`) ?? 0,
    }))
    await unlessGone(tell.counts(election, { issued }))
    await store.settle(election, 'counts')
  }

  return {
    work,
    /** Waits for what is being done: before the database goes away. */
    async rest(): Promise<void> {
      again = false
      await running
    },
  }
}
export type Rolls = ReturnType<typeof createRolls>

/** A draft that was deleted meanwhile needs nothing any more. */
async function unlessGone(told: Promise<unknown>): Promise<void> {
  try {
    await told
  } catch (error) {
    if (!(isFault(error) && error.status === 404)) throw error
  }
}

function slotsOf(keys: readonly Key[], entitled: number) {
  return [...new Set(keys.map(({ slot }) => slot))].map((id) => ({
    id,
    classes: keys
      .filter(({ slot }) => slot === id)
      .map((key) => ({
        id: key.class,
        weight: 1,
        entitled,
        issuing_key: { kty: 'RSA' as const, n: key.n, e: 'AQAB' as const },
      })),
  }))
}
