/**
 * What elections and members tell us of an election under way. Messages come in no promised order: what has ended stays ended, and
 * a status may be here before its manifest.
 */
import type { ElectionChanged, ElectionPublished, RollRequested } from '@althing/elections/contract'
import { fromBase64url } from '@althing/kernel/crypto'
import type { Tx } from '@althing/kernel/service'
import type { z } from 'zod'
import { sortedRoot } from './commitment.ts'
import { problemIn } from './manifest.ts'
import { Status } from './schema.ts'
import type { RollStore } from './store.ts'

interface Needs {
  readonly store: RollStore
  readonly record: Tx['record']
  readonly issuedLeaves: (election: string) => Promise<Uint8Array[]>
}

const ended: readonly Status[] = ['closed', 'tallied', 'archived', 'cancelled']
export const hasEnded = (status: Status | null): boolean => status !== null && ended.includes(status)

/** Made for one transaction. */
export function createCourse({ store, record, issuedLeaves }: Needs) {
  const about = (election: string) => ({
    actor: 'service:elections',
    target: { type: 'Election', id: election },
  })

  return {
    async requested(asked: z.output<typeof RollRequested>): Promise<void> {
      const { election, title, eligibility, slots, cut_off, small_group_reason } = asked
      await store.request({
        election,
        title,
        eligibility,
        slots,
        cutOff: new Date(cut_off),
        smallGroupReason: small_group_reason,
      })
    },

    /** @returns what is wrong with the manifest; then no ticket is ever issued for it */
    async published(said: z.output<typeof ElectionPublished>): Promise<string | null> {
      const { election, title, manifest, hash } = said
      const roll = await store.hold(election)
      const problem = roll === null ? 'no_roll' : problemIn(said, roll, await store.keys(election))
      if (roll !== null && problem === null) {
        await store.setManifest(election, { manifest, hash: fromBase64url(hash), title })
        const status = roll.status ?? 'published'
        if (!hasEnded(status))
          await store.setCourse(election, { ...courseOf(said), status, hidden: roll.hidden })
      }
      await record({
        ...about(election),
        action: problem === null ? 'events.manifest-accepted' : 'events.manifest-refused',
        reason: problem ?? hash,
        outcome: problem === null ? 'done' : 'denied',
      })
      return problem
    },

    async changed(said: z.output<typeof ElectionChanged>): Promise<void> {
      const { election, hidden } = said
      const roll = await store.hold(election)
      const told = Status.safeParse(said.status)
      if (roll === null || !told.success) return
      const status = later(roll.status, told.data)
      await store.setCourse(election, { ...courseOf(said), status, hidden })
      if (hasEnded(status) && !hasEnded(roll.status)) await end(election, status)
    },

    async linked(member: string, person: string): Promise<void> {
      const rolls = await store.link(member, person)
      if (rolls === 0) return
      await record({
        action: 'events.voter-linked',
        actor: 'service:members',
        onBehalfOf: `person:${person}`,
        target: { type: 'Member', id: member },
        reason: `on ${rolls} rolls`,
        outcome: 'done',
      })
    },
  }

  async function end(election: string, status: Status): Promise<void> {
    const keys = await store.destroyKeys(election)
    const logRoot = sortedRoot(await issuedLeaves(election))
    await store.end(election, { logRoot, due: status === 'cancelled' ? null : 'counts' })
    await record({
      ...about(election),
      action: 'events.issuing-ended',
      reason: `${keys} keys destroyed`,
      outcome: 'done',
    })
  }
}
export type Course = ReturnType<typeof createCourse>

function courseOf({ opens_at, closes_at }: { opens_at: string | null; closes_at: string | null }) {
  const at = (text: string | null) => (text === null ? null : new Date(text))
  return { opensAt: at(opens_at), closesAt: at(closes_at) }
}

/** What has ended goes only further. */
function later(known: Status | null, told: Status): Status {
  if (known === null || !hasEnded(known)) return told
  return ended.indexOf(told) > ended.indexOf(known) ? told : known
}
