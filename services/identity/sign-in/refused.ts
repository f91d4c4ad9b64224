/**
 * What a refusal leaves behind: it is counted, and has a line among the tries and one in the audit log. An address that is no account
 * of ours is not written down: it may be a password in the wrong field.
 */
import type { AuditEntry } from '@althing/kernel/audit'
import type { Metrics } from '../metrics.ts'
import type { Refusal, SignInMethod, Tried } from '../proofs.ts'

interface Needs {
  readonly metrics: Pick<Metrics, 'failed'>
  readonly note: (event: Tried) => Promise<void>
  readonly record: (entry: AuditEntry) => Promise<void>
  /** Where it was refused: at the door, or where somebody who is in was asked once more. */
  readonly door?: 'sign-in' | 'confirm'
}

export function createRefused({ metrics, note, record, door = 'sign-in' }: Needs) {
  return async function refused(
    reason: Refusal,
    method: SignInMethod,
    person: { readonly id: string } | null,
    { network, device }: { readonly network: string; readonly device: string },
  ): Promise<void> {
    metrics.failed(reason)
    await note({ account: person?.id ?? null, method, result: 'refused', reason, network, device })
    await record({
      action: `${door}.${method}`,
      actor: person === null ? 'person:unknown' : `person:${person.id}`,
      ...(person === null ? {} : { target: { type: 'Account', id: person.id } }),
      reason,
      outcome: 'failed',
    })
  }
}
export type Refused = ReturnType<typeof createRefused>
