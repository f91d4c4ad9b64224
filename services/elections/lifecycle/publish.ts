/**
 * From draft to manifest: events is asked for roll and keys, answers when it has them, and the manifest is written, signed
 * and put on the board as its first leaf. Asked twice, answered twice or cut off in the middle, it happens once.
 */
import type { SigningKey } from '@althing/kernel/crypto'
import type { Atomically, Tx } from '@althing/kernel/service'
import {
  electionChanged,
  electionPublished,
  rollRequested,
  type ElectionId,
  type Issuance,
  type OpenElection,
} from '../contract.ts'
import type { Draft, Election } from '../record.ts'
import { fault, problems } from './faults.ts'
import { makeManifest, manifestEntry } from './manifest.ts'

const slotsOfElection = ['1'] as const

interface Elections {
  find(id: ElectionId): Promise<Election | null>
  hold(id: ElectionId): Promise<Election | null>
  redraft(id: ElectionId, version: number, draft: Draft): Promise<Election | null>
  request(id: ElectionId): Promise<Election | null>
  refuse(id: ElectionId, code: string): Promise<Election | null>
  publish(
    id: ElectionId,
    version: number,
    made: { manifest: string; hash: string; note: string; entitled: number },
  ): Promise<Election | null>
}

export interface PublishParts {
  readonly elections: Elections
  /** Room for the ballots, and the board with its first leaf. */
  readonly begin: (id: ElectionId, entry: string) => Promise<void>
  readonly record: Tx['record']
  readonly send: Tx['send']
}

interface Needs {
  readonly atomically: Atomically<PublishParts>
  readonly find: (id: ElectionId) => Promise<Election | null>
  readonly logKey: (id: ElectionId) => SigningKey
  /** Makes the box key durable; the one that is there already counts as well. */
  readonly ensureBoxKey: (id: ElectionId) => Promise<void>
  /** The board has its first leaf: its head can be signed. It is done again by the clock when it fails here. */
  readonly begun: (id: ElectionId) => Promise<void>
  readonly checkSealingKey: (key: string) => void
  readonly ballotUrl: string
  readonly organisation: string
  readonly minClass: number
}

export function createPublishing({
  atomically,
  find,
  logKey,
  ensureBoxKey,
  begun,
  checkSealingKey,
  ballotUrl,
  organisation,
  minClass,
}: Needs) {
  /** Asks for the roll once; an election that is published or on its way is left as it is. */
  async function request(id: ElectionId, input: OpenElection, actor: string): Promise<void> {
    await atomically(async (parts) => {
      const before = await parts.elections.hold(id)
      if (before === null) throw fault.not_found()
      if (before.publication === 'pending' || ['published', 'open'].includes(before.status)) return
      if (before.hidden) throw fault.hidden()
      if (before.status !== 'draft') throw fault.not_now()
      const asked = await withInput(parts, before, input)
      await parts.record({
        action: 'elections.opened',
        actor,
        target: { type: 'Election', id },
        outcome: 'done',
        fields: Object.keys(input),
      })
      await parts.send(rollRequested, rollOf(asked), { to: ['events'] })
    })
  }

  async function withInput(parts: PublishParts, before: Election, input: OpenElection): Promise<Election> {
    const start = input.scheduled_start ?? input.voting_starts_at
    const end = input.scheduled_end ?? input.voting_ends_at
    const draft = {
      ...before,
      scheduledStart: start === undefined ? before.scheduledStart : new Date(start),
      scheduledEnd: end === undefined ? before.scheduledEnd : new Date(end),
      sealingKey: input.sealing_key ?? before.sealingKey,
    }
    refuseUnready(draft)
    const drafted = await parts.elections.redraft(before.id, before.version, draft)
    const asked = drafted === null ? null : await parts.elections.request(before.id)
    if (asked === null) throw fault.not_now()
    return asked
  }

  function refuseUnready({ sealingKey, scheduledStart, scheduledEnd, now }: Election): void {
    const field = (name: string, message: string) => ({ fields: [{ pointer: `/${name}`, message }] })
    if (sealingKey === null) throw fault.no_sealing_key(undefined, field('sealing_key', 'Is missing.'))
    checkSealingKey(sealingKey)
    if (scheduledEnd === null) return
    if (scheduledEnd <= now) throw fault.end_is_past(undefined, field('scheduled_end', 'Has passed.'))
    if (scheduledStart !== null && scheduledEnd <= scheduledStart)
      throw fault.schedule(undefined, field('scheduled_end', 'Is not after the beginning.'))
  }

  const rollOf = ({ id, title, eligibility, smallGroupReason, now }: Election) => ({
    election: id,
    title,
    eligibility,
    slots: [...slotsOfElection],
    cut_off: now.toISOString(),
    small_group_reason: smallGroupReason,
  })

  /** @returns true when this issuance is, or was already, what the election is published with */
  async function issuance(id: ElectionId, said: Issuance): Promise<boolean> {
    const election = await find(id)
    if (election === null) throw fault.not_found()
    if (election.publication !== 'pending') return isSame(election, said)
    const problem = said.kind === 'refused' ? said.code : problemIn(election, said)
    return said.kind === 'refused' || problem !== null ? refuse(id, problem ?? '') : publish(election, said)
  }

  async function refuse(id: ElectionId, code: string): Promise<boolean> {
    return atomically(async ({ elections, record }) => {
      if ((await elections.refuse(id, code)) === null) return false
      await record({
        action: 'elections.publication_refused',
        actor: 'service:events',
        target: { type: 'Election', id },
        outcome: 'failed',
        reason: code,
      })
      return true
    })
  }

  function problemIn(
    { smallGroupReason }: Election,
    { slots }: Extract<Issuance, { kind: 'ready' }>,
  ): string | null {
    const classes = slots.flatMap((slot) => slot.classes)
    const ids = slots.flatMap((slot) => slot.classes.map((one) => `${slot.id} ${one.id}`))
    if (slots.map(({ id }) => id).join() !== slotsOfElection.join() || new Set(ids).size !== ids.length)
      return problems.notThePaper
    if (classes.some(({ weight }) => weight !== 1)) return problems.weights
    return smallGroupReason === null && classes.some(({ entitled }) => entitled < minClass)
      ? problems.smallClass
      : null
  }

  async function publish(election: Election, ready: Extract<Issuance, { kind: 'ready' }>): Promise<boolean> {
    const { id, version } = election
    const { value, ...made } = await makeManifest(election, ready, {
      ballotUrl,
      organisation,
      minClass,
      key: logKey(id),
    })
    // The key is durable before anybody can read the manifest: a ballot that came between would have nowhere to go.
    await ensureBoxKey(id)
    const isPublished = await atomically(async ({ elections, begin, record, send }) => {
      const published = await elections.publish(id, version, made)
      if (published === null) return false
      await begin(id, manifestEntry(value))
      await record({
        action: 'elections.published',
        actor: 'service:events',
        target: { type: 'Election', id },
        outcome: 'done',
      })
      const { title, opens_at, closes_at } = value
      await send(
        electionPublished,
        { election: id, title, manifest: made.manifest, hash: made.hash, opens_at, closes_at },
        { to: ['events'] },
      )
      // Without a scheduled start it is open at once, and voters are to be told so; which of the two comes first does not matter.
      const { status, hidden } = published
      if (status === 'open')
        await send(electionChanged, { election: id, status, hidden, opens_at, closes_at }, { to: ['events'] })
      return true
    })
    if (isPublished) await begun(id)
    return isPublished
  }

  function isSame({ manifest }: Election, said: Issuance): boolean {
    if (manifest === null || said.kind === 'refused') return false
    return manifest.includes(`"roll_root":"${said.roll_root}"`)
  }

  return { request, issuance }
}
export type Publishing = ReturnType<typeof createPublishing>
