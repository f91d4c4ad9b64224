/**
 * A code by mail or text message: six digits, for five minutes, for the sign-in that asked and no other, three tries and one use.
 * Asking again sends another one and forgives no try. It goes only where its owner has proven that codes arrive.
 */
import { createHmac } from 'node:crypto'
import type { AuditEntry } from '@althing/kernel/audit'
import type { Chance, Clock } from '@althing/kernel/context'
import { Fault } from '@althing/kernel/errors'
import { withDeadline } from '@althing/kernel/resilience'
import type { Atomically } from '@althing/kernel/service'
import type { Asker, Channel, CodeSent, CodeState, CodeWay } from '../proofs.ts'
import { maskMail, maskPhone, toE164 } from './addresses.ts'
import { codeDigits, codeMinutes, countedMinutes, mostTries } from './schema.ts'
import type { MailedCodeStore } from './store.ts'

export interface Person {
  readonly id: string
  readonly name: string
  readonly email: string | null
  readonly emailProven: boolean
  readonly phone: string | null
  readonly locale: 'is' | 'en'
  readonly status: string
}

interface Parts {
  readonly store: MailedCodeStore
  readonly record: (entry: AuditEntry) => Promise<void>
}

interface Needs {
  readonly clock: Clock
  readonly chance: Chance
  readonly store: MailedCodeStore
  readonly atomically: Atomically<Parts>
  readonly key: Uint8Array
  readonly find: (account: string) => Promise<Person | null>
  /** Whether the settings name anybody who carries it. */
  readonly isCarried: (channel: Channel) => boolean
  /** @throws Fault below 500 when it can never arrive there, above when the provider is away */
  readonly send: (channel: Channel, to: string, person: Person, code: string) => Promise<void>
  readonly onSent: (channel: Channel, outcome: 'sent' | 'unavailable' | 'unreachable', error?: Fault) => void
}

/** Somebody waits for the page: a provider that has not taken it by then is away, and another way can be chosen. */
const patienceMs = 10_000

export function createMailedCodes(needs: Needs) {
  const { clock, chance, store, atomically, key, find, send, isCarried, onSent } = needs

  /** The queue does not carry it: a code that comes when it is too late helps nobody, and who waits is told at once. */
  async function ask(asker: Asker, channel: Channel): Promise<CodeSent> {
    const person = await find(asker.account)
    const to = await addressOf(person, asker, channel)
    if (person === null || to === null) return { kind: 'unreachable' }
    if (!isCarried(channel)) return { kind: 'unavailable' }
    const code = newDigits(chance)
    const counted = await atomically((parts) => keep(parts, asker, channel, hashOf(asker, channel, to, code)))
    if (counted === 'used_up') return { kind: counted }
    if (counted === 'too_many') return tooMany(asker.account, channel)
    return carry(channel, to, person, code)
  }

  async function keep({ store, record }: Parts, asker: Asker, channel: Channel, code: Uint8Array) {
    const { account } = asker
    const now = clock.now()
    const endsAt = after(now, countedMinutes)
    if (!(await store.countSend(account, channel, now, endsAt))) return 'too_many'
    const expiresAt = after(now, codeMinutes)
    const kept = { asker: askerHash(asker), channel, account, code, expiresAt, endsAt }
    if (!(await store.keep(kept, now))) {
      await store.uncountSend(account, channel)
      return 'used_up'
    }
    await record({
      action: `mailed-codes.${channel}`,
      actor: `person:${account}`,
      target: { type: 'Account', id: account },
      outcome: 'done',
    })
    return 'kept'
  }

  async function tooMany(account: string, channel: Channel): Promise<CodeSent> {
    const endsAt = (await store.sendsEndAt(account, channel)) ?? clock.now()
    const seconds = Math.ceil((endsAt.getTime() - clock.now().getTime()) / 1000)
    return { kind: 'too_many', retryAfterSeconds: Math.max(1, seconds) }
  }

  /** A provider that was away has sent nothing, so nothing is counted; a number that takes no texts would be tried for ever. */
  async function carry(channel: Channel, to: string, person: Person, code: string): Promise<CodeSent> {
    try {
      await withDeadline(patienceMs, () => send(channel, to, person, code))
      onSent(channel, 'sent')
      return { kind: 'sent' }
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      const kind = error.status < 500 ? 'unreachable' : 'unavailable'
      onSent(channel, kind, error)
      if (kind === 'unavailable') await store.uncountSend(person.id, channel)
      return { kind }
    }
  }

  /** A telephone is proven with the number on record; a sign-in uses what is turned on, and where that was proven. */
  async function addressOf(person: Person | null, asker: Asker, channel: Channel): Promise<string | null> {
    if (person?.status !== 'active') return null
    if (asker.purpose === 'phone') return channel === 'sms' ? toE164(person.phone) : null
    const isOn = (await store.channelsOf(person.id)).includes(channel)
    return isOn ? provenOf(person, channel) : null
  }

  const provenOf = async (person: Person, channel: Channel) =>
    channel === 'sms' ? store.phoneOf(person.id) : person.emailProven ? person.email : null

  /** Bound to where it was sent as well: a number that was changed in between proves nothing by the code to the one before. */
  async function check(asker: Asker, channel: Channel, written: string): Promise<boolean> {
    const code = written.normalize('NFKC').replaceAll(/[\s-]/g, '')
    if (!/^[0-9]{6}$/.test(code)) return false
    const to = await addressOf(await find(asker.account), asker, channel)
    if (to === null) return false
    return store.tryCode(askerHash(asker), channel, hashOf(asker, channel, to, code), clock.now())
  }

  async function state(asker: Asker, channel: Channel): Promise<CodeState> {
    const now = clock.now()
    const known = await store.underway(askerHash(asker), channel, now)
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
    const ways = on.map(async (channel) => ({ channel, to: await provenOf(person, channel) }))
    return (await Promise.all(ways)).flatMap(({ channel, to }) =>
      to === null ? [] : [{ channel, to: channel === 'sms' ? maskPhone(to) : maskMail(to) }],
    )
  }

  const askerHash = ({ purpose, account, by }: Asker): Uint8Array =>
    createHmac('sha256', key).update(`asker\n${purpose}\n${account}\n${by}`).digest()

  /** Six digits are a million: without the key the hash of one is its text. */
  const hashOf = (asker: Asker, channel: Channel, to: string, code: string): Uint8Array =>
    createHmac('sha256', key).update(askerHash(asker)).update(`code\n${channel}\n${to}\n${code}`).digest()

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

const after = (now: Date, minutes: number): Date => new Date(now.getTime() + minutes * 60_000)

/** Every code as likely as every other: what is left over of 2³² is thrown again. */
function newDigits(chance: Chance): string {
  const range = 10 ** codeDigits
  for (;;) {
    const number = Buffer.from(chance.bytes(4)).readUInt32BE()
    if (number < Math.floor(2 ** 32 / range) * range) return String(number % range).padStart(codeDigits, '0')
  }
}
