/** The life of an election: which step leads from where to where. There is no other table of it. */
import type { Status } from '../contract.ts'

export const moves = {
  close: { from: ['published', 'open', 'paused'], to: 'closed', action: 'elections.closed' },
  pause: { from: ['open'], to: 'paused', action: 'elections.paused' },
  resume: { from: ['paused'], to: 'open', action: 'elections.resumed' },
  archive: { from: ['tallied'], to: 'archived', action: 'elections.archived' },
  cancel: {
    from: ['draft', 'published', 'open', 'paused', 'closed'],
    to: 'cancelled',
    action: 'elections.cancelled',
  },
} as const satisfies Record<string, { from: readonly Status[]; to: Status; action: string }>
export type Move = keyof typeof moves
