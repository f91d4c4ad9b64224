/**
 * An application hears that a session has ended in which it signed somebody in: at least once, again and again for a day when it does
 * not answer, and never so that anybody's sign-out waits for it.
 */
import type { Notice } from './schema.ts'
import type { LogoutStore } from './store.ts'

interface Needs {
  readonly store: LogoutStore
  /** False when the application has not asked to hear of it, or is not there any more. */
  readonly tell: (notice: Pick<Notice, 'account' | 'client' | 'sid'>) => Promise<boolean>
  readonly onTold: (result: 'done' | 'failed' | 'given_up') => void
  /** As the operator reads it: which application does not answer. */
  readonly onFailed: (client: string, error: unknown) => void
}

const atOnce = 20

export function createLogout({ store, tell, onTold, onFailed }: Needs) {
  async function send(notice: Notice): Promise<void> {
    try {
      if (await tell(notice)) onTold('done')
      await store.done(notice.id)
    } catch (error) {
      onFailed(notice.client, error)
      onTold(notice.isLast ? 'given_up' : 'failed')
      if (notice.isLast) await store.done(notice.id)
    }
  }

  /** Until nothing is due. @returns how many were tried */
  async function work(): Promise<number> {
    let tried = 0
    for (;;) {
      const notices = await store.take(atOnce)
      await Promise.all(notices.map(send))
      tried += notices.length
      if (notices.length < atOnce) return tried
    }
  }

  return { work }
}
