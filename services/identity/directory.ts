/** What the directory of members says of somebody. Nobody is held up by it: what it does not say in a second is left out. */
import { membershipOf, type Membership } from '@althing/members/contract'
import type { IdentityKit } from './kit.ts'

export async function membershipFrom(
  { peers, log }: Pick<IdentityKit, 'peers' | 'log'>,
  account: string,
): Promise<Membership | null> {
  try {
    return await peers.peer('members').call({
      ...membershipOf(account),
      timeoutMs: 1_000,
      // Of all tries together.
      signal: AbortSignal.timeout(1_500),
    })
  } catch (error) {
    log.warn('the directory did not say who belongs', { cause: error instanceof Error ? error.message : '' })
    return null
  }
}

/** As an application is told. Null when the directory is away: that somebody is no member is something else. decisions/0025 */
export async function belongingFrom(kit: Pick<IdentityKit, 'peers' | 'log'>, account: string) {
  const known = await membershipFrom(kit, account)
  if (known === null) return null
  const { membershipStatus: status, memberSince: since, feesPaid: paid } = known
  return status === 'not_found'
    ? ({ status: 'none', since: null, paid: false } as const)
    : { status, since, paid }
}
