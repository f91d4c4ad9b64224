/**
 * Where every way in ends: a session begins, with its line in the same transaction, and somebody who comes from a device that we do not
 * know is told about it by mail. One place, so that no way in can forget any of it.
 */
import type { Metrics } from '../metrics.ts'
import type { SignInMethod } from '../proofs.ts'
import type { Begun, SessionMethod } from './begun.ts'

export interface Entering<S> {
  readonly account: string
  readonly method: SessionMethod
  /** What was shown last: after a second step another thing than what opened the session. */
  readonly shown: SignInMethod
  readonly acr: string
  readonly amr: readonly string[]
  readonly device: string
  readonly network: string
  readonly isKnown: boolean
  /** The owner has been written to about this sign-in, and its device. */
  readonly isTold: boolean
  readonly remember: boolean
  readonly current: S | null
}

interface Needs<S> {
  readonly begin: (
    proof: Omit<Entering<S>, 'current' | 'isKnown' | 'isTold'> & { readonly isNew: boolean },
    current: S | null,
  ) => Promise<Begun>
  readonly hasBeenIn: (account: string) => Promise<boolean>
  readonly tellNewDevice: (account: string, device: string) => Promise<void>
  /** The directory links whoever it does not know yet. */
  readonly identified: (account: string) => Promise<void>
  readonly metrics: Pick<Metrics, 'succeeded'>
}

export function createEntrance<S>({ begin, hasBeenIn, tellNewDevice, identified, metrics }: Needs<S>) {
  return async function enter({ current, isKnown, isTold, ...proof }: Entering<S>): Promise<Begun> {
    const { account, device } = proof
    const isNew = !isKnown && (await hasBeenIn(account))
    const begun = await begin({ ...proof, isNew }, current)
    if (isNew && !isTold) await tellNewDevice(account, device)
    await identified(account)
    metrics.succeeded()
    return begun
  }
}
export type Enter<S> = ReturnType<typeof createEntrance<S>>
