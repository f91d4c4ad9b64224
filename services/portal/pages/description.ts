/** One description of everything on the person origin (OpenAPI 3.1), put together from what each service says of itself. */
import { bytes, route, type Route } from '@althing/kernel/http'
import { withDeadline } from '@althing/kernel/resilience'
import { descriptionPath } from '@althing/kernel/service'
import { z } from 'zod'

const Description = z.looseObject({ paths: z.record(z.string(), z.unknown()), components: z.unknown() })

interface Needs {
  readonly peers: readonly string[]
  readonly urlOf: (service: string) => string | undefined
  readonly origin: string
}

export function descriptionRoute({ peers, urlOf, origin }: Needs): Route {
  async function ask(service: string) {
    const answer = await withDeadline(2_000, (signal) =>
      fetch(`${urlOf(service)}${descriptionPath}`, { signal }),
    )
    return Description.parse(await answer.json())
  }
  return route(
    { method: 'GET', path: '/openapi.json', access: 'public' }, // What may be called is no secret; who may is decided there.
    async () => {
      // A service that is away is missing from the description, which is then true.
      const parts = (await Promise.allSettled(peers.map(ask))).flatMap((one) =>
        one.status === 'fulfilled' ? [one.value] : [],
      )
      const paths = Object.assign({}, ...parts.map((part) => part.paths)) as Record<string, unknown>
      const description = {
        openapi: '3.1.0',
        info: { title: 'Althing', version: '0.1.0' },
        servers: [{ url: origin }],
        paths,
        components: parts[0]?.components ?? {},
      }
      return bytes(JSON.stringify(description), 'application/json')
    },
  )
}
