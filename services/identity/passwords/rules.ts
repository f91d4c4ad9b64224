/**
 * What a password must be, and whether one is right. The rules are those of NIST SP 800-63B-4 (length, lists, strength; no
 * composition, no ageing), and a preset may add what another rule book wants. Counting tries is not done here, but where every
 * factor is counted.
 */
import type { Breaches } from './breaches.ts'
import { fault } from './faults.ts'
import type { Hashing } from './hashing.ts'
import { longestPassword, type PasswordRules } from './schema.ts'
import type { PasswordStore } from './store.ts'
import type { Rate } from './strength.ts'

interface Needs {
  readonly store: PasswordStore
  readonly hashing: Hashing
  readonly rules: PasswordRules
  readonly rate: Rate
  readonly breaches: Breaches
}

/** Whose password it is to be: nothing that says who they are makes it stronger. */
export interface Owner {
  readonly account: string | null
  readonly email: string | null
  readonly name: string
}

const leastScore = 3

export function createPasswords({ store, hashing, rules, rate, breaches }: Needs) {
  /** The same work whether or not there is such an account. A right one whose hash is of yesterday gets one of today. */
  async function check(account: string | null, password: string): Promise<boolean> {
    // Looked up for nobody as well, whose id is no account's: a question less would tell who has none.
    const phc = await store.phcOf(account ?? '')
    // What is longer than any password could be is not hashed: the work would be the attacker's to choose.
    const isRight = await hashing.verify(
      [...password].length > longestPassword ? null : phc,
      password.slice(0, longestPassword * 4),
    )
    if (!isRight || account === null || phc === null) return false
    // Only in place of the one that was checked: a password that was changed meanwhile stays changed.
    if (hashing.isOutdated(phc)) await store.replace(account, phc, await hashing.hash(password))
    return true
  }

  /** Evidence that a new password may be stored: its hash. @throws Fault that says what is wrong with it */
  async function prepare(password: string, owner: Owner): Promise<string> {
    await judge(password, owner)
    return hashing.hash(password)
  }

  async function judge(password: string, { account, email, name }: Owner): Promise<void> {
    const plain = password.normalize('NFC')
    const length = [...plain].length
    if (length < rules.minimum) throw fault.too_short()
    if (length > longestPassword) throw fault.too_long()
    if (rules.composed && !isComposed(plain)) throw fault.plain()
    const local = email?.split('@')[0] ?? ''
    if (local.length > 3 && plain.toLowerCase().includes(local.toLowerCase())) throw fault.personal()
    const about = [local, ...name.split(/\s+/u)].filter((part) => part.length > 2)
    const { score, isCommon } = await rate(plain, about)
    if (isCommon) throw fault.common()
    if (score < leastScore) throw fault.weak()
    if ((await breaches(plain)) > 0) throw fault.breached()
    if (account !== null && (await isReused(account, plain))) throw fault.reused()
  }

  async function isReused(account: string, password: string): Promise<boolean> {
    if (rules.history === 0) return false
    const before = await store.historyOf(account, rules.history)
    for (const phc of before) if (await hashing.verify(phc, password)) return true
    return false
  }

  return {
    check,
    prepare,
    minimum: rules.minimum,
    advised: rules.advised,
    /** Whether it is as long as one should be that stands alone. */
    standsAlone: (password: string) =>
      rules.advised === null || [...password.normalize('NFC')].length >= rules.advised,
    has: async (account: string) => (await store.phcOf(account)) !== null,
  }
}
export type Passwords = ReturnType<typeof createPasswords>

/** PCI DSS 4.0.1 and the older rule books; never by default. */
const isComposed = (password: string): boolean =>
  [/\p{Lu}/u, /\p{Ll}/u, /\p{Nd}/u, /[^\p{L}\p{N}]/u].every((kind) => kind.test(password))
