import type { Route } from '@althing/kernel/http'
import { ticker } from '@althing/kernel/jobs'
import type { Values } from '@althing/kernel/config'
import { defineService, receive, type Kit } from '@althing/kernel/service'
import { sessionEnded, SessionEnded } from '@althing/identity/contract'
import { builtOrUnbuilt } from '@althing/web-ui/assets.ts'
import { createChrome } from '@althing/web-ui/chrome.ts'
import { Config } from './config.ts'
import { personData } from './person-data.ts'
import { createGateway } from './gateway/routes.ts'
import { mountedPaths } from './gateway/table.ts'
import { descriptionRoute } from './pages/description.ts'
import { faultPage, pageRoutes } from './pages/routes.ts'
import { createActs, createRooms } from './pages/rooms.ts'
import { createProvider, createRevocationCheck } from './session/provider.ts'
import { createSessions, type Sessions } from './session/rules.ts'
import { quietPath, sessionCookie, sessionRoutes } from './session/routes.ts'
import { createSessionStore } from './session/store.ts'

/** The portal on one screen: browser sessions, the gateway, and the pages of the person origin. */
export const portal = defineService({
  name: 'portal',
  world: 'person',
  config: Config,
  migrations: new URL('./migrations/', import.meta.url),
  limits: ['login', 'description'],
  assemble(kit) {
    const { config, csrf, peers, database, log } = kit
    const assets = builtOrUnbuilt(new URL('../../web/dist/', import.meta.url))
    const chromeOf = createChrome({ organisation: { name: config.organisation, home: '/' }, assets })
    const ends = { idleSeconds: config.idleSeconds, absoluteSeconds: config.absoluteSeconds }
    const sessions = sessionsOf(kit, ends)
    const gateway = createGateway({
      origin: config.url,
      urlOf: peers.url,
      tokenFor: sessions.tokenFor,
      sessionCookie,
      csrf,
      log,
      renderFault: faultPage(chromeOf),
    })
    const own = ownRoutes(kit, sessions, chromeOf, assets)
    const routes = [
      ...own,
      descriptionRoute({
        own,
        peers: peers.names().filter((name) => name !== 'portal'),
        urlOf: peers.url,
        origin: config.url,
      }),
    ]
    return {
      routes,
      isPublic: true,
      mounts: [{ paths: mountedPaths, handler: gateway }],
      renderFault: faultPage(chromeOf),
      personData,
      receives: [
        receive(sessionEnded, { from: ['identity'], payload: SessionEnded }, ({ session }, db) =>
          createSessionStore(db).endByIdentitySession(session),
        ),
      ],
      tickers: [
        ticker({
          name: 'ended-sessions',
          everySeconds: 60,
          run: () => createSessionStore(database).forgetEnded(ends),
        }),
      ],
    }
  },
})

type PortalKit = Kit<Values<typeof Config>>

function ownRoutes(
  { config, clock, csrf, limits, authz }: PortalKit,
  sessions: Sessions,
  chromeOf: ReturnType<typeof createChrome>,
  assets: ReturnType<typeof builtOrUnbuilt>,
): Route[] {
  return [
    ...sessionRoutes({
      sessions,
      csrf,
      limits,
      ballotUrl: config.ballotUrl,
      perNetwork: config.loginPerNetwork,
    }),
    ...pageRoutes({
      clock,
      chromeOf,
      assets,
      look: sessions.look,
      newsOf: sessions.newsOf,
      roomsOf: createRooms(authz),
      actsOf: createActs(authz),
      sessionCookie,
      quietPath,
      ballotUrl: config.ballotUrl,
    }),
  ]
}

function sessionsOf(
  { config, atomic, clock, chance, peers, derivedKey, revocations, breakers }: PortalKit,
  ends: { readonly idleSeconds: number; readonly absoluteSeconds: number },
) {
  return createSessions({
    atomically: atomic((db) => ({ store: createSessionStore(db) })),
    provider: createProvider({
      issuer: config.url,
      internalUrl: peers.url('identity') ?? config.url,
      secret: config.clientSecret,
      // Everybody's sign-in waits for it: it is tried again soon, so that a restart of identity is over when it is over.
      breaker: breakers.breaker('identity-tokens', { halfOpenAfterSeconds: 5 }),
    }),
    clock,
    chance,
    key: derivedKey('browser-sessions'),
    issuer: config.url,
    isRevoked: createRevocationCheck(revocations.check),
    ends,
  })
}
