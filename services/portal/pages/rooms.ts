/**
 * Whoever may ask the first question of a room may enter it. That is decided as every door decides it, when somebody comes: what was given to
 * somebody for a while, or taken from them, opens and closes rooms as it begins and ends.
 */
import type { Authz } from '@althing/kernel/authz'
import { may, type Caller } from '@althing/kernel/http'
import { roomsWhere, type ConsoleRoom } from '../contract.ts'

export type Somebody = Omit<Caller, 'kind'>
export type RoomsOf = (somebody: Somebody) => readonly ConsoleRoom[]

/** @throws Fault kernel.authz.unavailable where nobody can say it just now */
export function createRooms({ decide }: Pick<Authz, 'decide'>): RoomsOf {
  return (somebody) => {
    const caller = { ...somebody, kind: 'person' } as const
    return roomsWhere((action) => {
      const resource = may(action).resource({ params: {} as never, caller })
      return decide({ caller, action, resource }).decision
    })
  }
}
