/** How often somebody may try at all, before anything of it is looked at. */
import { isFault } from '@althing/kernel/errors'
import type { Metrics } from '../metrics.ts'

export interface Slowed {
  readonly kind: 'locked' | 'too_many'
  readonly retryAfterSeconds: number
}

/** Spends from each in turn, and no further than the first that is used up. */
export type Spend = (
  each: readonly (readonly [by: 'account' | 'everywhere' | 'network', who: string])[],
) => Promise<void>

interface Needs {
  readonly spend: Spend
  readonly metrics: Pick<Metrics, 'failed'>
}

/**
 * The address first, the network second: a hall of people behind one address must get in. A known device is counted by
 * itself, so that whatever strangers try elsewhere, its owner gets in; the ceiling over all networks is for strangers. Who is
 * slowed here has tried nothing: it is counted, but writes no line, so that a flood fills no table.
 */
export function createCounted({ spend, metrics }: Needs) {
  return async function counted(
    who: string,
    { network }: { readonly network: string },
    own: string | null,
  ): Promise<Slowed | null> {
    const address = who.trim().toLowerCase()
    const slowed = await slowedBy(() =>
      spend([
        ['account', triesOf(address, placeOf(network, own))],
        ...(own === null ? [['everywhere', address] as const] : []),
        ['network', network],
      ]),
    )
    if (slowed !== null) metrics.failed('limited')
    return slowed
  }
}

/** Null when there is something left to spend. */
export async function slowedBy(spend: () => Promise<void>): Promise<Slowed | null> {
  try {
    await spend()
    return null
  } catch (error) {
    if (!isFault(error, 'kernel.limits.too_many')) throw error
    return { kind: 'too_many', retryAfterSeconds: error.retryAfterSeconds ?? 60 }
  }
}

/** One address from one place: under this name its tries are counted. */
export const triesOf = (address: string, place: string): string => `${address}\n${place}`

/** No network is called so: its names are addresses. */
export const placeOf = (network: string, own: string | null): string =>
  own === null ? network : `device ${own}`
