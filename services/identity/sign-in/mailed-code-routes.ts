import { page, redirect, type Answer, type Route } from '@althing/kernel/http'
import { mailedCodePage } from '@althing/web-signin/mailed-code.ts'
import { waysPage } from '@althing/web-signin/second-ways.ts'
import type { SignInProblem } from '@althing/web-signin/pages.ts'
import { z } from 'zod'
import { expired, Switches, withQuery } from '../pages.ts'
import type { Channel, CodeSent, CodeWay } from '../proofs.ts'
import type { Kept } from './attempts.ts'
import { deviceCookie } from './devices.ts'
import { ChannelForm, MailedCodeForm, MailedStep, Step } from './schema.ts'
import { askerOf, isAnother } from './second-step.ts'
import { hiddenOf, type Formed, type House, type Live, type Needs } from './shared-routes.ts'

export const waysPath = '/sign-in/ways'
const path = '/sign-in/mailed-code'

/** What this sign-in may show as its second step: nothing that its first has shown already. */
export function createSteps<S extends Live>({ secondStepsOf }: Pick<Needs<S>, 'secondStepsOf'>) {
  return async function stepsOf({ attempt: { account, proven } }: Kept) {
    if (account === null) return { hasApplication: false, codes: [], isSameMailbox: false, isNoneLeft: false }
    const { hasApplication, codes, hasPasskey } = await secondStepsOf(account)
    const isNoneLeft = !hasApplication && !hasPasskey && codes.length === 0
    const others = codes.filter(({ channel }) => isAnother(proven[0], channel))
    return { hasApplication, codes: others, isSameMailbox: others.length < codes.length, isNoneLeft }
  }
}

/** The second step by a code that is sent: which way, then the code. Only a button sends, so no reload and no scanner does. */
export function mailedCodeRoutes<S extends Live>(needs: Needs<S>, house: House<S>): Route[] {
  const { pages, signIn } = needs
  const { stepsOf, showWays, showCode } = createShown(needs, house)

  /** Null when there is no such sign-in, or nothing of it was proven: then it begins at its beginning. */
  async function stepOf(asked: Formed, name: string): Promise<(Kept & { account: string }) | null> {
    const kept = await house.attemptOf(asked, name)
    const account = kept?.attempt.account ?? null
    return kept === null || account === null || kept.attempt.proven.length === 0 ? null : { ...kept, account }
  }

  const senderOf = ({ network, cookies }: Formed, account: string) => ({
    network,
    device: needs.devices.recognise(cookies[deviceCookie], account),
  })

  const wayOf = async (kept: Kept, channel: Channel | undefined) =>
    (await stepsOf(kept)).codes.find((way) => way.channel === channel)

  /** Sent too often: the last one may be in hand. Whatever else is wrong is told where the other ways are. */
  async function refuse(
    asked: Formed,
    kept: Kept & { account: string },
    way: CodeWay,
    problem: SignInProblem,
  ) {
    const hasCode =
      problem.kind === 'sends' &&
      (await needs.codeState(askerOf(kept, kept.account), way.channel)) === 'waiting'
    return hasCode ? showCode(asked, kept, way, problem) : showWays(asked, kept, problem)
  }

  return [
    page(
      {
        method: 'GET',
        path: waysPath,
        access: 'public',
        query: z.object({ ...Switches, ...Step }),
      },
      async (asked) => {
        const { attempt } = asked.query
        const kept = await stepOf(asked, attempt)
        if (kept === null) return redirect('/sign-in')
        if ((await stepsOf(kept)).isNoneLeft) return house.anew(asked, kept)
        return showWays(asked, kept, pages.said<SignInProblem>(asked, waysPath).problem)
      },
    ),
    page({ method: 'POST', path: `${path}/send`, access: 'public', body: ChannelForm }, async (asked) => {
      const { attempt, channel } = asked.body
      const kept = await stepOf(asked, attempt)
      if (kept === null) return expired(pages, asked)
      const way = await wayOf(kept, channel)
      if (way === undefined) return redirect(withQuery(waysPath, { attempt }))
      const problem = problemOf(
        await needs.sendCode(askerOf(kept, kept.account), channel, senderOf(asked, kept.account)),
      )
      return problem === undefined
        ? redirect(withQuery(path, { attempt, channel }))
        : refuse(asked, kept, way, problem)
    }),
    page(
      { method: 'GET', path, access: 'public', query: z.object({ ...Switches, ...MailedStep }) },
      async (asked) => {
        const { attempt, channel } = asked.query
        const kept = await stepOf(asked, attempt)
        if (kept === null) return redirect('/sign-in')
        const way = await wayOf(kept, channel)
        if (way === undefined) return redirect(withQuery(waysPath, { attempt }))
        return showCode(asked, kept, way, pages.said<SignInProblem>(asked, path).problem)
      },
    ),
    page({ method: 'POST', path, access: 'public', body: MailedCodeForm }, async (asked) => {
      const { attempt, channel, code } = asked.body
      const kept = await stepOf(asked, attempt)
      if (kept === null) return expired(pages, asked)
      const way = await wayOf(kept, channel)
      if (way === undefined) return redirect(withQuery(waysPath, { attempt }))
      if (code.trim() === '') return showCode(asked, kept, way, { kind: 'missing', fields: ['code'] })
      const state = await needs.codeState(askerOf(kept, kept.account), channel)
      // Nothing is there to be guessed at, so no guess is counted against somebody who was slow.
      if (state === 'gone') return showCode(asked, kept, way, { kind: 'code_gone' })
      if (state === 'used_up') return showWays(asked, kept, { kind: 'used_up' })
      const answer = await signIn.withMailedCode(kept, channel, code, await house.visitor(asked))
      return house.lead(asked, answer, kept, async (problem) => {
        const isOver = (await needs.codeState(askerOf(kept, kept.account), channel)) === 'used_up'
        return isOver ? showWays(asked, kept, { kind: 'used_up' }) : showCode(asked, kept, way, problem)
      })
    }),
  ]
}

function createShown<S extends Live>(needs: Needs<S>, house: House<S>) {
  const { pages } = needs
  const stepsOf = createSteps(needs)

  /** Where three were wrong no other is offered; where one is under way it can be entered. */
  async function openOf(kept: Kept, ways: readonly CodeWay[]) {
    const asker = askerOf(kept, kept.attempt.account ?? '')
    const states = await Promise.all(ways.map(({ channel }) => needs.codeState(asker, channel)))
    return {
      open: ways.filter((_, n) => states[n] !== 'used_up'),
      waiting: ways.find((_, n) => states[n] === 'waiting')?.channel,
    }
  }

  async function showWays(asked: Formed, kept: Kept, problem?: SignInProblem): Promise<Answer<undefined>> {
    const { name, place, account } = kept.attempt
    const target = { csrf: asked.csrf, hidden: { attempt: name } }
    const [steps, options] = await Promise.all([stepsOf(kept), needs.passkeyOptions(account ?? undefined)])
    const { open, waiting } = await openOf(kept, steps.codes)
    const text = () =>
      waysPage(
        pages.chrome(asked, pages.saying(asked, withQuery(waysPath, { attempt: name }), { problem })),
        {
          action: `${path}/send`,
          ...target,
          codes: open,
          isSameMailbox: steps.isSameMailbox,
          otherHref: withQuery('/sign-in', hiddenOf(place)),
          passkey: { action: '/sign-in/passkey', ...target, options },
          // One that seemed not to go out may have come all the same.
          ...(waiting === undefined
            ? {}
            : { enterHref: withQuery(path, { attempt: name, channel: waiting }) }),
          ...(steps.hasApplication ? { applicationHref: withQuery('/sign-in/code', { attempt: name }) } : {}),
          ...(problem === undefined ? {} : { problem }),
        },
      )
    return house.show(asked, place, text, problem)
  }

  async function showCode(asked: Formed, kept: Kept, { channel, to }: CodeWay, problem?: SignInProblem) {
    const { name, place } = kept.attempt
    const target = { csrf: asked.csrf, hidden: { attempt: name, channel } }
    const text = () =>
      mailedCodePage(
        pages.chrome(asked, pages.saying(asked, withQuery(path, { attempt: name, channel }), { problem })),
        {
          action: path,
          ...target,
          channel,
          to,
          again: { action: `${path}/send`, ...target },
          waysHref: withQuery(waysPath, { attempt: name }),
          otherHref: withQuery('/sign-in', hiddenOf(place)),
          ...(problem === undefined ? {} : { problem }),
        },
      )
    return house.show(asked, place, text, problem)
  }

  return { stepsOf, showWays, showCode }
}

function problemOf(sent: CodeSent): SignInProblem | undefined {
  if (sent.kind === 'sent') return undefined
  // A number that was proven when others were allowed as well: for its owner it is out of reach.
  if (sent.kind === 'foreign') return { kind: 'unreachable' }
  return sent.kind === 'too_many'
    ? { kind: 'sends', retryAfterSeconds: sent.retryAfterSeconds }
    : { kind: sent.kind }
}
