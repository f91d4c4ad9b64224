import { may, route, type Route } from '@althing/kernel/http'
import { Me } from '../contract.ts'
import { fault } from './faults.ts'
import { keepingRoutes, type KeepingNeeds } from './keeping-routes.ts'

interface Needs extends KeepingNeeds {
  /** How many applications wait for an answer of this person. */
  readonly requestsOf: (account: string) => Promise<number>
}

export const accountRoutes = (needs: Needs): Route[] => [ownRoute(needs), ...keepingRoutes(needs)]

function ownRoute({ find, erasureOf, requestsOf }: Needs): Route {
  return route(
    {
      method: 'GET',
      path: '/api/identity/me',
      access: may('account.read-own', ({ caller }) => ({ type: 'Person', id: caller.subject })),
      summary: 'Who I am here, and which roles I have.',
      reply: Me,
    },
    async ({ caller }) => {
      const { subject } = caller
      const [account, erasure, requests] = await Promise.all([
        find(subject),
        erasureOf(subject),
        requestsOf(subject),
      ])
      if (account === null) throw fault.not_found()
      const { id, name, email, locale, roles } = account
      return { id, name, email, locale, roles, erasedAt: erasure?.dueAt.toISOString() ?? null, requests }
    },
  )
}
