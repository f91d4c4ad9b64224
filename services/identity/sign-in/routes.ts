import { page, redirect, type Answer, type Cookie, type PageInput, type Route } from '@althing/kernel/http'
import { consentPage } from '@althing/web-signin/consent.ts'
import { errorPage } from '@althing/web-signin/error.ts'
import { signedOutPage, signOutPage } from '@althing/web-signin/sign-out.ts'
import { signInPage } from '@althing/web-signin/sign-in.ts'
import type { SignInProblem } from '@althing/web-signin/pages.ts'
import { z } from 'zod'
import { deviceOf, ownPath, Switches, withQuery, type Asked, type Pages } from '../pages.ts'
import { deviceCookie, type Devices } from './devices.ts'
import type { Begun, SignIn } from './rules.ts'
import { ConsentForm, Empty, SignInForm, Where } from './schema.ts'

/** What the engine asks of a person; the same as its feature says it. */
interface Question {
  readonly id: string
  readonly kind: 'login' | 'consent'
  readonly client: string
  readonly redirectOrigin: string
  readonly fresh: boolean
  readonly account: string | null
  readonly scopes: readonly string[]
}

export interface Conversation {
  /** As below: null too when it was begun in another browser, which its cookies tell. */
  question(id: string, cookies: Asked['cookies']): Promise<Question | null>
  signedIn(
    id: string,
    cookies: Asked['cookies'],
    who: {
      account: string
      session: string
      method: 'password' | 'eid'
      amr: readonly string[]
      authTime: Date
    },
  ): Promise<string | null>
  consented(id: string, cookies: Asked['cookies'], account: string, allowed: boolean): Promise<string | null>
}

interface Live {
  readonly id: string
  readonly account: string
  readonly method: 'password' | 'eid'
  readonly amr: readonly string[]
  readonly authTime: Date
}

interface Needs<S extends Live> {
  readonly pages: Pages
  readonly signIn: SignIn<S>
  readonly conversation: Conversation
  readonly sessionOf: (cookies: Asked['cookies']) => Promise<S | null>
  readonly signOut: (session: S) => Promise<void>
  readonly nameOf: (account: string) => Promise<string>
  /** The name of an application that is not ours. */
  readonly clientName: (client: string) => Promise<string | undefined>
  /** Ours: whoever signs in there wants to be known there, and is not asked. */
  readonly isFirstParty: (client: string) => boolean
  /** Where the eID's pages are; nothing when none is configured. */
  readonly eidOrigins: readonly string[] | undefined
  readonly sessionCookie: string
  readonly devices: Devices
}

type Place = { readonly interaction?: string | undefined; readonly return?: string | undefined }

/** After a proof: back to the application that asked, or to where the person wanted to go in our own house. */
export function createArrival({
  conversation,
  sessionCookie,
  devices,
}: Pick<Needs<Live>, 'conversation' | 'sessionCookie' | 'devices'>) {
  return async function arrive(
    { session, token }: Begun,
    place: Place,
    asked: Asked,
  ): Promise<Answer<undefined> | null> {
    const cookies: Cookie[] = [
      { name: sessionCookie, value: token },
      devices.remember(asked.cookies[deviceCookie], session.account),
    ]
    if (place.interaction === undefined) return redirect(ownPath(place.return) ?? '/account', { cookies })
    const onward = await conversation.signedIn(place.interaction, asked.cookies, {
      ...session,
      session: session.id,
    })
    return onward === null ? null : redirect(onward, { cookies })
  }
}

export function signInRoutes<S extends Live>(needs: Needs<S>): Route[] {
  const { pages, signIn, conversation, sessionOf } = needs
  const arrive = createArrival(needs)

  async function show(
    asked: Asked & { readonly csrf: string },
    place: Place,
    more: { identifier?: string; problem?: SignInProblem; status?: number },
  ) {
    const question =
      place.interaction === undefined ? null : await conversation.question(place.interaction, asked.cookies)
    if (place.interaction !== undefined && question?.kind !== 'login') return expired(pages, asked)
    const hidden = hiddenOf(place)
    const client = question === null ? undefined : await needs.clientName(question.client)
    const { status = 200, ...data } = more
    const target = { csrf: asked.csrf, hidden }
    const text = signInPage(pages.chrome(asked, withQuery('/sign-in', { ...place })), {
      action: '/sign-in',
      forgotHref: '/recover',
      ...target,
      ...data,
      ...(client === undefined ? {} : { client }),
      ...(needs.eidOrigins === undefined ? {} : { eid: { action: '/sign-in/eid', ...target } }),
      ...(question?.fresh === true && question.account !== null ? { again: true } : {}),
    })
    const retry =
      data.problem !== undefined && 'retryAfterSeconds' in data.problem
        ? { 'retry-after': String(Math.ceil(data.problem.retryAfterSeconds ?? 60)) }
        : {}
    return pages.show(asked, text, {
      status,
      headers: retry,
      formAction: [...(needs.eidOrigins ?? []), ...(question === null ? [] : [question.redirectOrigin])],
    })
  }

  /** Signed in already, in another tab perhaps: nothing is asked twice, unless a fresh proof is wanted. */
  async function onward(
    asked: PageInput<undefined, undefined, undefined> | Asked,
    place: Place,
  ): Promise<Answer<undefined> | null> {
    const session = await sessionOf(asked.cookies)
    if (session === null) return null
    if (place.interaction === undefined) return redirect(ownPath(place.return) ?? '/account')
    const question = await conversation.question(place.interaction, asked.cookies)
    if (question === null || question.kind !== 'login' || question.fresh) return null
    const target = await conversation.signedIn(place.interaction, asked.cookies, {
      ...session,
      session: session.id,
    })
    return target === null ? null : redirect(target)
  }

  return [
    page(
      // Public: nobody has signed in before signing in.
      {
        method: 'GET',
        path: '/sign-in',
        access: 'public',
        summary: 'Sign in.',
        query: z.object({ ...Switches, ...Where, problem: z.enum(['eid_failed']).optional() }),
      },
      async (asked) => {
        const { problem, ...place } = asked.query
        return (
          (await onward(asked, place)) ??
          show(asked, placeOf(place), problem === undefined ? {} : { problem: { kind: problem } })
        )
      },
    ),
    page({ method: 'POST', path: '/sign-in', access: 'public', body: SignInForm }, async (asked) => {
      const { identifier, password, ...place } = asked.body
      const missing = (['identifier', 'password'] as const).filter((field) => asked.body[field].trim() === '')
      if (missing.length > 0)
        return show(asked, place, { identifier, problem: { kind: 'missing', fields: missing }, status: 422 })
      const current = await sessionOf(asked.cookies)
      const answer = await signIn.withPassword({
        identifier,
        password,
        network: asked.network,
        device: deviceOf(asked.headers['user-agent']),
        known: asked.cookies[deviceCookie],
        current,
      })
      if (answer.kind === 'in') return (await arrive(answer, place, asked)) ?? expired(pages, asked)
      const { kind, ...rest } = answer
      return show(asked, place, {
        identifier,
        problem: { kind, ...rest },
        status: kind === 'wrong' ? 422 : 429,
      })
    }),
    ...consentRoutes(needs),
    ...signOutRoutes(needs),
  ]
}

function consentRoutes<S extends Live>({
  pages,
  conversation,
  sessionOf,
  nameOf,
  clientName,
  isFirstParty,
}: Needs<S>): Route[] {
  return [
    page(
      // Public to the kernel; the session that the question was asked in is looked at here.
      {
        method: 'GET',
        path: '/sign-in/consent',
        access: 'public',
        query: z.object({ ...Switches, interaction: z.string().max(100) }),
      },
      async (asked) => {
        const { interaction } = asked.query
        const [question, session] = await Promise.all([
          conversation.question(interaction, asked.cookies),
          sessionOf(asked.cookies),
        ])
        if (question?.kind !== 'consent' || session === null || question.account !== session.account)
          return expired(pages, asked)
        if (isFirstParty(question.client)) {
          const target = await conversation.consented(interaction, asked.cookies, session.account, true)
          return target === null ? expired(pages, asked) : redirect(target)
        }
        const text = consentPage(pages.chrome(asked, withQuery('/sign-in/consent', { interaction })), {
          action: '/sign-in/consent',
          csrf: asked.csrf,
          hidden: { interaction },
          client: {
            name: (await clientName(question.client)) ?? question.client,
            host: new URL(question.redirectOrigin).host,
          },
          person: await nameOf(session.account),
          scopes: question.scopes,
        })
        return pages.show(asked, text, { formAction: [question.redirectOrigin] })
      },
    ),
    page({ method: 'POST', path: '/sign-in/consent', access: 'public', body: ConsentForm }, async (asked) => {
      const session = await sessionOf(asked.cookies)
      const target =
        session === null
          ? null
          : await conversation.consented(
              asked.body.interaction,
              asked.cookies,
              session.account,
              asked.body.decision === 'allow',
            )
      return target === null ? expired(pages, asked) : redirect(target)
    }),
  ]
}

function signOutRoutes<S extends Live>({
  pages,
  sessionOf,
  signOut,
  nameOf,
  sessionCookie,
}: Needs<S>): Route[] {
  const gone: Cookie[] = [{ name: sessionCookie, value: '', maxAgeSeconds: 0 }]
  return [
    // Public: a link alone signs nobody out; the page asks, and its form carries the proof that it is ours.
    page({ method: 'GET', path: '/sign-out', access: 'public', query: z.object(Switches) }, async (asked) => {
      const session = await sessionOf(asked.cookies)
      if (session === null) return redirect('/sign-out/done')
      const person = await nameOf(session.account)
      return pages.show(
        asked,
        signOutPage(pages.chrome(asked, '/sign-out'), {
          action: '/sign-out',
          csrf: asked.csrf,
          person,
          stayHref: '/account',
        }),
      )
    }),
    page({ method: 'POST', path: '/sign-out', access: 'public', body: Empty }, async (asked) => {
      const session = await sessionOf(asked.cookies)
      if (session !== null) await signOut(session)
      return redirect('/sign-out/done', { cookies: gone })
    }),
    page({ method: 'GET', path: '/sign-out/done', access: 'public', query: z.object(Switches) }, (asked) =>
      pages.show(
        asked,
        signedOutPage(pages.chrome(asked, '/sign-out/done'), { signInHref: '/', homeHref: '/' }),
      ),
    ),
  ]
}

export function expired(pages: Pages, asked: Asked): Answer<undefined> {
  return pages.show(
    asked,
    errorPage(pages.chrome(asked, '/sign-in'), { kind: 'expired', againHref: '/', homeHref: '/' }),
    { status: 410 },
  )
}

/** Only what is there, and only places of our own. */
function hiddenOf({ interaction, return: back }: Place): Record<string, string> {
  const own = ownPath(back)
  return { ...(interaction === undefined ? {} : { interaction }), ...(own === null ? {} : { return: own }) }
}

function placeOf({ interaction, return: back }: Place): Place {
  return {
    ...(interaction === undefined ? {} : { interaction }),
    ...(back === undefined ? {} : { return: back }),
  }
}
