import { page, redirect, type Route } from '@althing/kernel/http'
import { changePasswordPage } from '@althing/web-account/change-password.ts'
import type { ChangePasswordData } from '@althing/web-account/pages.ts'
import { z } from 'zod'
import { written } from '../contract.ts'
import { byOf, confirmerOf, manageOwn, securityPath, signInPath, type Formed, type Stale } from '../own.ts'
import { Switches, type Pages } from '../pages.ts'
import type { PasswordChange } from './change.ts'
import { problemOf } from './problem.ts'

interface Needs {
  readonly pages: Pages
  readonly stale: Stale
  readonly find: (id: string) => Promise<{ readonly name: string; readonly email: string | null } | null>
  readonly hasPassword: (account: string) => Promise<boolean>
  /** A second step stands beside it. */
  readonly hasSecondStep: (account: string) => Promise<boolean>
  /** How long one should be that stands alone; null where nothing is advised. */
  readonly advised: number | null
  readonly standsAlone: (password: string) => boolean
  readonly changePassword: PasswordChange['change']
  readonly minimum: number
}

/** Another password, or a first one. */
export function passwordRoutes(needs: Needs): Route[] {
  const { pages, stale, find, hasPassword, hasSecondStep, changePassword, minimum, advised, standsAlone } =
    needs
  const path = '/account/password'
  async function show(asked: Formed, problem?: ChangePasswordData['problem'], status = 200) {
    const { subject } = asked.caller
    const person = await find(subject)
    if (person?.email == null) return redirect(securityPath)
    const hasOne = await hasPassword(subject)
    // Who has one shows it on this very page; a first one needs another proof.
    const first = hasOne ? null : stale(asked, path)
    if (first !== null) return first
    const text = changePasswordPage(await pages.own(asked, pages.saying(asked, path, { problem }), person), {
      action: path,
      csrf: asked.csrf,
      identifier: person.email,
      hasOne,
      minimumLength: minimum,
      ...(advised === null || (await hasSecondStep(subject)) ? {} : { advisedLength: advised }),
      backHref: securityPath,
      ...(problem === undefined ? {} : { problem }),
    })
    return pages.show(asked, text, { status })
  }
  return [
    page({ method: 'GET', path, access: manageOwn, query: z.object(Switches) }, (asked) =>
      show(asked, pages.said<ChangePasswordData['problem']>(asked, path).problem),
    ),
    page(
      {
        method: 'POST',
        path,
        access: manageOwn,
        body: z.strictObject({
          username: z.string().max(254).optional(),
          current: written(4096),
          password: written(4096),
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
          const answer = await changePassword(
            { who: confirmerOf(asked), name, email, current, next },
            byOf(asked.caller),
          )
          if (answer.kind === 'ended') return redirect(signInPath)
          if (answer.kind === 'locked') return await show(asked, { field: 'current', kind: 'locked' }, 429)
          if (answer.kind === 'wrong') return await show(asked, { field: 'current', kind: 'wrong' }, 422)
          const isEnough = standsAlone(next) || (await hasSecondStep(subject))
          return pages.tell(asked, securityPath, { done: isEnough ? 'password' : 'passwordAlone' })
        } catch (error) {
          const kind = problemOf(error)
          if (kind === null) throw error
          return show(asked, { field: 'password', kind }, 422)
        }
      },
    ),
  ]
}
