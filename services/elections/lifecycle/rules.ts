/**
 * An election opens and closes at its time by the database's clock, or when an officer says so; each step is decided by one
 * statement, told to events, and written down, in one transaction.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { Atomically, Tx } from '@althing/kernel/service'
import {
  electionChanged,
  type AdminElection,
  type ElectionId,
  type OpenElection,
  type Status,
} from '../contract.ts'
import type { Election } from '../record.ts'
import { fault } from './faults.ts'
import { moves, type Move } from './moves.ts'
import type { Publishing } from './publish.ts'

interface Elections {
  find(id: ElectionId): Promise<Election | null>
  move(id: ElectionId, from: readonly Status[], to: Status): Promise<Election | null>
  setHidden(id: ElectionId, hidden: boolean): Promise<Election | null>
  openDue(): Promise<Election[]>
  closeDue(): Promise<Election[]>
}

export interface CourseParts {
  readonly elections: Elections
  readonly record: Tx['record']
  readonly send: Tx['send']
}

interface Needs {
  readonly atomically: Atomically<CourseParts>
  readonly find: (id: ElectionId) => Promise<Election | null>
  readonly publishing: Publishing
  readonly present: (election: Election) => Promise<AdminElection>
  readonly publishWaitMs: number
  /** Voting is over: the board can be made whole. It is done again by the clock when it fails here. */
  readonly ended: (id: ElectionId) => Promise<void>
}

export function createLifecycle({ atomically, find, publishing, present, publishWaitMs, ended }: Needs) {
  async function open(id: ElectionId, input: OpenElection, actor: string): Promise<AdminElection> {
    await publishing.request(id, input, actor)
    return present(await published(id))
  }

  /** Roll and keys are made elsewhere; usually they are there in a second. */
  async function published(id: ElectionId): Promise<Election> {
    for (let waited = 0; ; waited += 50) {
      const election = await find(id)
      if (election === null) throw fault.not_found()
      if (election.publication !== 'pending' || waited >= publishWaitMs) return election
      await pause(50)
    }
  }

  async function step(id: ElectionId, move: Move, actor: string): Promise<AdminElection> {
    const { from, to, action } = moves[move]
    const moved = await atomically(async (parts) => {
      const after = await parts.elections.move(id, from, to)
      if (after === null) throw await whyNot(parts.elections, id, move)
      await written(parts, after, action, actor)
      return after
    })
    if (to === 'closed' || to === 'cancelled') await ended(id)
    return present((await find(id)) ?? moved)
  }

  async function whyNot(elections: Elections, id: ElectionId, move: Move) {
    const election = await elections.find(id)
    if (election === null) return fault.not_found()
    if (election.publication === 'pending') return fault.publishing()
    const mayFrom: readonly Status[] = moves[move].from
    return mayFrom.includes(election.status) ? fault.too_late() : fault.not_now()
  }

  async function setHidden(id: ElectionId, hidden: boolean, actor: string): Promise<AdminElection> {
    const after = await atomically(async (parts) => {
      const changed = await parts.elections.setHidden(id, hidden)
      if (changed === null) throw await whyNotHidden(parts.elections, id, hidden)
      await written(parts, changed, hidden ? 'elections.hidden' : 'elections.shown', actor)
      return changed
    })
    return present(after)
  }

  async function whyNotHidden(elections: Elections, id: ElectionId, hidden: boolean) {
    const election = await elections.find(id)
    if (election === null) return fault.not_found()
    if (election.hidden !== hidden) return fault.publishing()
    return hidden ? fault.already_hidden() : fault.not_hidden()
  }

  /** What the clock says is due. Ballots do not depend on this: the statement that stores them looks at the clock itself. */
  async function tick(): Promise<void> {
    await atomically(async (parts) => {
      for (const election of await parts.elections.closeDue())
        await written(parts, election, 'elections.closed', 'clock')
      for (const election of await parts.elections.openDue())
        await written(parts, election, 'elections.begun', 'clock')
    })
  }

  async function written(
    { record, send }: CourseParts,
    election: Election,
    action: string,
    actor: string,
  ): Promise<void> {
    const { id, status, hidden, scheduledStart, scheduledEnd } = election
    await record({ action, actor, target: { type: 'Election', id }, outcome: 'done' })
    const times = {
      opens_at: scheduledStart?.toISOString() ?? null,
      closes_at: scheduledEnd?.toISOString() ?? null,
    }
    await send(electionChanged, { election: id, status, hidden, ...times }, { to: ['events'] })
  }

  return { open, step, setHidden, tick }
}
export type Lifecycle = ReturnType<typeof createLifecycle>
