import { may, page, redirect, route, type Route } from '@althing/kernel/http'
import { isFault } from '@althing/kernel/errors'
import { activationCodePage } from '@althing/web-signin/activation-code.ts'
import { newPasswordPage } from '@althing/web-signin/new-password.ts'
import type { Agreement, NewPasswordData } from '@althing/web-signin/pages.ts'
import { z } from 'zod'
import { PersonId } from '../contract.ts'
import { Switches, used, withQuery, type Asked, type Pages } from '../pages.ts'
import type { Activation } from './rules.ts'
import { ActivateForm, CodeForm } from './schema.ts'

type Formed = Asked & { readonly csrf: string }

interface Needs {
  readonly activation: Activation
  readonly pages: Pages
  readonly minimum: number
  /** How long one should be that stands alone; null where nothing is advised. */
  readonly advised: number | null
  /** Why a password is not taken, as the page says it; null for any other error. */
  readonly passwordProblem: (error: unknown) => NewPasswordData['problem'] | null
  readonly spend: (network: string) => Promise<void>
  /** What is still to be agreed to; null when there is nothing. */
  readonly agreementOf: (
    account: string,
    locale: 'is' | 'en',
  ) => Promise<{ readonly agreement: Agreement } | null>
}

export function activationRoutes({
  activation,
  pages,
  minimum,
  advised,
  passwordProblem,
  spend,
  agreementOf,
}: Needs): Route[] {
  // Who has used it signs in; a new one comes from whoever sent it.
  const over = (asked: Asked) => used(pages, asked, '/sign-in', 'activated')

  async function show(asked: Formed, token: string, problem?: NewPasswordData['problem'], hasAgreed = false) {
    const person = await activation.look(token)
    if (person === null) return over(asked)
    const due = await agreementOf(person.id, pages.locale(asked))
    const text = newPasswordPage(
      pages.chrome(
        asked,
        pages.saying(asked, withQuery('/activate', { token }), {
          problem,
          values: hasAgreed ? { terms: 'on' } : {},
        }),
      ),
      {
        action: '/activate',
        csrf: asked.csrf,
        hidden: { token },
        purpose: 'activate',
        identifier: person.email ?? person.name,
        minimumLength: minimum,
        ...(advised === null ? {} : { advisedLength: advised }),
        ...(due === null ? {} : { agreement: due.agreement, hasAgreed }),
        ...(problem === undefined ? {} : { problem }),
      },
    )
    return pages.show(asked, text, { status: problem === undefined ? 200 : 422 })
  }

  /** Without a link there may be a code on paper. */
  function askCode(asked: Formed, isWrong = false) {
    const text = activationCodePage(
      pages.chrome(asked, pages.saying(asked, '/activate', { problem: isWrong || undefined })),
      {
        action: '/activate/code',
        csrf: asked.csrf,
        isWrong,
        signInHref: '/sign-in',
      },
    )
    return pages.show(asked, text, { status: isWrong ? 422 : 200 })
  }

  return [
    // Public: the token is the proof. Looking at the page burns nothing.
    page(
      {
        method: 'GET',
        path: '/activate',
        access: 'public',
        query: z.object({ ...Switches, token: z.string().max(100).default('') }),
      },
      (asked) => {
        const { token } = asked.query
        if (token === '') return askCode(asked, pages.said<true>(asked, '/activate').problem === true)
        const { problem, values } = pages.said<NewPasswordData['problem']>(asked, '/activate')
        return show(asked, token, problem, values?.['terms'] === 'on')
      },
    ),
    page({ method: 'POST', path: '/activate/code', access: 'public', body: CodeForm }, async (asked) => {
      await spend(asked.network)
      const token = await activation.read(asked.body.code)
      return token === null ? askCode(asked, true) : redirect(withQuery('/activate', { token }))
    }),
    page({ method: 'POST', path: '/activate', access: 'public', body: ActivateForm }, async (asked) => {
      const { token, password, terms, version } = asked.body
      await spend(asked.network)
      const hasAgreed = terms === 'on'
      if (password === '') return show(asked, token, 'missing', hasAgreed)
      const invited = await activation.look(token)
      if (invited === null) return over(asked)
      const due = await agreementOf(invited.id, pages.locale(asked))
      if (due !== null && !hasAgreed) return show(asked, token, 'terms')
      if (due !== null && version !== due.agreement.version) return show(asked, token, 'terms_changed')
      try {
        await activation.use(token, password, hasAgreed)
        return pages.tell(asked, '/sign-in', { done: 'activated' })
      } catch (error) {
        if (isFault(error, 'identity.activation.used')) return over(asked)
        const problem = passwordProblem(error)
        if (problem === null) throw error
        return show(asked, token, problem, hasAgreed)
      }
    }),
    route(
      {
        method: 'POST',
        path: '/api/identity/users/:id/activate',
        access: may('users.activate', ({ params }: { params: { id: string } }) => ({
          type: 'Person',
          id: params.id,
        })),
        summary: 'Sends a link with which the person chooses a password.',
        params: z.object({ id: PersonId }),
        reply: z.object({ sent: z.literal(true) }),
        status: 202,
      },
      async ({ params, caller }) => {
        await activation.invite(params.id, `person:${caller.subject}`)
        return { sent: true as const }
      },
    ),
    route(
      {
        method: 'POST',
        path: '/api/identity/users/:id/paper-code',
        access: may('users.activate', ({ params }: { params: { id: string } }) => ({
          type: 'Person',
          id: params.id,
        })),
        summary: 'A code to hand over in person, in place of a link. It is shown only now.',
        params: z.object({ id: PersonId }),
        reply: z.object({ code: z.string(), until: z.iso.datetime() }),
        status: 201,
      },
      async ({ params, caller }) => {
        const { code, until } = await activation.issuePaper(params.id, {
          actor: `person:${caller.subject}`,
          roles: caller.roles,
        })
        return { code, until: until.toISOString() }
      },
    ),
  ]
}
