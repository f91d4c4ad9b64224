/**
 * Every letter leaves a line: to whom, when, and what became of it, as far as the carrier tells. Nothing is sent to a mailbox that sent
 * it back for good or whose owner called it unwanted, until the office lets it go again. The words of a letter are kept nowhere.
 */
import type { AuditEntry } from '@althing/kernel/audit'
import type { Clock, Ids } from '@althing/kernel/context'
import { Fault } from '@althing/kernel/errors'
import type { QueuedJob } from '@althing/kernel/jobs'
import type { Atomically } from '@althing/kernel/service'
import { outcomeOf, suppressionFor } from './events.ts'
import { fault } from './faults.ts'
import { letterJobs, type DeliveryState, type Letter, type MailEvent, type Suppression } from './schema.ts'
import type { DeliveryStore } from './store.ts'

interface Parts {
  readonly store: DeliveryStore
  readonly record: (entry: AuditEntry) => Promise<void>
  readonly retry: (job: string) => Promise<number>
}

interface Needs {
  readonly clock: Clock
  readonly ids: Ids
  readonly store: DeliveryStore
  readonly accountOf: (address: string) => Promise<string | null>
  /** @throws Fault that no retry can mend */
  readonly refuse: (cause: Error) => Fault
  readonly queued: () => Promise<readonly QueuedJob[]>
  readonly atomically: Atomically<Parts>
  readonly keepDays: number
  readonly counted: (channel: Letter['channel'], state: DeliveryState) => void
}

export function createDeliveries(needs: Needs) {
  const { clock, ids, store, accountOf, refuse, queued, atomically, keepDays, counted } = needs

  /** @throws Fault of the carrier as it is; `refuse` when the mailbox is held back */
  async function send(given: Letter, carry: (id: string) => Promise<void>): Promise<void> {
    const letter = { ...given, to: given.to.trim().toLowerCase() }
    const account = letter.account ?? (await accountOf(letter.to))
    const id = await store.begin(ids.create('ltr'), letter, account, clock.now())
    const became = async (state: DeliveryState, reason: string | null = null) => {
      await store.became(id, state, reason, clock.now())
      counted(letter.channel, state)
    }
    const held = letter.channel === 'mail' ? await store.suppressionOf(letter.to) : null
    if (held !== null) {
      await became('suppressed', held.reason)
      throw refuse(new Error('Mail to this address is held back.'))
    }
    try {
      await carry(id)
    } catch (error) {
      // The carrier's own words may quote the letter: what kind of failure it was is enough.
      await became(...failure(error))
      throw error
    }
    await became('sent')
  }

  /** What the carrier tells of one letter. Telling it twice changes nothing. */
  async function hear({ letter, timestamp, reason, ...event }: MailEvent): Promise<void> {
    const at = new Date(timestamp * 1000)
    const state = outcomeOf(event)
    const why = suppressionFor({ ...event, reason })
    if (state === null) return
    counted('mail', state)
    await atomically(async (parts) => {
      if (letter !== undefined)
        await parts.store.told(letter, state, reason?.slice(0, 200) ?? null, at, clock.now())
      if (why === null) return
      const held = { address: event.email, reason: why, detail: reason?.slice(0, 200) ?? null, since: at }
      if (await parts.store.suppress(held))
        await parts.record(entry('mail.suppressed', 'carrier', letter ?? 'unknown', why))
    })
  }

  /** @throws Fault not_suppressed */
  async function lift(address: string, actor: string): Promise<void> {
    const mailbox = address.trim().toLowerCase()
    const account = await accountOf(mailbox)
    await atomically(async (parts) => {
      if (!(await parts.store.lift(mailbox))) throw fault.not_suppressed()
      // An address has no place in the audit log: whose it is has.
      await parts.record(entry('mail.suppression-lifted', actor, account ?? 'unknown'))
    })
  }

  /** Begins one letter anew, at once. @throws Fault not_found: what is no letter is no matter of this */
  async function resend(job: string, actor: string): Promise<void> {
    if (!(await queue()).some(({ id }) => id === job)) throw fault.not_found()
    await atomically(async ({ retry, record }) => {
      if ((await retry(job)) === 0) throw fault.not_found()
      await record({ action: 'jobs.retried', actor, target: { type: 'Job', id: job }, outcome: 'done' })
    })
  }

  const queue = async (): Promise<QueuedJob[]> =>
    (await queued()).filter(({ job }) => letterJobs.some((one) => one === job))

  return {
    send,
    hear,
    lift,
    resend,
    queue,
    list: store.list,
    suppressions: (): Promise<Suppression[]> => store.suppressions(500),
    sweep: () => store.sweep(new Date(clock.now().getTime() - keepDays * 86_400_000)),
  }
}
export type Deliveries = ReturnType<typeof createDeliveries>

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
