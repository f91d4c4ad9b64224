/** Every factor beside the password, taken away at once: all of them or none. */
import type { Tx } from '@althing/kernel/service'
import type { TakenFactors } from './accounts/rules.ts'
import type { Db } from './kit.ts'
import { removeCodesIn } from './mailed-codes/factors.ts'
import { createMailedCodeStore } from './mailed-codes/store.ts'
import { removePasskeysIn } from './passkeys/rules.ts'
import { createPasskeyStore } from './passkeys/store.ts'
import type { By, Changed, NoticeKind } from './proofs.ts'
import { turnOffIn } from './two-step/rules.ts'
import { createTwoStepStore } from './two-step/store.ts'

export function takeFactorsIn(db: Db, tx: Tx, changed: Changed<NoticeKind>) {
  const common = { record: tx.record, changed }
  return async (account: string, by: By): Promise<TakenFactors> => ({
    application: await turnOffIn({ ...common, store: createTwoStepStore(db) }, account, by),
    codes: await removeCodesIn({ ...common, store: createMailedCodeStore(db) }, account, by),
    passkeys: await removePasskeysIn({ ...common, store: createPasskeyStore(db) }, account, by),
  })
}
