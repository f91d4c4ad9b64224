/** What somebody is lent, permitted or denied for a while, as policy knows it. Nobody is held up by it: what it does not say in a second is left out. */
import { standingOf, type StandingOf } from '@althing/policy/contract'
import { personIn } from './actors.ts'
import type { IdentityKit } from './kit.ts'

interface Needs extends Pick<IdentityKit, 'peers' | 'log'> {
  readonly namesOf: (accounts: readonly string[]) => Promise<ReadonlyMap<string, string>>
}

/** Each with the names of those who gave it: of an operator and of whoever is gone there is none. Null when policy does not answer. */
export async function overridesFrom({ peers, log, namesOf }: Needs, account: string) {
  const found = await asked({ peers, log }, account)
  if (found === null) return null
  const givers = (by: readonly string[]) => by.map(personIn).filter((one) => one !== null)
  const names = await namesOf(found.flatMap(({ by }) => givers(by)))
  return found.map(({ by, ...one }) => ({
    ...one,
    until: new Date(one.until),
    by: givers(by).flatMap((giver) => names.get(giver) ?? []),
  }))
}

async function asked(
  { peers, log }: Pick<Needs, 'peers' | 'log'>,
  account: string,
): Promise<StandingOf['standing'] | null> {
  try {
    const { standing } = await peers.peer('policy').call({
      ...standingOf(account),
      timeoutMs: 1_000,
      // Of all tries together.
      signal: AbortSignal.timeout(1_500),
    })
    return standing
  } catch (error) {
    log.warn('policy did not say what somebody may for a while', {
      cause: error instanceof Error ? error.message : '',
    })
    return null
  }
}
