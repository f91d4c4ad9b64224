/**
 * Who has forgotten their password proves that they have the mailbox, by a link that works once and for half an hour. Whether
 * there is such an account is told by nothing: every address gets the same answer for the same work, and the mail goes out later.
 */
import type { Chance, Clock } from '@althing/kernel/context'
import type { AuditEntry } from '@althing/kernel/audit'
import type { Atomically } from '@althing/kernel/service'
import { isWithinLimit } from '../quietly.ts'
import { fault } from './faults.ts'

interface Person {
  readonly id: string
  readonly name: string
  readonly email: string | null
  readonly emailProven: boolean
  readonly locale: 'is' | 'en'
  readonly status: string
}
type Addressed = Person & { readonly email: string }

interface Links {
  keep(token: string, account: string, expiresAt: Date): Promise<void>
  peek(token: string, now: Date): Promise<string | null>
  take(token: string, now: Date): Promise<string | null>
}

interface Parts {
  readonly links: Links
  readonly enqueueAsked: (account: string | null) => Promise<void>
  readonly enqueueChanged: (account: string) => Promise<void>
  readonly setPassword: (account: string, phc: string) => Promise<void>
  /** Ends every session, and every token older than this moment. */
  readonly endEverything: (account: string) => Promise<void>
  readonly record: (entry: AuditEntry) => Promise<void>
}

interface Needs {
  readonly clock: Clock
  readonly chance: Chance
  readonly links: Links
  readonly atomically: Atomically<Parts>
  readonly byEmail: (email: string) => Promise<Person | null>
  readonly byId: (id: string) => Promise<Person | null>
  /** @throws Fault kernel.limits.too_many */
  readonly spend: (by: 'address' | 'network', who: string) => Promise<void>
  /** Evidence that a password may be used: its hash. */
  readonly preparePassword: (
    password: string,
    owner: { account: string; email: string | null; name: string },
  ) => Promise<string>
  /** For who never chose a password: their first link once more. */
  readonly sendActivation: (account: string) => Promise<void>
  readonly sendLink: (to: Addressed, link: string, minutes: number) => Promise<void>
  readonly sendNotice: (to: Addressed) => Promise<void>
  readonly url: string
  readonly minutes: number
}

export function createRecovery(needs: Needs) {
  const { clock, chance, links, atomically, byEmail, byId, spend, preparePassword, url, minutes } = needs

  /** @throws Fault kernel.limits.too_many when the network asks too often; of an address nothing is ever said */
  async function ask(email: string, network: string): Promise<void> {
    await spend('network', network)
    const person = await byEmail(email)
    const isMeant =
      (await isWithinLimit(() => spend('address', email.trim().toLowerCase()))) &&
      person !== null &&
      mayRecover(person)
    await atomically(async ({ enqueueAsked, record }) => {
      // Recorded for every address, so that the work is the same; an address that is nobody's is not written down.
      await record({
        action: 'passwords.recovery-asked',
        actor: 'person:unknown',
        ...(isMeant ? { target: { type: 'Account', id: person.id } } : {}),
        outcome: 'done',
      })
      await enqueueAsked(isMeant ? person.id : null)
    })
  }

  /** The job: a repeated one sends a new link, and the one before it is worthless. */
  async function deliver(account: string | null): Promise<void> {
    const person = account === null ? null : await byId(account)
    if (person === null || !mayRecover(person)) return
    if (person.status === 'pending') return needs.sendActivation(person.id)
    const token = Buffer.from(chance.bytes(32)).toString('base64url')
    await links.keep(token, person.id, new Date(clock.now().getTime() + minutes * 60_000))
    await needs.sendLink(person, `${url}/recover/password?token=${token}`, minutes)
  }

  async function look(token: string): Promise<Addressed | null> {
    const account = await links.peek(token, clock.now())
    const person = account === null ? null : await byId(account)
    return person !== null && person.status === 'active' && mayRecover(person) ? person : null
  }

  /** The password is judged before the link is burned: who chose a short one tries again with the same link. */
  async function use(token: string, password: string): Promise<void> {
    const person = await look(token)
    if (person === null) throw fault.used()
    const phc = await preparePassword(password, { ...person, account: person.id })
    await atomically(async (parts) => {
      if ((await parts.links.take(token, clock.now())) !== person.id) throw fault.used()
      await parts.setPassword(person.id, phc)
      await parts.record({
        action: 'passwords.recovered',
        actor: `person:${person.id}`,
        target: { type: 'Account', id: person.id },
        outcome: 'done',
      })
      // Whoever got in with the old one is out, and so is everything that they opened.
      await parts.endEverything(person.id)
      await parts.enqueueChanged(person.id)
    })
  }

  /** The job: to the owner, in case it was somebody else who has the mailbox. */
  async function tell(account: string): Promise<void> {
    const person = await byId(account)
    if (person !== null && mayRecover(person)) await needs.sendNotice(person)
  }

  return { ask, deliver, look, use, tell }
}
export type Recovery = ReturnType<typeof createRecovery>

/** A closed account stays closed, and only an address that somebody proved, or an administrator wrote down, is written to. */
function mayRecover(person: Person): person is Addressed {
  if (person.email === null) return false
  return person.status === 'pending' || (person.status === 'active' && person.emailProven)
}
