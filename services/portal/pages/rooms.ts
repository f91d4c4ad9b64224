/**
 * Whoever may ask the first question of a room may enter it, and whoever may do something finds the button for it. That is decided as every door
 * decides it, when somebody comes: what was given to somebody for a while, or taken from them, opens and closes rooms, and shows buttons, as it
 * begins and ends.
 */
import type { Authz } from '@althing/kernel/authz'
import { may, type Caller, type Resource } from '@althing/kernel/http'
import { acts, ConsoleAction, roomsWhere, type ConsoleRoom, type Thing } from '../contract.ts'

export type Somebody = Omit<Caller, 'kind'>
export type RoomsOf = (somebody: Somebody) => readonly ConsoleRoom[]
/** @param thing that they look at: what is done to things of its kind is decided of it, and all else of Althing as a whole */
export type ActsOf = (somebody: Somebody, thing?: Thing) => ConsoleAction[]

/** @throws Fault kernel.authz.unavailable where nobody can say it just now */
export function createRooms(authz: Pick<Authz, 'decide'>): RoomsOf {
  return (somebody) => roomsWhere(mayOf(authz, somebody))
}

/** @throws Fault kernel.authz.unavailable */
export function createActs(authz: Pick<Authz, 'decide'>): ActsOf {
  return (somebody, thing) => {
    const mayThey = mayOf(authz, somebody)
    return ConsoleAction.options.filter((act) => mayThey(act, acts[act] === thing?.type ? thing : undefined))
  }
}

function mayOf({ decide }: Pick<Authz, 'decide'>, somebody: Somebody) {
  const caller = { ...somebody, kind: 'person' } as const
  return (action: string, thing?: Resource): boolean => {
    const resource = thing ?? may(action).resource({ params: {} as never, caller })
    return decide({ caller, action, resource }).decision
  }
}
