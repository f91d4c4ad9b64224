import { may, route, type Route } from '@althing/kernel/http'
import { z } from 'zod'
import { Me, PersonId } from '../contract.ts'
import { fault } from './faults.ts'
import type { Accounts } from './rules.ts'
import { AccountPath, AccountStatus, type Account } from './schema.ts'

const Listed = z.object({
  id: PersonId,
  email: z.string().nullable(),
  name: z.string(),
  status: AccountStatus,
  roles: z.array(z.string()),
})
const Page = z.object({ users: z.array(Listed), next: z.string().nullable() })

interface Needs {
  readonly accounts: Accounts
  readonly find: (id: string) => Promise<Account | null>
  readonly list: (after: string, most: number) => Promise<readonly Account[]>
}

export function accountRoutes({ accounts, find, list }: Needs): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/identity/me',
        access: may('account.read-own', ({ caller }) => ({ type: 'Person', id: caller.subject })),
        summary: 'Who I am here, and which roles I have.',
        reply: Me,
      },
      async ({ caller }) => {
        const account = await find(caller.subject)
        if (account === null) throw fault.not_found()
        const { id, name, email, locale, roles } = account
        return { id, name, email, locale, roles }
      },
    ),
    route(
      {
        method: 'GET',
        path: '/api/identity/users',
        access: may('users.read'),
        summary: 'Accounts in the order of their making.',
        query: z.strictObject({
          after: z.string().max(100).default(''),
          limit: z.coerce.number().int().min(1).max(200).default(50),
        }),
        reply: Page,
      },
      async ({ query }) => {
        const users = await list(query.after, query.limit)
        return {
          users: users.map(listed),
          next: users.length === query.limit ? (users.at(-1)?.id ?? null) : null,
        }
      },
    ),
    route(
      {
        method: 'GET',
        path: '/api/identity/users/:id',
        access: may('users.read', ({ params }: { params: { id: string } }) => ({
          type: 'Person',
          id: params.id,
        })),
        params: AccountPath,
        reply: Listed,
      },
      async ({ params }) => {
        const account = await find(params.id)
        if (account === null) throw fault.not_found()
        return listed(account)
      },
    ),
    route(
      {
        method: 'POST',
        path: '/api/identity/users/:id/sign-out',
        access: may('users.sign-out', ({ params }: { params: { id: string } }) => ({
          type: 'Person',
          id: params.id,
        })),
        summary: 'Ends every session of a person, and every token with them.',
        params: AccountPath,
        reply: z.object({ ended: z.int().nonnegative() }),
      },
      async ({ params, caller }) => ({
        ended: await accounts.signOutEverywhere(params.id, `person:${caller.subject}`),
      }),
    ),
  ]
}

const listed = ({ id, email, name, status, roles }: Account) => ({ id, email, name, status, roles })
