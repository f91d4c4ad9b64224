import { page, redirect, type Route } from '@althing/kernel/http'
import { securityPage } from '@althing/web-account/security.ts'
import type { CodeStanding, Passkey, SecurityData, Tried } from '@althing/web-account/pages.ts'
import { z } from 'zod'
import { readOwn, securityPath } from '../own.ts'
import { Switches, type Pages } from '../pages.ts'

interface Needs {
  readonly pages: Pages
  readonly now: () => Date
  readonly find: (id: string) => Promise<{ readonly name: string; readonly email: string | null } | null>
  readonly hasPassword: (account: string) => Promise<boolean>
  /** How many recovery codes are left; null when the second step is off. */
  readonly codesLeft: (account: string) => Promise<number | null>
  readonly codesOf: (account: string) => Promise<readonly CodeStanding[]>
  readonly passkeysOf: (account: string) => Promise<readonly Passkey[]>
  readonly activityOf: (account: string) => Promise<readonly Tried[]>
}

/** How I prove who I am: my password, my second step, my passkeys, and who has tried to come in. */
export function securityRoute({
  pages,
  now,
  find,
  hasPassword,
  codesLeft,
  codesOf,
  passkeysOf,
  activityOf,
}: Needs): Route {
  return page(
    {
      method: 'GET',
      path: securityPath,
      access: readOwn,
      summary: 'How I prove who I am.',
      query: z.object(Switches),
    },
    async (asked) => {
      const { subject } = asked.caller
      const [person, password, left, codes, passkeys, activity] = await Promise.all([
        find(subject),
        hasPassword(subject),
        codesLeft(subject),
        codesOf(subject),
        passkeysOf(subject),
        activityOf(subject),
      ])
      if (person === null) return redirect('/sign-in')
      const { done } = pages.said<never, SecurityData['done']>(asked, securityPath)
      const data: SecurityData = {
        now: now(),
        csrf: asked.csrf,
        hasPassword: password,
        canHavePassword: person.email !== null,
        twoStep: left === null ? null : { codesLeft: left },
        codes,
        passkeys,
        activity,
        backHref: '/account',
        ...(done === undefined ? {} : { done }),
      }
      return pages.show(asked, securityPage(await pages.own(asked, securityPath, person), data))
    },
  )
}
