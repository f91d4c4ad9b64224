/**
 * In an emergency somebody does for some hours what a role may do that they do not have: they ask for it themselves, say why, and show a second factor;
 * somebody else who ranks among those who run elections, at least, brings it into force with theirs. It lends what the policies permit to the role,
 * and no rank: nobody gives or takes roles by it, and nobody brings another one's into force.
 */
import type { Clock, Ids } from '@althing/kernel/context'
import type { Atomically } from '@althing/kernel/service'
import { decidesAbout, rankAmong } from '../contract.ts'
import type { Changing, Parts } from './changing.ts'
import { wayOf } from './askers.ts'
import { fault } from './faults.ts'
import { hasOffice } from './leaving.ts'
import { refuseOwn, refuseUnknownSubject, type By, type Overrides } from './rules.ts'
import { LentRole, type AskEmergency, type Decide, type Override, type OverrideShown } from './schema.ts'
import { lineOf, shown, type Showing } from './showing.ts'
import { settle } from './sweeping.ts'

interface Needs {
  readonly atomically: Atomically<Parts>
  readonly changing: Changing
  readonly showing: Showing
  readonly overrides: Pick<Overrides, 'decided' | 'end'>
  readonly clock: Clock
  readonly ids: Ids
  readonly rolesOf: (subject: Override['subject']) => Promise<readonly string[] | null>
  /** 0: there is none. */
  readonly mostHours: number
}

/** It is an emergency: what nobody has looked at by then is asked for again. */
const decideMinutes = 30
const minuteMs = 60_000
const helps = (roles: readonly string[]) => decidesAbout('emergency', roles)

export function createEmergency(needs: Needs) {
  const { atomically, changing, showing, overrides, clock, ids, mostHours } = needs
  const mostMinutes = mostHours * 60

  async function ask(asked: AskEmergency, by: By & { readonly person: string }): Promise<OverrideShown> {
    refuse(asked, by.roles)
    if (offeredTo(by.roles).length === 0) throw fault.nothing_to_lend()
    const override = requestOf(asked, { type: 'Person', id: by.person }, by)
    await atomically(add(override, by))
    return shown(override)
  }

  /** From the command line of the machine, by one hand. */
  async function lend(asked: AskEmergency, person: string, by: By): Promise<OverrideShown> {
    const subject = { type: 'Person', id: person }
    const theirs = await needs.rolesOf(subject)
    if (theirs === null) refuseUnknownSubject(subject)
    refuse(asked, theirs)
    const request = requestOf(asked, subject, by)
    const at = request.askedAt
    const until = new Date(at.getTime() + asked.minutes * minuteMs)
    const override = { ...request, state: 'in-force', decidedBy: by.actor, decidedAt: at, until } as const
    await changing(by.actor, add(override, by))
    return shown(override)
  }

  function refuse({ role, minutes }: AskEmergency, roles: readonly string[]): void {
    if (mostHours === 0) throw fault.off()
    if (rankAmong(roles) >= rankAmong([role])) throw fault.held()
    if (minutes > mostMinutes) {
      const message = `${mostMinutes} minutes at most.`
      throw fault.too_long(undefined, { fields: [{ pointer: '/minutes', message }] })
    }
  }

  const add = (override: Override, by: By) => async (parts: Parts) => {
    const { store, record, tell } = parts
    // Whoever has had it before may ask for it again.
    await settle(parts, override.askedAt)
    if (!(await store.add(override))) throw fault.asked_already()
    await record(
      lineOf(override.state === 'asked' ? 'asked' : 'in_force', override, by.actor, override.reason),
    )
    await tell(override, by.actor)
  }

  function requestOf(
    { role, minutes, reason }: AskEmergency,
    subject: Override['subject'],
    by: By,
  ): Override {
    const now = clock.now()
    return {
      id: ids.create('ovr'),
      kind: 'emergency',
      subject,
      actions: [],
      resource: null,
      role,
      reason,
      askedBy: by.actor,
      askedAt: now,
      askedUnder: null,
      askedWith: by.caller === null ? null : wayOf(by.caller),
      lastsSeconds: minutes * 60,
      until: null,
      decideBy: new Date(now.getTime() + decideMinutes * minuteMs),
      state: 'asked',
      decidedBy: null,
      decidedAt: null,
      decidedWhy: null,
      isAlone: by.isAlone,
      endedBy: null,
      endedAt: null,
      endedWhy: null,
    }
  }

  async function decide(id: string, decision: Decide, by: By): Promise<OverrideShown> {
    const request = await read(id)
    refuseOwn(request, by)
    if (!helps(by.roles)) throw fault.not_by_lent()
    const until = new Date(clock.now().getTime() + (request.lastsSeconds ?? 0) * 1000)
    return overrides.decided(request, decision, by, decision.approve ? until : null)
  }

  /** Whoever has it gives it back; whoever could have brought it into force takes it away. */
  async function end(id: string, reason: string, by: By): Promise<OverrideShown> {
    const { subject } = await read(id)
    if (subject.id !== by.person && !helps(by.roles)) throw fault.not_yours()
    return overrides.end(id, reason, by)
  }

  /** @throws Fault no_override of any other */
  async function read(id: string): Promise<Override> {
    const one = await showing.read(id)
    if (one.kind !== 'emergency') throw fault.no_override()
    return one
  }

  /** What somebody with these roles may ask for: whoever has an office here, and what is above it. */
  function offeredTo(roles: readonly string[]): LentRole[] {
    if (mostHours === 0 || !hasOffice(roles)) return []
    return LentRole.options.filter((role) => rankAmong([role]) > rankAmong(roles))
  }

  return {
    ask,
    lend,
    decide,
    end,
    show: async (id: string) => shown(await read(id)),
    async list(
      filter: { state?: Override['state'] | undefined; before?: string | undefined },
      limit: number,
    ) {
      return showing.list({ ...filter, kind: 'emergency' }, limit)
    },
    offer: (roles: readonly string[]) => ({ roles: offeredTo(roles), mostMinutes, decideMinutes }),
  }
}
export type Emergency = ReturnType<typeof createEmergency>
