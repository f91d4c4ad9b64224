import { may, route, type Route } from '@althing/kernel/http'
import { Me } from '../contract.ts'
import { fault } from './faults.ts'
import { keepingRoutes, type KeepingNeeds } from './keeping-routes.ts'

export const accountRoutes = (needs: KeepingNeeds): Route[] => [ownRoute(needs), ...keepingRoutes(needs)]

function ownRoute({ find, erasureOf }: Pick<KeepingNeeds, 'find' | 'erasureOf'>): Route {
  return route(
    {
      method: 'GET',
      path: '/api/identity/me',
      access: may('account.read-own', ({ caller }) => ({ type: 'Person', id: caller.subject })),
      summary: 'Who I am here, and which roles I have.',
      reply: Me,
    },
    async ({ caller }) => {
      const [account, erasure] = await Promise.all([find(caller.subject), erasureOf(caller.subject)])
      if (account === null) throw fault.not_found()
      const { id, name, email, locale, roles } = account
      return { id, name, email, locale, roles, erasedAt: erasure?.dueAt.toISOString() ?? null }
    },
  )
}
