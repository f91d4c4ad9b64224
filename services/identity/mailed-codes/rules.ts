/**
 * A code by mail or text message: six digits, for five minutes, for the sign-in that asked and no other, three tries and one use.
 * Asking again sends another one and forgives no try. It goes only where its owner has proven that codes arrive.
 */
import type { Chance } from '@althing/kernel/context'
import type { Asker, Channel, CodeSent, CodeState, CodeWay, Sender } from '../proofs.ts'
import { maskMail, maskPhone, toE164 } from './addresses.ts'
import { createHashes } from './hashes.ts'
import { codeDigits, mostTries } from './schema.ts'
import { createSending, type Needs as SendingNeeds, type Person } from './sending.ts'

interface Needs extends SendingNeeds {
  readonly chance: Chance
  readonly key: Uint8Array
  readonly find: (account: string) => Promise<Person | null>
  /** Whether the rules of the house know this way at all: where not, a code of it opens nothing. */
  readonly isOffered: (channel: Channel) => boolean
  /** Whether the settings name anybody who carries it. */
  readonly isCarried: (channel: Channel) => boolean
  /** The beginnings of the numbers to which texts go. */
  readonly prefixes: readonly string[]
}

export function createMailedCodes(needs: Needs) {
  const { clock, chance, store, key, find, isOffered, isCarried, prefixes } = needs
  const hashes = createHashes(key)
  const dispatch = createSending({ ...needs, hashes })

  async function ask(asker: Asker, channel: Channel, from: Sender): Promise<CodeSent> {
    const person = await find(asker.account)
    const to = await addressOf(person, asker, channel)
    if (person === null || to === null) return { kind: 'unreachable' }
    if (!isCarried(channel)) return { kind: 'unavailable' }
    if (channel === 'sms' && !prefixes.some((prefix) => to.startsWith(prefix))) return { kind: 'foreign' }
    return dispatch({ asker, channel, to, person, code: newDigits(chance), from })
  }

  /** A telephone is proven with the number on record; a sign-in uses what is turned on, and where that was proven. */
  async function addressOf(person: Person | null, asker: Asker, channel: Channel): Promise<string | null> {
    if (person?.status !== 'active' || !isOffered(channel)) return null
    if (asker.purpose === 'phone') return channel === 'sms' ? toE164(person.phone) : null
    const isOn = (await store.channelsOf(person.id)).includes(channel)
    return isOn ? provenOf(person, channel) : null
  }

  const provenOf = async (person: Person, channel: Channel) =>
    channel === 'sms' ? store.phoneOf(person.id) : person.emailProven ? person.email : null

  /** @returns where the code had been sent, which it proves; null when it is not right */
  async function check(asker: Asker, channel: Channel, written: string): Promise<string | null> {
    const code = written.normalize('NFKC').replaceAll(/[\s-]/g, '')
    if (!/^[0-9]{6}$/.test(code)) return null
    const to = await addressOf(await find(asker.account), asker, channel)
    if (to === null) return null
    const hash = hashes.ofCode(asker, channel, to, code)
    return (await store.tryCode(hashes.ofAsker(asker), channel, hash, clock.now())) ? to : null
  }

  async function state(asker: Asker, channel: Channel): Promise<CodeState> {
    const now = clock.now()
    const known = await store.underway(hashes.ofAsker(asker), channel, now)
    if (known === null) return 'gone'
    // Used before used up: the third try may have been the right one.
    if (known.isUsed) return 'gone'
    if (known.tried >= mostTries) return 'used_up'
    return known.expiresAt <= now ? 'gone' : 'waiting'
  }

  /** What can be sent to somebody as their second step. */
  async function waysOf(account: string): Promise<readonly CodeWay[]> {
    const [person, on] = await Promise.all([find(account), store.channelsOf(account)])
    if (person?.status !== 'active') return []
    const ways = on
      .filter(isOffered)
      .map(async (channel) => ({ channel, to: await provenOf(person, channel) }))
    return (await Promise.all(ways)).flatMap(({ channel, to }) =>
      to === null ? [] : [{ channel, to: channel === 'sms' ? maskPhone(to) : maskMail(to) }],
    )
  }

  return {
    ask,
    check,
    state,
    waysOf,
    /** Turned on is asked for, whether or not it can be sent at the moment. */
    isOn: async (account: string) => (await store.channelsOf(account)).length > 0,
    sweep: () => store.sweep(clock.now()),
  }
}
export type MailedCodes = ReturnType<typeof createMailedCodes>

/** Every code as likely as every other: what is left over of 2³² is thrown again. */
function newDigits(chance: Chance): string {
  const range = 10 ** codeDigits
  for (;;) {
    const number = Buffer.from(chance.bytes(4)).readUInt32BE()
    if (number < Math.floor(2 ** 32 / range) * range) return String(number % range).padStart(codeDigits, '0')
  }
}
