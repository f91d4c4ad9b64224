/**
 * No wish outlives the right to have it. What somebody asked for with a right of their own falls in the transaction in which policy hears that a role was
 * taken from them. It is looked at again a minute later, and when somebody agrees: policies change too, and whoever asks in the moment of that news is
 * not seen by it. A policy may let people ask only as they have signed in, or with one application: each time it is asked as it was when they asked.
 *
 * Their token may know of a role that was just given before policy hears of it. So nothing falls by news that is older than the token was.
 */
import type { Clock } from '@althing/kernel/context'
import { isFault } from '@althing/kernel/errors'
import { personIn, type Caller } from '../caller.ts'
import { decidesAbout } from '../contract.ts'
import { strong } from '../proof.ts'
import type { Parts } from './changing.ts'
import { doorOf, itself, toldOf } from './hanging.ts'
import type { AskedWith, Override } from './schema.ts'
import type { Fallen } from './store.ts'

interface Needs {
  readonly clock: Clock
  readonly heardOf: (person: string) => Promise<Heard | null>
  /** Of them no news comes any more. */
  readonly wasErased: (person: string) => Promise<boolean>
  readonly opens: Opens
}

/** The roles of somebody, and with which of identity’s numbers they were told: null when an application alone has told of them. */
interface Heard {
  readonly roles: readonly string[]
  readonly stamp: number | null
}

/** Whether they may still ask for it; `unheard` as long as nobody knows, because newer news of them than was heard is on its way. */
type May = 'may' | 'may-not' | 'unheard'

/** Whether a door is open to somebody, by what is in force at this very moment: also what another node has just brought into force. */
export type Opens = (caller: Caller, action: string) => Promise<boolean>

/** Whether whoever asked for it with a right of their own has that still. */
export const createAskers =
  ({ clock, heardOf, wasErased, opens }: Needs) =>
  async (one: Override): Promise<May> => {
    const person = personIn(one.askedBy)
    if (person === null || one.askedUnder !== null) return 'may'
    const heard = await heardOf(person)
    if (heard !== null && (await mayAsk(one, person, heard.roles, opens))) return 'may'
    const waits = isUnheard(one, heard, clock.now()) && !(await wasErased(person))
    return waits ? 'unheard' : 'may-not'
  }
export type StillMay = ReturnType<typeof createAskers>

const mayAsk = async (one: Override, person: string, roles: readonly string[], opens: Opens) =>
  asksByRole(one, roles) || opens(asTheyCame(one, person, roles), `${doorOf(one)}.ask`)

const minuteMs = 60_000
/** Of what came with no number: identity tries again after five minutes at the latest (kernel/db/dispatcher.ts). */
const unnumberedMs = 6 * minuteMs
/** And gives up after a day. */
const givenUpMs = 24 * 60 * minuteMs

/** Whether their token may have been made of news that has not come here yet. */
function isUnheard({ askedAt, askedWith }: Override, heard: Heard | null, now: Date): boolean {
  const sinceMs = now.getTime() - askedAt.getTime()
  const stamp = askedWith?.stamp
  return stamp === undefined ? sinceMs < unnumberedMs : (heard?.stamp ?? -1) < stamp && sinceMs < givenUpMs
}

const asksByRole = ({ kind }: Override, roles: readonly string[]): boolean =>
  decidesAbout(kind === 'emergency' ? 'emergency' : 'allow', roles)

/** With the roles that they have now, and signed in as they were then. */
function asTheyCame({ askedWith }: Override, subject: string, roles: readonly string[]): Caller {
  const [acr = ''] = strong
  return { kind: 'person', subject, roles, ...(askedWith ?? { acr }) }
}

/** What is kept of that. */
export const wayOf = ({ roles, stamp, client, acr, amr, scopes }: Caller): AskedWith => ({
  ...(stamp === undefined || roles.length === 0 ? {} : { stamp }),
  ...(client === undefined ? {} : { client }),
  ...(acr === undefined ? {} : { acr }),
  amr: amr ?? [],
  scopes: scopes ?? [],
})

type Telling = Pick<Parts, 'record' | 'store' | 'tell'>

interface Told extends Heard {
  readonly person: string
  /** By what this node has in hand: nobody else’s lock is waited for here. @throws Fault kernel.authz.unavailable */
  readonly opensHere: (caller: Caller, action: string) => boolean
}

/** Their roles are others from now on. */
export async function fallWithRoles(parts: Telling, told: Told, done: Fallen): Promise<void> {
  const { person, roles } = told
  for (const one of await parts.store.waiting(done.at, { askedBy: `person:${person}` }))
    if (!asksByRole(one, roles) && !isUnheard(one, told, done.at) && !mayAskHere(one, told))
      await lapse(parts, one.id, done)
}

/** Where nobody can know it, it is looked at again in a minute: that somebody has lost a role is heard in any case. */
function mayAskHere(one: Override, { person, roles, opensHere }: Told): boolean {
  try {
    return opensHere(asTheyCame(one, person, roles), `${doorOf(one)}.ask`)
  } catch (error) {
    if (!isFault(error, 'kernel.authz.unavailable')) throw error
    return true
  }
}

/** Nobody decides about it any more. */
export const lapse = async (parts: Telling, id: string, done: Fallen): Promise<void> =>
  toldOf(parts, await parts.store.lapse(id, done), done)

/** By nobody: somebody looked. */
export const unasked = (at: Date): Fallen => ({ by: itself, why: null, at })
