/** What is counted about signing in. No label ever holds a person. */
import type { Registry } from '@althing/kernel/telemetry'
import { alertKinds, sinkKinds, type AlertKind, type SinkKind } from './alerts/schema.ts'
import { refusals, signInMethods, type Refusal, type SignInMethod } from './login-events/schema.ts'
import { CodeChannel, ListedDelivery } from './contract.ts'
import { outcomes, type Outcome } from './outside-tokens/rules.ts'
import { provingMetrics } from './proving-metrics.ts'
import { actions, signals, type Action, type Signal } from './risk/schema.ts'

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
  const outside = registry.counter({
    name: 'id_outside_tokens_total',
    help: 'Tokens of other issuers that were to be changed for ours.',
    labels: { outcome: outcomes },
  })
  return {
    ...provingMetrics(registry),
    ...sendingMetrics(registry),
    ...riskMetrics(registry),
    outsideToken: (outcome: Outcome) => outside.add({ outcome }),
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

/** What speaks against sign-ins, what is done about it, and who is told. */
function riskMetrics(registry: Registry) {
  const seen = registry.counter({
    name: 'id_risk_signals_total',
    help: 'Signals that counted against a sign-in.',
    labels: { signal: signals },
  })
  const taken = registry.counter({
    name: 'id_risk_actions_total',
    help: 'What was done when a first proof stood.',
    labels: { action: actions },
  })
  const unanswered = registry.counter({
    name: 'id_risk_breach_unanswered_total',
    help: 'Passwords in use that could not be looked up among breached ones.',
    labels: {},
  })
  const raised = registry.counter({
    name: 'id_security_alerts_total',
    help: 'Sightings of what stands in the feed of security alerts.',
    labels: { kind: alertKinds },
  })
  const told = registry.counter({
    name: 'id_security_alert_deliveries_total',
    help: 'Alerts sent to the places where they are told.',
    labels: { sink: sinkKinds, outcome: ['delivered', 'failed'] },
  })
  return {
    riskSeen: (signal: Signal) => seen.add({ signal }),
    riskActed: (action: Action) => taken.add({ action }),
    breachLookUpUnanswered: () => unanswered.add({}),
    alertRaised: (kind: AlertKind) => raised.add({ kind }),
    alertTold: (sink: SinkKind, outcome: 'delivered' | 'failed') => told.add({ sink, outcome }),
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
  const ceiling = registry.counter({
    name: 'id_sms_ceiling_total',
    help: 'Text messages that were not sent because the ceiling of the house for an hour was reached.',
    labels: {},
  })
  const deliveries = registry.counter({
    name: 'id_deliveries_total',
    help: 'Letters and text messages, by what became of them as far as is known.',
    labels: { channel: CodeChannel.options, state: ListedDelivery.shape.state.options },
  })
  const codes = registry.counter({
    name: 'id_mailed_code_total',
    help: 'Codes that were to be sent, by what came of it.',
    labels: { channel: CodeChannel.options, outcome: ['sent', 'unavailable', 'unreachable'] },
  })
  return {
    delivered: (channel: CodeChannel, state: ListedDelivery['state']) => deliveries.add({ channel, state }),
    smsFellBack: () => smsFellBack.add({}),
    smsCeilingReached: () => ceiling.add({}),
    codeSent: (channel: CodeChannel, outcome: 'sent' | 'unavailable' | 'unreachable') =>
      codes.add({ channel, outcome }),
  }
}
