/**
 * Every factor beside the password, taken away at once: all of them or none. Each is a line of its own in the log, with the reason; their owner gets one
 * letter about all of it, and everybody who is signed in is signed out once.
 */
import type { Tx } from '@althing/kernel/service'
import type { TakenFactors } from './accounts/schema.ts'
import type { Following } from './changes.ts'
import type { Db } from './kit.ts'
import { removeCodesIn } from './mailed-codes/factors.ts'
import { createMailedCodeStore } from './mailed-codes/store.ts'
import { removePasskeysIn } from './passkeys/rules.ts'
import { createPasskeyStore } from './passkeys/store.ts'
import type { By } from './proofs.ts'
import { turnOffIn } from './two-step/rules.ts'
import { createTwoStepStore } from './two-step/store.ts'

export function takeFactorsIn(db: Db, tx: Tx, { forgetLinks, endOthers, notify }: Following) {
  const common = { record: tx.record, changed: () => Promise.resolve() }
  return async (account: string, by: By): Promise<TakenFactors> => {
    const taken = {
      application: await turnOffIn({ ...common, store: createTwoStepStore(db) }, account, by),
      codes: await removeCodesIn({ ...common, store: createMailedCodeStore(db) }, account, by),
      passkeys: await removePasskeysIn({ ...common, store: createPasskeyStore(db) }, account, by),
    }
    if (!taken.application && taken.codes + taken.passkeys === 0) return { ...taken, sessions: 0 }
    await forgetLinks(account)
    const sessions = await endOthers(account, by.session)
    await notify(account, 'factors-reset', by.reason ?? '')
    return { ...taken, sessions }
  }
}
