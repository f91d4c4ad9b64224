/**
 * Every letter leaves a line: to whom, when, and what became of it, as far as the carrier tells. Nothing is sent to a mailbox that sent
 * letters back, for a day and each time for longer, and nothing of our own accord to one whose owner called them unwanted; or until the
 * office lets them go again. Only a letter of ours, to that very mailbox, can hold it back. The words of a letter are kept nowhere.
 */
import type { AuditEntry } from '@althing/kernel/audit'
import type { Clock, Ids } from '@althing/kernel/context'
import { Fault } from '@althing/kernel/errors'
import type { QueuedJob } from '@althing/kernel/jobs'
import type { Atomically } from '@althing/kernel/service'
import { outcomeOf, suppressionFor } from './events.ts'
import { fault } from './faults.ts'
import {
  holdDays,
  letterJobs,
  type DeliveryState,
  type Letter,
  type Lifted,
  type MailEvent,
  type Remembered,
  type Suppression,
} from './schema.ts'
import type { DeliveryStore } from './store.ts'

interface Parts {
  readonly store: DeliveryStore
  readonly record: (entry: AuditEntry) => Promise<void>
  readonly retry: (job: string) => Promise<number>
  /** Somebody who has an account is not reached any more: in the transaction of the word that says so. */
  readonly enqueueHeld: (account: string, at: Date) => Promise<void>
}

interface Needs {
  readonly clock: Clock
  readonly ids: Ids
  readonly store: DeliveryStore
  readonly accountOf: (address: string) => Promise<string | null>
  /** The job that is being done. */
  readonly jobUnderWay: () => string | null
  /** @throws Fault that no retry can mend */
  readonly refuse: (cause: Error) => Fault
  /** Of the carrier's own lists, which drop what we send: `kept` when it may still be on one. */
  readonly release: (address: string) => Promise<Lifted['carrier']>
  readonly queued: () => Promise<readonly QueuedJob[]>
  readonly atomically: Atomically<Parts>
  readonly keepDays: number
  readonly counted: (channel: Letter['channel'], state: DeliveryState) => void
}

type Despite = 'bounces' | 'complaints' | undefined
type Carry = (id: string, despite: Despite) => Promise<void>

export function createDeliveries(needs: Needs) {
  const {
    clock,
    ids,
    store,
    accountOf,
    jobUnderWay,
    refuse,
    release,
    queued,
    atomically,
    keepDays,
    counted,
  } = needs

  /** @throws Fault of the carrier as it is; `refuse` when the mailbox is held back */
  async function send(given: Omit<Letter, 'job'>, carry: Carry): Promise<void> {
    const letter = { ...given, to: given.to.trim().toLowerCase(), job: jobUnderWay() }
    const account = letter.account ?? (await accountOf(letter.to))
    const id = await store.begin(ids.create('ltr'), letter, account, clock.now())
    const became = async (state: DeliveryState, reason: string | null = null) => {
      await store.became(id, state, reason, clock.now())
      counted(letter.channel, state)
    }
    const held = letter.channel === 'mail' ? await store.rememberedOf(letter.to) : null
    if (held !== null && isStopped(letter, held, clock.now())) {
      await became('suppressed', held.reason)
      throw refuse(new Error('Mail to this address is held back.'))
    }
    try {
      await carry(id, despiteOf(letter, held))
    } catch (error) {
      // The carrier's own words may quote the letter: what kind of failure it was is enough.
      await became(...failure(error))
      throw error
    }
    await became('sent')
  }

  /**
   * What the carrier tells of one letter. Its account may carry letters of others too: what is none of ours changes nothing, and so
   * does what was told before.
   */
  async function hear({ letter, email, timestamp, ...event }: MailEvent): Promise<void> {
    const state = outcomeOf(event)
    if (letter === undefined || state === null) return
    const at = new Date(timestamp * 1000)
    const reason = event.reason ?? null
    const why = suppressionFor(event)
    const owner = why === null ? null : await accountOf(email)
    const isNews = await atomically(async (parts) => {
      const line = await parts.store.told(letter, email, { state, reason, at }, clock.now())
      if (line === null || why === null) return line !== null
      const held = { address: email, account: owner ?? line.account, reason: why, detail: reason, since: at }
      if (!(await parts.store.suppress(held, holdDays))) return true
      await parts.record(entry('mail.suppressed', 'carrier', letter, why))
      if (owner !== null) await parts.enqueueHeld(owner, at)
      return true
    })
    if (isNews) counted('mail', state)
  }

  /**
   * First at the carrier: what breaks off in between is begun anew. Where that one does not answer it is lifted here all the same, and
   * said. @throws Fault not_suppressed
   */
  async function lift(address: string, actor: string): Promise<Lifted['carrier']> {
    const mailbox = address.trim().toLowerCase()
    if ((await heldBack(mailbox)) === null) throw fault.not_suppressed()
    const account = await accountOf(mailbox)
    const carrier = await release(mailbox)
    await atomically(async (parts) => {
      if (!(await parts.store.lift(mailbox, clock.now()))) throw fault.not_suppressed()
      // An address has no place in the audit log: whose it is has.
      await parts.record(entry('mail.suppression-lifted', actor, account ?? 'unknown'))
    })
    return carrier
  }

  /** Begins one letter anew, at once. @throws Fault not_found: what is no letter is no matter of this */
  async function resend(job: string, actor: string): Promise<void> {
    if (!(await queue()).some(({ id }) => id === job)) throw fault.not_found()
    await atomically(async ({ retry, record }) => {
      if ((await retry(job)) === 0) throw fault.not_found()
      await record({ action: 'jobs.retried', actor, target: { type: 'Job', id: job }, outcome: 'done' })
    })
  }

  async function heldBack(address: string): Promise<Suppression | null> {
    const held = await store.rememberedOf(address)
    return held !== null && isInForce(held, clock.now()) ? held : null
  }

  const ago = (days: number) => new Date(clock.now().getTime() - days * 86_400_000)
  const queue = async (): Promise<QueuedJob[]> =>
    (await queued()).filter(({ job }) => letterJobs.some((one) => one === job))

  return {
    send,
    hear,
    lift,
    resend,
    queue,
    list: store.list,
    suppressions: (): Promise<Suppression[]> => store.suppressions(500, clock.now()),
    heldBack,
    async sweep(): Promise<void> {
      await store.sweep(ago(keepDays))
      await store.sweepHeld(ago(holdDays.remembered))
    },
  }
}
export type Deliveries = ReturnType<typeof createDeliveries>

/** Who called our letters unwanted is written to when they ask for it, and when it is about their safety. */
const isStopped = ({ why }: Letter, held: Remembered, now: Date): boolean =>
  isInForce(held, now) && (held.reason !== 'complained' || why === 'ours')

export const isInForce = ({ liftedAt, endsAt }: Remembered, now: Date): boolean =>
  liftedAt === null && endsAt > now

/** What we let go again, or send all the same, the carrier would drop by a list of its own. */
function despiteOf({ why }: Letter, held: Remembered | null): Despite {
  if (held === null) return undefined
  if (held.reason !== 'complained') return 'bounces'
  return why !== 'ours' || held.liftedAt !== null ? 'complaints' : undefined
}

/** A fault below 500 is about the letter, and will be the same tomorrow. */
function failure(error: unknown): [state: DeliveryState, reason: string] {
  if (error instanceof Fault && error.status < 500) return ['refused', error.code]
  return ['failed', error instanceof Fault ? error.code : 'bug']
}

const entry = (action: string, actor: string, id: string, reason?: string): AuditEntry => ({
  action,
  actor,
  target: { type: 'Letter', id },
  outcome: 'done',
  ...(reason === undefined ? {} : { reason }),
})
