/** The features of identity and who needs whom: the same for the running service and for the command line. */
import type { AuditEntry } from '@althing/kernel/audit'
import type { Tx } from '@althing/kernel/service'
import { createAccounts, type AccountParts } from './accounts/rules.ts'
import type { Account } from './accounts/schema.ts'
import { createAccountStore } from './accounts/store.ts'
import { invitationJob } from './activation/jobs.ts'
import { createActivation } from './activation/rules.ts'
import { activationMail } from './activation/texts.ts'
import { PersonId, personIdentified, rolesChanged } from './contract.ts'
import { countRecorded } from './proving-metrics.ts'
import { tellEnded, type Db, type IdentityKit } from './kit.ts'
import { toPerson, type Post } from './letters.ts'
import { createLinkStore, forgetLinks } from './links/store.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { createRecordStore } from './oidc/store.ts'
import type { Alerts } from './alerts/rules.ts'
import { composeCodes } from './compose-codes.ts'
import { composeFactors, composePasswords, passwordSetter } from './compose-factors.ts'
import { composeOutside } from './compose-outside.ts'
import { composeLetters } from './compose-mail.ts'
import { composeProfile } from './compose-profile.ts'
import { agreedIn, composeJoining } from './compose-joining.ts'
import { composeKeys } from './compose-keys.ts'
import { composePrivacy } from './compose-privacy.ts'
import { takeFactorsIn } from './compose-taking.ts'
import { composeRisk } from './compose-risk.ts'
import { composeAllApplications } from './compose-strangers.ts'
import { composeSessions } from './compose-sessions.ts'
import { composeSignals, tellingSignals } from './compose-signals.ts'
import { createConsentStore } from './consents/store.ts'
import { openTexts, type AgreedTexts } from './consents/texts.ts'
import { endOutside } from './outside-tokens/rules.ts'
import { createOutsideStore } from './outside-tokens/store.ts'
import type { Owner } from './passwords/rules.ts'
import { createPasswordStore } from './passwords/store.ts'
import { recoveryJobs } from './recovery/jobs.ts'
import { createRecovery } from './recovery/rules.ts'
import { changedMail, recoveryMail } from './recovery/texts.ts'
import { endAllOf } from './sessions/rules.ts'
import { createSessionStore } from './sessions/store.ts'

export type { IdentityKit } from './kit.ts'

/** The command line and tests count for themselves: what is counted belongs to the running service. */
export function compose(given: IdentityKit, metrics = createMetrics(given.metrics)) {
  const kit = tellingSignals(countRecorded(given, metrics.audited))
  const stores = storesOf(kit)
  const passwords = composePasswords(kit, metrics)
  const raise: Alerts['raise'] = (seen) => factors.alerts.raise(seen)
  const { mail, deliveries, deliveryJobs } = composeLetters(kit, metrics, raise)
  const sessions = composeSessions(kit, stores.sessions, metrics)
  const factors = composeFactors(kit, mail, { passwords, metrics, endSession: sessions.end })
  const codes = composeCodes(kit, mail, metrics, { ...factors, deliveries, hasPassword: passwords.has })
  const accounts = composeAccounts(kit, factors)
  const risk = composeRisk(kit, metrics, { ...factors, accounts, hasSentCodes: codes.mailedCodes.isOn })
  const { keys, published } = composeKeys(kit, metrics)
  const outside = composeOutside(kit, { ...factors, published }, metrics)
  const applications = composeAllApplications(kit, mail, metrics, published)
  const signalling = composeSignals(kit, applications.clients, published, metrics)
  const texts = openTexts(kit.config)
  const { activation, job } = composeActivation(kit, mail, passwords.prepare, metrics, texts)
  const { recovery, jobs } = composeRecovery(kit, mail, passwords.prepare, activation.deliver, metrics)
  const enqueueInvitation = (db: Db, account: string) => job.enqueue(db, { account })
  const inviting = { issueActivation: activation.issue, enqueueInvitation, texts }
  const joining = composeJoining(kit, mail, { ...metrics, ...inviting })
  const tellIdentified = (db: Db, tx: Tx) => accountParts(kit, db, tx).tellIdentified
  const own = composeProfile(kit, mail, { ...factors, ...codes, ...metrics, tellIdentified })
  const privacy = composePrivacy(kit, mail, (db, tx) => accountParts(kit, db, tx))
  return {
    stores,
    metrics,
    ...factors,
    ...codes,
    ...joining,
    texts,
    ...own,
    ...privacy,
    ...risk,
    passwords,
    accounts,
    sessions,
    keys,
    published,
    ...applications,
    deliveries,
    outside,
    ...signalling,
    activation,
    recovery,
    jobs: [
      job,
      ...jobs,
      ...deliveryJobs,
      ...applications.clientJobs,
      ...factors.factorJobs,
      ...joining.joiningJobs,
      ...own.profileJobs,
      ...privacy.privacyJobs,
      ...risk.riskJobs,
    ],
    record: (entry: AuditEntry) => kit.atomic((_db, tx) => tx)((tx) => tx.record(entry)),
  }
}
export type Composed = ReturnType<typeof compose>

const noticeOf = {
  active: 'account-reinstated',
  suspended: 'account-suspended',
  banned: 'account-banned',
} as const

const composeAccounts = (
  kit: IdentityKit,
  { notifyIn, followingIn }: Pick<ReturnType<typeof composeFactors>, 'notifyIn' | 'followingIn'>,
) =>
  createAccounts({
    ids: kit.ids,
    atomically: kit.atomic((db, tx) => ({
      ...accountParts(kit, db, tx),
      tellStanding: (account, status, told) => notifyIn(db)(account, noticeOf[status], told),
      tellOffice: ({ id, roles }: Account) => notifyIn(db)(id, 'roles-changed', roles.join(' ')),
      takeFactors: takeFactorsIn(db, tx, followingIn(db, tx)),
    })),
  })

/** For who only reads, and for the one statement that decides by itself. */
const storesOf = ({ database, chance }: IdentityKit) => ({
  accounts: createAccountStore(database),
  sessions: createSessionStore(database),
  passwords: createPasswordStore(database),
  records: createRecordStore(database, chance),
})

/** What changes together with an account, bound to one transaction. */
export function accountParts(
  kit: Pick<IdentityKit, 'chance' | 'config' | 'clock'>,
  db: Db,
  tx: Tx,
): AccountParts {
  const sessions = createSessionStore(db)
  return {
    store: createAccountStore(db),
    setPassword: passwordSetter(kit.config, db),
    async agreed(account, version) {
      for (const kind of ['terms', 'privacy'] as const)
        await createConsentStore(db).give(account, kind, version, kit.clock.now())
    },
    async endSessions(account) {
      // First what outlives sessions: grants of other applications.
      await createRecordStore(db, kit.chance).removeAccount(account)
      await endOutside(
        {
          store: createOutsideStore(db),
          revoke: (session) => sessions.revoke(account, { session }),
        },
        account,
      )
      return endAllOf({ store: sessions, tellEnded: (...ended) => tellEnded(tx, ...ended) }, account)
    },
    revoke: (subject, stamp) => sessions.revoke(subject, { stamp }),
    tellRoles: ({ id, roles, stamp }) =>
      tx.send(rolesChanged, { person: id, roles, stamp }, { to: ['policy'] }),
    tellIdentified: (account) => tellIdentified(tx, account),
    record: (entry) => tx.record(entry),
  }
}

/** An address only when it is proven; a kennitala never, because nobody but the eID proves it. */
export async function tellIdentified(
  tx: Tx,
  { id, email, emailProven, name }: Pick<Account, 'id' | 'email' | 'emailProven' | 'name'>,
): Promise<void> {
  if (emailProven && email !== null)
    await tx.send(personIdentified, { person: id, email, name }, { to: ['members'] })
}

function composeActivation(
  kit: IdentityKit,
  mail: Post,
  preparePassword: (password: string, owner: Owner) => Promise<string>,
  { verificationSent }: Metrics,
  texts: AgreedTexts,
) {
  const { config, clock, chance, database, atomic } = kit
  const job = invitationJob((account) => activation.deliver(account, 'ours'))
  const activation = createActivation({
    clock,
    chance,
    links: createLinkStore(database, 'activation'),
    paper: createLinkStore(database, 'paper'),
    findAccount: createAccountStore(database).byId,
    preparePassword,
    url: config.url,
    hours: config.activationHours,
    paperDays: config.paperCodeDays,
    async send(to, link, hours, why) {
      await mail.send({
        ...toPerson(to, why),
        ...activationMail(to.locale, { name: to.name, organisation: config.organisation, link, hours }),
      })
      verificationSent()
    },
    atomically: atomic((db, tx) => {
      const parts = accountParts(kit, db, tx)
      return {
        links: createLinkStore(db, 'activation'),
        paper: createLinkStore(db, 'paper'),
        enqueue: (account: string) => job.enqueue(db, { account }),
        setPassword: parts.setPassword,
        agreed: agreedIn(kit, texts, db, tx),
        activate: parts.store.activate,
        endSessions: parts.endSessions,
        tellIdentified: async ({ id }: { id: string }) => {
          const account = await parts.store.byId(id)
          if (account !== null) await parts.tellIdentified(account)
        },
        record: parts.record,
      }
    }),
  })
  return { activation, job }
}

function composeRecovery(
  kit: IdentityKit,
  mail: Post,
  preparePassword: (password: string, owner: Owner) => Promise<string>,
  sendActivation: (account: string, why: 'asked') => Promise<void>,
  { resetAsked }: Metrics,
) {
  const { config, clock, chance, database, limits, atomic } = kit
  const { organisation, url, recoveryMinutes: minutes } = config
  const { byEmail, byId } = createAccountStore(database)
  const { asked, changed } = recoveryJobs({
    deliver: (account) => recovery.deliver(account),
    tell: (account) => recovery.tell(account),
  })
  const recovery = createRecovery({
    clock,
    chance,
    links: createLinkStore(database, 'recovery'),
    byEmail,
    byId,
    preparePassword,
    sendActivation: (account) => sendActivation(account, 'asked'),
    url,
    minutes,
    spend: (by, who) =>
      limits.spend(`recover-${by}`, who, {
        most: by === 'address' ? config.recoveriesPerAddress : config.recoveriesPerNetwork,
        withinSeconds: 3600,
      }),
    sendLink: (to, link) =>
      mail.send({
        ...toPerson(to, 'asked'),
        ...recoveryMail(to.locale, { name: to.name, organisation, link, minutes }),
      }),
    sendNotice: (to) =>
      mail.send({
        ...toPerson(to, 'safety'),
        ...changedMail(to.locale, { name: to.name, organisation, link: `${url}/recover` }),
      }),
    atomically: atomic((db, tx) => {
      const { store, setPassword, endSessions, revoke, tellRoles, record } = accountParts(kit, db, tx)
      return {
        links: createLinkStore(db, 'recovery'),
        enqueueAsked: (account: string | null) => asked.enqueue(db, { account }),
        enqueueChanged: (account: string) => changed.enqueue(db, { account }),
        setPassword,
        async endEverything(id: string) {
          const account = await store.bump(id)
          if (account !== null) {
            await revoke(id, account.stamp)
            await tellRoles(account)
          }
          await endSessions(id)
          await forgetLinks(db, id)
        },
        record,
      }
    }),
  })
  const ask: typeof recovery.ask = (...asking) => {
    resetAsked()
    return recovery.ask(...asking)
  }
  return { recovery: { ...recovery, ask }, jobs: [asked, changed] }
}

export const personId = (id: string): PersonId => PersonId.parse(id)
