/**
 * One's own data. A name that the electronic ID has proven is not changed by hand. Another address is proven by a link to it before
 * it counts, and the address before is told; whether somebody else has it is told to nobody.
 */
import type { Chance, Clock } from '@althing/kernel/context'
import type { AuditEntry } from '@althing/kernel/audit'
import type { Atomically } from '@althing/kernel/service'
import { isWithinLimit } from '../quietly.ts'
import { fault } from './faults.ts'
import type { AddressChange, Profile } from './schema.ts'
import type { ProfileStore } from './store.ts'

interface Person {
  readonly id: string
  readonly name: string
  readonly email: string | null
  readonly phone: string | null
  readonly locale: 'is' | 'en'
  readonly nationalId: string | null
  readonly status: string
}

export type PhoneChange = 'phone-added' | 'phone-changed' | 'phone-removed'

interface Parts {
  readonly store: ProfileStore
  readonly save: (
    account: string,
    data: { name: string; phone: string | null; locale: 'is' | 'en' },
  ) => Promise<void>
  /** By mail, and by text to the number before, whoever has that telephone now. */
  readonly tellPhone: (account: string, what: PhoneChange) => Promise<void>
  /** False when the address belongs to another. */
  readonly setEmail: (account: string, email: string) => Promise<boolean>
  /** Links to the address before: whoever has that mailbox is not to come in by it any more. */
  readonly forgetLinks: (account: string) => Promise<void>
  readonly tellIdentified: (account: string) => Promise<void>
  /** Applications that know them by the address before. */
  readonly tellMoved: (account: string, previous: string) => Promise<void>
  readonly enqueueAsked: (account: string, until: Date) => Promise<void>
  readonly enqueueDone: (account: string) => Promise<void>
  readonly record: (entry: AuditEntry) => Promise<void>
}

interface Needs {
  readonly clock: Clock
  readonly chance: Chance
  readonly store: ProfileStore
  readonly atomically: Atomically<Parts>
  readonly find: (id: string) => Promise<Person | null>
  readonly isTaken: (email: string) => Promise<boolean>
  /** @throws Fault kernel.limits.too_many */
  readonly spend: (account: string) => Promise<void>
  readonly sendLink: (to: { id: string; email: string; locale: 'is' | 'en' }, link: string) => Promise<void>
  readonly sendNotice: (to: { id: string; email: string; name: string; locale: 'is' | 'en' }) => Promise<void>
  readonly url: string
  readonly hours: number
}

export function createProfile(needs: Needs) {
  const { clock, chance, store, atomically, find, isTaken, spend, sendLink, sendNotice, url, hours } = needs

  async function save(account: string, wished: Profile): Promise<void> {
    const person = await find(account)
    if (person === null) return
    const name = person.nationalId === null ? (wished.name ?? person.name) : person.name
    const phone = wished.phone === '' ? null : wished.phone
    const before = { name: person.name, phone: person.phone, locale: person.locale }
    const after = { name, phone, locale: wished.locale }
    const fields = (['name', 'phone', 'locale'] as const).filter((field) => before[field] !== after[field])
    if (fields.length === 0) return
    await atomically(async (parts) => {
      await parts.save(account, after)
      await parts.record({ ...entry('accounts.profile', account), fields })
      if (fields.includes('phone')) await parts.tellPhone(account, phoneChange(person.phone, phone))
    })
  }

  /** @returns false when it was asked too often; what is answered is the same whoever has the address */
  async function askAddress(account: string, email: string): Promise<boolean> {
    const person = await find(account)
    if (person === null || person.email === email) return true
    if (!(await isWithinLimit(() => spend(account)))) return false
    const until = new Date(clock.now().getTime() + hours * 3_600_000)
    await atomically(async (parts) => {
      await parts.store.wish(account, email, person.email, until)
      await parts.enqueueAsked(account, until)
    })
    return true
  }

  /** The job. Of a wish that another has taken the place of nothing is sent: its link would be worth nothing. */
  async function deliver(account: string, until?: string): Promise<void> {
    const [wish, person] = await Promise.all([store.of(account), find(account)])
    if (wish === null || wish.doneAt !== null || person?.status !== 'active') return
    if (until !== undefined && wish.expiresAt.toISOString() !== until) return
    if (await isTaken(wish.email)) return store.remove(account, wish.email)
    const token = Buffer.from(chance.bytes(32)).toString('base64url')
    await store.keepToken(account, token)
    await sendLink({ ...person, email: wish.email }, `${url}/account/address?token=${token}`)
  }

  const look = (token: string): Promise<AddressChange | null> => store.peek(token, clock.now())

  /** @returns whose address it is now @throws Fault used */
  async function confirm(token: string): Promise<string> {
    return atomically(async (parts) => {
      const wish = await parts.store.take(token, clock.now())
      if (wish === null || !(await parts.setEmail(wish.account, wish.email))) throw fault.used()
      await parts.record({ ...entry('accounts.address', wish.account), fields: ['email'] })
      if (wish.previous !== null) await parts.tellMoved(wish.account, wish.previous)
      await parts.forgetLinks(wish.account)
      await parts.tellIdentified(wish.account)
      await parts.enqueueDone(wish.account)
      return wish.account
    })
  }

  /** The job: to the address before, whose owner may not have wished it. */
  async function tell(account: string): Promise<void> {
    const [change, person] = await Promise.all([store.of(account), find(account)])
    if (change?.doneAt != null && change.previous !== null && person !== null)
      await sendNotice({ ...person, email: change.previous })
    if (change?.doneAt != null) await store.remove(account, change.email)
  }

  return { save, askAddress, deliver, look, confirm, tell, sweep: () => store.sweep(clock.now()) }
}
export type OwnProfile = ReturnType<typeof createProfile>

const phoneChange = (before: string | null, after: string | null): PhoneChange =>
  before === null ? 'phone-added' : after === null ? 'phone-removed' : 'phone-changed'

const entry = (action: string, id: string): AuditEntry => ({
  action,
  actor: `person:${id}`,
  target: { type: 'Account', id },
  outcome: 'done',
})
