import { page, redirect, type Route } from '@althing/kernel/http'
import { isFault } from '@althing/kernel/errors'
import { codesPage, enrolPage } from '@althing/web-account/two-step.ts'
import { z } from 'zod'
import { byOf, manageOwn, securityPath, type Formed, type Stale } from '../own.ts'
import { Switches, withQuery, type Pages } from '../pages.ts'
import type { TwoStep } from './rules.ts'
import { CodeForm } from './schema.ts'

interface Needs {
  readonly pages: Pages
  readonly now: () => Date
  readonly stale: Stale
  readonly find: (id: string) => Promise<{ readonly name: string; readonly email: string | null } | null>
  readonly twoStep: TwoStep
}

/** Turning the second step on and off, and recovery codes, which are shown once. */
export function twoStepRoutes({ pages, now, stale, find, twoStep }: Needs): Route[] {
  const path = '/account/two-step'
  async function show(asked: Formed, problem?: 'missing' | 'wrong') {
    const { subject } = asked.caller
    const person = await find(subject)
    const enrolling = person === null ? null : await twoStep.begin(subject, person.email ?? person.name)
    if (person === null || enrolling === null) return redirect(securityPath)
    const text = enrolPage(pages.chrome(asked, path, person), {
      action: path,
      csrf: asked.csrf,
      ...enrolling,
      backHref: securityPath,
      ...(problem === undefined ? {} : { problem }),
    })
    return pages.show(asked, text, { status: problem === undefined ? 200 : 422 })
  }
  async function showCodes(asked: Formed, codes: readonly string[] | null, at: string) {
    const person = await find(asked.caller.subject)
    if (person === null || codes === null) return redirect(securityPath)
    const made = now()
    return pages.show(
      asked,
      codesPage(pages.chrome(asked, securityPath, person), { codes, made, doneHref: at }),
    )
  }
  return [
    page(
      { method: 'GET', path, access: manageOwn, query: z.object(Switches) },
      async (asked) => stale(asked, path) ?? show(asked),
    ),
    page({ method: 'POST', path, access: manageOwn, body: CodeForm }, async (asked) => {
      const old = stale(asked, path)
      if (old !== null) return old
      if (asked.body.code.trim() === '') return show(asked, 'missing')
      try {
        const { subject } = asked.caller
        return await showCodes(
          asked,
          await twoStep.confirm(subject, asked.body.code, byOf(asked.caller)),
          securityPath,
        )
      } catch (error) {
        if (isFault(error, 'identity.two-step.wrong_code')) return show(asked, 'wrong')
        if (isFault(error, 'identity.two-step.not_begun')) return redirect(securityPath)
        throw error
      }
    }),
    page(
      { method: 'POST', path: '/account/two-step/codes', access: manageOwn, body: z.strictObject({}) },
      async (asked) =>
        stale(asked, securityPath) ??
        showCodes(asked, await twoStep.newCodes(asked.caller.subject, byOf(asked.caller)), securityPath),
    ),
    page(
      { method: 'POST', path: '/account/two-step/off', access: manageOwn, body: z.strictObject({}) },
      async (asked) => {
        const old = stale(asked, securityPath)
        if (old !== null) return old
        await twoStep.turnOff(asked.caller.subject, byOf(asked.caller))
        return redirect(withQuery(securityPath, { done: 'off' }))
      },
    ),
  ]
}
