/** Choosing another password, or a first one, when one is signed in. The present one is shown first, and counted as at the door. */
import type { AuditEntry } from '@althing/kernel/audit'
import type { Atomically } from '@althing/kernel/service'
import type { By, Changed, Confirm, Confirmed, Confirmer } from '../proofs.ts'
import { fault } from './faults.ts'
import type { Owner, Passwords } from './rules.ts'

interface Parts {
  readonly setPassword: (account: string, phc: string) => Promise<void>
  readonly record: (entry: AuditEntry) => Promise<void>
  readonly changed: Changed<'password-changed'>
}

interface Needs {
  readonly passwords: Passwords
  readonly confirm: Confirm
  readonly atomically: Atomically<Parts>
}

export interface Change {
  readonly who: Confirmer
  readonly email: string | null
  readonly name: string
  /** What was written as the present one; not looked at when there is none. */
  readonly current: string
  readonly next: string
}

export type Changing = Exclude<Confirmed, { kind: 'right' }> | { readonly kind: 'done' }

export function createPasswordChange({ passwords, confirm, atomically }: Needs) {
  /** @throws Fault that says what is wrong with the new one */
  async function change(asked: Change, by: By): Promise<Changing> {
    const { who, current, next } = asked
    const { account } = who
    if (await passwords.has(account)) {
      const judged = await confirm(who, 'password', () => passwords.check(account, current))
      if (judged.kind !== 'right') return judged
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
