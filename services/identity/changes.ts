/** What every change of how somebody proves who they are brings with it, in its own transaction. */
import type { Changed, NoticeKind } from './proofs.ts'

/** In the transaction of the change. */
export interface Following {
  /** All of them but one; what they opened is refused from the next request on. @returns how many there were */
  readonly endOthers: (account: string, but: string | null) => Promise<number>
  readonly notify: (account: string, kind: NoticeKind, detail?: string) => Promise<void>
  /** Links that are under way to a mailbox: they were asked for by whoever had the account before. */
  readonly forgetLinks: (account: string) => Promise<void>
}

/** Adding a way in opens no door that was closed, so nobody is put out for it. */
const harmless: readonly NoticeKind[] = ['passkey-added', 'codes-new', 'identity-linked']

export function createChanged({ endOthers, notify, forgetLinks }: Following): Changed<NoticeKind> {
  return async function changed(account, what, { session }) {
    if (!harmless.includes(what)) {
      await forgetLinks(account)
      await endOthers(account, session)
    }
    await notify(account, what)
  }
}
