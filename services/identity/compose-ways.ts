/** The ways in that an account has, seen from within a change that takes one of them away. */
import { createAccountStore } from './accounts/store.ts'
import { connectorsOf } from './federation/settings.ts'
import { createFederationStore } from './federation/store.ts'
import type { Db, IdentityKit } from './kit.ts'
import { createPasskeyStore } from './passkeys/store.ts'
import { createPasswordStore } from './passwords/store.ts'

/** Whose word lets somebody in: a provider that the settings do not name any more lets in nobody. */
export function issuersOf({ connectors, eidIssuer, eidClientId }: IdentityKit['config']): readonly string[] {
  const others = (connectorsOf(connectors.reveal()) ?? []).map(({ issuer }) => issuer)
  return eidIssuer === undefined || eidClientId === undefined ? others : [...others, eidIssuer]
}

/** What a change that takes a way in away asks, in its own transaction. */
export function waysIn({ config, chance }: Pick<IdentityKit, 'config' | 'chance'>, db: Db) {
  return {
    /** Two that take the last two ways at one moment come one after the other: the second sees what the first has left. */
    lockWays: (account: string) => createAccountStore(db).lock(account),

    hasWay: async (account: string) =>
      (await createPasswordStore(db).phcOf(account)) !== null ||
      (await createPasskeyStore(db).listOf(account)).length > 0 ||
      createFederationStore(db, chance).hasAny(account, issuersOf(config)),
  }
}
