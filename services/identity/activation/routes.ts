import { may, page, redirect, route, type Route } from '@althing/kernel/http'
import { isFault } from '@althing/kernel/errors'
import { newPasswordPage } from '@althing/web-signin/new-password.ts'
import { errorPage } from '@althing/web-signin/error.ts'
import type { NewPasswordData } from '@althing/web-signin/pages.ts'
import { z } from 'zod'
import { PersonId } from '../contract.ts'
import { Switches, withQuery, type Asked, type Pages } from '../pages.ts'
import type { Activation } from './rules.ts'
import { ActivateForm } from './schema.ts'

interface Needs {
  readonly activation: Activation
  readonly pages: Pages
  readonly minimum: number
  /** Why a password is not taken, as the page says it; null for any other error. */
  readonly passwordProblem: (error: unknown) => NewPasswordData['problem'] | null
  readonly spend: (network: string) => Promise<void>
}

export function activationRoutes({ activation, pages, minimum, passwordProblem, spend }: Needs): Route[] {
  const over = (asked: Asked) =>
    pages.show(asked, errorPage(pages.chrome(asked, '/activate'), { kind: 'expired', homeHref: '/' }), {
      status: 410,
    })

  async function show(
    asked: Asked & { readonly csrf: string },
    token: string,
    problem?: NewPasswordData['problem'],
  ) {
    const person = await activation.look(token)
    if (person === null) return over(asked)
    const text = newPasswordPage(pages.chrome(asked, withQuery('/activate', { token })), {
      action: '/activate',
      csrf: asked.csrf,
      hidden: { token },
      purpose: 'activate',
      identifier: person.email ?? person.name,
      minimumLength: minimum,
      ...(problem === undefined ? {} : { problem }),
    })
    return pages.show(asked, text, { status: problem === undefined ? 200 : 422 })
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
      (asked) => show(asked, asked.query.token),
    ),
    page({ method: 'POST', path: '/activate', access: 'public', body: ActivateForm }, async (asked) => {
      const { token, password } = asked.body
      await spend(asked.network)
      if (password === '') return show(asked, token, 'missing')
      try {
        await activation.use(token, password)
        return redirect('/sign-in')
      } catch (error) {
        if (isFault(error, 'identity.activation.used')) return over(asked)
        const problem = passwordProblem(error)
        if (problem === null) throw error
        return show(asked, token, problem)
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
  ]
}
