/** What is counted about signing in. No label ever holds a person. */
import type { Registry } from '@althing/kernel/telemetry'
import { alertKinds, sinkKinds, type AlertKind, type SinkKind } from './alerts/schema.ts'
import { outcomes as backchannelOutcomes, type Outcome as BackchannelOutcome } from './backchannel/rules.ts'
import { outcomes as documentOutcomes, type Outcome as DocumentOutcome } from './client-documents/rules.ts'
import {
  outcomes as registrationOutcomes,
  type Outcome as RegistrationOutcome,
} from './self-registration/rules.ts'
import { clientMetrics } from './clients/metrics.ts'
import { keyMetrics } from './keys/metrics.ts'
import { refusals, signInMethods, type Refusal, type SignInMethod } from './login-events/schema.ts'
import { CodeChannel, ListedDelivery } from './contract.ts'
import { outcomes, type Outcome } from './outside-tokens/rules.ts'
import { plainCounter } from './plain-counter.ts'
import { provingMetrics } from './proving-metrics.ts'
import { serviceIdentityMetrics } from './service-identities/metrics.ts'
import { signalMetrics } from './signals/metrics.ts'
import { actions, signals, type Action, type Signal } from './risk/schema.ts'

export function createMetrics(registry: Registry) {
  const attempts = registry.counter({
    name: 'id_auth_login_attempts_total',
    help: 'Sign-ins tried.',
    labels: { method: signInMethods },
  })
  const success = plainCounter(registry, 'id_auth_login_success_total', 'Sign-ins that worked.')
  const failure = registry.counter({
    name: 'id_auth_login_failure_total',
    help: 'Sign-ins that did not.',
    labels: { reason: refusals },
  })
  const logout = plainCounter(registry, 'id_auth_logout_total', 'Sign-outs.')
  const unanswered = plainCounter(
    registry,
    'id_password_breach_unanswered_total',
    'New passwords that could not be looked up among breached ones.',
  )
  const fellBack = plainCounter(
    registry,
    'id_mail_fallback_total',
    'Mails that the second provider carried, because the first was away.',
  )
  const outside = registry.counter({
    name: 'id_outside_tokens_total',
    help: 'Tokens of other issuers that were to be changed for ours.',
    labels: { outcome: outcomes },
  })
  return {
    ...providerMetrics(registry),
    ...provingMetrics(registry),
    ...sendingMetrics(registry),
    ...riskMetrics(registry),
    ...keyMetrics(registry),
    ...sessionMetrics(registry),
    ...signalMetrics(registry),
    ...applicationMetrics(registry),
    ...clientMetrics(registry),
    ...serviceIdentityMetrics(registry),
    outsideToken: (outcome: Outcome) => outside.add({ outcome }),
    mailFellBack: fellBack,
    breachUnanswered: unanswered,
    attempted: (method: SignInMethod) => attempts.add({ method }),
    succeeded: success,
    failed: (reason: Refusal) => failure.add({ reason }),
    signedOut: logout,
  }
}

/** What applications have of the provider. */
function providerMetrics(registry: Registry) {
  const told = registry.counter({
    name: 'id_oidc_logout_told_total',
    help: 'Applications that were to hear of the end of a session.',
    labels: { result: ['done', 'failed', 'given_up'] as const },
  })
  const issued = plainCounter(registry, 'id_oidc_token_issued_total', 'Access tokens issued.')
  return {
    logoutTold: (result: 'done' | 'failed' | 'given_up') => told.add({ result }),
    tokenIssued: issued,
  }
}

function sessionMetrics(registry: Registry) {
  const created = plainCounter(registry, 'id_session_created_total', 'Sessions begun.')
  const revoked = plainCounter(registry, 'id_session_revoked_total', 'Sessions ended before their time.')
  const expired = plainCounter(registry, 'id_session_expired_total', 'Sessions that were over by themselves.')
  const active = registry.gauge({
    name: 'id_sessions_active',
    help: 'Sessions that are open, as of the last minute. Every node says the same number.',
    labels: {},
  })
  return {
    sessionCreated: created,
    sessionsRevoked: revoked,
    sessionsSwept(swept: { readonly expired: number; readonly active: number }) {
      expired(swept.expired)
      active.set({}, swept.active)
    },
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
  const unanswered = plainCounter(
    registry,
    'id_risk_breach_unanswered_total',
    'Passwords in use that could not be looked up among breached ones.',
  )
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
    breachLookUpUnanswered: unanswered,
    alertRaised: (kind: AlertKind) => raised.add({ kind }),
    alertTold: (sink: SinkKind, outcome: 'delivered' | 'failed') => told.add({ sink, outcome }),
  }
}
export type Metrics = ReturnType<typeof createMetrics>

/** What goes out to people by text message, and codes by either way. */
function sendingMetrics(registry: Registry) {
  const smsFellBack = plainCounter(
    registry,
    'id_sms_fallback_total',
    'Text messages that the second provider carried, because the first was away.',
  )
  const ceiling = plainCounter(
    registry,
    'id_sms_ceiling_total',
    'Text messages that were not sent because the ceiling of the house for an hour was reached.',
  )
  const deliveries = registry.counter({
    name: 'id_deliveries_total',
    help: 'Letters and text messages, by what became of them as far as is known.',
    labels: { channel: CodeChannel.options, state: ListedDelivery.shape.state.options },
  })
  const skipped = plainCounter(
    registry,
    'id_mail_events_skipped_total',
    'Events of the carrier of mail that were of no form that we know.',
  )
  const codes = registry.counter({
    name: 'id_mailed_code_total',
    help: 'Codes that were to be sent, by what came of it.',
    labels: { channel: CodeChannel.options, outcome: ['sent', 'unavailable', 'unreachable'] },
  })
  return {
    delivered: (channel: CodeChannel, state: ListedDelivery['state']) => deliveries.add({ channel, state }),
    mailEventSkipped: skipped,
    smsFellBack,
    smsCeilingReached: ceiling,
    codeSent: (channel: CodeChannel, outcome: 'sent' | 'unavailable' | 'unreachable') =>
      codes.add({ channel, outcome }),
  }
}

/** What applications do that nobody here registered, or that ask people who are elsewhere. */
function applicationMetrics(registry: Registry) {
  const backchannel = registry.counter({
    name: 'id_oidc_backchannel_total',
    help: 'Requests to people who are elsewhere, by what became of them; told is that the application took it.',
    labels: { outcome: backchannelOutcomes },
  })
  const documents = registry.counter({
    name: 'id_oidc_client_documents_total',
    help: 'Documents of applications that were to be fetched, by what came of it.',
    labels: { outcome: documentOutcomes },
  })
  const registrations = registry.counter({
    name: 'id_oidc_self_registrations_total',
    help: 'What applications did about their own registration.',
    labels: { outcome: registrationOutcomes },
  })
  return {
    clientDocument: (outcome: DocumentOutcome) => documents.add({ outcome }),
    selfRegistered: (outcome: RegistrationOutcome) => registrations.add({ outcome }),
    backchannel: (outcome: BackchannelOutcome) => backchannel.add({ outcome }),
  }
}
