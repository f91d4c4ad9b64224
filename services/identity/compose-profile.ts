/** One's own data, with what a change of it needs. */
import { createAccountStore } from './accounts/store.ts'
import type { AccountParts } from './accounts/rules.ts'
import type { Tx } from '@althing/kernel/service'
import { addressTeller } from './compose-signals.ts'
import type { Db, IdentityKit } from './kit.ts'
import { toPerson, type Post } from './letters.ts'
import { forgetLinks } from './links/store.ts'
import type { Channel, NoticeKind } from './proofs.ts'
import { profileJobs } from './profile/jobs.ts'
import { createProfile, type PhoneChange } from './profile/rules.ts'
import { createProfileStore } from './profile/store.ts'
import { addressChangedMail, addressMail, phoneChangedText } from './profile/texts.ts'

interface Lent {
  readonly verificationSent: () => void
  readonly tellIdentified: (db: Db, tx: Tx) => AccountParts['tellIdentified']
  readonly notifyIn: (db: Db) => (account: string, kind: NoticeKind, detail: string) => Promise<void>
  readonly codeFactors: { readonly channelsOf: (account: string) => Promise<readonly Channel[]> }
  /** To the telephone that codes have reached, as far as the house sends any more; nothing where there is none. */
  readonly textTo: (account: string, text: (locale: 'is' | 'en') => string) => Promise<void>
}

export function composeProfile(kit: IdentityKit, mail: Post, lent: Lent) {
  const { tellIdentified, notifyIn, codeFactors, textTo, verificationSent } = lent
  const { config, clock, chance, database, limits, atomic } = kit
  const { organisation, url, activationHours: hours } = config
  const accounts = createAccountStore(database)
  const jobs = profileJobs({
    deliver: (account, until) => profile.deliver(account, until),
    tell: (account) => profile.tell(account),
    tellPhone: (account) => textTo(account, (locale) => phoneChangedText(locale, organisation)),
  })
  const profile = createProfile({
    clock,
    chance,
    store: createProfileStore(database),
    find: accounts.byId,
    isTaken: async (email) => (await accounts.byEmail(email)) !== null,
    url,
    hours,
    spend: (account) => limits.spend('address-change', account, { most: 5, withinSeconds: 3600 }),
    async sendLink(to, link) {
      await mail.send({
        ...toPerson(to, 'asked'),
        ...addressMail(to.locale, { organisation, link, hours }),
      })
      verificationSent()
    },
    sendNotice: (to) =>
      mail.send({
        ...toPerson(to, 'safety'),
        ...addressChangedMail(to.locale, { name: to.name, organisation, link: url }),
      }),
    atomically: atomic((db, tx) => {
      const store = createAccountStore(db)
      return {
        store: createProfileStore(db),
        save: store.saveProfile,
        setEmail: store.setEmail,
        async tellPhone(account: string, what: PhoneChange) {
          const isSent = (await codeFactors.channelsOf(account)).includes('sms')
          await notifyIn(db)(account, what, isSent ? 'sms' : '')
          await jobs.phone.enqueue(db, { account })
        },
        forgetLinks: (account: string) => forgetLinks(db, account),
        async tellIdentified(id: string) {
          const account = await store.byId(id)
          if (account !== null) await tellIdentified(db, tx)(account)
        },
        tellMoved: addressTeller(kit, db),
        enqueueAsked: (account: string, until: Date) =>
          jobs.asked.enqueue(db, { account, until: until.toISOString() }),
        enqueueDone: (account: string) => jobs.done.enqueue(db, { account }),
        record: (entry) => tx.record(entry),
      }
    }),
  })
  return { profile, profileJobs: [jobs.asked, jobs.done, jobs.phone] }
}
