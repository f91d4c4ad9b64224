/** The metrics that every service has, declared once. */
import type { BreakerState } from '../resilience/index.ts'
import { faultCatalogue } from '../errors/index.ts'
import { Registry } from '../telemetry/index.ts'
import type { HttpObserver } from '../http/index.ts'

type World = 'person' | 'ballot'

const classes = ['1xx', '2xx', '3xx', '4xx', '5xx'] as const
const states = ['closed', 'open', 'half-open', 'isolated'] as const
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

const bundleOutcomes = ['heard', 'unreachable', 'unreadable', 'untrusted'] as const
export type BundleOutcome = (typeof bundleOutcomes)[number]

export function createServiceMetrics(service: string, world: World) {
  const registry = new Registry()
  const errors = errorCounter(registry, service, world)
  // Filled once, when the service has said which routes it has; closed from then on.
  const routes: string[] = []
  const labels = { route: routes, method: methods, status_class: classes } as const
  const requests = registry.counter({ name: 'id_http_requests_total', help: 'Requests answered.', labels })
  const duration = registry.histogram({
    name: 'id_http_request_duration_seconds',
    help: 'Time to answer.',
    labels,
  })
  const inFlight = registry.gauge({
    name: 'id_http_requests_in_flight',
    help: 'Requests being answered.',
    labels: {},
  })
  const refusals = registry.counter({
    name: 'id_http_refusals_total',
    help: 'Refusals by kind.',
    labels: { kind: ['permission', 'limit', 'input', 'sign-in', 'other', 'bug'] },
  })
  const breakers = registry.counter({
    name: 'id_circuit_breaker_transitions_total',
    help: 'Changes of state of breakers.',
    labels: { state: states },
  })
  const limits = registry.counter({
    name: 'id_rate_limit_triggered_total',
    help: 'Requests refused because they came too often.',
    labels: {},
  })
  const outbox = registry.counter({
    name: 'id_outbox_messages_total',
    help: 'Deliveries to other services.',
    labels: { outcome: ['delivered', 'failed', 'dead'] },
  })
  // Whose it is, every line says as it is printed.
  registry.gauge({ name: 'id_build_info', help: 'Always 1.', labels: {} }).set({}, 1)
  let open = 0
  const observer: HttpObserver = {
    started: () => inFlight.set({}, (open += 1)),
    finished({ route, method, status, seconds }) {
      inFlight.set({}, (open -= 1))
      const chosen = {
        route,
        method: method as 'GET',
        status_class: `${Math.floor(status / 100)}xx` as '2xx',
      }
      requests.add(chosen)
      duration.observe(chosen, seconds)
    },
    refused(code) {
      refusals.add({ kind: kindOf(code) })
      errors.add(code)
    },
  }
  return {
    registry,
    observer,
    declareRoutes(paths: readonly string[]) {
      routes.push(...new Set(paths))
      errors.declare()
    },
    breakerChanged: (state: BreakerState) => breakers.add({ state }),
    limitTriggered: () => limits.add({}),
    outboxDelivered: (outcome: 'delivered' | 'failed' | 'dead') => outbox.add({ outcome }),
    ...policyCounters(registry),
  }
}

/** What the policies let through here, and whether they are still heard of. */
function policyCounters(registry: Registry) {
  const decisions = registry.counter({
    name: 'id_policy_evaluations_total',
    help: 'Decisions made.',
    labels: { decision: ['allow', 'deny', 'unavailable'] },
  })
  const bundle = registry.counter({
    name: 'id_policy_bundle_total',
    help: 'Looks for newer policies: without an answer, with one that is none, or with one that the policy service did not sign. An alarm when not `heard`.',
    labels: { outcome: bundleOutcomes },
  })
  const reports = registry.counter({
    name: 'id_policy_decisions_told_total',
    help: 'Decisions of this service that the decision log was told of, that had no room while it was away, or that it did not take (an alarm).',
    labels: { outcome: ['told', 'dropped', 'refused'] as const },
  })
  return {
    decisionsTold: (outcome: 'told' | 'dropped' | 'refused', count: number) =>
      reports.add({ outcome }, count),
    decided: (decision: 'allow' | 'deny' | 'unavailable') => decisions.add({ decision }),
    bundleAsked: (outcome: BundleOutcome) => bundle.add({ outcome }),
  }
}

/**
 * Each refusal by its code: those that this service and the kernel have declared by the time its doors open, and `other` for the rest, so
 * that the number of series is known beforehand. Beside the ballots every refusal is `other`: which one it was is a thing that happened to
 * one ballot at one time.
 */
function errorCounter(registry: Registry, service: string, world: World) {
  const codes: string[] = ['other']
  const counter = registry.counter({
    name: 'id_errors_total',
    help: 'Refusals by code.',
    labels: { code: codes },
  })
  return {
    add: (code: string) => counter.add({ code: codes.includes(code) ? code : 'other' }),
    declare() {
      if (world === 'ballot') return
      const own = [...faultCatalogue().keys()].filter(
        (code) => code.startsWith(`${service}.`) || code.startsWith('kernel.'),
      )
      codes.push('kernel.bug', ...own)
    },
  }
}

function kindOf(code: string) {
  if (code === 'kernel.bug') return 'bug'
  if (code === 'kernel.http.forbidden') return 'permission'
  if (code.startsWith('kernel.limits.')) return 'limit'
  if (code.startsWith('kernel.token.') || code.startsWith('kernel.signature.')) return 'sign-in'
  return code.startsWith('kernel.http.') ? 'input' : 'other'
}
