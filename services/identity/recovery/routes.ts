import { page, redirect, type Route } from '@althing/kernel/http'
import { isFault } from '@althing/kernel/errors'
import { newPasswordPage } from '@althing/web-signin/new-password.ts'
import { recoverPage, recoverSentPage } from '@althing/web-signin/recover.ts'
import type { NewPasswordData, RecoverData } from '@althing/web-signin/pages.ts'
import { z } from 'zod'
import { Switches, used, withQuery, type Asked, type Pages } from '../pages.ts'
import { Attested, type Gate } from '../gate.ts'
import type { Recovery } from './rules.ts'
import { AskForm, PasswordForm } from './schema.ts'

type Formed = Asked & { readonly csrf: string }

interface Needs {
  readonly recovery: Recovery
  readonly pages: Pages
  readonly gate: Gate
  readonly minimum: number
  /** A password beside which something else is asked for does not stand alone. */
  readonly hasSecondStep: (account: string) => Promise<boolean>
  /** How long one should be that stands alone; null where nothing is advised. */
  readonly advised: number | null
  /** Why a password is not taken, as the page says it; null for any other error. */
  readonly passwordProblem: (error: unknown) => NewPasswordData['problem'] | null
  readonly isAddress: (text: string) => boolean
  readonly spend: (network: string) => Promise<void>
}

// Public, all of it: who asks has forgotten what would tell us who they are; later the token is the proof.
export const recoveryRoutes = (needs: Needs): Route[] => [...askingRoutes(needs), ...choosingRoutes(needs)]

function askingRoutes({ recovery, pages, gate, isAddress }: Needs): Route[] {
  function show(asked: Formed, more: Pick<RecoverData, 'email' | 'problem'> = {}, status = 200) {
    const { email, problem } = more
    const at = pages.saying(asked, '/recover', {
      problem,
      ...(email === undefined ? {} : { values: { email } }),
    })
    const text = recoverPage(pages.chrome(asked, at), {
      action: '/recover',
      csrf: asked.csrf,
      signInHref: '/sign-in',
      ...gate.widgetFor('recover'),
      ...more,
    })
    return pages.show(asked, text, { status, widgets: gate.widgets })
  }
  return [
    page(
      {
        method: 'GET',
        path: '/recover',
        access: 'public',
        summary: 'I forgot my password.',
        query: z.object(Switches),
      },
      (asked) => {
        const { problem, values = {} } = pages.said<NonNullable<RecoverData['problem']>>(asked, '/recover')
        return show(asked, {
          ...(problem === undefined ? {} : { problem }),
          ...(values['email'] === undefined ? {} : { email: values['email'] }),
        })
      },
    ),
    page(
      { method: 'POST', path: '/recover', access: 'public', body: AskForm.extend(Attested) },
      async (asked) => {
        const { email } = asked.body
        const stopped = await gate.stops(asked, 'recover')
        if (stopped !== null) return show(asked, { email, problem: stopped.problem }, stopped.status)
        if (!isAddress(email)) return show(asked, { email, problem: 'address' }, 422)
        try {
          await recovery.ask(email, asked.network)
        } catch (error) {
          if (isFault(error, 'kernel.limits.too_many'))
            return show(asked, { email, problem: 'too_many' }, 429)
          throw error
        }
        return redirect('/recover/sent')
      },
    ),
    page({ method: 'GET', path: '/recover/sent', access: 'public', query: z.object(Switches) }, (asked) =>
      pages.show(
        asked,
        recoverSentPage(pages.chrome(asked, '/recover/sent'), {
          againHref: '/recover',
          signInHref: '/sign-in',
        }),
      ),
    ),
  ]
}

function choosingRoutes(needs: Needs): Route[] {
  const { recovery, pages, minimum, advised, passwordProblem, hasSecondStep, spend } = needs
  const place = '/recover/password'
  const over = (asked: Asked) => used(pages, asked, '/recover')

  async function show(asked: Formed, token: string, problem?: NewPasswordData['problem']) {
    const person = await recovery.look(token)
    if (person === null) return over(asked)
    const text = newPasswordPage(
      pages.chrome(asked, pages.saying(asked, withQuery(place, { token }), { problem })),
      {
        action: place,
        csrf: asked.csrf,
        hidden: { token },
        purpose: 'recover',
        identifier: person.email,
        minimumLength: minimum,
        ...(advised === null || (await hasSecondStep(person.id)) ? {} : { advisedLength: advised }),
        ...(problem === undefined ? {} : { problem }),
      },
    )
    return pages.show(asked, text, { status: problem === undefined ? 200 : 422 })
  }

  return [
    page(
      {
        method: 'GET',
        path: place,
        access: 'public',
        query: z.object({ ...Switches, token: z.string().max(100).default('') }),
      },
      (asked) => {
        const { problem } = pages.said<NewPasswordData['problem']>(asked, place)
        return show(asked, asked.query.token, problem)
      },
    ),
    page({ method: 'POST', path: place, access: 'public', body: PasswordForm }, async (asked) => {
      const { token, password } = asked.body
      await spend(asked.network)
      if (password === '') return show(asked, token, 'missing')
      try {
        await recovery.use(token, password)
        return pages.tell(asked, '/sign-in', { done: 'password' })
      } catch (error) {
        if (isFault(error, 'identity.recovery.used')) return over(asked)
        const problem = passwordProblem(error)
        if (problem === null) throw error
        return show(asked, token, problem)
      }
    }),
  ]
}
