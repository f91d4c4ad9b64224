/** What policy tells of overrides becomes letters. */
import { receive, type Receives } from '@althing/kernel/service'
import { overrideChanged, OverrideChanged } from '@althing/policy/contract'
import { createAccountStore } from './accounts/store.ts'
import type { Db, IdentityKit } from './kit.ts'
import type { NoticeKind } from './notices/schema.ts'
import { createRecordStore } from './oidc/store.ts'
import { tellOverride } from './overrides/rules.ts'

interface Lent {
  readonly notifyIn: (db: Db) => (account: string, kind: NoticeKind, detail: string) => Promise<void>
}
type Time = Pick<IdentityKit, 'clock' | 'chance'>

export const overrideReceives = ({ clock, chance }: Time, { notifyIn }: Lent): Receives[] => [
  receive(overrideChanged, { from: ['policy'], payload: OverrideChanged }, (fact, db) => {
    const accounts = createAccountStore(db)
    return tellOverride(fact, {
      now: () => clock.now(),
      isFirst: marking({ clock, chance }, db),
      find: accounts.byId,
      administrators: async () => (await accounts.administrators()).map(({ id }) => id),
      notify: notifyIn(db),
    })
  }),
]

/** A fact is tried again for a day. */
const daySeconds = 86_400

/** Whether somebody is the first to set a mark; it is kept until then, and for as long as facts may come. */
export const marking =
  ({ clock, chance }: Time, db: Db) =>
  (mark: string, until: Date): Promise<boolean> => {
    const seconds = Math.max(0, until.getTime() - clock.now().getTime()) / 1000
    return createRecordStore(db, chance).once('Shown', mark, seconds + daySeconds)
  }
