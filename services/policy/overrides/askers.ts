/**
 * No wish outlives the right to have it. What somebody asked for with a right of their own falls in the transaction in which policy hears that a role was
 * taken from them. It is looked at again a minute later, and when somebody agrees: policies change too, and whoever asks in the moment of that news is
 * not seen by it. A policy may let people ask only as they have signed in, or with one application: each time it is asked as it was when they asked.
 */
import { isFault } from '@althing/kernel/errors'
import { personIn, type Caller } from '../caller.ts'
import { decidesAbout } from '../contract.ts'
import type { Ref } from '../known.ts'
import { strong } from '../proof.ts'
import type { Parts } from './changing.ts'
import { doorOf, itself, toldOf } from './hanging.ts'
import type { AskedWith, Override } from './schema.ts'
import type { Fallen } from './store.ts'

interface Needs {
  readonly rolesOf: (subject: Ref) => Promise<readonly string[] | null>
  readonly opens: Opens
}

/** Whether a door is open to somebody, by what is in force at this very moment: also what another node has just brought into force. */
export type Opens = (caller: Caller, action: string) => Promise<boolean>

/** Whether whoever asked for it with a right of their own has that still. */
export const createAskers =
  ({ rolesOf, opens }: Needs) =>
  async (one: Override): Promise<boolean> => {
    const person = personIn(one.askedBy)
    if (person === null || one.askedUnder !== null) return true
    const roles = await rolesOf({ type: 'Person', id: person })
    if (roles === null) return false
    return asksByRole(one, roles) || opens(asTheyCame(one, person, roles), `${doorOf(one)}.ask`)
  }
export type StillMay = ReturnType<typeof createAskers>

const asksByRole = ({ kind }: Override, roles: readonly string[]): boolean =>
  decidesAbout(kind === 'emergency' ? 'emergency' : 'allow', roles)

/** With the roles that they have now, and signed in as they were then. */
function asTheyCame({ askedWith }: Override, subject: string, roles: readonly string[]): Caller {
  const [acr = ''] = strong
  return { kind: 'person', subject, roles, ...(askedWith ?? { acr }) }
}

/** What is kept of that. */
export const wayOf = ({ client, acr, amr, scopes }: Caller): AskedWith => ({
  ...(client === undefined ? {} : { client }),
  ...(acr === undefined ? {} : { acr }),
  amr: amr ?? [],
  scopes: scopes ?? [],
})

type Telling = Pick<Parts, 'record' | 'store' | 'tell'>

interface Told {
  readonly person: string
  /** All that they have now. */
  readonly roles: readonly string[]
  /** By what this node has in hand: nobody else’s lock is waited for here. @throws Fault kernel.authz.unavailable */
  readonly opensHere: (caller: Caller, action: string) => boolean
}

/** Their roles are others from now on. */
export async function fallWithRoles(parts: Telling, told: Told, done: Fallen): Promise<void> {
  const { person, roles } = told
  for (const one of await parts.store.waiting(done.at, { askedBy: `person:${person}` }))
    if (!asksByRole(one, roles) && !mayAskHere(one, told)) await lapse(parts, one.id, done)
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
