/**
 * An account begins with a link to its address: whoever opens it and chooses a password has the mailbox. The link works once
 * and for a day; opening it changes nothing, because scanners open links too. The link itself is made when the mail is sent,
 * so that it lies nowhere before.
 */
import type { Chance, Clock } from '@althing/kernel/context'
import type { AuditEntry } from '@althing/kernel/audit'
import type { Atomically } from '@althing/kernel/service'
import { ranksAbove } from '@althing/policy/contract'
import { actorOf, type Actor, type Office } from '../actors.ts'
import { newCode, readCode } from '../codes.ts'
import { fault } from './faults.ts'

interface Person {
  readonly id: string
  readonly name: string
  readonly email: string | null
  readonly locale: 'is' | 'en'
  readonly status: string
  readonly roles: readonly string[]
}

interface Links {
  keep(token: string, account: string, expiresAt: Date): Promise<void>
  peek(token: string, now: Date): Promise<string | null>
  take(token: string, now: Date): Promise<string | null>
}

interface Parts {
  readonly links: Links
  readonly paper: Links
  readonly enqueue: (account: string) => Promise<void>
  readonly setPassword: (account: string, phc: string) => Promise<void>
  /** `isProven`: whoever did it has the mailbox. */
  readonly activate: (account: string, isProven: boolean) => Promise<Person | null>
  /** Whoever was signed in with the password before is not any more. */
  readonly endSessions: (account: string) => Promise<unknown>
  /** To the texts in force, on the page of the first password. */
  readonly agreed: (account: string) => Promise<void>
  readonly tellIdentified: (person: Person) => Promise<void>
  readonly record: (entry: AuditEntry) => Promise<void>
}

interface Needs {
  readonly clock: Clock
  readonly chance: Chance
  readonly links: Links
  readonly paper: Links
  readonly atomically: Atomically<Parts>
  readonly findAccount: (id: string) => Promise<Person | null>
  /** Evidence that a password may be used: its hash. */
  readonly preparePassword: (
    password: string,
    owner: { account: string; email: string | null; name: string },
  ) => Promise<string>
  readonly send: (
    to: { id: string; email: string; name: string; locale: 'is' | 'en' },
    link: string,
    hours: number,
    why: 'asked' | 'ours',
  ) => Promise<void>
  readonly url: string
  readonly hours: number
  readonly paperDays: number
}

export function createActivation({
  clock,
  chance,
  links,
  paper,
  atomically,
  findAccount,
  preparePassword,
  send,
  url,
  hours,
  paperDays,
}: Needs) {
  async function invitable(id: string): Promise<Person & { email: string }> {
    const person = await findAccount(id)
    if (person === null) throw fault.not_found()
    // Its owner has a way in, and another to a new password that asks for the second factor and tells them: this one does neither.
    if (person.status === 'active') throw fault.not_pending()
    if (person.status !== 'pending') throw fault.closed()
    if (person.email === null) throw fault.no_address()
    return { ...person, email: person.email }
  }

  async function invite(id: string, actor: string): Promise<void> {
    await invitable(id)
    await atomically(async ({ enqueue, record }) => {
      await enqueue(id)
      await record({ action: 'accounts.invited', actor, target: { type: 'Account', id }, outcome: 'done' })
    })
  }

  /** A first link, for whoever holds the mailbox this very moment: nothing is sent. */
  async function issue(id: string): Promise<string> {
    const token = Buffer.from(chance.bytes(32)).toString('base64url')
    await links.keep(token, id, new Date(clock.now().getTime() + hours * 3_600_000))
    return token
  }

  /** The job: a repeated one sends a new link, and the one before it is worthless. */
  async function deliver(id: string, why: 'asked' | 'ours'): Promise<void> {
    const person = await invitable(id)
    await send(person, `${url}/activate?token=${await issue(id)}`, hours, why)
  }

  /**
   * A code to be handed over in person, for who has neither phone nor mailbox at hand. It is shown once, to whoever asked for it, who
   * is in the audit log with it; it proves that they met, and no mailbox. Whoever holds it becomes who it is for: so by somebody of the office only for
   * whom they could make such an account.
   * @throws Fault not_found, not_pending, above_you
   */
  async function issuePaper(id: string, by: Actor | Office): Promise<{ code: string; until: Date }> {
    const person = await findAccount(id)
    if (person === null) throw fault.not_found()
    if (person.status !== 'pending') throw fault.not_pending()
    if (typeof by !== 'string' && !ranksAbove(by.roles, person.roles)) throw fault.above_you()
    const code = newCode(chance)
    const until = new Date(clock.now().getTime() + paperDays * 86_400_000)
    await atomically(async (parts) => {
      await parts.paper.keep(readCode(code), id, until)
      await parts.record({
        action: 'accounts.paper-code',
        actor: actorOf(by),
        target: { type: 'Account', id },
        outcome: 'done',
      })
    })
    return { code, until }
  }

  /** @returns what stands in the place of a link's token, or null when the code is none */
  async function read(code: string): Promise<string | null> {
    const token = readCode(code)
    return (await paper.peek(token, clock.now())) === null ? null : token
  }

  async function look(token: string): Promise<Person | null> {
    const now = clock.now()
    const account = (await links.peek(token, now)) ?? (await paper.peek(token, now))
    return account === null ? null : findAccount(account)
  }

  /** The password is judged before the link is burned: who chose a short one tries again with the same link. */
  async function use(token: string, password: string, hasAgreed = false): Promise<Person> {
    const invited = await look(token)
    if (invited === null) throw fault.used()
    const phc = await preparePassword(password, { ...invited, account: invited.id })
    return atomically(async (parts) => {
      const now = clock.now()
      const mailed = await parts.links.take(token, now)
      const account = mailed ?? (await parts.paper.take(token, now))
      const person = account === null ? null : await parts.activate(account, mailed !== null)
      if (person === null) throw fault.used()
      await parts.setPassword(person.id, phc)
      if (hasAgreed) await parts.agreed(person.id)
      await parts.record({
        action: 'accounts.activated',
        actor: `person:${person.id}`,
        target: { type: 'Account', id: person.id },
        outcome: 'done',
      })
      await parts.tellIdentified(person)
      await parts.endSessions(person.id)
      return person
    })
  }

  return { invite, issue, deliver, issuePaper, read, look, use }
}
export type Activation = ReturnType<typeof createActivation>
