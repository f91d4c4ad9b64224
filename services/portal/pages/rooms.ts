/**
 * Whoever may ask the first question of a room may enter it, and whoever may do something finds the button for it. That is decided as every door
 * decides it, when somebody comes: what was given to somebody for a while, or taken from them, opens and closes rooms, and shows buttons, as it
 * begins and ends.
 */
import type { Authz } from '@althing/kernel/authz'
import { may, type Caller } from '@althing/kernel/http'
import { ConsoleAction, roomsWhere, type ConsoleRoom } from '../contract.ts'

export type Somebody = Omit<Caller, 'kind'>
export type RoomsOf = (somebody: Somebody) => readonly ConsoleRoom[]
export type ActsOf = (somebody: Somebody) => ConsoleAction[]

/** @throws Fault kernel.authz.unavailable where nobody can say it just now */
export function createRooms(authz: Pick<Authz, 'decide'>): RoomsOf {
  return (somebody) => roomsWhere(mayOf(authz, somebody))
}

/** @throws Fault kernel.authz.unavailable */
export function createActs(authz: Pick<Authz, 'decide'>): ActsOf {
  return (somebody) => ConsoleAction.options.filter(mayOf(authz, somebody))
}

function mayOf({ decide }: Pick<Authz, 'decide'>, somebody: Somebody) {
  const caller = { ...somebody, kind: 'person' } as const
  return (action: string): boolean => {
    const resource = may(action).resource({ params: {} as never, caller })
    return decide({ caller, action, resource }).decision
  }
}
