import { may, page, redirect, route, type Answer, type Route } from '@althing/kernel/http'
import { isFault } from '@althing/kernel/errors'
import {
  confirmAddressPage,
  guardianPage,
  registerPage,
  registeredPage,
} from '@althing/web-signin/register.ts'
import type { Agreement, RegisterData, RegisterField, RegisterProblem } from '@althing/web-signin/pages.ts'
import { z } from 'zod'
import { Switches, used, withQuery, type Asked, type Pages } from '../pages.ts'
import { Done, ListedApplication, PersonId } from '../contract.ts'
import { Attested, type Gate } from '../gate.ts'
import { problemsOf } from '../person-names.ts'
import { writtenIn } from '../said.ts'
import type { Joining } from './rules.ts'
import { ApplicationState, type Application, RegisterForm, TokenForm, Wish } from './schema.ts'

type Formed = Asked & { readonly csrf: string; readonly network: string }

interface Needs {
  readonly joining: Joining
  readonly pages: Pages
  readonly gate: Gate
  /** What is agreed to, for the page; null where the organisation has set nothing. */
  readonly agreementIn: (locale: 'is' | 'en') => Agreement | null
}

export const joiningRoutes = (needs: Needs): Route[] => [
  ...askingRoutes(needs),
  ...provingRoutes(needs),
  ...decidingRoutes(needs),
]

// Public: nobody has an account before having an account.
function askingRoutes({ joining, pages, gate, agreementIn }: Needs): Route[] {
  function show(asked: Formed, more: Pick<RegisterData, 'values' | 'wrong' | 'problem'> = {}, status = 200) {
    const agreement = agreementIn(pages.locale(asked))
    const { wrong, problem, values } = more
    const at = pages.saying(asked, '/register', {
      problem: wrong === undefined && problem === undefined ? undefined : { wrong, problem },
      ...(values === undefined ? {} : { values: writtenIn(values) }),
    })
    const text = registerPage(pages.chrome(asked, at), {
      action: '/register',
      csrf: asked.csrf,
      signInHref: '/sign-in',
      isClosed: joining.registration === 'closed',
      ...gate.widgetFor('register'),
      ...(agreement === null ? {} : { agreement }),
      ...more,
    })
    return pages.show(asked, text, { status, widgets: gate.widgets })
  }
  return [
    page(
      {
        method: 'GET',
        path: '/register',
        access: 'public',
        summary: 'Ask for an account.',
        query: z.object(Switches),
      },
      (asked) => {
        const { problem, values } = pages.said<Pick<RegisterData, 'wrong' | 'problem'>>(asked, '/register')
        return show(asked, { ...problem, ...(values === undefined ? {} : { values }) })
      },
    ),
    page(
      { method: 'POST', path: '/register', access: 'public', body: RegisterForm.extend(Attested) },
      async (asked) => {
        // What the person wrote, without what their browser brought along.
        const kept = RegisterForm.strip().parse(asked.body)
        const stopped = await gate.stops(asked, 'register')
        if (stopped !== null) return show(asked, { values: kept, problem: stopped.problem }, stopped.status)
        const wish = Wish.safeParse(kept)
        const wrong: RegisterProblem[] = [
          ...(wish.success ? wrongAge(joining, wish.data) : problemsOf<RegisterField>(wish.error)),
          ...unread(agreementIn(pages.locale(asked)), kept),
        ]
        if (!wish.success || wrong.length > 0) return show(asked, { values: kept, wrong }, 422)
        try {
          await joining.ask(
            { ...wish.data, marketing: kept.marketing === 'on', locale: pages.locale(asked) },
            asked.network,
          )
        } catch (error) {
          if (isFault(error, 'kernel.limits.too_many'))
            return show(asked, { values: kept, problem: 'too_many' }, 429)
          if (isFault(error, 'identity.joining.closed')) return show(asked, {}, 403)
          throw error
        }
        return redirect(registered(pages, asked, 'sent'))
      },
    ),
    ...states.map((state) =>
      page(
        { method: 'GET', path: `/register/${state}`, access: 'public', query: z.object(Switches) },
        (asked) => {
          if (pages.said(asked, `/register/${state}`).done !== state) return redirect('/register')
          const text = registeredPage(pages.chrome(asked, registered(pages, asked, state)), {
            state: state === 'guardian-asked' ? 'guardian' : state,
            homeHref: '/',
          })
          return pages.show(asked, text)
        },
      ),
    ),
  ]
}

const states = ['sent', 'waiting', 'guardian-asked', 'agreed'] as const

/** Such a page is for who did it: a link that anybody sends tells nobody that they have agreed. */
const registered = (pages: Pages, asked: Formed, done: (typeof states)[number]) =>
  pages.saying(asked, `/register/${done}`, { done })

/** What is agreed to is what was read: without it nothing is asked for, and another version is another text. */
function unread(agreement: Agreement | null, { terms, version }: RegisterForm): RegisterProblem[] {
  if (agreement === null) return []
  if (terms === undefined) return ['terms']
  return version === agreement.version ? [] : ['terms_changed']
}

/** Under 18 somebody else agrees as well, from a mailbox of their own; who is not born yet has made a slip of the hand. */
function wrongAge(joining: Joining, { birth_date, guardian_email, email }: Wish): RegisterProblem[] {
  if (joining.isUnborn(birth_date)) return ['birth_date_future']
  const isMissing = joining.isMinor(birth_date) && (guardian_email === '' || guardian_email === email)
  return isMissing ? ['guardian_email'] : []
}

// Public: the token is the proof. Looking at the page burns nothing.
function provingRoutes({ joining, pages }: Needs): Route[] {
  const looked = async (
    asked: Formed & { readonly query: { readonly token: string } },
    purpose: 'confirm' | 'guardian',
  ): Promise<Answer<undefined>> => {
    const { token } = asked.query
    const made = await joining.look(purpose, token)
    if (made === null) return used(pages, asked, '/register')
    const path = `/register/${purpose}`
    const draw = purpose === 'confirm' ? confirmAddressPage : guardianPage
    return pages.show(
      asked,
      draw(pages.chrome(asked, withQuery(path, { token })), {
        action: path,
        csrf: asked.csrf,
        hidden: { token },
        name: made.name,
        email: made.email,
      }),
    )
  }
  const query = z.object({ ...Switches, token: z.string().max(100).default('') })
  const orUsed = async (asked: Formed, work: () => Promise<Answer<undefined>>) => {
    try {
      return await work()
    } catch (error) {
      if (isFault(error, 'identity.joining.used')) return used(pages, asked, '/register')
      throw error
    }
  }
  return [
    page({ method: 'GET', path: '/register/confirm', access: 'public', query }, (asked) =>
      looked(asked, 'confirm'),
    ),
    page({ method: 'POST', path: '/register/confirm', access: 'public', body: TokenForm }, (asked) =>
      orUsed(asked, async () => {
        const onward = await joining.confirm(asked.body.token)
        if (onward.kind === 'activate') return redirect(withQuery('/activate', { token: onward.token }))
        return redirect(registered(pages, asked, onward.kind === 'guardian' ? 'guardian-asked' : 'waiting'))
      }),
    ),
    page({ method: 'GET', path: '/register/guardian', access: 'public', query }, (asked) =>
      looked(asked, 'guardian'),
    ),
    page({ method: 'POST', path: '/register/guardian', access: 'public', body: TokenForm }, (asked) =>
      orUsed(asked, async () => {
        await joining.agree(asked.body.token)
        return redirect(registered(pages, asked, 'agreed'))
      }),
    ),
  ]
}

const ofApplication = ({ params }: { params: { id: string } }) => ({ type: 'Application', id: params.id })
const Path = z.object({ id: z.string().regex(/^app_[0-9a-f-]{36}$/) })

function decidingRoutes({ joining }: Needs): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/identity/applications',
        access: may('applications.read'),
        summary: 'Who asks for an account, those who have waited longest first.',
        query: z.strictObject({
          state: ApplicationState.default('waiting'),
          after: z.string().max(100).default(''),
          limit: z.coerce.number().int().min(1).max(200).default(50),
        }),
        reply: z.object({ applications: z.array(ListedApplication), next: z.string().nullable() }),
      },
      async ({ query: { state, after, limit } }) => {
        const found = await joining.list(state, after, limit)
        return {
          applications: found.map(listed),
          next: found.length === limit ? (found.at(-1)?.id ?? null) : null,
        }
      },
    ),
    route(
      {
        method: 'GET',
        path: '/api/identity/applications/:id',
        access: may('applications.read'),
        summary: 'One application, as it was sent and as it stands.',
        params: Path,
        reply: ListedApplication,
      },
      async ({ params }) => listed(await joining.show(params.id)),
    ),
    route(
      {
        method: 'POST',
        path: '/api/identity/applications/:id/approve',
        access: may('applications.decide', ofApplication),
        summary: 'Makes the account and sends its first link.',
        params: Path,
        reply: z.object({ account: PersonId }),
      },
      async ({ params, caller }) => ({
        account: PersonId.parse(await joining.approve(params.id, `person:${caller.subject}`)),
      }),
    ),
    route(
      {
        method: 'POST',
        path: '/api/identity/applications/:id/reject',
        access: may('applications.decide', ofApplication),
        summary: 'Refuses, with a reason that the person reads.',
        params: Path,
        body: z.strictObject({ reason: z.string().trim().max(1000).default('') }),
        reply: Done,
      },
      async ({ params, body, caller }) => {
        await joining.reject(params.id, body.reason, `person:${caller.subject}`)
        return { done: true as const }
      },
    ),
  ]
}

const listed = ({
  createdAt,
  decidedAt,
  consents: _consents,
  consentVersion: _version,
  locale: _locale,
  ...made
}: Application) => ({
  ...made,
  createdAt: createdAt.toISOString(),
  decidedAt: decidedAt?.toISOString() ?? null,
})
