/** How somebody proves who they are, and what is kept and told about it: the features of factors and who needs whom. */
import type { Tx } from '@althing/kernel/service'
import type { Alerts } from './alerts/rules.ts'
import { composeEmergencies } from './compose-emergencies.ts'
import { composeAlerts } from './compose-alerts.ts'
import { overrideReceives } from './compose-overrides.ts'
import { waysIn } from './compose-ways.ts'
import { createChanged, type Following } from './changes.ts'
import { createAccountStore } from './accounts/store.ts'
import { tellEnded, type Db, type IdentityKit } from './kit.ts'
import { pauseJob } from './guesses/jobs.ts'
import { createPauses } from './guesses/pauses.ts'
import { createGuesses } from './guesses/rules.ts'
import { createGuessStore } from './guesses/store.ts'
import { toPerson, type Post } from './letters.ts'
import { createLinkStore, forgetLinks } from './links/store.ts'
import { createLoginEvents } from './login-events/rules.ts'
import { createLoginEventStore } from './login-events/store.ts'
import { magicLinkJob } from './magic-links/jobs.ts'
import { createMagicLinks } from './magic-links/rules.ts'
import { magicLinkMail } from './magic-links/texts.ts'
import type { Metrics } from './metrics.ts'
import { noticeJob } from './notices/jobs.ts'
import { standings, type Notice, type NoticeKind } from './notices/schema.ts'
import { pathFor } from './notices/advice.ts'
import { noticeMail } from './notices/texts.ts'
import { createChallenges } from './passkeys/challenges.ts'
import { createPasskeys } from './passkeys/rules.ts'
import { createPasskeyStore } from './passkeys/store.ts'
import { endOutside } from './outside-tokens/rules.ts'
import { createOutsideStore } from './outside-tokens/store.ts'
import { createBreaches } from './passwords/breaches.ts'
import { createPasswordChange } from './passwords/change.ts'
import { createHashing } from './passwords/hashing.ts'
import { createPasswords } from './passwords/rules.ts'
import { rulesOf } from './passwords/schema.ts'
import { createPasswordStore } from './passwords/store.ts'
import { createRate } from './passwords/strength.ts'
import type { Changed, Confirm } from './proofs.ts'
import { assurance } from './oidc/schema.ts'
import { endOthersOf, strengthenIn } from './sessions/rules.ts'
import { createSessionStore } from './sessions/store.ts'
import { createConfirming } from './sign-in/confirming.ts'
import { createDevices } from './sign-in/devices.ts'
import { createTwoStep } from './two-step/rules.ts'
import { createTwoStepStore } from './two-step/store.ts'

export function composePasswords({ config, chance, database, breakers }: IdentityKit, metrics: Metrics) {
  const hashing = createHashing({
    memoryKib: config.passwordMemoryKib,
    passes: config.passwordPasses,
    queue: config.passwordQueue,
    chance,
  })
  return createPasswords({
    store: createPasswordStore(database),
    hashing,
    rules: rulesOf(config.preset, config.passwordMinimum),
    rate: createRate(),
    breaches: createBreaches({
      url: config.breachUrl,
      breaker: breakers.breaker('breached-passwords'),
      onUnanswered: metrics.breachUnanswered,
    }),
  })
}

/** The passwords before are kept that the preset refuses, and no others. */
export function passwordSetter({ preset, passwordMinimum }: IdentityKit['config'], db: Db) {
  const { history } = rulesOf(preset, passwordMinimum)
  return (account: string, phc: string) => createPasswordStore(db).set(account, phc, history)
}

interface Lent {
  readonly passwords: ReturnType<typeof composePasswords>
  readonly metrics: Metrics
  readonly endSession: (session: string, account: string, actor: string) => Promise<boolean>
}

export function composeFactors(kit: IdentityKit, mail: Post, { passwords, ...lent }: Lent) {
  const { config, database, atomic } = kit
  const { job: notice, following, notify, notifyIn } = composeNotices(kit, mail)
  const changed = (db: Db, tx: Tx) => createChanged(following(db, tx))
  const { alerts, jobs: alertJobs } = composeAlerts(kit, mail, lent.metrics)
  const guesses = composeGuesses(kit, notifyIn, { ...lent, ...alerts })
  const { pauses, job: pause } = composePauses(kit, notifyIn, alerts)
  const { emergencyReceives, emergencyJobs } = composeEmergencies(kit, { alerts, notifyIn })
  const loginEvents = composeLoginEvents(kit, database)
  const recoveryCodeUsed = async (account: string) =>
    notify(account, 'code-used', String(await createTwoStepStore(database).codesLeft(account)))
  const confirm = createConfirming({
    judge: guesses.judge,
    recognise: createDevices({ key: kit.derivedKey('devices'), chance: kit.chance }).recognise,
    note: loginEvents.note,
    record: (entry) => atomic((_db, tx) => tx)((tx) => tx.record(entry)),
    recoveryCodeUsed,
    async end(account, session) {
      if (await lent.endSession(session, account, 'service:identity'))
        await notify(account, 'session-guessed', '')
    },
    metrics: lent.metrics,
  })
  const { twoStep, passkeys } = composeEnrolled(kit, changed, confirm)
  const passwordChange = createPasswordChange({
    passwords,
    confirm,
    atomically: atomic((db, tx) => ({
      setPassword: passwordSetter(config, db),
      record: (entry) => tx.record(entry),
      changed: changed(db, tx),
    })),
  })
  const { magicLinks, job: magicLink } = composeMagicLinks(kit, mail)
  return {
    alerts,
    guesses,
    pauses,
    loginEvents,
    twoStep,
    passkeys,
    passwordChange,
    confirm,
    recoveryCodeUsed,
    magicLinks,
    notify,
    notifyIn,
    changedIn: changed,
    followingIn: following,
    policyReceives: [...emergencyReceives, ...overrideReceives(kit, { notifyIn })],
    factorJobs: [notice, pause, magicLink, ...alertJobs, ...emergencyJobs],
  }
}

function composeGuesses(
  { config, clock, database, atomic }: IdentityKit,
  notifyIn: ReturnType<typeof composeNotices>['notifyIn'],
  { metrics, raise }: Pick<Lent, 'metrics'> & Pick<Alerts, 'raise'>,
) {
  return createGuesses({
    clock,
    store: createGuessStore(database),
    lockAfter: config.lockAfter,
    lockMinutes: config.lockMinutes,
    shutAfter: config.shutAfter,
    async onShut(account, factor) {
      metrics.factorShut(factor)
      const alert = { kind: 'factor-shut', severity: 'high', account, network: null } as const
      await raise({ ...alert, signals: ['velocity'], at: clock.now() })
    },
    atomically: atomic((db, tx) => ({
      store: createGuessStore(db),
      record: (entry) => tx.record(entry),
      tellShut: (account) => notifyIn(db)(account, 'factor-shut'),
    })),
  })
}

function composePauses(
  { clock, database, atomic }: IdentityKit,
  notifyIn: ReturnType<typeof composeNotices>['notifyIn'],
  { raise }: Pick<Alerts, 'raise'>,
) {
  const job = pauseJob((paused) => pauses.tell(paused))
  const { byId } = createAccountStore(database)
  const pauses = createPauses({
    clock,
    store: createGuessStore(database),
    isThere: async (account) => (await byId(account)) !== null,
    // Mild: it stands in the feed. Whoever forgets a password does as much, and many at once are another alert.
    onPaused: (account, at) =>
      raise({ kind: 'account-paused', severity: 'low', account, network: null, signals: ['velocity'], at }),
    enqueue: (paused) => atomic((db) => db)((db) => job.enqueue(db, paused)),
    atomically: atomic((db, tx) => ({
      store: createGuessStore(db),
      record: (entry) => tx.record(entry),
      tellOwner: (account) => notifyIn(db)(account, 'account-paused'),
    })),
  })
  return { pauses, job }
}

/** @param db the transaction of what a line tells of, or none */
export const composeLoginEvents = (
  { config, clock, ids }: Pick<IdentityKit, 'config' | 'clock' | 'ids'>,
  db: Db,
) => createLoginEvents({ clock, ids, store: createLoginEventStore(db), keepDays: config.loginEventDays })

type ChangedIn = (db: Db, tx: Tx) => Changed<NoticeKind>

/** What somebody has enrolled beside a password. */
function composeEnrolled(kit: IdentityKit, changed: ChangedIn, confirm: Confirm) {
  const { config, clock, chance, database, atomic } = kit
  const twoStep = createTwoStep({
    clock,
    chance,
    store: createTwoStepStore(database),
    confirm,
    sealingKey: kit.derivedKey('two-step'),
    organisation: config.organisation,
    atomically: atomic((db, tx) => ({
      store: createTwoStepStore(db),
      record: (entry) => tx.record(entry),
      changed: changed(db, tx),
      strengthened: (account, session) =>
        strengthenIn({ store: createSessionStore(db), chance }, session, account, withApplication),
    })),
  })
  const passkeys = createPasskeys({
    clock,
    store: createPasskeyStore(database),
    challenges: createChallenges({ key: kit.derivedKey('passkeys'), clock, chance, minutes: 10 }),
    organisation: config.organisation,
    origin: new URL(config.url).origin,
    atomically: atomic((db, tx) => ({
      store: createPasskeyStore(db),
      record: (entry) => tx.record(entry),
      changed: changed(db, tx),
      ...waysIn(kit, db),
    })),
  })
  return { twoStep, passkeys }
}

/** A code of the application beside what opened the session. What opened it with two factors is no less than that. */
const withApplication = {
  weaker: [assurance.link, assurance.connector, assurance.password, assurance.code],
  acr: assurance.mfa,
  amr: ['otp', 'mfa'],
}

/** The owner hears of every change by mail: in its transaction that it is to be said, later that it is. */
function composeNotices({ config, clock, database, atomic }: IdentityKit, mail: Post) {
  const job = noticeJob(deliver)
  const { byId } = createAccountStore(database)

  async function deliver({ account, kind, detail, at }: Notice): Promise<void> {
    const person = await byId(account)
    if (person?.email == null || !person.emailProven) return
    // Whoever is shut out hears that they are, and of nothing else.
    if (person.status !== 'active' && !standings.includes(kind)) return
    const { name, locale, email } = person
    const { organisation, url, contact } = config
    const link = `${url}/${pathFor(kind, detail)}`
    const letter = { name, organisation, detail, at: new Date(at), link, contact }
    await mail.send({ account, why: 'safety', to: email, lang: locale, ...noticeMail(locale, kind, letter) })
  }

  const notifyIn =
    (db: Db) =>
    (account: string, kind: NoticeKind, detail = '', at = clock.now().toISOString()) =>
      job.enqueue(db, { account, kind, detail, at })

  return {
    job,
    notifyIn,
    notify: (account: string, kind: NoticeKind, detail: string) =>
      atomic((db) => db)((db) => notifyIn(db)(account, kind, detail)),
    following: (db: Db, tx: Tx): Following => ({
      notify: notifyIn(db),
      forgetLinks: (account) => forgetLinks(db, account),
      async endOthers(account, but) {
        const store = createSessionStore(db)
        const tell = { store, tellEnded: (...ended: [string, string]) => tellEnded(tx, ...ended) }
        const ended = await endOthersOf(tell, account, but)
        const revoke = (session: string) => store.revoke(account, { session })
        await endOutside({ store: createOutsideStore(db), revoke }, account)
        return ended
      },
    }),
  }
}

function composeMagicLinks(kit: IdentityKit, mail: Post) {
  const { config, clock, chance, database, limits, atomic } = kit
  const { organisation, url, magicLinkMinutes: minutes } = config
  const { byIdentifier, byId } = createAccountStore(database)
  const job = magicLinkJob((account, back) => magicLinks.deliver(account, back))
  const magicLinks = createMagicLinks({
    clock,
    chance,
    links: createLinkStore(database, 'sign-in'),
    byIdentifier,
    byId,
    url,
    minutes,
    spend: (by, who) =>
      limits.spend(`magic-link-${by}`, who, {
        most: by === 'address' ? config.magicLinksPerAddress : config.recoveriesPerNetwork,
        withinSeconds: 3600,
      }),
    enqueue: (account, back) => atomic((db) => db)((db) => job.enqueue(db, { account, back })),
    send: (to, link) =>
      mail.send({
        ...toPerson(to, 'asked'),
        ...magicLinkMail(to.locale, { name: to.name, organisation, link, minutes }),
      }),
  })
  return { magicLinks, job }
}
