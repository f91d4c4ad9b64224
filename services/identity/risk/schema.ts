import { z } from 'zod'

/** What can speak against a sign-in. */
export const signals = [
  'new-device',
  'impossible-travel',
  'velocity',
  'many-accounts',
  'breached-password',
  'refresh-reuse',
] as const
export type Signal = (typeof signals)[number]

/**
 * What others can bring about from afar: anybody can guess wrong at any account, and an application with a fault shows old tokens all
 * day. They may ask the owner for more, and tell; who could shut somebody out with them, or sign them out, would do so on the day of
 * a vote.
 */
export const movedByOthers: ReadonlySet<Signal> = new Set(['velocity', 'refresh-reuse'])

/**
 * And who sits in the same hall: whoever tries many accounts there shares its one address with everybody. It may end what is open
 * elsewhere, where it comes on top of what is somebody's own; it shuts nobody out of the hall.
 */
export const movedNearby: ReadonlySet<Signal> = new Set([...movedByOthers, 'many-accounts'])

/** What is done about it, from the mildest on. */
export const actions = ['nothing', 'notify', 'step-up', 'end-sessions', 'block'] as const
export type Action = (typeof actions)[number]

/** One row of risk_mark. */
export const Mark = z.object({ kind: z.enum(['breached-password', 'refresh-reuse']), at: z.date() })
export type Mark = z.output<typeof Mark>

/** A password that opened the door, to be looked up among breached ones later: its SHA-1, sealed, because a queue is a table. */
export const Proven = z.object({ account: z.string(), sealed: z.base64(), at: z.iso.datetime() })
export type Proven = z.output<typeof Proven>

/** Where a network is, roughly. */
export interface Place {
  readonly country: string
  readonly latitude: number
  readonly longitude: number
}

/** Everything that the signals look at. */
export interface Facts {
  readonly now: Date
  /** Null when nobody is at the door, and the account alone is looked at. */
  readonly network: string | null
  readonly isKnown: boolean
  /** When somebody last came in, and from where; null when never. */
  readonly last: { readonly at: Date; readonly network: string } | null
  readonly here: Place | null
  readonly before: Place | null
  /** Wrong tries of this account lately, and from how many networks. */
  readonly tries: number
  readonly networks: number
  /** From this network lately: accounts, ours or not, that were tried in vain, and accounts that came in. */
  readonly failing: number
  readonly came: number
  readonly marks: readonly Mark[]
  readonly passwordChangedAt: Date | null
}

/** Whether a signal counts, and the figures it goes by, for who asks why. */
export interface Finding {
  readonly signal: Signal
  readonly counts: boolean
  readonly figures: string
}

/** Whose refresh token was shown again, and when that was seen. */
export const Reused = z.object({ account: z.string(), at: z.iso.datetime() })
export type Reused = z.output<typeof Reused>
