/** What policy tells of overrides becomes letters. */
import { receive, type Receives } from '@althing/kernel/service'
import { overrideChanged, OverrideChanged } from '@althing/policy/contract'
import type { Db, IdentityKit } from './kit.ts'
import type { NoticeKind } from './notices/schema.ts'
import { createRecordStore } from './oidc/store.ts'
import { tellOverride } from './overrides/rules.ts'

interface Lent {
  readonly notifyIn: (db: Db) => (account: string, kind: NoticeKind, detail: string) => Promise<void>
}

/** A fact is tried again for a day. */
const daySeconds = 86_400

export const overrideReceives = (
  { clock, chance }: Pick<IdentityKit, 'clock' | 'chance'>,
  { notifyIn }: Lent,
): Receives[] => [
  receive(overrideChanged, { from: ['policy'], payload: OverrideChanged }, (fact, db) =>
    tellOverride(fact, {
      now: () => clock.now(),
      isFirst(override, until) {
        const seconds = Math.max(0, until.getTime() - clock.now().getTime()) / 1000
        return createRecordStore(db, chance).once('Shown', `override\n${override}`, seconds + daySeconds)
      },
      notify: notifyIn(db),
    }),
  ),
]
