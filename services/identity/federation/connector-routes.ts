import { page, redirect, type Answer, type Cookie, type Route } from '@althing/kernel/http'
import { isFault } from '@althing/kernel/errors'
import { removalPage } from '@althing/web-account/removal.ts'
import { accountTexts } from '@althing/web-account/account-texts.ts'
import { linkedPage } from '@althing/web-account/linked.ts'
import type { LinkedData } from '@althing/web-account/linked-data.ts'
import type { Locale } from '@althing/web-ui/locale.ts'
import { notLinkedPage } from '@althing/web-signin/not-linked.ts'
import { z } from 'zod'
import {
  byOf,
  isLast,
  linkedPath as mine,
  manageOwn,
  outsidePath,
  readOwn,
  type Stale,
  type WaysLeft,
} from '../own.ts'
import { Switches, withQuery, type Asked, type Pages } from '../pages.ts'
import type { By } from '../proofs.ts'
import type { Came, Connectors } from './connectors.ts'
import { browserCookie, Callback, ConnectorPath, Out } from './schema.ts'

type Formed = Asked & { readonly csrf: string; readonly network: string }

interface Needs {
  readonly connectors: Connectors
  readonly pages: Pages
  readonly stale: Stale
  /** For what weakens an account: the proof was made for it. */
  readonly moment: Stale
  readonly find: (id: string) => Promise<{ readonly name: string } | null>
  readonly spend: (by: 'browser' | 'network' | 'begin', who: string) => Promise<void>
  /** On with the conversation of signing in: a second step may be asked for. */
  readonly arrive: (came: Extract<Came, { kind: 'sign-in' }>, asked: Formed) => Promise<Answer<undefined>>
  /** Who is signed in here, with a proof that is fresh. */
  readonly freshCaller: (asked: Asked) => Promise<{ account: string; by: By } | null>
  readonly onFailure: (error: unknown) => Promise<void>
  /** Whose tokens may look at what is this person's own. */
  readonly lookingOf: (account: string) => Promise<LinkedData['looking']>
  readonly waysLeft: WaysLeft
  /** Of the electronic ID, which people know by that name and not by its address. */
  readonly eidIssuer: string | undefined
}

interface Linked {
  readonly name: string | null
  readonly issuer: string
}

const called = ({ name, issuer }: Linked, eidIssuer: string | undefined, locale: Locale): string =>
  issuer === eidIssuer ? accountTexts(locale)('linked.eid') : (name ?? new URL(issuer).host)

export const connectorRoutes = (needs: Needs): Route[] => [
  ...comingRoutes(needs),
  ...linkingRoutes(needs),
  ...unlinkingRoutes(needs),
]

const kept = (value: string): Cookie => ({ name: browserCookie, value, path: '/sign-in', maxAgeSeconds: 900 })

// Public: the state, bound to this browser, is the proof that it was begun here.
function comingRoutes({ connectors, pages, spend, arrive, freshCaller, onFailure }: Needs): Route[] {
  async function after(came: Came, asked: Formed): Promise<Answer<undefined>> {
    if (came.kind === 'sign-in') return arrive(came, asked)
    if (came.kind === 'nobody') {
      const text = notLinkedPage(pages.chrome(asked, '/sign-in'), {
        provider: came.name,
        signInHref: '/sign-in',
      })
      return pages.show(asked, text, { status: 403 })
    }
    // Whoever began to link it must be here still, and have proven it lately: else it is somebody else's session by now.
    const fresh = await freshCaller(asked)
    if (fresh?.account !== came.account) return pages.tell(asked, mine, { problem: 'failed' })
    try {
      await connectors.link(came.account, came.issuer, came.subject, fresh.by)
      return pages.tell(asked, mine, { done: 'linked' })
    } catch (error) {
      if (isFault(error, 'identity.federation.conflict'))
        return pages.tell(asked, mine, { problem: 'conflict' })
      throw error
    }
  }
  return [
    page(
      {
        method: 'POST',
        path: '/sign-in/with/:connector',
        access: 'public',
        params: ConnectorPath,
        body: Out,
      },
      async (asked) => {
        await spend('begin', asked.network)
        try {
          const { params, body, cookies } = asked
          const { url, browser } = await connectors.begin(params.connector, cookies[browserCookie], body)
          return redirect(url, { cookies: [kept(browser)] })
        } catch (error) {
          await onFailure(error)
          return pages.tell(asked, withQuery('/sign-in', { ...asked.body }), {
            problem: { kind: 'connector' },
          })
        }
      },
    ),
    page(
      {
        method: 'GET',
        path: '/sign-in/with/:connector/callback',
        access: 'public',
        params: ConnectorPath,
        query: Callback,
      },
      async (asked) => {
        const browser = asked.cookies[browserCookie]
        await spend('browser', browser ?? asked.network)
        await spend('network', asked.network)
        const { headers, cookies, csrf, network, caller } = asked
        const here = { headers, cookies, csrf, network, caller }
        try {
          const came = await connectors.finish(asked.params.connector, asked.query, browser)
          return await after(came, here)
        } catch (error) {
          if (isFault(error) && error.code.startsWith('kernel.limits.')) throw error
          await onFailure(error)
          // Whoever is signed in was about to link it: at the sign-in they would be sent on without a word.
          if ((await freshCaller(here)) !== null) return pages.tell(asked, mine, { problem: 'failed' })
          return pages.tell(asked, '/sign-in', { problem: { kind: 'connector' } })
        }
      },
    ),
  ]
}

function linkingRoutes({ connectors, pages, stale, find, lookingOf, eidIssuer }: Needs): Route[] {
  return [
    page(
      {
        method: 'GET',
        path: mine,
        access: readOwn,
        summary: 'Accounts elsewhere that sign me in here.',
        query: z.object(Switches),
      },
      async (asked) => {
        const { subject } = asked.caller
        const [person, linked, looking] = await Promise.all([
          find(subject),
          connectors.linkedTo(subject),
          lookingOf(subject),
        ])
        if (person === null) return redirect('/sign-in')
        const { done, problem } = pages.said<LinkedData['problem'], LinkedData['done']>(asked, mine)
        const chrome = await pages.own(asked, mine, person)
        const text = linkedPage(chrome, {
          csrf: asked.csrf,
          linked: linked.map((one) => ({ ...one, name: called(one, eidIssuer, chrome.locale) })),
          looking,
          offered: connectors.offered,
          actions: {
            link: '/account/linked/begin',
            unlink: removal,
            unlook: outsidePath,
          },
          backHref: '/account',
          ...(done === undefined ? {} : { done }),
          ...(problem === undefined ? {} : { problem }),
        })
        return pages.show(asked, text, { formAction: connectors.offered.map(({ origin }) => origin) })
      },
    ),
    page(
      {
        method: 'POST',
        path: '/account/linked/begin',
        access: manageOwn,
        body: z.strictObject(ConnectorPath.shape),
      },
      async (asked) => {
        const old = stale(asked, mine)
        if (old !== null) return old
        const { connector } = asked.body
        const link = asked.caller.subject
        const { url, browser } = await connectors.begin(connector, asked.cookies[browserCookie], { link })
        return redirect(url, { cookies: [kept(browser)] })
      },
    ),
  ]
}

const removal = '/account/linked/remove'
const identity = { issuer: z.string().max(500), subject: z.string().max(255) }

function unlinkingRoutes({ connectors, pages, moment, find, waysLeft, eidIssuer }: Needs): Route[] {
  const at = ({ issuer, subject }: { issuer: string; subject: string }) =>
    withQuery(removal, { issuer, subject })
  return [
    page(
      {
        method: 'GET',
        path: removal,
        access: manageOwn,
        summary: 'What follows when an account elsewhere is unlinked.',
        query: z.object({
          ...Switches,
          issuer: identity.issuer.default(''),
          subject: identity.subject.default(''),
        }),
      },
      async (asked) => {
        const { caller, query } = asked
        const [person, linked] = await Promise.all([
          find(caller.subject),
          connectors.linkedTo(caller.subject),
        ])
        const gone = linked.find((one) => one.issuer === query.issuer && one.subject === query.subject)
        if (person === null || gone === undefined) return pages.tell(asked, mine, { done: 'gone' })
        const remaining = await waysLeft(caller.subject, gone)
        if (connectors.letsIn(gone.issuer) && isLast(remaining))
          return pages.tell(asked, mine, { problem: 'last' })
        const old = moment(asked, at(gone))
        if (old !== null) return old
        const chrome = await pages.own(asked, at(gone), person)
        const text = removalPage(chrome, {
          act: 'linked',
          name: called(gone, eidIssuer, chrome.locale),
          remaining,
          action: removal,
          csrf: asked.csrf,
          hidden: { issuer: gone.issuer, subject: gone.subject },
          backHref: mine,
        })
        return pages.show(asked, text)
      },
    ),
    page(
      { method: 'POST', path: removal, access: manageOwn, body: z.strictObject(identity) },
      async (asked) => {
        const { caller, body } = asked
        const old = moment(asked, at(body))
        if (old !== null) return old
        try {
          const wasThere = await connectors.unlink(caller.subject, body.issuer, body.subject, byOf(caller))
          return pages.tell(asked, mine, { done: wasThere ? 'unlinked' : 'gone' })
        } catch (error) {
          if (!isFault(error, 'identity.federation.last')) throw error
          return pages.tell(asked, mine, { problem: 'last' })
        }
      },
    ),
  ]
}
