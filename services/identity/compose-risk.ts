/** What speaks against a sign-in, with what it is lent. */
import { readFileSync } from 'node:fs'
import type { Accounts } from './accounts/rules.ts'
import type { Alerts } from './alerts/rules.ts'
import { hung } from './compose-alerts.ts'
import type { composeFactors } from './compose-factors.ts'
import { hallFactorOf, type Db, type IdentityKit } from './kit.ts'
import { noticeName } from './limit-names.ts'
import { createLoginEventStore } from './login-events/store.ts'
import type { Metrics } from './metrics.ts'
import { breachHashOf, createTimesBreached } from './passwords/breaches.ts'
import { createPasswordStore } from './passwords/store.ts'
import type { NoticeKind } from './proofs.ts'
import { isWithinLimit } from './quietly.ts'
import { lookUpJob, reuseJob } from './risk/jobs.ts'
import { createLookups } from './risk/lookups.ts'
import { readPlaces } from './risk/places.ts'
import { createRisk, type Known } from './risk/rules.ts'
import { policyOf, type Policy } from './risk/settings.ts'
import { createRiskStore } from './risk/store.ts'
import { createWatch } from './risk/watch.ts'

type Factors = Pick<ReturnType<typeof composeFactors>, 'loginEvents' | 'twoStep' | 'passkeys' | 'notify'>
type Lent = Factors & {
  readonly alerts: Alerts
  readonly accounts: Accounts
  readonly hasSentCodes: (account: string) => Promise<boolean>
}

export function composeRisk(kit: IdentityKit, metrics: Metrics, lent: Lent) {
  const { config, clock } = kit
  const policy = policyOf(config, hallFactorOf(config))
  const { alerts } = lent
  const risk = createRisk({
    clock,
    policy,
    placeOf: placesOf(config.placesFile),
    store: createRiskStore(kit.database),
    known: knownIn(kit, policy),
    passwordChangedAt: createPasswordStore(kit.database).changedAt,
    hasSecondFactor: async (account) =>
      (await lent.twoStep.isOn(account)) ||
      (await lent.hasSentCodes(account)) ||
      (await lent.passkeys.listOf(account)).length > 0,
    tellOwner: tellerOf(kit, lent.notify),
    endSessions: (account) => lent.accounts.signOutEverywhere(account, 'service:identity'),
    raise: alerts.raise,
    onSignal: metrics.riskSeen,
    onAction: metrics.riskActed,
  })
  const { loginEvents } = lent
  const watch = createWatch({ ...loginEvents, clock, policy, raise: alerts.raise })
  const { lookups, job: lookUp } = composeLookups(kit, metrics, policy, risk)
  const reuse = reuseJob(risk.reused)
  /** In the transaction that ends what the token gave. An application with a fault shows old ones all day: of many the latest waits. */
  const reusedIn = (db: Db) => async (account: string) => {
    const at = clock.now()
    await createRiskStore(db).mark(account, 'refresh-reuse', at)
    await reuse.enqueue(db, { account, at: at.toISOString() }, { key: `reused ${account}` })
  }
  return { risk, alerts, watch, lookups, reusedIn, riskJobs: [lookUp, reuse] }
}

/** Four questions of three features, on one connection: they are asked at every sign-in. */
function knownIn({ database }: IdentityKit, { limits }: Policy) {
  return (account: string, network: string | null, since: Date): Promise<Known> =>
    database.together(async (db) => {
      const { triedOn, triedFrom } = createLoginEventStore(db)
      const [tried, from, marks, passwordChangedAt] = await Promise.all([
        triedOn(account, since),
        network === null ? { failing: 0, came: 0 } : triedFrom(network, since, limits.failingAccounts),
        createRiskStore(db).marksOf(account),
        createPasswordStore(db).changedAt(account),
      ])
      return { tried, ...from, marks, passwordChangedAt }
    })
}

function composeLookups(
  kit: IdentityKit,
  metrics: Metrics,
  { weights }: Policy,
  risk: ReturnType<typeof createRisk>,
) {
  const { config, clock, chance, database, atomic, breakers } = kit
  const job = lookUpJob((proven) => lookups.lookUp(proven))
  const lookups = createLookups({
    clock,
    chance,
    sealingKey: kit.derivedKey('breach-lookups'),
    hashOf: breachHashOf,
    timesBreached: createTimesBreached({
      url: config.breachUrl,
      breaker: breakers.breaker('breach-lookups', hung),
      onUnanswered: metrics.breachLookUpUnanswered,
    }),
    isAsked: config.breachUrl !== '' && config.riskPolicy !== 'off' && weights['breached-password'] > 0,
    // Of one account the latest only: whoever signs in again and again asks once.
    enqueue: (proven) =>
      atomic((db) => db)((db) => job.enqueue(db, proven, { key: `look-up ${proven.account}` })),
    isKnownAsBreached: risk.isKnownAsBreached,
    passwordChangedAt: createPasswordStore(database).changedAt,
    onBreached: risk.passwordBreached,
  })
  return { lookups, job }
}

/** Of each kind one mail in an hour, however often somebody tries. */
function tellerOf({ limits }: IdentityKit, notify: Factors['notify']) {
  return async (account: string, kind: NoticeKind, detail: string): Promise<boolean> => {
    const rule = { most: 1, withinSeconds: 3600 }
    if (!(await isWithinLimit(() => limits.spend('risk-notice', noticeName(kind, account), rule))))
      return false
    await notify(account, kind, detail)
    return true
  }
}

/** Read once, at the start: what is wrong in it is said then. Without it nothing is anywhere. */
const placesOf = (file: string | undefined) =>
  file === undefined ? () => null : readPlaces(readFileSync(file, 'utf8'))
