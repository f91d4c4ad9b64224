import { may, page, redirect, type Cookie, type Route } from '@althing/kernel/http'
import { accountPage } from '@althing/web-account/account.ts'
import { OfficeRole } from '@althing/policy/contract'
import type { Overriding } from '@althing/web-account/overriding.ts'
import type { AccountData, Membership } from '@althing/web-account/pages.ts'
import { z } from 'zod'
import { Switches, type Pages } from '../pages.ts'

interface Own {
  readonly name: string
  readonly email: string | null
  readonly claimedEmail: string | null
  readonly phone: string | null
  readonly nationalId: string | null
  readonly roles: readonly string[]
}

interface Belonging {
  readonly membershipStatus: 'active' | 'unpaid' | 'inactive' | 'not_found'
  readonly memberSince: string | null
  readonly phone: string | null
}

interface HeldBack {
  readonly reason: 'bounced' | 'complained' | 'invalid'
  readonly endsAt: Date
}

interface Shown {
  readonly id: string
  readonly method: 'password' | 'passkey' | 'link' | 'eid' | 'connector'
  readonly device: string
  readonly startedAt: Date
  readonly seenAt: Date
}

interface Needs {
  readonly pages: Pages
  readonly now: () => Date
  readonly find: (id: string) => Promise<Own | null>
  /** What the directory says, or null when it does not answer: the page does without. */
  readonly membershipOf: (id: string) => Promise<Belonging | null>
  /** What they are lent, permitted or denied for a while, or null when policy does not answer. */
  readonly overridesOf: (id: string) => Promise<readonly Overriding[] | null>
  /** When this account is to be forgotten. */
  readonly erasureOf: (account: string) => Promise<{ readonly dueAt: Date } | null>
  /** Why nothing is sent to this mailbox, or not everything. */
  readonly heldBackOf: (email: string) => Promise<HeldBack | null>
  /** When strangers were last wrong so often that they had to wait; null when that is no news. */
  readonly pausedAt: (account: string) => Promise<Date | null>
  /** How many applications wait for an answer of this person. */
  readonly requestsOf: (account: string) => Promise<number>
  readonly sessionsOf: (account: string) => Promise<readonly Shown[]>
  /** False when there was no such session, or it had ended by itself. */
  readonly end: (session: string, account: string) => Promise<boolean>
  readonly endEverywhere: (account: string) => Promise<unknown>
  readonly sessionCookie: string
  /** Whether there is anything elsewhere to link. */
  readonly hasConnectors: boolean
}

const own = {
  resource: ({ caller }: { caller: { subject: string } }) => ({ type: 'Person', id: caller.subject }),
}

/** Who am I here, and where is my account open: each line with the way to close it. */
export function ownAccountRoutes({
  pages,
  now,
  find,
  membershipOf,
  overridesOf,
  erasureOf,
  heldBackOf,
  pausedAt,
  requestsOf,
  sessionsOf,
  end,
  endEverywhere,
  sessionCookie,
  hasConnectors,
}: Needs): Route[] {
  const manage = may('account.manage-own', own.resource)
  const gone: Cookie[] = [{ name: sessionCookie, value: '', maxAgeSeconds: 0 }]
  return [
    page(
      {
        method: 'GET',
        path: '/account',
        access: may('account.read-own', own.resource),
        summary: 'My account.',
        query: z.object(Switches),
      },
      async (asked) => {
        const { caller, csrf } = asked
        const { done } = pages.said<never, AccountData['done']>(asked, '/account')
        const [person, sessions, belonging, overrides, erasure, requests, paused] = await Promise.all([
          find(caller.subject),
          sessionsOf(caller.subject),
          membershipOf(caller.subject),
          overridesOf(caller.subject),
          erasureOf(caller.subject),
          requestsOf(caller.subject),
          pausedAt(caller.subject),
        ])
        if (person === null) return redirect('/sign-in')
        const held = person.email === null ? null : await heldBackOf(person.email)
        const text = accountPage(await pages.own(asked, '/account', person), {
          now: now(),
          csrf,
          person: { name: person.name, ...present(person) },
          roles: OfficeRole.options.filter((role) => person.roles.includes(role)),
          overrides,
          ...(belonging === null ? {} : { membership: membershipShown(belonging) }),
          ...(erasure === null ? {} : { erasure: { due: erasure.dueAt } }),
          ...(held === null ? {} : { heldBack: heldShown(held) }),
          ...(paused === null ? {} : { paused: { at: paused } }),
          requests: { waiting: requests, href: '/account/requests' },
          sessions: sessions.map((session) => ({ ...session, current: session.id === caller.session })),
          votesHref: '/vote',
          securityHref: '/account/security',
          consentsHref: '/account/consents',
          profileHref: '/account/profile',
          privacyHref: '/account/privacy',
          connectedHref: '/account/connected',
          ...(hasConnectors ? { linkedHref: '/account/linked' } : {}),
          actions: {
            endSession: '/account/sessions/end',
            signOut: '/sign-out',
            signOutEverywhere: '/account/sign-out-everywhere',
            keep: '/account/privacy/erase/cancel',
          },
          ...(done === undefined ? {} : { done }),
        })
        return pages.show(asked, text)
      },
    ),
    page(
      {
        method: 'POST',
        path: '/account/sessions/end',
        access: manage,
        body: z.strictObject({ session: z.string().max(100) }),
      },
      async (asked) => {
        const { body, caller } = asked
        const wasThere = await end(body.session, caller.subject)
        return body.session === caller.session
          ? redirect('/sign-out/done', { cookies: gone })
          : pages.tell(asked, '/account', { done: wasThere ? 'session_ended' : 'session_gone' })
      },
    ),
    page(
      { method: 'POST', path: '/account/sign-out-everywhere', access: manage, body: z.strictObject({}) },
      async ({ caller }) => {
        await endEverywhere(caller.subject)
        return redirect('/sign-out/done', { cookies: gone })
      },
    ),
  ]
}

/** The last four digits of a kennitala are nobody's business on a screen. */
function present({ email, claimedEmail, phone, nationalId }: Own) {
  return {
    ...(email === null ? {} : { email }),
    ...(email !== null || claimedEmail === null ? {} : { claimedEmail }),
    ...(phone === null ? {} : { phone }),
    ...(nationalId === null ? {} : { nationalId: `${nationalId.slice(0, 6)}-****` }),
  }
}

const heldShown = ({ reason, endsAt }: HeldBack) => ({
  isUnwanted: reason === 'complained',
  until: endsAt,
})

function membershipShown({ membershipStatus, memberSince, phone }: Belonging): Membership {
  if (membershipStatus === 'not_found') return { state: 'unknown' }
  return {
    state: membershipStatus,
    ...(memberSince === null ? {} : { since: new Date(memberSince) }),
    ...(phone === null ? {} : { phone }),
  }
}
