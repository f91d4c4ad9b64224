/**
 * A link by mail in place of a password: once, for a quarter of an hour. Asking is answered alike for every address and costs alike;
 * the mail goes out later. What the link opens, it opens where its button is pressed, which may be another device.
 */
import type { Chance, Clock } from '@althing/kernel/context'
import { isWithinLimit } from '../quietly.ts'

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

interface Needs {
  readonly clock: Clock
  readonly chance: Chance
  readonly links: Links
  readonly byIdentifier: (identifier: string) => Promise<Person | null>
  readonly byId: (id: string) => Promise<Person | null>
  /** @throws Fault kernel.limits.too_many */
  readonly spend: (by: 'address' | 'network', who: string) => Promise<void>
  readonly enqueue: (account: string | null, back: string | null) => Promise<void>
  readonly send: (to: Addressed, link: string, minutes: number) => Promise<void>
  readonly url: string
  readonly minutes: number
}

export function createMagicLinks(needs: Needs) {
  const { clock, chance, links, byIdentifier, byId, spend, enqueue, send, url, minutes } = needs

  /** @param back a path of our own where the person wanted to go @throws Fault kernel.limits.too_many of the network only */
  async function ask(identifier: string, back: string | null, network: string): Promise<void> {
    await spend('network', network)
    const person = await byIdentifier(identifier)
    const isMeant =
      (await isWithinLimit(() => spend('address', identifier.trim().toLowerCase()))) && isReachable(person)
    await enqueue(isMeant && person !== null ? person.id : null, back)
  }

  /** The job: a repeated one sends a new link, and the one before it is worthless. */
  async function deliver(account: string | null, back: string | null): Promise<void> {
    const person = account === null ? null : await byId(account)
    if (!isReachable(person)) return
    const token = Buffer.from(chance.bytes(32)).toString('base64url')
    await links.keep(token, person.id, new Date(clock.now().getTime() + minutes * 60_000))
    const query = new URLSearchParams({ token, ...(back === null ? {} : { return: back }) })
    await send(person, `${url}/sign-in/link?${query.toString()}`, minutes)
  }

  async function look(token: string): Promise<Addressed | null> {
    const account = await links.peek(token, clock.now())
    const person = account === null ? null : await byId(account)
    return isReachable(person) ? person : null
  }

  return { ask, deliver, look, take: (token: string) => links.take(token, clock.now()) }
}
export type MagicLinks = ReturnType<typeof createMagicLinks>

/** Only an address that somebody has proven is written to, and only who may sign in. */
function isReachable(person: Person | null): person is Addressed {
  return person?.status === 'active' && person.email !== null && person.emailProven
}
