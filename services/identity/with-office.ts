/** What those who look after the house see and do beside accounts: who came, what looks dangerous, what became of letters, what is in force. */
import type { Route } from '@althing/kernel/http'
import { alertRoutes } from './alerts/routes.ts'
import type { Composed, IdentityKit } from './compose.ts'
import { settingsOf } from './compose-settings.ts'
import { eventKey } from './deliveries/events.ts'
import { deliveryRoutes } from './deliveries/routes.ts'
import { loginEventRoutes } from './login-events/routes.ts'
import { settingsRoutes } from './settings/routes.ts'

export function officeRoutes(
  kit: IdentityKit,
  { loginEvents, alerts, deliveries, metrics }: Composed,
): Route[] {
  const { mailEventsKey } = kit.config
  const key = mailEventsKey === undefined ? null : eventKey(mailEventsKey)
  return [
    ...loginEventRoutes(loginEvents),
    ...alertRoutes(alerts),
    ...deliveryRoutes({ ...deliveries, clock: kit.clock, key, onSkipped: metrics.mailEventSkipped }),
    ...settingsRoutes(() => settingsOf(kit)),
  ]
}
