import { page, redirect, type Answer, type Route } from '@althing/kernel/http'
import { isFault } from '@althing/kernel/errors'
import { confirmSecondPage, type ConfirmSecondData } from '@althing/web-account/confirm-second.ts'
import type { EnrolData } from '@althing/web-account/pages.ts'
import { codesPage, enrolPage } from '@althing/web-account/two-step.ts'
import { z } from 'zod'
import {
  byOf,
  confirmerOf,
  hasShownSecond,
  manageOwn,
  securityPath,
  signInPath,
  type Formed,
  type Stale,
} from '../own.ts'
import { ownPath, Switches, withQuery, type Pages } from '../pages.ts'
import type { TwoStep } from './rules.ts'
import { CodeForm, EnrolForm, Return } from './schema.ts'

interface Needs {
  readonly pages: Pages
  readonly now: () => Date
  readonly stale: Stale
  readonly find: (id: string) => Promise<{ readonly name: string; readonly email: string | null } | null>
  readonly twoStep: TwoStep
  readonly sessionCookie: string
}

/** Turning the second step on and off, and recovery codes, which are shown once. */
export function twoStepRoutes({ sessionCookie, ...needs }: Needs): Route[] {
  const { pages, now, stale, find, twoStep } = needs
  const path = '/account/two-step'
  /** Whoever was sent here by what they were doing goes back to it. */
  const backTo = (wanted: string | undefined) => ownPath(wanted) ?? securityPath
  /** Where it is on the address says so: what asks for a second step there may ask again, and hears that it was shown. */
  function onAt(wanted: string | undefined): string {
    const own = ownPath(wanted)
    if (own === null) return securityPath
    const { pathname, searchParams } = new URL(own, 'http://page')
    return withQuery(pathname, { ...Object.fromEntries(searchParams), second: 'on' })
  }
  const here = (wanted: string | undefined) => withQuery(path, { return: ownPath(wanted) ?? undefined })

  async function show(asked: Formed, wanted: string | undefined, problem?: EnrolData['problem']) {
    const { subject, session } = asked.caller
    const person = await find(subject)
    if (person === null || session === undefined) return redirect(signInPath)
    const enrolling = await twoStep.begin(subject, session, person.email ?? person.name)
    if (enrolling === null) return redirect((await twoStep.isOn(subject)) ? onAt(wanted) : here(wanted))
    const text = enrolPage(await pages.own(asked, pages.saying(asked, here(wanted), { problem }), person), {
      action: path,
      csrf: asked.csrf,
      ...(wanted === undefined ? {} : { hidden: { return: wanted } }),
      ...enrolling,
      backHref: backTo(wanted),
      ...(problem === undefined ? {} : { problem }),
    })
    return pages.show(asked, text, { status: problem === undefined ? 200 : 422 })
  }
  /** Sent twice, perhaps, and of two answers the browser kept this one: where the codes were not seen, new ones are made. */
  const notBegun = async (asked: Formed, wanted: string | undefined) =>
    (await twoStep.isOn(asked.caller.subject))
      ? pages.tell(asked, securityPath, { done: 'on' })
      : show(asked, wanted, 'again')
  async function showCodes(
    asked: Formed,
    codes: readonly string[] | null,
    at: string,
    cookie: string | null = null,
  ) {
    const person = await find(asked.caller.subject)
    if (person === null || codes === null) return redirect(securityPath)
    const made = now()
    return pages.show(
      asked,
      codesPage(await pages.own(asked, securityPath, person), { codes, made, doneHref: at }),
      { cookies: cookie === null ? [] : [{ name: sessionCookie, value: cookie }] },
    )
  }
  return [
    page(
      { method: 'GET', path, access: manageOwn, query: z.object({ ...Switches, ...Return }) },
      async (asked) => {
        const { return: wanted } = asked.query
        return (
          stale(asked, here(wanted)) ??
          show(asked, wanted, pages.said<EnrolData['problem']>(asked, path).problem)
        )
      },
    ),
    page({ method: 'POST', path, access: manageOwn, body: EnrolForm }, async (asked) => {
      const { code, return: wanted } = asked.body
      const old = stale(asked, here(wanted))
      if (old !== null) return old
      if (code.trim() === '') return show(asked, wanted, 'missing')
      try {
        const { codes, cookie } = await twoStep.confirm(asked.caller.subject, code, byOf(asked.caller))
        return await showCodes(asked, codes, onAt(wanted), cookie)
      } catch (error) {
        if (isFault(error, 'identity.two-step.wrong_code')) return show(asked, wanted, 'wrong')
        if (isFault(error, 'identity.two-step.not_begun')) return notBegun(asked, wanted)
        throw error
      }
    }),
    ...weakeningRoutes(needs, showCodes),
  ]
}

type Asked = Formed & { readonly body: z.output<typeof CodeForm> }
type ShowCodes = (asked: Formed, codes: readonly string[] | null, at: string) => Promise<Answer<undefined>>

/**
 * Turning it off, and codes in place of those before: the one leaves the password alone, the others are a way in for whoever sees them.
 * Each asks for the factor itself, every time: a session says only that it was shown once (NIST SP 800-63B-4, section 4.1).
 */
function weakeningRoutes(
  { pages, now, stale, find, twoStep }: Omit<Needs, 'sessionCookie'>,
  showCodes: ShowCodes,
): Route[] {
  const acts = {
    async off(asked: Formed) {
      const { caller } = asked
      const wasOn = await twoStep.turnOff(caller.subject, byOf(caller))
      return pages.tell(asked, securityPath, { done: wasOn ? 'off' : 'gone' })
    },
    codes: async (asked: Formed) =>
      showCodes(asked, await twoStep.newCodes(asked.caller.subject, byOf(asked.caller)), securityPath),
  }
  type Act = keyof typeof acts

  async function show(asked: Formed, act: Act, problem?: ConfirmSecondData['problem']) {
    const { subject } = asked.caller
    const [person, isOn] = await Promise.all([find(subject), twoStep.isOn(subject)])
    if (person === null || !isOn) return pages.tell(asked, securityPath, { done: 'gone' })
    const path = pathOf(act)
    const text = confirmSecondPage(await pages.own(asked, pages.saying(asked, path, { problem }), person), {
      act,
      action: path,
      csrf: asked.csrf,
      isShown: hasShownSecond(asked.caller, now()),
      otherHref: withQuery('/sign-in/again', { return: path }),
      backHref: securityPath,
      ...(problem === undefined ? {} : { problem }),
    })
    return pages.show(asked, text, { status: problem === undefined ? 200 : statusOf(problem) })
  }

  async function confirm(asked: Asked, act: Act) {
    const { body, caller } = asked
    if (!(await twoStep.isOn(caller.subject)) || hasShownSecond(caller, now())) return acts[act](asked)
    if (body.code.trim() === '') return show(asked, act, 'missing')
    const { kind } = await twoStep.show(confirmerOf(asked), body.code)
    if (kind === 'ended') return redirect(signInPath)
    return kind === 'right' ? acts[act](asked) : show(asked, act, kind)
  }

  return (['off', 'codes'] as const).flatMap((act) => [
    page(
      { method: 'GET', path: pathOf(act), access: manageOwn, query: z.object(Switches) },
      async (asked) =>
        stale(asked, pathOf(act)) ??
        show(asked, act, pages.said<ConfirmSecondData['problem']>(asked, pathOf(act)).problem),
    ),
    page(
      { method: 'POST', path: pathOf(act), access: manageOwn, body: CodeForm },
      async (asked) => stale(asked, pathOf(act)) ?? confirm(asked, act),
    ),
  ])
}

const pathOf = (act: string) => `/account/two-step/${act}`
const statusOf = (problem: ConfirmSecondData['problem']) => (problem === 'locked' ? 429 : 422)
