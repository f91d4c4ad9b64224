/** Each service describes its own routes; the portal puts them together. Internal: the gateway never leads here. */
import { bytes, openApi, route, type Route } from '../http/index.ts'

export const descriptionPath = '/internal/openapi.json'

export function descriptionRoute(service: string, routes: readonly Route[], server: string): Route {
  return route(
    { method: 'GET', path: descriptionPath, access: 'public' }, // The same facts stand in the public description.
    () =>
      bytes(
        JSON.stringify(openApi(routes, { title: `Althing: ${service}`, version: '0.1.0', server })),
        'application/json',
      ),
  )
}
