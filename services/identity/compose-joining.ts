/** How people come to have accounts, with what that needs of other features. */
import { createAccountStore } from './accounts/store.ts'
import type { Tx } from '@althing/kernel/service'
import { agreeIn, createConsents } from './consents/rules.ts'
import { createConsentStore } from './consents/store.ts'
import type { AgreedTexts } from './consents/texts.ts'
import { PersonId } from './contract.ts'
import type { Addressee } from './deliveries/schema.ts'
import { joiningJobs } from './joining/jobs.ts'
import { createJoining, type Letters } from './joining/rules.ts'
import type { Application } from './joining/schema.ts'
import { createJoiningStore } from './joining/store.ts'
import { joiningMail, type JoiningMail } from './joining/texts.ts'
import type { Db, IdentityKit } from './kit.ts'
import type { Post } from './letters.ts'

interface Lent {
  readonly texts: AgreedTexts
  readonly verificationSent: () => void
  readonly issueActivation: (account: string) => Promise<string>
  /** In the transaction of `db`. */
  readonly enqueueInvitation: (db: Db, account: string) => Promise<void>
}

export function composeJoining(kit: IdentityKit, mail: Post, lent: Lent) {
  const { texts, issueActivation, enqueueInvitation, verificationSent } = lent
  const { config, clock, chance, ids, database, limits, atomic } = kit
  const jobs = joiningJobs({
    deliver: (id) => joining.deliver(id),
    deliverGuardian: (id) => joining.deliverGuardian(id),
    deliverRejected: (id) => joining.deliverRejected(id),
  })
  const joining = createJoining({
    clock,
    chance,
    ids,
    store: createJoiningStore(database),
    registration: config.registration,
    ownerOf: createAccountStore(database).byEmail,
    issueActivation,
    send: lettersOf(kit, mail, verificationSent),
    agreed: texts,
    url: config.url,
    hours: config.activationHours,
    spend: (by, who) =>
      limits.spend(
        `register-${by}`,
        who,
        by === 'address'
          ? { most: config.registrationsPerAddress, withinSeconds: 86_400 }
          : { most: config.registrationsPerNetwork, withinSeconds: 3600 },
      ),
    atomically: atomic((db, tx) => ({
      store: createJoiningStore(db),
      enqueueAsked: (application: string) => jobs.asked.enqueue(db, { application }),
      enqueueGuardian: (application: string) => jobs.guardian.enqueue(db, { application }),
      enqueueRejected: (application: string) => jobs.rejected.enqueue(db, { application }),
      addAccount: (made: Application) => addAccount(kit, db, tx, made),
      invite: (account: string) => enqueueInvitation(db, account),
      record: (entry) => tx.record(entry),
    })),
  })
  const consents = createConsents({
    clock,
    texts,
    store: createConsentStore(database),
    atomically: atomic((db, tx) => ({
      store: createConsentStore(db),
      record: (entry) => tx.record(entry),
    })),
  })
  return { joining, consents, joiningJobs: [jobs.asked, jobs.guardian, jobs.rejected] }
}

/** The address was proven by a link; what was agreed to goes along. */
async function addAccount(
  { ids, config }: IdentityKit,
  db: Db,
  { record }: Tx,
  made: Application,
): Promise<string | null> {
  const account = await createAccountStore(db).add({
    id: PersonId.parse(ids.create('acc')),
    email: made.email,
    emailProven: true,
    name: made.name,
    phone: made.phone,
    locale: made.locale,
    status: 'pending',
  })
  if (account === null) return null
  await agreeIn({ store: createConsentStore(db), record }, account.id, {
    kinds: made.consents,
    version: made.consentVersion ?? config.consentVersion,
    at: made.createdAt,
  })
  return account.id
}

function lettersOf({ config }: IdentityKit, mail: Post, verificationSent: () => void): Letters {
  const { organisation, url, activationHours: hours } = config
  type To = Parameters<Letters['known']>[0]
  const why: Readonly<Record<JoiningMail, Addressee['why']>> = {
    confirm: 'asked',
    known: 'asked',
    guardian: 'ours',
    rejected: 'ours',
  }
  const send = (kind: JoiningMail, { name, locale, reason }: To, to: string, link: string) =>
    mail.send({
      account: null,
      why: why[kind],
      to,
      lang: locale,
      ...joiningMail(locale, kind, { name, organisation, link, hours, reason }),
    })
  return {
    async confirm(made, link) {
      await send('confirm', made, made.email, link)
      verificationSent()
    },
    known: (made) => send('known', made, made.email, `${url}/recover`),
    guardian: (made, link) => send('guardian', made, made.guardianEmail ?? made.email, link),
    rejected: (made) => send('rejected', made, made.email, url),
  }
}

/** To the texts in force, in the transaction of what it goes with. */
export const agreedIn =
  ({ clock }: IdentityKit, { kinds, version }: AgreedTexts, db: Db, { record }: Tx) =>
  (account: string): Promise<void> =>
    agreeIn({ store: createConsentStore(db), record }, account, { kinds, version, at: clock.now() })
