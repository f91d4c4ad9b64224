/** What happened to somebody, from the lists that different features keep. */
import type { Composed, IdentityKit } from './compose.ts'
import { createAccountStore } from './accounts/store.ts'
import { createJoiningStore } from './joining/store.ts'
import { createTimeline } from './timeline/rules.ts'

/** Refused at the door, or where somebody was asked once more: login events say the same, and from where. */
const saidByTries = ['sign-in.', 'confirm.']

export function composeTimeline({ audit, database }: IdentityKit, { loginEvents, deliveries }: Composed) {
  const accounts = createAccountStore(database)
  return createTimeline({
    changesOf: (targets, before, limit) =>
      audit.search({ targets, before, limit, without: { prefixes: saidByTries, outcome: 'failed' } }),
    triesOf: (account, before, most) => loginEvents.list({ account }, before, most),
    lettersOf: (account, before, most) => deliveries.list({ account }, before, most),
    async applicationsOf(account) {
      const email = (await accounts.byId(account))?.email ?? null
      return email === null ? [] : createJoiningStore(database).ofAddress(email)
    },
    namesOf: accounts.namesOf,
  })
}
