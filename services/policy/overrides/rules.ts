/**
 * Somebody in particular may do, or may not do, what is named here, until a moment and for a reason, whatever the policies say of it. To take
 * something away one is enough, for that can wait for nobody; to give something takes two, and neither of them is the one whom it is for. Nobody decides
 * about somebody who ranks above them. What is everybody's own is not taken away by one hand, as no policy takes it away (evaluate/cases); neither is the
 * way out: whoever denies something to all the others cannot keep them from ending that, and nobody ends what is denied to themselves. Whoever does any of
 * this with what was lent to them stands below those whose own it is: what they deny ends with the loan, and they end nothing that somebody above them
 * has decided (ending.ts).
 */
import type { Clock, Ids } from '@althing/kernel/context'
import { isFault } from '@althing/kernel/errors'
import type { Atomically } from '@althing/kernel/service'
import { PersonId } from '@althing/identity/contract'
import { withNeeded } from '../actions.ts'
import type { Caller } from '../caller.ts'
import { decidesAbout, rankAmong } from '../contract.ts'
import type { Ref } from '../known.ts'
import type { Changing, Parts } from './changing.ts'
import { createEnders } from './ending.ts'
import { fault } from './faults.ts'
import { lapse, unasked, wayOf, type Opens, type StillMay } from './askers.ts'
import { endOf, fallWith, isLoan, isUnhindered } from './hanging.ts'
import type { Ask, Decide, Override, OverrideShown, Standing } from './schema.ts'
import { lineOf, shown, type Showing } from './showing.ts'
import { refuseKind, refuseWithheld } from './withheld.ts'

/** Whoever does something, with what they are themselves: what is lent to them is not among it. */
export interface By {
  /** As the audit log names them. */
  readonly actor: string
  /** Null: an operator at the machine. */
  readonly person: string | null
  readonly roles: readonly string[]
  /** As the door has verified them; null of an operator. */
  readonly caller: Caller | null
  readonly isAlone: boolean
}

export interface Needs {
  readonly atomically: Atomically<Parts>
  readonly changing: Changing
  readonly showing: Showing
  readonly clock: Clock
  readonly ids: Ids
  /** The roles of somebody, none of something; null when neither is known. */
  readonly rolesOf: (subject: Ref) => Promise<readonly string[] | null>
  /** Of these the ones that no policy permits or forbids, nor ever could; each with what may have been meant. */
  readonly unknownActions: (names: readonly string[]) => Promise<ReadonlyMap<string, string | undefined>>
  /** What somebody was lent that lets them ask for overrides, and lasts longest; null when it is nothing. */
  readonly asksBy: (person: string, now: Date) => Promise<Standing | null>
  readonly stillMay: StillMay
  readonly opens: Opens
  readonly mostDays: number
}

interface How {
  readonly isNow: boolean
  readonly under: Standing | null
}

const minuteMs = 60_000
const dayMs = 86_400_000
/** Each of them is in every bundle, and looked at with every question about its person. */
const mostOpen = 1000
/** What nobody has looked at by then is asked for again: who agrees months later agrees to something else. */
export const decideDays = 14
const nobodys: readonly string[] = ['Action', 'Machine', 'Role', 'Service']

export function createOverrides(needs: Needs) {
  const { atomically, changing, showing, clock, ids, rolesOf } = needs
  const mayEnd = createEnders({ rolesOf })

  /** A denial is in force at once, and so is what one hand does alone; else a second person decides. */
  async function ask(asked: Ask, by: By): Promise<OverrideShown> {
    const now = clock.now()
    refuseEnd(asked.until, now)
    if (nobodys.includes(asked.subject.type)) throw fault.not_theirs()
    await refuseUnknown(asked.actions)
    refuseWithheld(asked.kind, asked.actions)
    refuseKind(asked.actions, asked.resource)
    await refuseAbove(asked.subject, by)
    const isNow = asked.kind === 'deny' || by.isAlone
    const under = await lentTo(by, now)
    const override = overrideOf(asked, by, now, { isNow, under })
    const add = async ({ store, record, tell }: Parts) => {
      if (under !== null && !(await store.isHeld(under.id, now))) throw fault.lent_no_more()
      if ((await store.countOpen(now)) >= mostOpen) throw fault.too_many()
      await store.add(override)
      await record(lineOf(isNow ? 'in_force' : 'asked', override, by.actor, override.reason))
      await tell(override, by.actor)
    }
    await (isNow ? changing(by.actor, add) : atomically(add))
    return shown(override)
  }

  /** What lets somebody ask whose own role does not; null of everybody else. */
  async function lentTo({ person, roles, caller }: By, now: Date): Promise<Standing | null> {
    if (person === null || decidesAbout('allow', roles)) return null
    const under = await needs.asksBy(person, now)
    // For a moment a door is open at one node after another has ended what opened it.
    const isOpen = under !== null || (caller !== null && (await needs.opens(caller, 'overrides.ask')))
    if (!isOpen) throw fault.lent_no_more()
    return under
  }

  function overrideOf(
    asked: Ask,
    { actor, caller, isAlone }: By,
    now: Date,
    { isNow, under }: How,
  ): Override {
    const until = isNow ? endOf(asked.until, under) : asked.until
    return {
      ...asked,
      until,
      // What is denied is denied alone: whoever may not write may read.
      actions: asked.kind === 'allow' ? withNeeded(asked.actions) : [...new Set(asked.actions)],
      id: ids.create('ovr'),
      role: null,
      lastsSeconds: null,
      askedBy: actor,
      askedAt: now,
      askedUnder: under?.id ?? null,
      askedWith: caller === null ? null : wayOf(caller),
      decideBy: isNow ? until : waitsUntil(now, endOf(until, under)),
      state: isNow ? 'in-force' : 'asked',
      decidedBy: isNow ? actor : null,
      decidedAt: isNow ? now : null,
      decidedWhy: null,
      isAlone,
      endedBy: null,
      endedAt: null,
      endedWhy: null,
    }
  }

  function refuseEnd(until: Date, now: Date): void {
    const ahead = until.getTime() - now.getTime()
    if (ahead < minuteMs) throw fault.too_soon()
    if (ahead > needs.mostDays * dayMs) {
      const message = `${needs.mostDays} days from now at most.`
      throw fault.too_late(undefined, { fields: [{ pointer: '/until', message }] })
    }
  }

  async function refuseUnknown(names: readonly string[]): Promise<void> {
    const unknown = await needs.unknownActions(names)
    const fields = names.flatMap((name, n) =>
      unknown.has(name) ? [{ pointer: `/actions/${n}`, message: unknownWords(name, unknown.get(name)) }] : [],
    )
    if (fields.length > 0) throw fault.unknown_actions(undefined, { fields })
  }

  async function refuseAbove(subject: Ref, { roles, isAlone }: By): Promise<void> {
    const theirs = await rolesOf(subject)
    if (theirs === null) refuseUnknownSubject(subject)
    if (!isAlone && rankAmong(theirs) > rankAmong(roles)) throw fault.above()
  }

  /** @throws Fault no_override of emergency access: it has a door of its own */
  async function decide(id: string, decision: Decide, by: By): Promise<OverrideShown> {
    const override = await showing.read(id)
    if (override.kind !== 'allow') throw override.kind === 'deny' ? fault.decided() : fault.no_override()
    refuseOwn(override, by)
    if (!decidesAbout('allow', by.roles)) throw fault.not_by_lent()
    if (decision.approve) await refuseAbove(override.subject, by)
    return decided(override, decision, by, override.until)
  }

  /** As long as somebody asks for it, and may: of two who decide one does. */
  async function decided(
    override: Override,
    { approve, reason }: Decide,
    { actor }: By,
    until: Date | null,
  ): Promise<OverrideShown> {
    if (override.state === 'lapsed') throw override.endedAt === null ? fault.lapsed() : fault.asks_no_more()
    if (override.state !== 'asked') throw fault.decided()
    const done = { state: approve ? 'in-force' : 'refused', by: actor, why: reason ?? null, until } as const
    const may = approve ? await needs.stillMay(override) : 'may'
    if (may === 'unheard') throw fault.unheard(undefined, { retryAfterSeconds: 60 })
    const settle = async ({ store, record, tell }: Parts) => {
      // Each time that it is tried: somebody else may have ended what let them ask, in between.
      const at = clock.now()
      const isRight = may === 'may' && (!approve || (await isUnhindered(store, override, at)))
      if (!isRight) throw fault.asks_no_more()
      if (!(await store.decide(override.id, { ...done, at }))) throw fault.decided()
      const { state, why } = done
      const after = { ...override, state, until, decidedBy: actor, decidedAt: at, decidedWhy: why }
      await record(lineOf(approve ? 'in_force' : 'refused', after, actor, why))
      await tell(after, actor)
    }
    await (approve ? changing(actor, settle) : atomically(settle)).catch(async (error: unknown) => {
      if (isFault(error, 'policy.overrides.asks_no_more')) await fallen(override.id)
      throw error
    })
    return showing.show(override.id)
  }

  /** Nothing of a transaction that was refused is left: this is one of its own. */
  const fallen = (id: string): Promise<void> => atomically((parts) => lapse(parts, id, unasked(clock.now())))

  /** What is over already stays as it is, and nobody is told that they were too late for what they want. */
  async function end(id: string, reason: string, by: By): Promise<OverrideShown> {
    const { actor } = by
    for (;;) {
      const one = await showing.read(id)
      const was = one.state
      if (was !== 'asked' && was !== 'in-force') return shown(one)
      // Each time anew: whoever takes back a wish does not end what a second person has agreed to in between.
      await mayEnd(one, by)
      const at = clock.now()
      const after = { ...one, state: 'ended', endedBy: actor, endedAt: at, endedWhy: reason } as const
      let isDone = false
      const finish = async (parts: Parts) => {
        const { store, record, tell } = parts
        if (isLoan(one)) await store.holdLoans(one.subject.id, at)
        isDone = await store.end(id, was, actor, reason, at)
        if (!isDone) return
        await record(lineOf('ended', after, actor, reason))
        await tell(after, actor)
        if (isLoan(one)) await fallWith(parts, one, { by: actor, why: reason, at })
      }
      await (was === 'asked' ? atomically(finish) : changing(actor, finish))
      if (isDone) return shown(after)
    }
  }

  return { ask, decide, decided, end, ...showing }
}
export type Overrides = ReturnType<typeof createOverrides>

const unknownWords = (name: string, meant: string | undefined): string =>
  `Nothing is called ${name}.${meant === undefined ? '' : ` Did you mean ${meant}?`}`

/** Policy hears of an account with its first role. */
export function refuseUnknownSubject({ type, id }: Ref): never {
  const isAccount = type === 'Person' && PersonId.safeParse(id).success
  if (!isAccount) throw fault.unknown_subject()
  throw fault.no_role(undefined, {
    fields: [{ pointer: '/subject', message: 'Nothing is known of a role of this account.' }],
  })
}

/** Until its end, and for two weeks at most. */
function waitsUntil(now: Date, end: Date): Date {
  return new Date(Math.min(now.getTime() + decideDays * dayMs, end.getTime()))
}

/** Whoever asked for it, and whom it is for. */
export function refuseOwn({ askedBy, subject }: Override, { actor, person }: By): void {
  if (subject.type === 'Person' && subject.id === person) throw fault.for_oneself()
  if (askedBy === actor) throw fault.own()
}
