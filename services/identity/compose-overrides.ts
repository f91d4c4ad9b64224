/** What policy tells of overrides becomes letters. */
import { receive, type Receives } from '@althing/kernel/service'
import { overrideChanged, OverrideChanged } from '@althing/policy/contract'
import type { Db } from './kit.ts'
import type { NoticeKind } from './notices/schema.ts'
import { tellOverride } from './overrides/rules.ts'

interface Lent {
  readonly notifyIn: (db: Db) => (account: string, kind: NoticeKind, detail: string) => Promise<void>
}

export const overrideReceives = ({ notifyIn }: Lent): Receives[] => [
  receive(overrideChanged, { from: ['policy'], payload: OverrideChanged }, (fact, db) =>
    tellOverride(fact, { notify: notifyIn(db) }),
  ),
]
