/**
 * Whose account is made to wait after too many wrong tries hears of it: a line in what happened to it each time, an alert, a word on their
 * page, and a letter once a day at most, for anybody can bring it about and nobody's mailbox is theirs to fill. All of it in a job that is
 * asked for whether there is such an account or not, so that the answer at the door says the same and takes as long.
 */
import type { AuditEntry } from '@althing/kernel/audit'
import type { Clock } from '@althing/kernel/context'
import type { Atomically } from '@althing/kernel/service'
import type { Paused } from './schema.ts'
import type { GuessStore } from './store.ts'

interface Parts {
  readonly store: Pick<GuessStore, 'pause'>
  readonly record: (entry: AuditEntry) => Promise<void>
  readonly tellOwner: (account: string) => Promise<void>
}

interface Needs {
  readonly clock: Clock
  readonly store: Pick<GuessStore, 'pausedAt'>
  readonly atomically: Atomically<Parts>
  readonly isThere: (account: string) => Promise<boolean>
  /** The same sighting looked at again is not counted again. */
  readonly onPaused: (account: string, at: Date) => Promise<void>
  readonly enqueue: (paused: Paused) => Promise<void>
}

export function createPauses({ clock, store, atomically, isThere, onPaused, enqueue }: Needs) {
  /** One of many tries says it: the one with which the wait begins. @param account null: of nobody */
  const begun = (account: string | null): Promise<void> => enqueue({ account, at: clock.now().toISOString() })

  /** The job. The alert first: were it to fail afterwards, the rest would be done twice. */
  async function tell({ account, at: begunAt }: Paused): Promise<void> {
    if (account === null || !(await isThere(account))) return
    const at = new Date(begunAt)
    await onPaused(account, at)
    await atomically(async (parts) => {
      await parts.record({
        action: 'guesses.paused',
        actor: 'service:identity',
        target: { type: 'Account', id: account },
        outcome: 'done',
      })
      if (await parts.store.pause(account, at, dayMs)) await parts.tellOwner(account)
    })
  }

  /** For their own page: when it was last, as long as it is news. */
  async function latestOf(account: string): Promise<Date | null> {
    const at = await store.pausedAt(account)
    return at !== null && clock.now().getTime() - at.getTime() < newsMs ? at : null
  }

  return { begun, tell, latestOf }
}

const dayMs = 86_400_000
/** Whoever looks in once a week still sees it. */
const newsMs = 7 * dayMs
