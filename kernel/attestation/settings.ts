/** The settings of attestation, each under the name of the service that relies on it, and what is built from them. */
import { z } from 'zod'
import { ConfigError, list, optional, secret, setting, type Secret } from '../config/index.ts'
import type { Clock } from '../context/index.ts'
import { createBulkhead, type Breakers } from '../resilience/index.ts'
import type { Log, Registry } from '../telemetry/index.ts'
import { appCheckOrigin, createAppCheck } from './app-check.ts'
import { createAttestation, noAttestation, outcomes, whenAways, type Attestation } from './attestation.ts'
import { attestationKinds, type AttestationKind, type Verifier } from './port.ts'
import { createTurnstile, turnstileOrigin } from './turnstile.ts'

const nameOf = (service: string, word: string) => `ALTHING_${service.toUpperCase()}_${word}`

/** The provider's own address, or one on this very machine, for tests: evidence goes to nobody else. */
const providerUrl = (origin: string) =>
  z
    .url()
    .refine((url) => url === origin || ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname))

export function whenAwaySetting(service: string, fallback: (typeof whenAways)[number]) {
  return setting({
    env: nameOf(service, 'ATTESTATION_WHEN_AWAY'),
    schema: z.enum(whenAways),
    fallback,
    doc: 'What happens while a provider of attestation does not answer: `refuse` keeps everybody out, `let-in` lets everybody in and counts it.',
  })
}

export function turnstileSettings(service: string) {
  return {
    turnstileSiteKey: setting({
      env: nameOf(service, 'TURNSTILE_SITE_KEY'),
      schema: optional.refine((value) => value === undefined || /^[\w-]{1,100}$/.test(value)),
      doc: 'The site key of the Turnstile widget; it stands in pages.',
    }),
    ...turnstileSecretSettings(service),
  } as const
}

export function turnstileSecretSettings(service: string) {
  return {
    turnstileSecret: secret({
      env: nameOf(service, 'TURNSTILE_SECRET'),
      schema: z.string().default(''),
      doc: 'The secret of the Turnstile widget, by which its responses are verified.',
    }),
    turnstileUrl: setting({
      env: nameOf(service, 'TURNSTILE_URL'),
      schema: providerUrl(turnstileOrigin),
      fallback: turnstileOrigin,
      doc: 'Where responses of Turnstile are verified; another address only on this machine, for tests.',
    }),
  } as const
}

export function appCheckSettings(service: string) {
  return {
    appCheckProject: setting({
      env: nameOf(service, 'APP_CHECK_PROJECT'),
      schema: optional.refine((value) => value === undefined || /^\d{1,20}$/.test(value)),
      doc: 'The number (not the name) of the Firebase project whose apps are ours.',
    }),
    appCheckApps: setting({
      env: nameOf(service, 'APP_CHECK_APPS'),
      schema: list,
      fallback: '',
      doc: 'Firebase ids of the apps that are let in, by commas: 1:1234567890:android:0a1b2c3d.',
    }),
    appCheckUrl: setting({
      env: nameOf(service, 'APP_CHECK_URL'),
      schema: providerUrl(appCheckOrigin),
      fallback: appCheckOrigin,
      doc: 'Where the keys of App Check are; another address only on this machine, for tests.',
    }),
  } as const
}

/** Ways by commas, or `none`. */
export const kindsOrNone = list
  .transform((words) => (words.length === 1 && words[0] === 'none' ? [] : words))
  .pipe(z.array(z.enum(attestationKinds)))

interface Needs {
  readonly service: string
  readonly kinds: readonly AttestationKind[]
  readonly config: {
    readonly url: string
    readonly attestationWhenAway: (typeof whenAways)[number]
    readonly turnstileSecret: Secret
    readonly turnstileUrl: string
    readonly appCheckProject?: string | undefined
    readonly appCheckApps?: readonly string[]
    readonly appCheckUrl?: string
  }
  readonly clock: Clock
  readonly breakers: Breakers
  readonly log: Log
  readonly metrics: Registry
}

/** @throws ConfigError naming what a way that was chosen lacks. */
export function attestationFrom(needs: Needs): Attestation {
  checkComplete(needs)
  const [first, ...more] = needs.kinds.map((kind) => verifierOf(kind, needs))
  if (first === undefined) return noAttestation
  const counter = needs.metrics.counter({
    name: 'id_attestation_demands_total',
    help: 'Requests that had to show that they come from a genuine app or a real browser.',
    labels: { kind: attestationKinds, outcome: outcomes },
  })
  return createAttestation({
    verifiers: [first, ...more],
    whenAway: needs.config.attestationWhenAway,
    bulkhead: createBulkhead({ limit: 64, queue: 1_000 }),
    counted: (kind, outcome) => counter.add({ kind, outcome }),
  })
}

function checkComplete({ service, kinds, config }: Needs): void {
  const needed: readonly (readonly [AttestationKind, string, boolean, string])[] = [
    ['turnstile', 'TURNSTILE_SECRET', config.turnstileSecret.reveal() !== '', 'the secret of the widget'],
    [
      'app-check',
      'APP_CHECK_PROJECT',
      config.appCheckProject !== undefined,
      'the number of the Firebase project',
    ],
    ['app-check', 'APP_CHECK_APPS', (config.appCheckApps ?? []).length > 0, 'at least one app id'],
  ]
  const mistakes = needed
    .filter(([kind, , isThere]) => kinds.includes(kind) && !isThere)
    .map(
      ([kind, word, , what]) =>
        `${nameOf(service, word)} is missing: ${nameOf(service, 'ATTESTATION')} names ${kind}, which needs ${what}.`,
    )
  if (mistakes.length > 0) throw new ConfigError(mistakes)
}

function verifierOf(kind: AttestationKind, { config, clock, breakers, log }: Needs): Verifier {
  const common = {
    breaker: breakers.breaker(`attestation-${kind}`),
    onTrouble: (error: unknown) =>
      log.warn('attestation cannot be verified', { kind, cause: String(causeOf(error)) }),
  }
  if (kind === 'turnstile')
    return createTurnstile({
      ...common,
      secret: config.turnstileSecret,
      hostname: new URL(config.url).hostname,
      url: config.turnstileUrl,
    })
  return createAppCheck({
    ...common,
    clock,
    project: config.appCheckProject ?? '',
    apps: config.appCheckApps ?? [],
    url: config.appCheckUrl,
  })
}

const causeOf = (error: unknown) => (error instanceof Error ? (error.cause ?? error) : error)
