/** What about an application is weaker than by default, by names that pages and commands have words for. */
import { policies } from './policies.ts'
import type { ClientMetadata } from './schema.ts'

export const weaknesses = [
  'pkce',
  'plain_redirects',
  'consent_skipped',
  'long_access',
  'long_refresh',
  'exchange',
] as const
export type Weakness = (typeof weaknesses)[number]

/** As tokens live when an application says nothing (numbers of decision 0020). */
const usual = { accessSeconds: 900, refreshSeconds: 7 * 86_400 }

export function weakenedIn(said: ClientMetadata): Weakness[] {
  const policy = policies[said.policy]
  const is: Readonly<Record<Weakness, boolean>> = {
    // Who keeps no secret always shows that it is the one who asked, whatever its policy.
    pkce: policy.pkceMayBeMissing && said.token_endpoint_auth_method !== 'none',
    plain_redirects: policy.plainRedirects,
    consent_skipped: said.consent === 'skip',
    long_access: (said.access_token_seconds ?? 0) > usual.accessSeconds,
    long_refresh: (said.refresh_token_seconds ?? 0) > usual.refreshSeconds,
    exchange: said.token_exchange?.includes('impersonation') ?? false,
  }
  return weaknesses.filter((one) => is[one])
}
