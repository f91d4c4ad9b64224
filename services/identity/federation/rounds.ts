/**
 * Out to another issuer and back: with a state that only this browser can bring back, once, in time. Verifier and nonce follow from
 * what only the browser holds and from the state, so that nothing of them lies in a table.
 */
import { createHash, createHmac } from 'node:crypto'
import type { Chance, Clock } from '@althing/kernel/context'
import { fault } from './faults.ts'
import type { Callback, Carried } from './schema.ts'
import type { FederationStore } from './store.ts'
import type { Proofs } from './upstream.ts'

interface Needs {
  readonly clock: Clock
  readonly chance: Chance
  readonly store: FederationStore
}

/** What is shown to the issuer for the code, to prove that it was us who asked. */
export interface Returned {
  readonly code: string
  readonly verifier: string
  readonly nonce: string
  readonly carried: Carried
}

const minutesOut = 10

export function createRounds({ clock, chance, store }: Needs) {
  const random = () => Buffer.from(chance.bytes(32)).toString('base64url')

  /** @returns the address at the issuer, and the browser's half to keep in a cookie */
  async function begin(
    browser: string | undefined,
    carried: Carried,
    addressOf: (proofs: Proofs) => Promise<string>,
  ): Promise<{ url: string; browser: string }> {
    const own = browser !== undefined && /^[A-Za-z0-9_-]{43}$/.test(browser) ? browser : random()
    const state = random()
    const url = await addressOf({
      state,
      nonce: derived(own, 'nonce', state),
      challenge: challengeOf(derived(own, 'verifier', state)),
    })
    await store.keep(state, own, carried, new Date(clock.now().getTime() + minutesOut * 60_000))
    return { url, browser: own }
  }

  /** Burns the state before anything else is looked at. @throws Fault identity.federation.state, refused */
  async function back(
    { state, code, iss, error }: Callback,
    browser: string | undefined,
    checkIssuer: (iss: string | undefined) => Promise<void>,
  ): Promise<Returned> {
    if (state === undefined || browser === undefined) throw fault.state()
    const carried = await store.take(state, browser, clock.now())
    if (carried === null) throw fault.state()
    await checkIssuer(iss)
    if (error !== undefined || code === undefined)
      throw fault.refused(new Error('The issuer answered with an error.'))
    return {
      code,
      carried,
      verifier: derived(browser, 'verifier', state),
      nonce: derived(browser, 'nonce', state),
    }
  }

  return { begin, back }
}
export type Rounds = ReturnType<typeof createRounds>

const derived = (browser: string, purpose: string, state: string): string =>
  createHmac('sha256', browser).update(`althing/eid/${purpose}\n${state}`).digest('base64url')
const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url')
