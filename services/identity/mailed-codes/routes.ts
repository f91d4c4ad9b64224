import { page, redirect, type Answer, type Route } from '@althing/kernel/http'
import { isFault } from '@althing/kernel/errors'
import { removalPage } from '@althing/web-account/removal.ts'
import { provePhonePage } from '@althing/web-account/prove-phone.ts'
import type { ProvePhoneData } from '@althing/web-account/pages.ts'
import { z } from 'zod'
import { byOf, confirmerOf, manageOwn, securityPath, signInPath, type Formed, type Stale } from '../own.ts'
import { Switches, withQuery, type Pages } from '../pages.ts'
import type { CodeSent } from '../proofs.ts'
import type { CodeFactors } from './factors.ts'
import { ChannelForm, CodeForm, Empty } from './schema.ts'

interface Needs {
  readonly pages: Pages
  readonly stale: Stale
  /** For what weakens an account: the proof was made for it. */
  readonly moment: Stale
  readonly find: (id: string) => Promise<{ readonly name: string } | null>
  readonly factors: CodeFactors
  /** Whether codes of an application are a second step. */
  readonly hasApplication: (account: string) => Promise<boolean>
}

const path = '/account/phone'

/** Codes by mail and text message, turned on and off; and a telephone, proven by a code that has reached it. */
export const mailedCodeOwnRoutes = (needs: Needs): Route[] => [...switchRoutes(needs), ...phoneRoutes(needs)]

function switchRoutes(needs: Needs): Route[] {
  const { pages, stale, factors } = needs
  return [
    page(
      { method: 'POST', path: '/account/codes/on', access: manageOwn, body: ChannelForm },
      async (asked) => {
        const old = stale(asked, securityPath)
        if (old !== null) return old
        try {
          await factors.turnOn(asked.caller.subject, asked.body.channel, byOf(asked.caller))
          return pages.tell(asked, securityPath, { done: 'codes' })
        } catch (error) {
          // The page says what is missing, and how to get it.
          if (isFault(error) && error.code.startsWith('identity.mailed-codes.')) return redirect(securityPath)
          throw error
        }
      },
    ),
    ...offRoutes(needs),
  ]
}

function offRoutes({ pages, moment, find, factors, hasApplication }: Needs): Route[] {
  const off = '/account/codes/off'
  const at = (channel: string) => withQuery(off, { channel })
  return [
    page(
      {
        method: 'GET',
        path: off,
        access: manageOwn,
        summary: 'What follows when codes that are sent are turned off.',
        query: z.object({ ...Switches, channel: z.string().max(10).default('') }),
      },
      async (asked) => {
        const { subject } = asked.caller
        const [person, standing, application] = await Promise.all([
          find(subject),
          factors.standingOf(subject),
          hasApplication(subject),
        ])
        const on = standing.filter(({ isOn }) => isOn)
        const gone = on.find(({ channel }) => channel === asked.query.channel)
        if (person === null || gone === undefined) return pages.tell(asked, securityPath, { done: 'gone' })
        const { channel } = gone
        const old = moment(asked, at(channel))
        if (old !== null) return old
        const text = removalPage(await pages.own(asked, at(channel), person), {
          act: channel,
          name: gone.to ?? '',
          remaining: [
            ...(application ? [{ kind: 'application' as const }] : []),
            ...on.filter((one) => one !== gone).map((one) => ({ kind: one.channel, name: one.to ?? '' })),
          ],
          action: off,
          csrf: asked.csrf,
          hidden: { channel },
          backHref: securityPath,
        })
        return pages.show(asked, text)
      },
    ),
    page({ method: 'POST', path: off, access: manageOwn, body: ChannelForm }, async (asked) => {
      const { caller, body } = asked
      const old = moment(asked, at(body.channel))
      if (old !== null) return old
      const wasOn = await factors.turnOff(caller.subject, body.channel, byOf(caller))
      return pages.tell(asked, securityPath, { done: wasOn ? 'codesOff' : 'gone' })
    }),
  ]
}

type Problem = NonNullable<ProvePhoneData['problem']>

function phoneRoutes({ pages, stale, moment, find, factors }: Needs): Route[] {
  /** Only a number that waits to be proven has such a page. */
  async function show(asked: Formed & { caller: Parameters<typeof byOf>[0] }, problem?: Problem) {
    const { subject } = asked.caller
    const [person, standing] = await Promise.all([find(subject), factors.standingOf(subject)])
    const phone = standing.find(({ channel }) => channel === 'sms')?.unproven ?? null
    if (person === null || phone === null) return redirect(securityPath)
    const state = await factors.phoneState(subject, byOf(asked.caller))
    const text = provePhonePage(await pages.own(asked, pages.saying(asked, path, { problem }), person), {
      action: path,
      sendAction: `${path}/send`,
      csrf: asked.csrf,
      phone,
      isWaiting: state === 'waiting',
      backHref: securityPath,
      ...(problem === undefined ? {} : { problem }),
    })
    return pages.show(asked, text, { status: problem === undefined ? 200 : statusOf(problem) })
  }

  /**
   * The first telephone adds to an account; another takes the place of a factor that stands. Asked for where the code is: it serves
   * this session alone and needs its time to arrive.
   */
  async function before(asked: Formed) {
    const standing = await factors.standingOf(asked.caller.subject)
    const isReplaced = standing.some(({ channel, to }) => channel === 'sms' && to !== null)
    return isReplaced ? moment(asked, path) : stale(asked, path)
  }

  async function prove(asked: Formed & { caller: Parameters<typeof byOf>[0] }, code: string) {
    const { caller } = asked
    try {
      const { kind } = await factors.provePhone(confirmerOf(asked), code, byOf(caller))
      if (kind === 'ended') return redirect(signInPath)
      return await (kind === 'locked'
        ? show(asked, 'locked')
        : pages.tell(asked, securityPath, { done: 'phone' }))
    } catch (error) {
      if (!isFault(error, 'identity.mailed-codes.wrong_code')) throw error
      const isOver = (await factors.phoneState(caller.subject, byOf(caller))) === 'used_up'
      return show(asked, isOver ? 'used_up' : 'wrong')
    }
  }

  return [
    page(
      { method: 'GET', path, access: manageOwn, query: z.object(Switches) },
      async (asked) => stale(asked, path) ?? show(asked, pages.said<Problem>(asked, path).problem),
    ),
    page({ method: 'POST', path: `${path}/send`, access: manageOwn, body: Empty }, async (asked) => {
      const old = await before(asked)
      if (old !== null) return old
      try {
        const sent = await factors.askPhone(asked.caller.subject, asked.network, byOf(asked.caller))
        return await (sent.kind === 'sent' ? redirect(path) : show(asked, problemOf(sent)))
      } catch (error) {
        if (isFault(error, 'identity.mailed-codes.not_offered')) return redirect(securityPath)
        throw error
      }
    }),
    page(
      { method: 'POST', path, access: manageOwn, body: CodeForm },
      async (asked): Promise<Answer<undefined>> => {
        const old = stale(asked, path)
        if (old !== null) return old
        if (asked.body.code.trim() === '') return show(asked, 'missing')
        const state = await factors.phoneState(asked.caller.subject, byOf(asked.caller))
        return state === 'waiting' ? prove(asked, asked.body.code) : show(asked, state)
      },
    ),
  ]
}

const problemOf = ({ kind }: Exclude<CodeSent, { kind: 'sent' }>): Problem =>
  kind === 'too_many' ? 'sends' : kind === 'sent' ? 'gone' : kind

function statusOf(problem: Problem): number {
  if (problem === 'unavailable') return 503
  return problem === 'sends' || problem === 'locked' ? 429 : 422
}
