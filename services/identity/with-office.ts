/** What those who look after the house see and do beside accounts: who came, what looks dangerous, what became of letters, what is in force. */
import type { Route } from '@althing/kernel/http'
import { alertRoutes } from './alerts/routes.ts'
import { logoRoutes } from './clients/logo-routes.ts'
import { clientRoutes } from './clients/routes.ts'
import type { Composed, IdentityKit } from './compose.ts'
import { settingsOf } from './compose-settings.ts'
import { composeTimeline } from './compose-timeline.ts'
import { issuersOf } from './compose-ways.ts'
import { eventKey } from './deliveries/events.ts'
import { deliveryRoutes } from './deliveries/routes.ts'
import { createFederationStore } from './federation/store.ts'
import { loginEventRoutes } from './login-events/routes.ts'
import { resourceRoutes } from './resources/routes.ts'
import { serviceIdentityRoutes } from './service-identities/routes.ts'
import { timelineRoute } from './timeline/routes.ts'
import { settingsRoutes } from './settings/routes.ts'

export function officeRoutes(kit: IdentityKit, parts: Composed): Route[] {
  const { loginEvents, alerts, deliveries, metrics, texts, clientOperations, clientLogos } = parts
  const { mailEventsKey } = kit.config
  const key = mailEventsKey === undefined ? null : eventKey(mailEventsKey)
  return [
    timelineRoute(composeTimeline(kit, parts)),
    ...loginEventRoutes(loginEvents),
    ...alertRoutes(alerts),
    ...deliveryRoutes({ ...deliveries, clock: kit.clock, key, onSkipped: metrics.mailEventSkipped }),
    ...clientRoutes({
      operations: clientOperations,
      issuer: kit.config.url,
      logoHrefOf: clientLogos.hrefOf,
    }),
    ...logoRoutes(clientLogos),
    ...resourceRoutes(parts.resources),
    ...serviceIdentityRoutes({ identities: parts.serviceIdentities, use: parts.keyUse }),
    ...settingsRoutes(() => settingsOf(kit, texts)),
  ]
}

/** What an administrator sees of how somebody proves who they are, and may take away. */
export function keepingOf(kit: IdentityKit, parts: Composed) {
  const { passwords, twoStep, codeFactors, passkeys, sessions, loginEvents, erasures } = parts
  const federation = createFederationStore(kit.database, kit.chance)
  return {
    async enrolledOf(account: string) {
      const [hasPassword, codesLeft, mailedCodes, keys, hasOutsideIdentity] = await Promise.all([
        passwords.has(account),
        twoStep.codesIfOn(account),
        codeFactors.channelsOf(account),
        passkeys.listOf(account),
        federation.hasAny(account, issuersOf(kit.config)),
      ])
      return { hasPassword, codesLeft, mailedCodes, passkeys: keys.length, hasOutsideIdentity }
    },
    sessionsOf: sessions.listOf,
    eventsOf: (account: string) => loginEvents.list({ account }, '', 20),
    erasureOf: erasures.openOf,
  }
}
