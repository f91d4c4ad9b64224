/** What administrators do with accounts: find, look, make, close, open, and end what somebody else may have opened. */
import { may, route, type Caller, type Route } from '@althing/kernel/http'
import { OfficeRole } from '@althing/policy/contract'
import { z } from 'zod'
import { ListedAccount, AccountDetail, Done, type LoginTry } from '../contract.ts'
import type { By } from '../proofs.ts'
import { fault } from './faults.ts'
import type { Accounts } from './rules.ts'
import {
  AccountOrder,
  AccountPath,
  AccountStatus,
  CreateAccount,
  type Account,
  type AccountFilter,
} from './schema.ts'

interface Enrolled {
  readonly hasPassword: boolean
  readonly codesLeft: number | null
  readonly mailedCodes: readonly ('sms' | 'mail')[]
  readonly passkeys: number
  readonly hasOutsideIdentity: boolean
}

type Seen = Omit<LoginTry, 'at'> & { readonly at: Date }

export interface KeepingNeeds {
  readonly accounts: Accounts
  readonly find: (id: string) => Promise<Account | null>
  readonly search: (filter: AccountFilter, after: string, most: number) => Promise<readonly Account[]>
  readonly enrolledOf: (account: string) => Promise<Enrolled>
  readonly sessionsOf: (
    account: string,
  ) => Promise<readonly { method: string; device: string; seenAt: Date }[]>
  readonly eventsOf: (account: string) => Promise<readonly Seen[]>
  readonly erasureOf: (account: string) => Promise<{ readonly dueAt: Date } | null>
}

/** For whoever looks later; about the decision, not about the person: it stays in the audit log. */
const Reason = z.string().trim().max(500).default('')

/** For the person: it stands in their letter, and until that is sent in the job that sends it; never in the audit log. */
const Told = z.string().trim().max(500).default('')

const ofPerson = ({ params }: { params: { id: string } }) => ({ type: 'Person', id: params.id })
const officeOf = ({ subject, roles }: Caller) => ({ actor: `person:${subject}`, roles })
const byOf = ({ subject }: Caller): By => ({ actor: `person:${subject}`, session: null })

export const keepingRoutes = (needs: KeepingNeeds): Route[] => [
  ...lookingRoutes(needs),
  ...changingRoutes(needs),
  rolesRoute(needs),
]

function lookingRoutes({ find, search, enrolledOf, sessionsOf, eventsOf, erasureOf }: KeepingNeeds): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/identity/users',
        access: may('users.read'),
        summary: 'Accounts, as they were made or by name; `q` is a part of a name or an address.',
        query: z.strictObject({
          q: z.string().trim().max(200).default(''),
          status: AccountStatus.optional(),
          by: AccountOrder.default('made'),
          after: z.string().max(100).default(''),
          limit: z.coerce.number().int().min(1).max(200).default(50),
        }),
        reply: z.object({ users: z.array(ListedAccount), next: z.string().nullable() }),
      },
      async ({ query: { q, status, by, after, limit } }) => {
        const users = await search({ q, status, by }, after, limit)
        return {
          users: users.map(listed),
          next: users.length === limit ? (users.at(-1)?.id ?? null) : null,
        }
      },
    ),
    route(
      {
        method: 'GET',
        path: '/api/identity/users/:id',
        access: may('users.read', ofPerson),
        summary: 'One account: how its person proves who they are, where they are signed in, and who tried.',
        params: AccountPath,
        reply: AccountDetail,
      },
      async ({ params: { id }, caller }) => {
        const account = await find(id)
        if (account === null) throw fault.not_found()
        const [enrolled, sessions, events, erasure] = await Promise.all([
          enrolledOf(id),
          sessionsOf(id),
          eventsOf(id),
          erasureOf(id),
        ])
        const { hasPassword, codesLeft, mailedCodes, passkeys, hasOutsideIdentity } = enrolled
        return {
          ...listed(account),
          phone: account.phone,
          locale: account.locale,
          emailProven: account.emailProven,
          erasedAt: erasure?.dueAt.toISOString() ?? null,
          hasNationalId: account.nationalId !== null,
          isOneself: caller.subject === id,
          factors: {
            password: hasPassword,
            codesLeft,
            mailedCodes: [...mailedCodes],
            passkeys,
            electronicId: hasOutsideIdentity,
          },
          sessions: sessions.map(({ method, device, seenAt }) => ({
            method,
            device,
            seenAt: seenAt.toISOString(),
          })),
          events: events.map(({ at, ...event }) => ({ ...event, at: at.toISOString() })),
        }
      },
    ),
  ]
}

function changingRoutes({ accounts }: KeepingNeeds): Route[] {
  return [
    route(
      {
        method: 'POST',
        path: '/api/identity/users',
        access: may('users.create'),
        summary: 'Makes an account that waits for its first link, or for a code on paper.',
        body: CreateAccount,
        reply: ListedAccount,
        status: 201,
      },
      async ({ body: { kennitala, email, ...made }, caller }) =>
        listed(
          await accounts.create(
            { ...made, email: email ?? null, nationalId: kennitala ?? null },
            `person:${caller.subject}`,
          ),
        ),
    ),
    statusRoute(accounts),
    route(
      {
        method: 'POST',
        path: '/api/identity/users/:id/reset-factors',
        access: may('users.reset-factors', ofPerson),
        summary:
          'Takes the second step and every passkey away from somebody else who has lost them, for a `reason`, and ends their sessions. They are told by mail.',
        params: AccountPath,
        body: z.strictObject({ reason: Reason }),
        reply: Done.extend({ ended: z.int().nonnegative() }),
      },
      async ({ params, body: { reason }, caller }) => {
        refuseNoReason(reason)
        const as = { ...byOf(caller), reason }
        const { sessions } = await accounts.resetFactors(params.id, officeOf(caller), as)
        return { done: true as const, ended: sessions }
      },
    ),
    route(
      {
        method: 'POST',
        path: '/api/identity/users/:id/sign-out',
        access: may('users.sign-out', ofPerson),
        summary: 'Ends every session of a person, and every token with them.',
        params: AccountPath,
        reply: z.object({ ended: z.int().nonnegative() }),
      },
      async ({ params, caller }) => ({
        ended: await accounts.signOutEverywhere(params.id, officeOf(caller)),
      }),
    ),
  ]
}

const rolesRoute = ({ accounts }: KeepingNeeds): Route =>
  route(
    {
      method: 'POST',
      path: '/api/identity/users/:id/roles',
      access: may('users.set-roles', ofPerson),
      summary:
        'Gives exactly these roles of the office. Tokens with the old ones are refused, and the person is told.',
      params: AccountPath,
      body: z.strictObject({ roles: z.array(OfficeRole).max(10), reason: Reason }),
      reply: ListedAccount,
    },
    async ({ params, body, caller }) =>
      listed(await accounts.setOffice(params.id, body.roles, officeOf(caller), body.reason)),
  )

function statusRoute(accounts: Accounts): Route {
  return route(
    {
      method: 'POST',
      path: '/api/identity/users/:id/status',
      access: may('users.set-status', ofPerson),
      summary:
        'Closes an account, its sessions and its tokens, for a `reason`, or opens it again. Its person is told by mail, with `told` when there is any.',
      params: AccountPath,
      body: z.strictObject({
        status: z.enum(['active', 'suspended', 'banned']),
        reason: Reason,
        told: Told,
      }),
      reply: ListedAccount,
    },
    async ({ params, body, caller }) => {
      const { status, ...words } = body
      if (status !== 'active') refuseNoReason(words.reason)
      return listed(await accounts.setStatus(params.id, status, officeOf(caller), words))
    },
  )
}

/** @throws Fault reason_missing */
function refuseNoReason(reason: string): void {
  if (reason === '')
    throw fault.reason_missing(undefined, { fields: [{ pointer: '/reason', message: 'must say why' }] })
}

const listed = ({ id, email, name, status, roles }: Account) => ({ id, email, name, status, roles })
