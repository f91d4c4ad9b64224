/** Other providers with what they are lent: the settings they come from, and the conversation that they lead into. */
import { Secret } from '@althing/kernel/config'
import { isFault } from '@althing/kernel/errors'
import type { Route } from '@althing/kernel/http'
import type { Composed, IdentityKit } from './compose.ts'
import { issuersOf, waysIn, waysLeftOf } from './compose-ways.ts'
import { connectorRoutes } from './federation/connector-routes.ts'
import { createConnectors, type Connector } from './federation/connectors.ts'
import { createGithub } from './federation/github.ts'
import { createRounds } from './federation/rounds.ts'
import { ConnectorClaims } from './federation/schema.ts'
import { connectorsOf, type ConnectorOf } from './federation/settings.ts'
import { createFederationStore } from './federation/store.ts'
import { createUpstream } from './federation/upstream.ts'
import { freshness } from './own.ts'
import type { Pages } from './pages.ts'
import { egressTo, refuseStandIns } from './stand-ins.ts'
import type { Door } from './with-sign-in.ts'
import { sessionOf } from './with-engine.ts'

export function createOthers(kit: IdentityKit, { changedIn }: Composed) {
  const { config, database, chance, atomic } = kit
  const store = createFederationStore(database, chance)
  const settings = connectorsOf(config.connectors.reveal()) ?? []
  refuseStandIns(
    config.url,
    'ALTHING_IDENTITY_CONNECTORS',
    settings.map(({ id, issuer }) => ({ id, url: issuer })),
  )
  return createConnectors({
    connectors: settings.map((setting) => connectorFor(kit, setting)),
    rounds: createRounds({ ...kit, store }),
    store,
    atomically: atomic((db, tx) => ({
      store: createFederationStore(db, chance),
      record: (entry) => tx.record(entry),
      changed: changedIn(db, tx),
      ...waysIn(kit, db),
    })),
    issuers: issuersOf(config),
  })
}
export type Others = ReturnType<typeof createOthers>

function connectorFor({ config, clock, breakers }: IdentityKit, setting: ConnectorOf): Connector {
  const { id, kind, name, issuer, clientId, scope } = setting
  const common = {
    issuer,
    clientId,
    clientSecret: new Secret(setting.clientSecret),
    redirectUri: `${config.url}/sign-in/with/${id}/callback`,
    breaker: breakers.breaker(`connector-${id}`),
    send: egressTo(config, [issuer]).send,
  }
  if (kind === 'github') return createGithub({ id, name, url: issuer, ...common })
  const upstream = createUpstream({ ...common, scope, clock, claims: ConnectorClaims })
  return {
    id,
    name,
    issuer,
    origin: new URL(issuer).origin,
    authorizationUrl: upstream.authorizationUrl,
    checkIssuer: upstream.checkResponseIssuer,
    redeem: async ({ code, verifier, nonce }) => ({
      subject: (await upstream.redeem(code, verifier, nonce)).sub,
    }),
  }
}

export function otherRoutes(
  kit: IdentityKit,
  parts: Composed,
  pages: Pages,
  others: Others,
  door: Door,
): Route[] {
  const { config, limits, log, clock } = kit
  const now = () => clock.now()
  return connectorRoutes({
    connectors: others,
    pages,
    ...freshness(now, config),
    find: parts.stores.accounts.byId,
    lookingOf: parts.outside.listOf,
    waysLeft: waysLeftOf(kit),
    eidIssuer: config.eidIssuer,
    spend: (by, who) =>
      limits.spend(`connector-${by}`, who, {
        most: by === 'browser' ? config.eidPerBrowser : config.eidPerNetwork,
        withinSeconds: 600,
      }),
    arrive: ({ account, carried }, asked) =>
      door.arriveWith(asked, carried, (visitor, place) => door.signIn.withConnector(account, place, visitor)),
    async freshCaller({ cookies }) {
      const session = await sessionOf(parts, cookies)
      if (session === null) return null
      const age = now().getTime() - session.authTime.getTime()
      if (age > config.freshMinutes * 60_000) return null
      const { account, id } = session
      return { account, by: { actor: `person:${account}`, session: id } }
    },
    async onFailure(error) {
      parts.metrics.failed('connector')
      log.warn('another provider was not accepted', {
        fault: isFault(error) ? error.code : 'bug',
        cause: error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error),
      })
      await parts.record({ action: 'sign-in.connector', actor: 'person:unknown', outcome: 'failed' })
    },
  })
}
