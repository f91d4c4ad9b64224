/** Which servers tokens can be for: whoever registers an application has to know what there is. */
import { may, route, type Route } from '@althing/kernel/http'
import { z } from 'zod'
import type { Resources } from './rules.ts'

export const resourceRoutes = ({ list }: Pick<Resources, 'list'>): Route[] => [
  route(
    {
      method: 'GET',
      path: '/api/identity/resources',
      access: may('clients.read'),
      summary: 'The servers that tokens can be for, beside our own doors, and the scopes that each has.',
      reply: z.object({
        resources: z.array(z.object({ uri: z.string(), name: z.string(), scopes: z.array(z.string()) })),
      }),
    },
    async () => ({
      resources: (await list()).map(({ uri, name, scopes }) => ({ uri, name, scopes })),
    }),
  ),
]
