/**
 * What public forms demand before anything else is done: that a browser sends them, where the organisation asks for that. The answer is the
 * same for every address, because nobody has looked at one yet.
 */
import {
  attestationFrom,
  mostResponseLength,
  turnstileOrigin,
  type Attestation,
} from '@althing/kernel/attestation'
import { ConfigError } from '@althing/kernel/config'
import { isFault } from '@althing/kernel/errors'
import { z } from 'zod'
import type { IdentityKit } from './kit.ts'

/** What a response was solved for: one for a forgotten password applies for no account. */
type Action = 'register' | 'recover' | 'sign-in'

/** The name that the widget gives to its field. */
const field = 'cf-turnstile-response'
/** To be added to every form behind the gate. It is looked at here and by nothing else. */
export const Attested = { [field]: z.string().max(mostResponseLength).optional() } as const
type Body = { readonly [field]?: string | undefined }

interface Challenge {
  readonly siteKey: string
  readonly action: Action
  readonly script: string
}

export interface Gate {
  /** The widget for the form, and the origins that its page allows; nothing where nothing is demanded. */
  widgetFor(action: Action): { readonly challenge?: Challenge }
  readonly widgets: readonly string[]
  readonly isDemanded: boolean
  /** Null for whoever may go on. */
  stops(asked: { readonly network: string; readonly body: Body }, action: Action): Promise<Stopped | null>
}

interface Stopped {
  readonly problem: 'attestation' | 'attestation_away' | 'too_many'
  readonly status: number
}

const minute = { withinSeconds: 60 }

export function createGate(kit: IdentityKit, most: number): Gate {
  const { config, limits } = kit
  const attestation = attestationOf(kit)
  const script = `${turnstileOrigin}/turnstile/v0/api.js`
  const siteKey = config.turnstileSiteKey ?? ''
  return {
    widgetFor: (action) => (attestation.isDemanded ? { challenge: { siteKey, action, script } } : {}),
    isDemanded: attestation.isDemanded,
    widgets: attestation.isDemanded ? [turnstileOrigin] : [],
    async stops({ network, body }, action) {
      if (!attestation.isDemanded) return null
      try {
        // Each look is a question to somebody else: a machine shall not make us ask as often as it likes.
        await limits.spend('attest-network', network, { most, ...minute })
        await attestation.demand({ turnstile: body[field] }, action)
        return null
      } catch (error) {
        const stopped = stoppedBy.find(([code]) => isFault(error, code))?.[1]
        if (stopped === undefined) throw error
        return stopped
      }
    },
  }
}

const stoppedBy: readonly (readonly [code: string, stopped: Stopped])[] = [
  ['kernel.limits.too_many', { problem: 'too_many', status: 429 }],
  ['kernel.attestation.missing', { problem: 'attestation', status: 403 }],
  ['kernel.attestation.refused', { problem: 'attestation', status: 403 }],
  ['kernel.attestation.unavailable', { problem: 'attestation_away', status: 503 }],
]

/** Of the ways there are only this one can be shown by a page. */
function attestationOf(kit: IdentityKit): Attestation {
  const { attestation, turnstileSiteKey } = kit.config
  if (attestation === 'turnstile' && turnstileSiteKey === undefined)
    throw new ConfigError([
      'ALTHING_IDENTITY_TURNSTILE_SITE_KEY is missing: ALTHING_IDENTITY_ATTESTATION names turnstile, whose widget stands in our pages.',
    ])
  return attestationFrom({ ...kit, service: 'identity', kinds: attestation === 'none' ? [] : [attestation] })
}
