/** What is counted about proving who one is: steps, factors, and how people come to have accounts. No label ever holds a person. */
import type { AuditEntry } from '@althing/kernel/audit'
import type { Registry } from '@althing/kernel/telemetry'
import type { IdentityKit } from './kit.ts'
import type { SignInMethod } from './login-events/schema.ts'
import { plainCounter } from './plain-counter.ts'

const seconds = ['totp', 'recovery-code', 'sms-code', 'mail-code'] as const
const guessables = ['password', ...seconds] as const
const results = ['done', 'refused'] as const

/** Of many tries that are refused while a place waits, the first is the one that counts as a lock. */
interface Outcome {
  readonly kind: 'right' | 'wrong' | 'locked'
  readonly isFirst?: boolean
}

export function provingMetrics(registry: Registry) {
  const verified = registry.counter({
    name: 'id_mfa_verification_total',
    help: 'Second steps shown.',
    labels: { factor: seconds, result: results },
  })
  const codesUsed = plainCounter(
    registry,
    'id_mfa_recovery_code_used_total',
    'Recovery codes that were used.',
  )
  const passkeys = registry.counter({
    name: 'id_passkey_authentication_total',
    help: 'Passkeys shown.',
    labels: { result: results },
  })
  const locked = plainCounter(
    registry,
    'id_auth_account_lockouts_total',
    'Pairs of account and place that had to wait, because there were too many wrong tries.',
  )
  const shut = registry.counter({
    name: 'id_auth_factors_shut_total',
    help: 'Factors that open nothing from unknown places, because there were too many wrong tries in a row.',
    labels: { factor: guessables },
  })
  const resets = plainCounter(registry, 'id_auth_password_reset_requests_total', 'Forgotten passwords.')

  const verificationSent = plainCounter(
    registry,
    'id_auth_email_verification_sent_total',
    'Links that prove an address and were handed to a carrier of mail.',
  )

  return {
    /** One try that could be wrong. */
    judged(method: SignInMethod, { kind, isFirst = false }: Outcome): void {
      const result = kind === 'right' ? 'done' : 'refused'
      const factor = seconds.find((one) => one === method)
      if (factor !== undefined) verified.add({ factor, result })
      if (method === 'recovery-code' && kind === 'right') codesUsed()
      if (method === 'passkey') passkeys.add({ result })
      if (kind === 'locked' && isFirst) locked()
    },
    factorShut: (factor: (typeof guessables)[number]) => shut.add({ factor }),
    resetAsked: resets,
    verificationSent: () => verificationSent(),
    audited: audited(registry),
  }
}

/** What is recorded is counted too, by what it is called: so neither can be there without the other. */
function audited(registry: Registry) {
  const registered = registry.counter({
    name: 'id_auth_registration_total',
    help: 'Applications for an account, by how far they came.',
    labels: { result: ['confirmed', 'approved', 'rejected'] },
  })
  const proven = plainCounter(
    registry,
    'id_auth_email_verification_completed_total',
    'Addresses that were proven.',
  )
  const enrolled = registry.counter({
    name: 'id_mfa_enrollment_total',
    help: 'Second steps that were turned on.',
    labels: { factor: ['application', 'sent-code'] },
  })
  const passkeys = plainCounter(registry, 'id_passkey_registration_total', 'Passkeys that were made.')
  const recovered = plainCounter(
    registry,
    'id_auth_password_reset_total',
    'Forgotten passwords that were replaced.',
  )
  const changed = plainCounter(registry, 'id_auth_password_changed_total', 'Passwords that were changed.')
  const exported = plainCounter(
    registry,
    'id_privacy_exports_total',
    'Archives of own data that were asked for.',
  )
  const erased = plainCounter(registry, 'id_privacy_erasures_total', 'People who were forgotten.')

  const by: Readonly<Record<string, () => void>> = {
    'joining.address-proven'() {
      registered.add({ result: 'confirmed' })
      proven()
    },
    'joining.approved': () => registered.add({ result: 'approved' }),
    'joining.rejected': () => registered.add({ result: 'rejected' }),
    'accounts.address': proven,
    'accounts.activated': proven,
    'two-step.on': () => enrolled.add({ factor: 'application' }),
    // A telephone that is proven asks for nothing yet: the second step is there when it is turned on.
    'mailed-codes.sms-on': () => enrolled.add({ factor: 'sent-code' }),
    'mailed-codes.mail-on': () => enrolled.add({ factor: 'sent-code' }),
    'passkeys.added': passkeys,
    'passwords.recovered': recovered,
    'passwords.changed': changed,
    'privacy.export-asked': exported,
    'privacy.erasure-begun': erased,
  }
  return (action: string): void => by[action]?.()
}

/** A kit whose transactions count what they record. A transaction that fails afterwards has been counted: a metric is no ledger. */
export function countRecorded(kit: IdentityKit, count: (action: string) => void): IdentityKit {
  return {
    ...kit,
    atomic: (parts) =>
      kit.atomic((db, tx) =>
        parts(db, {
          ...tx,
          async record(entry: AuditEntry) {
            await tx.record(entry)
            if (entry.outcome === 'done') count(entry.action)
          },
        }),
      ),
  }
}
