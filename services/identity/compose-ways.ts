/** The ways in that an account has, seen from within a change that takes one of them away. */
import { createAccountStore } from './accounts/store.ts'
import { connectorsOf } from './federation/settings.ts'
import { createFederationStore } from './federation/store.ts'
import type { Db, IdentityKit } from './kit.ts'
import type { Left, WaysLeft } from './own.ts'
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

/** The same for its owner's eyes, before anything is taken away: by name, and with the link by mail. */
export function waysLeftOf({ config, chance, database }: IdentityKit): WaysLeft {
  const lettingIn = issuersOf(config)
  const names = new Map(
    (connectorsOf(config.connectors.reveal()) ?? []).map(({ issuer, name }) => [issuer, name]),
  )
  return async function waysLeft(account, gone) {
    const [person, phc, passkeys, linked] = await Promise.all([
      createAccountStore(database).byId(account),
      createPasswordStore(database).phcOf(account),
      createPasskeyStore(database).listOf(account),
      createFederationStore(database, chance).linkedTo(account),
    ])
    const others = linked.filter(
      ({ issuer, subject }) =>
        lettingIn.includes(issuer) && !(issuer === gone.issuer && subject === gone.subject),
    )
    const link: Left[] =
      person?.emailProven === true && person.email !== null ? [{ kind: 'link', name: person.email }] : []
    return [
      ...passkeys
        .filter(({ id }) => id !== gone.passkey)
        .map(({ name }): Left => ({ kind: 'passkey', name })),
      ...(phc === null ? [] : [{ kind: 'password' } as const]),
      ...others.map(({ issuer }): Left => ({
        kind: 'linked',
        name: names.get(issuer) ?? new URL(issuer).host,
      })),
      ...link,
    ]
  }
}
