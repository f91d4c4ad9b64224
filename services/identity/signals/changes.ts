/**
 * What of what is recorded or said is a signal. The line of the audit log is inside the transaction of the change, so what stands here is told
 * exactly when the change is made, and no feature has to think of it.
 */
import type { AuditEntry } from '@althing/kernel/audit'
import { personErased } from '@althing/kernel/service'
import { sessionEnded } from '../contract.ts'
import { signalTypes, type Signal, type SignalType } from './schema.ts'

const [sessionRevoked, credentialChange, accountDisabled, accountEnabled, accountPurged, identifierChanged] =
  signalTypes

/** CAEP 1.0, section 3.3.1. A passkey of ours lives on a device or with its maker; which, is not known. */
const credential = (credential_type: string, change_type: 'create' | 'update' | 'delete') => ({
  type: credentialChange,
  details: { credential_type, change_type },
})

const byAction: Readonly<Record<string, { readonly type: SignalType; readonly details: Signal['details'] }>> =
  {
    'passwords.changed': credential('password', 'update'),
    'passwords.recovered': credential('password', 'update'),
    'passkeys.added': credential('fido2-platform', 'create'),
    'passkeys.removed': credential('fido2-platform', 'delete'),
    'two-step.on': credential('app', 'create'),
    'two-step.off': credential('app', 'delete'),
    'mailed-codes.phone-proven': credential('phone-sms', 'create'),
    'accounts.suspended': { type: accountDisabled, details: {} },
    'accounts.banned': { type: accountDisabled, details: {} },
    'accounts.active': { type: accountEnabled, details: {} },
  }

export function signalOfEntry({ action, actor, target, outcome }: AuditEntry): Signal | null {
  const known = byAction[action]
  if (known === undefined || outcome !== 'done' || target?.type !== 'Account') return null
  const byThemselves = actor === `person:${target.id}`
  // CAEP 1.0, section 2: who began it.
  const initiating =
    known.type === credentialChange ? { initiating_entity: byThemselves ? 'user' : 'admin' } : {}
  return { account: target.id, type: known.type, details: { ...known.details, ...initiating } }
}

export function signalOfMessage(topic: string, payload: unknown): Signal | null {
  const said = payload as { readonly session?: string; readonly person?: string }
  if (said.person === undefined) return null
  if (topic === sessionEnded)
    return { account: said.person, type: sessionRevoked, details: { session: said.session } }
  return topic === personErased ? { account: said.person, type: accountPurged, details: {} } : null
}

/** An address took the place of another; it is named by what it was, and only to who has it as the person's name. */
export const signalOfAddress = (account: string, previous: string): Signal => ({
  account,
  type: identifierChanged,
  details: { email: previous },
})
