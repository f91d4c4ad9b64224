/**
 * A ticket puts one ballot into the box. The same ballot again gets the same receipt; another one under the same number is
 * refused; a higher number replaces it when it is counted. The box learns nothing of who casts, and keeps no order.
 */
import { toBase64url, type RandomSource } from '@althing/kernel/crypto'
import type { Bulkhead } from '@althing/kernel/resilience'
import { isFault } from '@althing/kernel/errors'
import { nullifierSync } from '@althing/kernel/tickets'
import type { Cast, ElectionId, Receipt } from '../contract.ts'
import type { Election } from '../record.ts'
import { refusalOf, type Box, type Boxes } from './boxes.ts'
import { openCast, type Opened } from './check.ts'
import { burnOf, digestOf, entryOf, leafOf, placeOf, rowOf, sealEntry } from './entry.ts'
import { fault } from './faults.ts'
import type { Foreign } from './foreign.ts'
import { createGroupCommit, type GroupCommit } from './queue.ts'
import type { Incoming, Outcome } from './schema.ts'
import type { IntakeStore } from './store.ts'

interface Needs {
  readonly boxes: Boxes
  readonly intake: Pick<IntakeStore, 'store'>
  readonly find: (id: ElectionId) => Promise<Election | null>
  /** The receipt of a leaf that stands on the board already, also when voting is over. */
  readonly onBoard: (id: ElectionId, leaf: Uint8Array) => Promise<Receipt | null>
  readonly isForeign: Foreign
  readonly chance: RandomSource
  readonly bulkhead: Bulkhead
  readonly commitBatch: number
  /** A storage failure, for the operator: without a word about the ballots. */
  readonly failed: (error: unknown) => void
}

export function createBallots({
  boxes,
  intake,
  find,
  onBoard,
  isForeign,
  chance,
  bulkhead,
  commitBatch,
  failed,
}: Needs) {
  const queues = new Map<ElectionId, GroupCommit<Incoming, Outcome>>()
  /** What is being decided at this moment, by election and leaf. */
  const underWay = new Map<string, Promise<Receipt>>()

  /** The same bytes again while the first are under way (a button pressed twice) are the same question: one proof, one answer. */
  async function cast(election: ElectionId, wire: Cast): Promise<Receipt> {
    const entry = entryOf(wire)
    const leaf = leafOf(entry)
    const name = `${election} ${toBase64url(leaf)}`
    const known = underWay.get(name)
    if (known !== undefined) return known
    const answer = bulkhead
      .run(() => take(election, openCast(wire), entry, leaf))
      .finally(() => underWay.delete(name))
    underWay.set(name, answer)
    return answer
  }

  async function take(
    election: ElectionId,
    opened: Opened,
    entry: string,
    leaf: Uint8Array,
  ): Promise<Receipt> {
    try {
      const box = await boxes.box(election)
      await prove(box, opened)
      await keep(box, opened, entry, leaf)
      return box.promise(leaf)
    } catch (refusal) {
      // A lost answer is asked for again, perhaps after the end: what stands on the board keeps its receipt for ever.
      const known = isFault(refusal) && refusal.status === 403 ? await onBoard(election, leaf) : null
      if (known !== null) return known
      throw refusal
    }
  }

  async function prove({ election, checks }: Box, opened: Opened): Promise<void> {
    checks.shape(opened)
    if (!(await checks.isTicket(opened)))
      throw (await isForeign(election, opened)) ? fault.foreign() : fault.forged()
    if (!(await checks.isSigned(opened))) throw fault.resigned()
  }

  async function keep(box: Box, opened: Opened, entry: string, leaf: Uint8Array): Promise<void> {
    const nullifier = nullifierSync(opened.otk)
    const row = rowOf(box.key, nullifier, opened.seq)
    const outcome = await queueOf(box.election).add({
      row,
      burn: burnOf(box.key, nullifier),
      place: placeOf(box.key, opened),
      digest: digestOf(box.key, leaf),
      sealed: sealEntry(box.key, box.election, row, entry, box.paddedBytes, chance),
    })
    if (outcome === 'conflict') throw fault.conflict()
    if (outcome === 'other place') throw fault.other_place()
    if (outcome === 'not accepted')
      throw refusalOf(await find(box.election)) ?? fault.unavailable(undefined, { retryAfterSeconds: 1 })
  }

  function queueOf(election: ElectionId): GroupCommit<Incoming, Outcome> {
    const known = queues.get(election)
    if (known !== undefined) return known
    for (const [id, queue] of queues) if (queue.isIdle()) queues.delete(id)
    const queue = createGroupCommit((batch: readonly Incoming[]) => commit(election, batch), commitBatch)
    queues.set(election, queue)
    return queue
  }

  async function commit(election: ElectionId, batch: readonly Incoming[]): Promise<readonly Outcome[]> {
    try {
      return await intake.store(election, batch)
    } catch (error) {
      failed(error)
      throw fault.unavailable(error, { retryAfterSeconds: 2 })
    }
  }

  return { cast }
}
export type Ballots = ReturnType<typeof createBallots>
