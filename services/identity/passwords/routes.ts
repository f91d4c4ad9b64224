import { page, redirect, type Route } from '@althing/kernel/http'
import { changePasswordPage } from '@althing/web-account/change-password.ts'
import type { ChangePasswordData } from '@althing/web-account/pages.ts'
import { z } from 'zod'
import { byOf, manageOwn, securityPath, type Formed, type Stale } from '../own.ts'
import { Switches, withQuery, type Pages } from '../pages.ts'
import type { PasswordChange } from './change.ts'
import { problemOf } from './problem.ts'

interface Needs {
  readonly pages: Pages
  readonly stale: Stale
  readonly find: (id: string) => Promise<{ readonly name: string; readonly email: string | null } | null>
  readonly hasPassword: (account: string) => Promise<boolean>
  readonly changePassword: PasswordChange['change']
  readonly minimum: number
}

/** Another password, or a first one. */
export function passwordRoutes({ pages, stale, find, hasPassword, changePassword, minimum }: Needs): Route[] {
  const path = '/account/password'
  async function show(asked: Formed, problem?: ChangePasswordData['problem'], status = 200) {
    const { subject } = asked.caller
    const person = await find(subject)
    if (person?.email == null) return redirect(securityPath)
    const hasOne = await hasPassword(subject)
    // Who has one shows it on this very page; a first one needs another proof.
    const first = hasOne ? null : stale(asked, path)
    if (first !== null) return first
    const text = changePasswordPage(pages.chrome(asked, path, person), {
      action: path,
      csrf: asked.csrf,
      identifier: person.email,
      hasOne,
      minimumLength: minimum,
      backHref: securityPath,
      ...(problem === undefined ? {} : { problem }),
    })
    return pages.show(asked, text, { status })
  }
  return [
    page({ method: 'GET', path, access: manageOwn, query: z.object(Switches) }, (asked) => show(asked)),
    page(
      {
        method: 'POST',
        path,
        access: manageOwn,
        body: z.strictObject({
          username: z.string().max(254).optional(),
          current: z.string().max(4096).default(''),
          password: z.string().max(4096).default(''),
        }),
      },
      async (asked) => {
        const { subject } = asked.caller
        const { current, password: next } = asked.body
        const person = await find(subject)
        const hasOne = await hasPassword(subject)
        const first = hasOne ? null : stale(asked, path)
        if (person?.email == null || first !== null) return first ?? redirect(securityPath)
        if (hasOne && current === '') return show(asked, { field: 'current', kind: 'missing' }, 422)
        if (next === '') return show(asked, { field: 'password', kind: 'missing' }, 422)
        try {
          const { name, email } = person
          const { network } = asked
          const answer = await changePassword(
            { account: subject, name, email, current, next, network },
            byOf(asked.caller),
          )
          if (answer.kind === 'locked') return await show(asked, { field: 'current', kind: 'locked' }, 429)
          if (answer.kind === 'wrong') return await show(asked, { field: 'current', kind: 'wrong' }, 422)
          return redirect(withQuery(securityPath, { done: 'password' }))
        } catch (error) {
          const kind = problemOf(error)
          if (kind === null) throw error
          return show(asked, { field: 'password', kind }, 422)
        }
      },
    ),
  ]
}
