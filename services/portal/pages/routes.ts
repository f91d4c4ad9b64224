/** The pages of the person origin that are the portal's own: the front page, the frames of the applications, their files. */
import { readFile } from 'node:fs/promises'
import {
  bytes,
  html,
  httpFault,
  page,
  redirect,
  route,
  type Answer,
  type Facts,
  type Route,
} from '@althing/kernel/http'
import { sessionCookie as identityCookie } from '@althing/identity/contract'
import { homePage } from '@althing/web-account/home.ts'
import { applicationPage } from '@althing/web-account/application.ts'
import type { openAssets } from '@althing/web-ui/assets.ts'
import type { createChrome } from '@althing/web-ui/chrome.ts'
import { signedIn } from '@althing/web-ui/document.ts'
import { z } from 'zod'
import { consolePlace, May, Thing, type ConsoleRoom } from '../contract.ts'
import type { Clock } from '@althing/kernel/context'
import { errorPage } from '@althing/web-signin/error.ts'
import { problemPage } from '@althing/web-account/problem.ts'
import { isFault, type Fault } from '@althing/kernel/errors'
import type { ActsOf, RoomsOf, Somebody } from './rooms.ts'

/** Who a browser speaks for, as the portal shows it. */
interface SignedIn extends Somebody {
  readonly name: string
}

interface Needs {
  readonly clock: Clock
  readonly chromeOf: ReturnType<typeof createChrome>
  readonly assets: ReturnType<typeof openAssets>
  readonly look: (cookie: string | undefined) => Promise<SignedIn | null>
  /** When everything about somebody is to be erased, and how many applications wait for their answer. */
  readonly newsOf: (cookie: string) => Promise<{ readonly erasedAt: Date | null; readonly requests: number }>
  readonly roomsOf: RoomsOf
  readonly actsOf: ActsOf
  readonly sessionCookie: string
  /** Finds out whether somebody is signed in at identity, and comes back to the front page. */
  readonly quietPath: string
  readonly ballotUrl: string
}

export function pageRoutes(needs: Needs): Route[] {
  return [
    home(needs),
    application(needs, 'collect', '/vote'),
    ...['/admin', '/admin/*'].map((path) => application(needs, 'admin', path)),
    acts(needs),
    files(needs),
  ]
}

function home({ clock, chromeOf, look, newsOf, roomsOf, sessionCookie, quietPath }: Needs): Route {
  return page({ method: 'GET', path: '/', access: 'public' }, async (request) => {
    const person = await look(request.cookies[sessionCookie])
    // Signed in at identity and not here yet, as after an activation: it is asked, once, and nobody has to press a button for it.
    if (person === null && identityCookie in request.cookies && !(asked.name in request.cookies))
      return redirect(quietPath, { cookies: [asked] })
    const news = person === null ? null : await newsOf(request.cookies[sessionCookie] ?? '')
    const { chrome, cookies } = chromeOf(
      request,
      person === null ? {} : { person: signedIn(person.name, news?.requests) },
    )
    const due = news?.erasedAt ?? null
    const places = person === null ? {} : placesOf(roomsIfKnown(roomsOf, person))
    return html(
      homePage(chrome, {
        now: clock.now(),
        signInHref: '/session/login?return=/',
        places,
        ...(person === null ? {} : { person }),
        ...(due === null ? {} : { erasure: { due, keepHref: '/account/privacy' } }),
      }),
      { cookies },
    )
  })
}

/** Elections have a door of their own. The other one leads to the first room behind it. */
function placesOf(rooms: readonly ConsoleRoom[]) {
  const other = rooms.find((room) => room !== 'elections')
  return {
    votes: '/vote',
    account: '/account',
    ...(rooms.includes('elections') ? { elections: '/admin/elections' } : {}),
    ...(other === undefined ? {} : { admin: `/admin/${other}` }),
  }
}

/** Where nobody can say who may do what, everybody still finds their votes and their account. */
function roomsIfKnown(roomsOf: RoomsOf, person: Somebody): readonly ConsoleRoom[] {
  try {
    return roomsOf(person)
  } catch (error) {
    if (isFault(error, 'kernel.authz.unavailable')) return []
    throw error
  }
}

/** The frame of an application: everything in it comes from its script, and what it may do is decided behind the API. */
function application(
  { chromeOf, look, roomsOf, sessionCookie, ballotUrl }: Needs,
  app: 'collect' | 'admin',
  path: string,
): Route {
  return page({ method: 'GET', path, access: 'public' }, async (request): Promise<Answer<undefined>> => {
    const shown = shownNow(request.url)
    if (shown !== null) return redirect(shown)
    const person = await look(request.cookies[sessionCookie])
    if (person === null) return redirect(`/session/login?return=${encodeURIComponent(backTo(request.url))}`)
    const rooms = app === 'admin' ? roomsOf(person) : []
    const isThere = app !== 'admin' || admit(request.url, rooms)
    const { chrome, cookies } = chromeOf(request, { person: signedIn(person.name) })
    return html(applicationPage(chrome, { app, ballotUrl, rooms }), { status: isThere ? 200 : 404, cookies })
  })
}

/** With what the list was narrowed to, where that is no longer than what can be kept (session/schema.ts). */
const backTo = (url: string): string => (url.length <= 500 ? url : (url.split('?')[0] ?? '/'))

/**
 * Identity says in the address that a second step was turned on there (two-step/routes.ts). What our tokens say is of before: it is asked for
 * what this session has shown by now, and nobody is asked for it again who has just shown it.
 */
function shownNow(url: string): string | null {
  const { pathname, searchParams } = new URL(`http://page${url}`)
  if (searchParams.get('second') !== 'on') return null
  searchParams.delete('second')
  const back = searchParams.size === 0 ? pathname : `${pathname}?${searchParams.toString()}`
  return `/session/login?${new URLSearchParams({ proof: 'second', return: back }).toString()}`
}

/** Asked at each step of somebody in the console, and not once for a session: what was lent, given or taken meanwhile counts. */
function acts({ look, roomsOf, actsOf, sessionCookie }: Needs): Route {
  return route(
    {
      method: 'GET',
      path: '/session/may',
      access: 'public', // Says what who is asking may do, to whoever asks.
      summary:
        'Which rooms of the console whoever is signed in may enter, and which of what it has buttons for they may do: to the thing that is named, or to any. Nobody may nothing.',
      query: Thing.partial(),
      reply: May,
    },
    async ({ cookies, query: { type, id } }) => {
      const person = await look(cookies[sessionCookie])
      if (person === null) return { signedIn: false, roles: [], rooms: [], may: [] }
      const may = actsOf(person, type === undefined || id === undefined ? undefined : { type, id })
      return { signedIn: true, roles: [...person.roles], rooms: [...roomsOf(person)], may }
    },
  )
}

/**
 * Identity was asked a moment ago: whatever the answer was, or becomes, a page is shown and not the question again. It says nothing of whose
 * cookie it was asked about, because identity gives a stranger another one with each answer.
 */
const asked = { name: 'althing_asked', value: 'yes', maxAgeSeconds: 60, path: '/' }

function files({ assets }: Needs): Route {
  return route(
    {
      method: 'GET',
      path: '/assets/:app/:file',
      access: 'public',
      params: z.object({ app: z.string(), file: z.string() }),
    },
    async ({ params }) => {
      const found = assets.serve(`/assets/${params.app}/${params.file}`)
      if (found === null) throw httpFault.not_found()
      return bytes(await readFile(found.file), found.contentType, { headers: found.headers })
    },
  )
}

/**
 * Said here, before anybody fills in a form that would be refused; the API decides for itself. Whether there is such an address is told
 * to officers only.
 * @returns whether there is: if not, the console says so in its own frame, with its rooms
 * @throws Fault forbidden
 */
function admit(url: string, rooms: readonly ConsoleRoom[]): boolean {
  const place = consolePlace(new URL(`http://page${url}`).pathname, rooms[0])
  if (rooms.length === 0) throw httpFault.forbidden()
  if (place === null) return false
  if (!rooms.includes(place.room)) throw httpFault.forbidden()
  return true
}

/** A refusal as a page: what it means and a way out, in the visitor's language. */
export function faultPage(chromeOf: Needs['chromeOf']) {
  return (fault: Fault, facts: Facts): Answer<undefined> => {
    const { chrome, cookies } = chromeOf(facts)
    // A sign-in that was begun elsewhere, long ago or twice: nothing is wrong with the person, so nobody is told to ask for rights.
    if (fault.code.startsWith('portal.session.') && fault.status < 500) {
      const again = { kind: 'expired' as const, againHref: '/session/login?return=/', homeHref: '/' }
      return html(errorPage(chrome, again), { status: fault.status, cookies })
    }
    const isBug = fault.status >= 500 && fault.status !== 503
    return html(
      problemPage(chrome, {
        kind: kindOf(fault.status),
        homeHref: '/',
        ...(isBug ? { reference: facts.correlation } : {}),
      }),
      { status: fault.status, cookies },
    )
  }
}

function kindOf(status: number) {
  if ([400, 404, 405, 414].includes(status)) return 'notFound'
  if (status === 503 || status === 429) return 'unavailable'
  return status >= 500 ? 'bug' : 'forbidden'
}
