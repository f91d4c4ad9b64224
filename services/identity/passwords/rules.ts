/**
 * A password is checked after it was counted, with the same work and the same words whether or not there is such an account.
 * Five wrong ones from one place within a quarter of an hour, and that pair of address and place waits: a place is a network, or
 * a device that the owner has signed in from before, which strangers cannot lock.
 */
import { createHash } from 'node:crypto'
import type { Clock } from '@althing/kernel/context'
import { isFault } from '@althing/kernel/errors'
import { fault } from './faults.ts'
import type { Hashing } from './hashing.ts'
import { longestPassword } from './schema.ts'
import type { PasswordStore } from './store.ts'

interface Needs {
  readonly clock: Clock
  readonly store: PasswordStore
  readonly hashing: Hashing
  readonly lockAfter: number
  readonly lockMinutes: number
  readonly minimum: number
}

export type Checked =
  | { readonly kind: 'right' }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'locked'; readonly seconds: number }

interface Attempt {
  /** What was written as the address, and where from: counted together, known to us or not. */
  readonly identifier: string
  readonly from: string
  readonly account: string | null
  readonly password: string
}

export function createPasswords({ clock, store, hashing, lockAfter, lockMinutes, minimum }: Needs) {
  async function check({ identifier, from, account, password }: Attempt): Promise<Checked> {
    const now = clock.now()
    const key = keyOf(identifier, from)
    const { wrong, endsAt } = await store.count(key, now, new Date(now.getTime() + lockMinutes * 60_000))
    if (wrong > lockAfter)
      return { kind: 'locked', seconds: Math.max(1, Math.ceil((endsAt.getTime() - now.getTime()) / 1000)) }
    // Looked up for nobody as well, whose id is no account's: a question less would tell who has none.
    const phc = await store.phcOf(account ?? '')
    // What is longer than any password could be is not hashed: the work would be the attacker's to choose.
    const isRight = await hashing
      .verify([...password].length > longestPassword ? null : phc, password.slice(0, longestPassword * 4))
      .catch(async (error: unknown) => {
        // Nothing was tried, so nothing was wrong: who comes back as asked must not find themselves locked out.
        if (isFault(error, 'identity.passwords.busy')) await store.uncount(key)
        throw error
      })
    if (!isRight || account === null || phc === null) return { kind: 'wrong' }
    await store.forget(key)
    if (hashing.isOutdated(phc)) await store.set(account, await hashing.hash(password))
    return { kind: 'right' }
  }

  /** Evidence that a new password may be stored: its hash. */
  async function prepare(password: string, email: string | null): Promise<string> {
    const length = [...password.normalize('NFC')].length
    if (length < minimum) throw fault.too_short()
    if (length > longestPassword) throw fault.too_long()
    if (isObvious(password, email)) throw fault.common()
    return hashing.hash(password)
  }

  return { check, prepare, minimum }
}
export type Passwords = ReturnType<typeof createPasswords>

const keyOf = (identifier: string, from: string): Uint8Array =>
  createHash('sha256')
    .update(`althing/password-failure\n${identifier.trim().toLowerCase()}\n${from}`)
    .digest()

/** One character over and over, a run of the keyboard, or the person's own address. The lists of attackers come with a later feature. */
function isObvious(password: string, email: string | null): boolean {
  const plain = password.toLowerCase()
  const local = email?.split('@')[0] ?? ''
  const runs = ['123456789012', 'abcdefghijkl', 'qwertyuiop', 'password', 'lykilord', 'lykilorð']
  const rest = runs.reduce(
    (text, run) => text.replaceAll(run, ''),
    local.length > 3 ? plain.replaceAll(local, '') : plain,
  )
  return new Set(plain).size < 4 || rest.length < 4
}
