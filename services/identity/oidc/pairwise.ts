/**
 * By which name an application knows somebody: everybody's own, or one that is the same in its sector and of no use in another, made of a
 * key so that nobody can guess it (OpenID Connect Core, section 8.1).
 */
import { createHmac } from 'node:crypto'

export interface Names {
  /** What it calls an account, or anything else that would join people across applications. */
  of(own: string): string
  /** Whom it calls so, of those that come into question: such a name cannot be turned back. */
  find(name: string, among: () => Promise<readonly string[]>): Promise<string | null>
}

export const pairwiseName = (key: Uint8Array, sector: string, own: string): string =>
  createHmac('sha256', key).update(`althing/oidc/pairwise\n${sector}\n${own}`).digest('base64url')

interface Words {
  readonly subject_type?: string | undefined
  readonly sector_identifier_uri?: string | undefined
  readonly redirect_uris?: readonly string[] | undefined
  readonly grant_types?: readonly string[] | undefined
  readonly jwks_uri?: string | undefined
}

/** For what the engine does not say: the same names, from the words of the registration. */
export function namesOf(key: Uint8Array, words: Words): Names {
  if (words.subject_type !== 'pairwise') return { of: (own) => own, find: async (name) => name }
  const sector = sectorIn(words)
  const of = (own: string) => pairwiseName(key, sector, own)
  return { of, find: async (name, among) => (await among()).find((one) => of(one) === name) ?? null }
}

/** Section 8.1; OpenID CIBA Core 1.0, section 4: who has no redirect is known by where its keys are. */
function sectorIn({
  sector_identifier_uri: sector,
  redirect_uris: redirects,
  grant_types,
  jwks_uri,
}: Words): string {
  const hasRedirect = grant_types?.includes('authorization_code') === true
  return new URL(sector ?? (hasRedirect ? redirects?.[0] : jwks_uri) ?? '').host
}
