/** An election as the features of this service speak of it; its table belongs to setup. */
import type { Status } from './contract.ts'
import type { Election } from './setup/schema.ts'

export type { Draft, Election } from './setup/schema.ts'

/** Voting is over and will not come back. */
export const isOver = (status: Status): boolean =>
  ['closed', 'tallied', 'archived', 'cancelled'].includes(status)

/** Everybody may know of it. */
export const isPublic = ({ hidden, manifest }: Pick<Election, 'hidden' | 'manifest'>): boolean =>
  !hidden && manifest !== null
