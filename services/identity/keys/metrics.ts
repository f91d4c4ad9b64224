/** What an operator watches of the signing keys: as this node sees them. */
import type { Registry } from '@althing/kernel/telemetry'
import { plainCounter } from '../plain-counter.ts'
import type { KeyStatus } from './rules.ts'
import { algorithms } from './schema.ts'

export function keyMetrics(registry: Registry) {
  const age = registry.gauge({
    name: 'id_signing_key_age_seconds',
    help: 'How long the active key of an algorithm has been signing; ninety days, and then another does.',
    labels: { alg: algorithms },
  })
  const missing = registry.gauge({
    name: 'id_signing_key_next_missing',
    help: '1 when the next key of an algorithm should have been made by now and is not there.',
    labels: { alg: algorithms },
  })
  const unopened = registry.gauge({
    name: 'id_signing_keys_unopened',
    help: 'Keys that this node should sign with, now or next, and could not open.',
    labels: {},
  })
  const made = plainCounter(
    registry,
    'id_oidc_engine_made_total',
    'Times that this node took up signing keys and servers that tokens can be for: at its start and when they change.',
  )
  return {
    engineMade: made,
    keysLoaded(statuses: readonly KeyStatus[], notOpened: number): void {
      for (const { alg, ageSeconds, isNextMissing } of statuses) {
        age.set({ alg }, ageSeconds)
        missing.set({ alg }, isNextMissing ? 1 : 0)
      }
      unopened.set({}, notOpened)
    },
  }
}
