import { may, route, type Route } from '@althing/kernel/http'
import { SettingsInForce } from '../contract.ts'
import type { InForce } from './schema.ts'

/** Read only: what comes from the environment is changed there, by who runs the machine. */
export function settingsRoutes(inForce: () => InForce): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/identity/settings',
        access: may('settings.read'),
        summary:
          'Every setting of this service with its value, its meaning, and where it comes from; of secrets whether they are set.',
        reply: SettingsInForce,
      },
      async () => inForce(),
    ),
  ]
}
