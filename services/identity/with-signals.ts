/** What applications are told: where they arrange it, where it is looked at, and the telling itself. */
import type { Composed, IdentityKit } from './compose.ts'
import { paths } from './oidc/schema.ts'
import { signalConsoleRoutes } from './signals/console-routes.ts'
import { signalRoutes } from './signals/routes.ts'

export function openSignals({ config }: IdentityKit, parts: Composed) {
  const { delivering, signalOperations, receiverOf: clientOf } = parts
  return {
    routes: [
      ...signalRoutes({ ...parts, url: config.url, jwksPath: paths.jwks, clientOf }),
      ...signalConsoleRoutes(signalOperations),
    ],
    channels: ['identity_signals'],
    wake: delivering.look,
    start: delivering.start,
    stop: delivering.stop,
  }
}
