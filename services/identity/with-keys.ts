/** The keys of the moment: published, watched, and known to the engine. */
import type { Composed, IdentityKit } from './compose.ts'
import { keyRoutes } from './keys/routes.ts'
import { createKeyWatch } from './keys/watch.ts'
import { paths } from './oidc/schema.ts'

export function openKeys(kit: IdentityKit, { published }: Composed, refresh: () => Promise<void>) {
  const watch = createKeyWatch({
    refresh,
    isWhole: published.isWhole,
    onFailure: (error) => kit.log.error('keys not loaded', error),
  })
  return {
    routes: keyRoutes(paths.jwks, published),
    // What tokens can be for is the engine's in the same moment.
    channels: ['identity_keys', 'identity_resources'],
    wake: watch.look,
    start: watch.start,
    stop: watch.stop,
  }
}
