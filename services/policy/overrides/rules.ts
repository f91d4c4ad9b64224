/**
 * Somebody in particular may do, or may not do, what is named here, until a moment and for a reason, whatever the policies say of it. To take
 * something away one is enough, for that can wait for nobody; to give something takes two, and neither of them is the one whom it is for. Nobody decides
 * about somebody who ranks above them. What is everybody's own is not taken away by one hand, as no policy takes it away (evaluate/cases); neither is the
 * way out: whoever denies something to all the others cannot keep them from ending that, and nobody ends what is denied to themselves.
 */
import type { Clock, Ids } from '@althing/kernel/context'
import type { Atomically } from '@althing/kernel/service'
import { PersonId } from '@althing/identity/contract'
import { withNeeded } from '../actions.ts'
import { decidesAbout, rankAmong } from '../contract.ts'
import type { Ref } from '../known.ts'
import type { Changing, Parts } from './changing.ts'
import { fault } from './faults.ts'
import type { Ask, Decide, Override, OverrideShown, Standing } from './schema.ts'
import { lineOf, shown, type Showing } from './showing.ts'
import { refuseWithheld } from './withheld.ts'

/** Whoever does something, with what they are themselves: what is lent to them is not among it. */
export interface By {
  /** As the audit log names them. */
  readonly actor: string
  /** Null: an operator at the machine. */
  readonly person: string | null
  readonly roles: readonly string[]
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

  /** A denial is in force at once, and so is what one hand does alone; else a second person decides. */
  async function ask(asked: Ask, by: By): Promise<OverrideShown> {
    const now = clock.now()
    refuseEnd(asked.until, now)
    if (nobodys.includes(asked.subject.type)) throw fault.not_theirs()
    await refuseUnknown(asked.actions)
    refuseWithheld(asked.kind, asked.actions)
    await refuseAbove(asked.subject, by)
    const isNow = asked.kind === 'deny' || by.isAlone
    const under = isNow ? null : await lentTo(by, now)
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
  async function lentTo({ person, roles }: By, now: Date): Promise<Standing | null> {
    return person === null || decidesAbout('allow', roles) ? null : needs.asksBy(person, now)
  }

  function overrideOf(asked: Ask, { actor, isAlone }: By, now: Date, { isNow, under }: How): Override {
    return {
      ...asked,
      // What is denied is denied alone: whoever may not write may read.
      actions: asked.kind === 'allow' ? withNeeded(asked.actions) : [...new Set(asked.actions)],
      id: ids.create('ovr'),
      role: null,
      lastsSeconds: null,
      askedBy: actor,
      askedAt: now,
      askedUnder: under?.id ?? null,
      decideBy: isNow
        ? asked.until
        : waitsUntil(now, [asked.until, ...(under === null ? [] : [under.until])]),
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

  /** As long as somebody asks for it: of two who decide one does. */
  async function decided(
    override: Override,
    { approve, reason }: Decide,
    { actor }: By,
    until: Date | null,
  ): Promise<OverrideShown> {
    if (override.state === 'lapsed') throw fault.lapsed()
    if (override.state !== 'asked') throw fault.decided()
    const done = { state: approve ? 'in-force' : 'refused', at: clock.now(), why: reason ?? null } as const
    const after = {
      ...override,
      state: done.state,
      until,
      decidedBy: actor,
      decidedAt: done.at,
      decidedWhy: done.why,
    }
    const settle = async ({ store, record, tell }: Parts) => {
      if (!(await store.decide(override.id, { ...done, by: actor, until }))) throw fault.decided()
      await record(lineOf(approve ? 'in_force' : 'refused', after, actor, done.why))
      await tell(after, actor)
    }
    await (approve ? changing(actor, settle) : atomically(settle))
    return showing.show(override.id)
  }

  /** What is over already stays as it is, and nobody is told that they were too late for what they want. */
  async function end(id: string, reason: string, { actor, person }: By): Promise<OverrideShown> {
    const { kind, subject } = await showing.read(id)
    if (kind === 'deny' && subject.type === 'Person' && subject.id === person) throw fault.for_oneself()
    for (let one = await showing.read(id); ; one = await showing.read(id)) {
      const was = one.state
      if (was !== 'asked' && was !== 'in-force') return shown(one)
      const at = clock.now()
      const after = { ...one, state: 'ended', endedBy: actor, endedAt: at, endedWhy: reason } as const
      let isDone = false
      const finish = async ({ store, record, tell }: Parts) => {
        isDone = await store.end(id, was, actor, reason, at)
        if (!isDone) return
        await record(lineOf('ended', after, actor, reason))
        await tell(after, actor)
        // Nobody's wish outlives what let them ask for it.
        await store.fall(id, at)
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

/** Until the first of its ends, and for two weeks at most. */
function waitsUntil(now: Date, ends: readonly Date[]): Date {
  return new Date(Math.min(now.getTime() + decideDays * dayMs, ...ends.map((end) => end.getTime())))
}

/** Whoever asked for it, and whom it is for. */
export function refuseOwn({ askedBy, subject }: Override, { actor, person }: By): void {
  if (subject.type === 'Person' && subject.id === person) throw fault.for_oneself()
  if (askedBy === actor) throw fault.own()
}
