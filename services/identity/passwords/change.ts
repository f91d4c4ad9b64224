/** Choosing another password, or a first one, when one is signed in. The present one is shown first, and counted as at the door. */
import type { AuditEntry } from '@althing/kernel/audit'
import type { Atomically } from '@althing/kernel/service'
import type { By, Changed, Guess, Judged } from '../proofs.ts'
import { fault } from './faults.ts'
import type { Owner, Passwords } from './rules.ts'

interface Parts {
  readonly setPassword: (account: string, phc: string) => Promise<void>
  readonly record: (entry: AuditEntry) => Promise<void>
  readonly changed: Changed<'password-changed'>
}

interface Needs {
  readonly passwords: Passwords
  readonly judge: (guess: Guess, check: () => Promise<boolean>) => Promise<Judged>
  readonly atomically: Atomically<Parts>
}

export interface Change {
  readonly account: string
  readonly email: string | null
  readonly name: string
  /** What was written as the present one; not looked at when there is none. */
  readonly current: string
  readonly next: string
  readonly network: string
}

export type Changing =
  | { readonly kind: 'done' | 'wrong' }
  | { readonly kind: 'locked'; readonly seconds: number }

export function createPasswordChange({ passwords, judge, atomically }: Needs) {
  /** @throws Fault that says what is wrong with the new one */
  async function change(asked: Change, by: By): Promise<Changing> {
    const { account, current, next, network } = asked
    if (await passwords.has(account)) {
      const place = { who: account, from: network, account, factor: 'password', isKnown: false } as const
      const judged = await judge(place, () => passwords.check(account, current))
      if (judged.kind === 'locked') return judged
      if (judged.kind === 'wrong') return { kind: 'wrong' }
    }
    if (next === current) throw fault.reused()
    const owner: Owner = { account, email: asked.email, name: asked.name }
    const phc = await passwords.prepare(next, owner)
    await atomically(async (parts) => {
      await parts.setPassword(account, phc)
      await parts.record({
        action: 'passwords.changed',
        actor: by.actor,
        target: { type: 'Account', id: account },
        outcome: 'done',
      })
      await parts.changed(account, 'password-changed', by)
    })
    return { kind: 'done' }
  }

  return { change }
}
export type PasswordChange = ReturnType<typeof createPasswordChange>
