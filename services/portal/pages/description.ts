/** One description of everything on the person origin (OpenAPI 3.1), put together from what each service says of itself. */
import { bytes, openApi, route, type Route } from '@althing/kernel/http'
import { withDeadline } from '@althing/kernel/resilience'
import { descriptionPath } from '@althing/kernel/service'
import { z } from 'zod'

const Description = z.looseObject({ paths: z.record(z.string(), z.unknown()) })

interface Needs {
  /** The portal's own. */
  readonly own: readonly Route[]
  readonly peers: readonly string[]
  readonly urlOf: (service: string) => string | undefined
  readonly origin: string
}

/** Every answer asks all the services. */
const limits = [{ name: 'description', by: 'network', most: 120, withinSeconds: 60 }] as const

export function descriptionRoute({ own, peers, urlOf, origin }: Needs): Route {
  async function ask(service: string) {
    const answer = await withDeadline(2_000, (signal) =>
      fetch(`${urlOf(service)}${descriptionPath}`, { signal }),
    )
    return Description.parse(await answer.json())
  }
  return route(
    { method: 'GET', path: '/openapi.json', access: 'public', limits }, // What may be called is no secret; who may is decided there.
    async () => {
      // A service that is away is missing from the description, which is then true.
      const parts = (await Promise.allSettled(peers.map(ask))).flatMap((one) =>
        one.status === 'fulfilled' ? [one.value] : [],
      )
      const description = openApi(own, { title: 'Althing', version: '0.1.0', server: origin })
      description['paths'] = Object.assign({}, description['paths'], ...parts.map((part) => part.paths))
      return bytes(JSON.stringify(description), 'application/json')
    },
  )
}
