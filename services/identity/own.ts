/** What the pages about oneself have in common: whose they are, who changes something, and whether it was proven lately. */
import { may, redirect, type Answer, type Caller } from '@althing/kernel/http'
import { deviceOf } from './device-names.ts'
import { withQuery, type Asked } from './pages.ts'
import type { By, Confirmer } from './proofs.ts'
import { deviceCookie } from './sign-in/devices.ts'

const resource = ({ caller }: { readonly caller: Caller }) => ({ type: 'Person', id: caller.subject })

export const readOwn = may('account.read-own', resource)
export const manageOwn = may('account.manage-own', resource)

export const securityPath = '/account/security'
/** For whose session is over. */
export const signInPath = '/sign-in'
export const linkedPath = '/account/linked'
/** Takes away what lets tokens of another issuer look. */
export const outsidePath = '/account/linked/outside'

export type Formed = Asked & { readonly csrf: string; readonly caller: Caller; readonly network: string }

export const byOf = ({ subject, session }: Caller): By => ({
  actor: `person:${subject}`,
  session: session ?? null,
})

/** Whoever shows a factor on a page about oneself. */
export const confirmerOf = ({ caller, network, cookies, headers }: Formed): Confirmer => ({
  account: caller.subject,
  session: caller.session ?? null,
  network,
  device: deviceOf(headers['user-agent']),
  known: cookies[deviceCookie],
})

/**
 * What weakens an account is not done on a proof of a quarter of an hour ago: who finds an open browser has what such a proof opened.
 * It takes one that was made for it, and from that proof to the button nobody needs longer than this.
 */
const momentMinutes = 2

/**
 * The second factor itself was shown just now, by what only its owner has at hand: a passkey, or a code that was made and not sent
 * (RFC 8176). Nobody is asked for it twice within a minute.
 */
export function hasShownSecond({ amr = [], authTime = 0 }: Caller, now: Date): boolean {
  const isSecond = amr.includes('pop') || (amr.includes('otp') && amr.includes('mfa') && !amr.includes('sms'))
  return isSecond && now.getTime() / 1000 - authTime <= momentMinutes * 60
}

/** What is left to somebody when one thing is gone, by the name that they know it by: a way in, or a second step. */
export interface Left {
  readonly kind: 'password' | 'passkey' | 'linked' | 'link' | 'application' | 'sms' | 'mail'
  readonly name?: string
}

/** The ways in that are left to an account without this passkey, or this identity elsewhere. */
export type WaysLeft = (
  account: string,
  gone: { readonly passkey?: string; readonly issuer?: string; readonly subject?: string },
) => Promise<readonly Left[]>

/** A link by mail stands beside another way and is none to be left with: what is asked before the last one goes is the same. */
export const isLast = (left: readonly Left[]): boolean => left.every(({ kind }) => kind === 'link')

/** Null when the proof is fresh; else the way to give one, and back to `at`. */
export type Stale = (asked: Formed, at: string) => Answer<undefined> | null

/** The two kinds of proof that pages about oneself ask for: a fresh one, and one that was made for what is being done. */
export const freshness = (now: () => Date, { freshMinutes }: { readonly freshMinutes: number }) => ({
  stale: createStale(now, freshMinutes),
  moment: createStale(now, momentMinutes),
})

/** What matters needs a fresh proof: a session that was left open on a table is not enough. */
function createStale(now: () => Date, freshMinutes: number): Stale {
  return function stale({ caller }, at) {
    const age = now().getTime() / 1000 - (caller.authTime ?? 0)
    return age > freshMinutes * 60 ? redirect(withQuery('/sign-in/again', { return: at })) : null
  }
}
