import type { AdminElection } from '@althing/elections/contract'
import type { Question } from './confirm.tsx'
import type { Console } from './go.tsx'
import type { Kept } from './sealing-key.ts'

/** What every part of the room may do. */
export interface Room extends Console {
  readonly election: AdminElection
  readonly kept: Kept | null
  readonly busy: boolean
  readonly onKept: (kept: Kept) => void
  readonly ask: (question: Question) => void
  /** Does it, shows what came of it, and says what went wrong. */
  readonly act: (work: () => Promise<AdminElection>) => void
}
