/** A code on its way: counted, kept beside the one before, carried, and only then in its place. */
import type { AuditEntry } from '@althing/kernel/audit'
import type { Clock } from '@althing/kernel/context'
import { Fault } from '@althing/kernel/errors'
import { isUntaken, withDeadline } from '@althing/kernel/resilience'
import type { Atomically } from '@althing/kernel/service'
import type { Asker, Channel, CodeSent, Sender } from '../proofs.ts'
import type { Allowed, Sending } from './allowance.ts'
import type { Hashes } from './hashes.ts'
import { codeMinutes, countedMinutes } from './schema.ts'
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

export interface Needs {
  readonly clock: Clock
  readonly store: MailedCodeStore
  readonly atomically: Atomically<Parts>
  readonly allow: (sending: Sending) => Promise<Allowed>
  /** @throws Fault below 500 when it can never arrive there, above when the provider is away */
  readonly send: (channel: Channel, to: string, person: Person, code: string) => Promise<void>
  readonly onSent: (channel: Channel, outcome: 'sent' | 'unavailable' | 'unreachable', error?: Fault) => void
}

interface Draft {
  readonly asker: Asker
  readonly channel: Channel
  readonly to: string
  readonly person: Person
  readonly code: string
  readonly from: Sender
}

/** Somebody waits for the page: a provider that has not taken it by then is away, and another way can be chosen. */
const patienceMs = 10_000

export function createSending({
  clock,
  store,
  atomically,
  allow,
  send,
  onSent,
  hashes,
}: Needs & { readonly hashes: Hashes }) {
  /** The queue does not carry it: a code that comes when it is too late helps nobody, and who waits is told at once. */
  async function dispatch(draft: Draft): Promise<CodeSent> {
    const { asker, channel, to, from } = draft
    const allowed = await allow({ channel, to, network: from.network, isKnown: from.device !== null })
    if (allowed.kind !== 'allowed') return allowed
    const kept = await atomically((parts) => keep(parts, draft))
    if (kept === 'kept') return carry(draft, allowed.giveBack)
    await allowed.giveBack()
    return kept === 'used_up' ? { kind: kept } : tooMany(asker.account, channel, placeOf(draft))
  }

  async function keep({ store, record }: Parts, draft: Draft) {
    const { asker, channel } = draft
    const { account } = asker
    const now = clock.now()
    const endsAt = after(now, countedMinutes)
    if (!(await store.countSend(account, channel, placeOf(draft), now, endsAt))) return 'too_many'
    const expiresAt = after(now, codeMinutes)
    const kept = { asker: hashes.ofAsker(asker), channel, account, code: hashOf(draft), expiresAt, endsAt }
    if (!(await store.keep(kept, now))) {
      await store.uncountSend(account, channel, placeOf(draft))
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

  async function carry(draft: Draft, giveBack: () => Promise<void>): Promise<CodeSent> {
    const { asker, channel, to, person, code } = draft
    try {
      await withDeadline(patienceMs, () => send(channel, to, person, code))
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      return failed(draft, error, giveBack)
    }
    await store.replace(hashes.ofAsker(asker), channel, hashOf(draft))
    onSent(channel, 'sent')
    return { kind: 'sent' }
  }

  /**
   * What may have gone out stays counted, and its code good beside the one before: it may come yet, and be paid for. A number that takes
   * no texts stays counted too, or it would be tried for ever.
   */
  async function failed(draft: Draft, error: Fault, giveBack: () => Promise<void>): Promise<CodeSent> {
    const { asker, channel } = draft
    const kind = error.status < 500 ? 'unreachable' : 'unavailable'
    onSent(channel, kind, error)
    const isFree = kind === 'unavailable' && isUntaken(error)
    if (isFree || kind === 'unreachable') await store.withdraw(hashes.ofAsker(asker), channel, hashOf(draft))
    if (isFree) {
      await store.uncountSend(asker.account, channel, placeOf(draft))
      await giveBack()
    }
    return { kind }
  }

  async function tooMany(account: string, channel: Channel, place: string): Promise<CodeSent> {
    const endsAt = (await store.sendsEndAt(account, channel, place)) ?? clock.now()
    const seconds = Math.ceil((endsAt.getTime() - clock.now().getTime()) / 1000)
    return { kind: 'too_many', retryAfterSeconds: Math.max(1, seconds) }
  }

  /** Strangers together; each known device, and what is asked for inside a session, by itself. */
  const placeOf = ({ asker: { purpose }, from: { device } }: Draft): string =>
    purpose === 'phone' ? 'session' : device === null ? 'strangers' : hashes.ofDevice(device)

  const hashOf = ({ asker, channel, to, code }: Draft) => hashes.ofCode(asker, channel, to, code)

  return dispatch
}

const after = (now: Date, minutes: number): Date => new Date(now.getTime() + minutes * 60_000)
