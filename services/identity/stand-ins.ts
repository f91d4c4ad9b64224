/**
 * Issuers on this very machine stand in for real ones, in tests and demonstrations. Whoever can open a port here would sign in as
 * anybody by one: a system that people reach by https from elsewhere has none.
 */
import { ConfigError } from '@althing/kernel/config'
import { createEgress, type Egress } from '@althing/kernel/egress'

const loopback = ['localhost', '127.0.0.1', '[::1]']

export const isOnThisMachine = (url: string): boolean => loopback.includes(new URL(url).hostname)

/** @throws ConfigError naming the setting and which of its entries it is */
export function refuseStandIns(
  origin: string,
  env: string,
  entries: readonly { readonly id: string; readonly url: string }[],
): void {
  if (!origin.startsWith('https://') || isOnThisMachine(origin)) return
  const mistakes = entries
    .filter(({ url }) => isOnThisMachine(url))
    .map(
      ({ id }) =>
        `${env}: ${id} is on this machine, which is for test systems; ALTHING_URL is a public address. Take it away.`,
    )
  if (mistakes.length > 0) throw new ConfigError(mistakes)
}

/**
 * The way out to other issuers: into the public network, to hosts that the operator allows, and to the stand-ins that a setting names. What
 * an issuer itself names (its keys, its token endpoint) is called no further than that.
 */
export const egressTo = (
  { egressAllowed }: { readonly egressAllowed: readonly string[] },
  issuers: readonly string[],
): Egress =>
  createEgress({
    allowed: [...egressAllowed, ...issuers.filter(isOnThisMachine).map((url) => new URL(url).host)],
  })
