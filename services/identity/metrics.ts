/** What is counted about signing in. No label ever holds a person. */
import type { Registry } from '@althing/kernel/telemetry'
import { refusals, signInMethods, type Refusal, type SignInMethod } from './login-events/schema.ts'
import { CodeChannel } from './contract.ts'

export function createMetrics(registry: Registry) {
  const attempts = registry.counter({
    name: 'id_auth_login_attempts_total',
    help: 'Sign-ins tried.',
    labels: { method: signInMethods },
  })
  const success = registry.counter({
    name: 'id_auth_login_success_total',
    help: 'Sign-ins that worked.',
    labels: {},
  })
  const failure = registry.counter({
    name: 'id_auth_login_failure_total',
    help: 'Sign-ins that did not.',
    labels: { reason: refusals },
  })
  const logout = registry.counter({ name: 'id_auth_logout_total', help: 'Sign-outs.', labels: {} })
  const created = registry.counter({ name: 'id_session_created_total', help: 'Sessions begun.', labels: {} })
  const revoked = registry.counter({
    name: 'id_session_revoked_total',
    help: 'Sessions ended before their time.',
    labels: {},
  })
  const issued = registry.counter({
    name: 'id_oidc_token_issued_total',
    help: 'Access tokens issued.',
    labels: {},
  })
  const unanswered = registry.counter({
    name: 'id_password_breach_unanswered_total',
    help: 'New passwords that could not be looked up among breached ones.',
    labels: {},
  })
  const fellBack = registry.counter({
    name: 'id_mail_fallback_total',
    help: 'Mails that the second provider carried, because the first was away.',
    labels: {},
  })
  return {
    ...sendingMetrics(registry),
    mailFellBack: () => fellBack.add({}),
    breachUnanswered: () => unanswered.add({}),
    attempted: (method: SignInMethod) => attempts.add({ method }),
    succeeded: () => success.add({}),
    failed: (reason: Refusal) => failure.add({ reason }),
    signedOut: () => logout.add({}),
    sessionCreated: () => created.add({}),
    sessionsRevoked: (count: number) => revoked.add({}, count),
    tokenIssued: () => issued.add({}),
  }
}
export type Metrics = ReturnType<typeof createMetrics>

/** What goes out to people by text message, and codes by either way. */
function sendingMetrics(registry: Registry) {
  const smsFellBack = registry.counter({
    name: 'id_sms_fallback_total',
    help: 'Text messages that the second provider carried, because the first was away.',
    labels: {},
  })
  const codes = registry.counter({
    name: 'id_mailed_code_total',
    help: 'Codes that were to be sent, by what came of it.',
    labels: { channel: CodeChannel.options, outcome: ['sent', 'unavailable', 'unreachable'] },
  })
  return {
    smsFellBack: () => smsFellBack.add({}),
    codeSent: (channel: CodeChannel, outcome: 'sent' | 'unavailable' | 'unreachable') =>
      codes.add({ channel, outcome }),
  }
}
