/**
 * How many codes go out beside what is counted for each account: to one number or mailbox over all accounts, for one network, and in
 * text messages for the whole house, who pays for them. All is spent before a code is sent, and given back when nothing went out.
 */
import { isFault } from '@althing/kernel/errors'
import type { Channel } from '../proofs.ts'

interface Rule {
  readonly most: number
  readonly withinSeconds: number
}

interface Needs {
  /** @throws Fault kernel.limits.too_many */
  readonly spend: (name: string, who: string, rule: Rule) => Promise<void>
  readonly giveBack: (name: string, who: string) => Promise<void>
  readonly perNetwork: number
  readonly textsPerHour: number
  /** The house has sent all that it would: told each time, and the first time of an hour as such. */
  readonly onCeiling: (isFirst: boolean) => void
}

export interface Sending {
  /** A code that somebody waits for; or a notice, which spends nothing of what there is for codes. */
  readonly what?: 'code' | 'notice'
  readonly channel: Channel
  readonly to: string
  readonly network: string
  /** From a device that the owner has signed in from before. */
  readonly isKnown: boolean
}

export type Allowed =
  | { readonly kind: 'allowed'; readonly giveBack: () => Promise<void> }
  | { readonly kind: 'too_many'; readonly retryAfterSeconds: number }
  | { readonly kind: 'unavailable' }

interface Purse extends Rule {
  readonly name: string
  readonly who: string
}

const hour = 3600
const house = 'mailed-code-house'

export function createAllowance({ spend, giveBack, perNetwork, textsPerHour, onCeiling }: Needs) {
  async function allow(sending: Sending): Promise<Allowed> {
    const spent: Purse[] = []
    const undo = async () => void (await Promise.all(spent.map(({ name, who }) => giveBack(name, who))))
    for (const purse of pursesOf(sending)) {
      const refused = await refusalOf(purse)
      if (refused !== null) {
        await undo()
        return refused
      }
      spent.push(purse)
    }
    return { kind: 'allowed', giveBack: undo }
  }

  /**
   * What strangers have sent to a number leaves its owner their own: who knows a password could keep its owner from being sent any
   * otherwise. A number that is only to be proven is always a stranger's, so nobody is rung up by way of accounts that are not theirs.
   */
  function pursesOf({ what = 'code', channel, to, network, isKnown }: Sending): readonly Purse[] {
    const who = destinationOf(what === 'notice' ? what : isKnown ? 'known device' : 'stranger', to)
    const own: readonly Purse[] =
      what === 'notice'
        ? [{ name: 'mailed-code-notice', who, most: 1, withinSeconds: hour }]
        : [
            { name: 'mailed-code-network', who: network, most: perNetwork, withinSeconds: hour },
            { name: 'mailed-code-to-hour', who, most: 5, withinSeconds: hour },
            { name: 'mailed-code-to-day', who, most: 10, withinSeconds: 24 * hour },
          ]
    return [
      ...own,
      // Last, so that nobody who is refused for themselves spends what is there for all.
      ...(channel === 'sms' ? [{ name: house, who: channel, most: textsPerHour, withinSeconds: hour }] : []),
    ]
  }

  async function refusalOf({
    name,
    who,
    ...rule
  }: Purse): Promise<Exclude<Allowed, { kind: 'allowed' }> | null> {
    const seconds = await secondsUntilFree(name, who, rule)
    if (seconds === null) return null
    if (name !== house) return { kind: 'too_many', retryAfterSeconds: seconds }
    // Not theirs to mend, and no sign of what they have sent: for them the provider is away.
    onCeiling((await secondsUntilFree(`${house}-told`, who, { most: 1, withinSeconds: hour })) === null)
    return { kind: 'unavailable' }
  }

  async function secondsUntilFree(name: string, who: string, rule: Rule): Promise<number | null> {
    try {
      await spend(name, who, rule)
      return null
    } catch (error) {
      if (!isFault(error, 'kernel.limits.too_many')) throw error
      return Math.ceil(error.retryAfterSeconds ?? rule.withinSeconds)
    }
  }

  return allow
}

const senders = ['known device', 'stranger', 'notice'] as const

const destinationOf = (sender: (typeof senders)[number], to: string): string =>
  `${sender}\n${to.toLowerCase()}`

/** All names under which what goes to a number or a mailbox is counted. */
export const destinationsOf = (to: string): readonly string[] =>
  senders.map((sender) => destinationOf(sender, to))
