/** Tokens of other issuers with what they are lent: accounts and links to find whose they are, and our keys for what is given for them. */
import { createAccountStore } from './accounts/store.ts'
import type { composeFactors } from './compose-factors.ts'
import { createFederationStore } from './federation/store.ts'
import type { PublishedKeys } from './keys/published.ts'
import type { Db, IdentityKit } from './kit.ts'
import type { Metrics } from './metrics.ts'
import { createOutsideTokens } from './outside-tokens/rules.ts'
import { issuerOf, issuersOf } from './outside-tokens/settings.ts'
import { createTokenSigner } from './outside-tokens/signer.ts'
import { createOutsideStore } from './outside-tokens/store.ts'
import { createVerify } from './outside-tokens/verify.ts'
import { deviceOf } from './device-names.ts'
import { egressTo, refuseStandIns } from './stand-ins.ts'
import { createSessionStore } from './sessions/store.ts'

type Lent = Pick<ReturnType<typeof composeFactors>, 'changedIn' | 'loginEvents'> & {
  readonly published: PublishedKeys
}

export function composeOutside(
  kit: IdentityKit,
  { changedIn, loginEvents, published }: Lent,
  metrics: Metrics,
) {
  const { config, clock, chance, ids, database, breakers, atomic } = kit
  const settings = issuersOf(config.tokenIssuers) ?? []
  refuseStandIns(
    config.url,
    'ALTHING_IDENTITY_TOKEN_ISSUERS',
    settings.map((one) => ({ id: one.id, url: one.keysUrl ?? issuerOf(one) })),
  )
  const outside = createOutsideTokens({
    clock,
    ids,
    issuers: settings.map(issuerOf),
    verify: createVerify({
      issuers: settings,
      clock,
      breaker: (name) => breakers.breaker(name),
      send: egressTo(
        config,
        settings.map((one) => one.keysUrl ?? issuerOf(one)),
      ).send,
    }),
    sign: createTokenSigner({
      issuer: config.url,
      clock,
      chance,
      signingKey: () => published.signing('ES256'),
    }),
    atomically: atomic((db, tx) => ({
      store: createOutsideStore(db),
      people: createAccountStore(db),
      ownerOf: createFederationStore(db, chance).accountOf,
      record: (entry) => tx.record(entry),
      changed: changedIn(db, tx),
      revoke: revokeIn(db),
    })),
    note: (account, by, { network, agent }) =>
      loginEvents.note({
        account,
        method: `outside:${by}`,
        result: 'in',
        network,
        device: deviceOf(agent === '' ? undefined : agent),
      }),
    counted: metrics.outsideToken,
  })
  const nameOf = (issuer: string) => settings.find((one) => issuerOf(one) === issuer)?.name ?? null
  return {
    ...outside,
    listOf: async (account: string) =>
      (await createOutsideStore(database).listOf(account)).map((one) => ({
        ...one,
        name: nameOf(one.issuer),
      })),
  }
}

const revokeIn = (db: Db) => (account: string, session: string) =>
  createSessionStore(db).revoke(account, { session })
