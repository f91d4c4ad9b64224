/**
 * Codes by mail and text message as a second step: turned on and off by their owner, freshly proven, who is told by mail. A telephone
 * counts from the moment a code has reached it; the address was proven when it was set.
 */
import type { AuditEntry } from '@althing/kernel/audit'
import type { Clock } from '@althing/kernel/context'
import type { Atomically } from '@althing/kernel/service'
import type { Asker, By, Changed, Channel, Confirm, Confirmed, Confirmer } from '../proofs.ts'
import { CodeChannel } from '../contract.ts'
import { showPhone, toE164 } from './addresses.ts'
import { fault } from './faults.ts'
import type { MailedCodes } from './rules.ts'
import type { Person } from './sending.ts'
import type { MailedCodeStore } from './store.ts'

type Kind = 'phone-proven' | `${Channel}-code-${'on' | 'off'}`

interface Parts {
  readonly store: MailedCodeStore
  readonly record: (entry: AuditEntry) => Promise<void>
  readonly changed: Changed<Kind>
}

interface Needs {
  readonly clock: Clock
  readonly store: MailedCodeStore
  readonly atomically: Atomically<Parts>
  readonly codes: MailedCodes
  readonly find: (account: string) => Promise<Person | null>
  readonly hasPassword: (account: string) => Promise<boolean>
  readonly confirm: Confirm
  /** Whether the settings name anybody who carries it. */
  readonly isCarried: (channel: Channel) => boolean
}

/** One channel, for its owner's eyes. */
export interface Standing {
  readonly channel: Channel
  readonly isOn: boolean
  /** Where codes go or would go: proven. */
  readonly to: string | null
  /** The number on record when it is not the proven one, as a network knows it. */
  readonly unproven: string | null
  readonly missing: 'address' | 'phone' | 'password' | null
}

export function createCodeFactors(needs: Needs) {
  const { clock, store, atomically, codes, find, hasPassword, confirm, isCarried } = needs

  /** What nobody carries is not offered, but can still be turned off. */
  async function standingOf(account: string): Promise<readonly Standing[]> {
    const [person, on] = await Promise.all([find(account), store.channelsOf(account)])
    if (person === null) return []
    const shown = CodeChannel.options.filter((channel) => isCarried(channel) || on.includes(channel))
    return Promise.all(
      shown.map(async (channel) => {
        const isOn = on.includes(channel)
        return { channel, isOn, ...(await (channel === 'sms' ? phoneOf(person) : mailOf(person))) }
      }),
    )
  }

  async function phoneOf({ id, phone }: Person) {
    const [proven, recorded] = [await store.phoneOf(id), toE164(phone)]
    const unproven = recorded === proven ? null : recorded
    const missing = proven === null && recorded === null ? ('phone' as const) : null
    return { to: proven && showPhone(proven), unproven: unproven && showPhone(unproven), missing }
  }

  async function mailOf({ id, email, emailProven }: Person) {
    const to = emailProven ? email : null
    const missing = to === null ? 'address' : (await hasPassword(id)) ? null : 'password'
    return { to, unproven: null, missing } as const
  }

  /** @throws Fault not_offered, unproven, needs_password */
  async function turnOn(account: string, channel: Channel, by: By): Promise<void> {
    if (!isCarried(channel)) throw fault.not_offered()
    const standing = (await standingOf(account)).find((one) => one.channel === channel)
    if (standing === undefined || standing.to === null) throw fault.unproven()
    // Beside a link or another provider it would show the same mailbox twice.
    if (standing.missing === 'password') throw fault.needs_password()
    await atomically(async (parts) => {
      if (!(await parts.store.turnOn(account, channel, clock.now()))) return
      await parts.record(entry(`mailed-codes.${channel}-on`, account, by))
      await parts.changed(account, `${channel}-code-on`, by)
    })
  }

  async function turnOff(account: string, channel: Channel, by: By): Promise<boolean> {
    return atomically((parts) => off(parts, account, channel, by))
  }

  const askerOf = (account: string, { session }: By): Asker => ({
    purpose: 'phone',
    account,
    by: session ?? '',
  })

  /** @throws Fault not_offered */
  async function askPhone(account: string, network: string, by: By) {
    if (!isCarried('sms')) throw fault.not_offered()
    return codes.ask(askerOf(account, by), 'sms', { network, device: null })
  }

  /** Counted with all other guesses at this account. @throws Fault wrong_code */
  async function provePhone(who: Confirmer, code: string, by: By): Promise<Confirmed> {
    const { account } = who
    // The number that the code had reached, whatever the profile says by now.
    let phone: string | null = null
    const judged = await confirm(who, 'sms-code', async () => {
      phone = await codes.check(askerOf(account, by), 'sms', code)
      return phone !== null
    })
    if (judged.kind === 'locked' || judged.kind === 'ended') return judged
    if (judged.kind === 'wrong' || phone === null) throw fault.wrong_code()
    const proven: string = phone
    await atomically(async (parts) => {
      await parts.store.provePhone(account, proven, clock.now())
      await parts.record(entry('mailed-codes.phone-proven', account, by))
      await parts.changed(account, 'phone-proven', by)
    })
    return judged
  }

  return {
    standingOf,
    turnOn,
    turnOff,
    askPhone,
    provePhone,
    phoneState: (account: string, by: By) => codes.state(askerOf(account, by), 'sms'),
    /** The names of what is on, for an administrator. */
    channelsOf: store.channelsOf,
  }
}
export type CodeFactors = ReturnType<typeof createCodeFactors>

async function off(parts: Parts, account: string, channel: Channel, by: By): Promise<boolean> {
  if (!(await parts.store.turnOff(account, channel))) return false
  await parts.record(entry(`mailed-codes.${channel}-off`, account, by))
  await parts.changed(account, `${channel}-code-off`, by)
  return true
}

/** For somebody who has lost their telephone: the next one is proven anew. @returns how many kinds were on */
export async function removeCodesIn(parts: Parts, account: string, by: By): Promise<number> {
  let were = 0
  for (const channel of CodeChannel.options) if (await off(parts, account, channel, by)) were += 1
  await parts.store.forgetPhone(account)
  return were
}

const entry = (action: string, id: string, { actor, reason }: By): AuditEntry => ({
  action,
  actor,
  target: { type: 'Account', id },
  outcome: 'done',
  reason,
})
