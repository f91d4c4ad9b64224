/**
 * Being forgotten. It is asked for with a phrase, waits thirty days in which it can be called off, and then happens at once and
 * everywhere: the account and the person's key go in one transaction, every other service is told, and each of them confirms.
 */
import type { AuditEntry } from '@althing/kernel/audit'
import type { Clock } from '@althing/kernel/context'
import type { Atomically } from '@althing/kernel/service'
import { fault } from './faults.ts'
import type { ErasureStore } from './erasure-store.ts'
import type { Erasure } from './schema.ts'

interface Person {
  readonly id: string
  readonly name: string
  readonly email: string | null
  readonly locale: 'is' | 'en'
}

interface Parts {
  readonly store: ErasureStore
  /** Nobody else could make anybody a superadmin again. */
  /** Asked until commit: others who ask wait. */
  readonly isLastSuperadmin: (person: string) => Promise<boolean>
  readonly enqueueTelling: (person: string, what: 'asked' | 'cancelled') => Promise<void>
  /** Sessions and tokens end, everything that identity holds goes, and the person's key. */
  readonly forget: (person: string) => Promise<void>
  readonly tellServices: (person: string, services: readonly string[]) => Promise<void>
  readonly record: (entry: AuditEntry) => Promise<void>
}

interface Needs {
  readonly clock: Clock
  readonly newId: () => string
  readonly store: ErasureStore
  readonly atomically: Atomically<Parts>
  readonly find: (person: string) => Promise<Person | null>
  readonly send: {
    asked(to: Person & { readonly email: string }, due: Date): Promise<void>
    cancelled(to: Person & { readonly email: string }): Promise<void>
    /** The last one. */
    erased(to: Person & { readonly email: string }): Promise<void>
  }
  /** Who is told and has to confirm. */
  readonly services: readonly string[]
  readonly graceDays: number
  readonly report: (problem: string, facts: Readonly<Record<string, unknown>>) => void
}

interface Asked {
  readonly actor: string
  readonly reason?: string
  /** For an operator with a reason: no grace. */
  readonly atOnce?: boolean
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs

export function createErasures(needs: Needs) {
  const { clock, newId, store, atomically, find, send, services, graceDays, report } = needs

  /** @throws Fault already, last_superadmin */
  async function ask(person: string, { actor, reason, atOnce }: Asked): Promise<Date> {
    const now = clock.now()
    const dueAt = atOnce === true ? now : new Date(now.getTime() + graceDays * dayMs)
    await atomically(async (parts) => {
      if (await parts.isLastSuperadmin(person)) throw fault.last_superadmin()
      const one = { id: newId(), person, askedBy: actor, reason: reason ?? null, askedAt: now, dueAt }
      if (!(await parts.store.askErasure(one))) throw fault.already()
      if (atOnce !== true) await parts.enqueueTelling(person, 'asked')
      await parts.record({
        ...entry('privacy.erasure-asked', actor, person),
        // Whatever was written there goes with the person.
        ...(reason === undefined ? {} : { personal: { subject: person, values: { reason } } }),
      })
    })
    return dueAt
  }

  /** @throws Fault no_erasure, also when it is too late */
  async function cancel(person: string, actor: string): Promise<void> {
    await atomically(async (parts) => {
      if (!(await parts.store.cancelErasure(person, clock.now()))) throw fault.no_erasure()
      await parts.enqueueTelling(person, 'cancelled')
      await parts.record(entry('privacy.erasure-cancelled', actor, person))
    })
  }

  /** The job. */
  async function tell(person: string, what: 'asked' | 'cancelled'): Promise<void> {
    const [known, open] = await Promise.all([find(person), store.openErasure(person)])
    if (known?.email == null) return
    const to = { ...known, email: known.email }
    if (what === 'cancelled') return send.cancelled(to)
    if (open !== null) await send.asked(to, open.dueAt)
  }

  /**
   * What is due, one after the other; another process may do the same at once. One that fails is reported and tried again in an
   * hour, and holds nobody else up. @returns how many
   */
  async function work(): Promise<number> {
    let count = 0
    for (const due of await store.due(clock.now()))
      try {
        // Before, for afterwards there is no address; from its hour on nobody can call it off any more.
        if (due.saidAt === null) await farewell(due)
        if (await erase(due)) count += 1
      } catch (error) {
        report('an erasure failed', { erasure: due.id, cause: error instanceof Error ? error.name : '' })
        await store.putOff(due.id, new Date(clock.now().getTime() + hourMs))
      }
    await retell()
    return count
  }

  /** False when somebody else was quicker. @throws Fault last_superadmin when all others have gone since it was asked */
  const erase = ({ id, person, askedBy }: Erasure): Promise<boolean> =>
    atomically(async (parts) => {
      if (await parts.isLastSuperadmin(person)) throw fault.last_superadmin()
      if (!(await parts.store.beginErasing(id, services, clock.now()))) return false
      await parts.forget(person)
      await parts.tellServices(person, services)
      await parts.record(entry('privacy.erasure-begun', askedBy, person))
      return true
    })

  /** A message that nobody took dies after a day: who has not confirmed by then is told anew, and it is said that they were silent. */
  const retell = (): Promise<void> =>
    atomically(async (parts) => {
      const now = clock.now()
      for (const { erasure, person, service } of await parts.store.retell(
        new Date(now.getTime() - dayMs),
        now,
      )) {
        report('a service has not confirmed an erasure and is told again', { erasure, service })
        await parts.tellServices(person, [service])
      }
    })

  /** Without mail somebody is forgotten all the same: they asked for it. */
  async function farewell({ id, person }: Erasure): Promise<void> {
    const known = await find(person)
    if (known?.email != null)
      await send
        .erased({ ...known, email: known.email })
        .catch((error: unknown) => report('the last mail was not sent', { cause: String(error) }))
    await store.farewellSaid(id, clock.now())
  }

  return {
    ask,
    cancel,
    tell,
    work,
    openOf: store.openErasure,
    list: store.listErasures,
    partsOf: store.partsOf,
  }
}
export type Erasures = ReturnType<typeof createErasures>

const entry = (action: string, actor: string, person: string): AuditEntry => ({
  action,
  actor,
  target: { type: 'Account', id: person },
  outcome: 'done',
})
