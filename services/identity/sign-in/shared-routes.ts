/** What all steps of signing in have in common: who is at the door, what frames a page, and where an answer leads. */
import { redirect, withCookies, type Answer, type Cookie } from '@althing/kernel/http'
import type { SignInProblem } from '@althing/web-signin/pages.ts'
import { deviceOf } from '../device-names.ts'
import { expired, ownPath, withQuery, type Asked, type Pages } from '../pages.ts'
import type { Asker, Channel, CodeSent, CodeState, CodeWay, Sender } from '../proofs.ts'
import type { Gate } from '../gate.ts'
import type { Agreeing } from './agreeing.ts'
import { createArrival, type Conversation, type Question } from './arrival.ts'
import { attemptCookie, attemptPath, type Attempts, type Kept } from './attempts.ts'
import type { Slowed } from './counted.ts'
import { deviceCookie, type Devices } from './devices.ts'
import type { Answered, Visitor } from './answers.ts'
import type { SignIn } from './rules.ts'
import type { Place } from './schema.ts'

export interface Live {
  readonly id: string
  readonly account: string
  readonly acr: string
  readonly amr: readonly string[]
  readonly authTime: Date
}

export interface Needs<S extends Live> {
  readonly pages: Pages
  readonly gate: Gate
  readonly attempts: Attempts
  readonly signIn: SignIn<S>
  readonly conversation: Conversation
  readonly sessionOf: (cookies: Asked['cookies']) => Promise<S | null>
  /** What is shown of a question that is over. */
  readonly over: (asked: Asked, interaction: string) => Promise<Answer<undefined>>
  readonly clientName: (client: string) => Promise<string | undefined>
  /** The address by which somebody signs in, to be shown to themselves. */
  readonly addressOf: (account: string) => Promise<string>
  /** Where the eID's pages are; nothing when none is configured. */
  readonly eidOrigins: readonly string[] | undefined
  /** Other providers, by the name on their button. */
  readonly connectors: readonly { readonly id: string; readonly name: string; readonly origin: string }[]
  readonly sessionCookie: string
  readonly devices: Devices
  readonly agreeing: Agreeing
  /** As JSON, for the script; `account` when the first step is done and only that one's passkeys will do. */
  readonly passkeyOptions: (account?: string) => Promise<string>
  /** What an account takes as its second step: an application, codes that are sent, a passkey. */
  readonly secondStepsOf: (account: string) => Promise<{
    readonly hasApplication: boolean
    readonly codes: readonly CodeWay[]
    readonly hasPasskey: boolean
  }>
  readonly sendCode: (asker: Asker, channel: Channel, from: Sender) => Promise<CodeSent>
  readonly codeState: (asker: Asker, channel: Channel) => Promise<CodeState>
  readonly sendLink: (identifier: string, place: Place, network: string) => Promise<void>
  /** Null when one more sign-in may begin from this network. */
  readonly mayBegin: (network: string) => Promise<Slowed | null>
  readonly lookAtLink: (token: string) => Promise<{ readonly email: string } | null>
}

export type Formed = Asked & { readonly csrf: string; readonly network: string }

export function createHouse<S extends Live>(needs: Needs<S>) {
  const { pages, attempts, conversation, sessionOf } = needs
  const arrive = createArrival(needs)

  const visitor = async (asked: Formed): Promise<Visitor<S>> => ({
    network: asked.network,
    device: deviceOf(asked.headers['user-agent']),
    known: asked.cookies[deviceCookie],
    current: await sessionOf(asked.cookies),
  })

  /** Null when the application's question is over, or was begun in another browser. */
  async function questionOf(asked: Asked, { interaction }: Place): Promise<Question | undefined | null> {
    if (interaction === undefined) return undefined
    const question = await conversation.question(interaction, asked.cookies)
    return question?.kind === 'login' ? question : null
  }

  async function show(
    asked: Asked,
    place: Place,
    text: (client: string | undefined, question: Question | undefined) => string | Promise<string>,
    problem?: SignInProblem,
    widgets: readonly string[] = [],
  ): Promise<Answer<undefined>> {
    const question = await questionOf(asked, place)
    if (question === null) return needs.over(asked, place.interaction ?? '')
    const client = question === undefined ? undefined : await needs.clientName(question.client)
    const retry =
      problem !== undefined && 'retryAfterSeconds' in problem ? problem.retryAfterSeconds : undefined
    return pages.show(asked, await text(client, question), {
      status: statusOf(problem),
      widgets,
      headers: retry === undefined ? {} : { 'retry-after': String(Math.ceil(retry)) },
      formAction: [
        ...(needs.eidOrigins ?? []),
        ...needs.connectors.map(({ origin }) => origin),
        ...(question?.redirectOrigin == null ? [] : [question.redirectOrigin]),
      ],
    })
  }

  /** The attempt of this browser; null when it is over. */
  const attemptOf = (asked: Asked, name: string) => attempts.find(name, asked.cookies)

  async function lead(
    asked: Formed,
    answer: Answered,
    kept: Kept | null,
    again: (problem: SignInProblem) => Promise<Answer<undefined>>,
    cookies: readonly Cookie[] = [],
  ): Promise<Answer<undefined>> {
    if (answer.kind === 'expired') return expired(pages, asked)
    if (answer.kind === 'in') {
      const arrived = await arrive(answer, answer.place, asked)
      const gone = kept === null ? [] : [goneCookie(kept)]
      return arrived === null ? expired(pages, asked) : withCookies(arrived, gone)
    }
    if (answer.kind === 'blocked')
      return redirect(begin(asked, answer.place, 'unusual'), {
        cookies: kept === null ? [] : [goneCookie(kept)],
      })
    if (answer.kind === 'next')
      return redirect(withQuery(`/sign-in/${answer.step}`, { attempt: kept?.attempt.name }), { cookies })
    const { kind, ...rest } = answer
    return withCookies(await again({ kind, ...rest }), cookies)
  }

  /** What it asks for was taken away meanwhile: it can come to no end, and whoever stands there is told so where they begin again. */
  async function anew(asked: Formed, kept: Kept): Promise<Answer<undefined>> {
    await attempts.end(kept)
    return redirect(begin(asked, kept.attempt.place, 'reset'), { cookies: [goneCookie(kept)] })
  }

  /** Why they are there again is sealed for this browser: a link that anybody sends says nothing of somebody's account. */
  const begin = (asked: Formed, place: Place, kind: 'unusual' | 'reset') =>
    pages.saying(asked, withQuery('/sign-in', hiddenOf(place)), { problem: { kind } })

  return { visitor, show, attemptOf, lead, questionOf, anew }
}
export type House<S extends Live> = ReturnType<typeof createHouse<S>>

const goneCookie = ({ attempt }: Kept): Cookie => ({
  name: attemptCookie(attempt.name),
  value: '',
  path: attemptPath,
  maxAgeSeconds: 0,
})

/** Whoever begins again and again would carry a cookie for each time, until no server takes their headers any more. */
export function oldAttempts(cookies: Asked['cookies']): Cookie[] {
  const names = Object.keys(cookies).filter((name) => name.startsWith(attemptCookie('')))
  return names.length < mostAttempts
    ? []
    : names.map((name) => ({ name, value: '', path: attemptPath, maxAgeSeconds: 0 }))
}
const mostAttempts = 5

const statusOf = (problem: SignInProblem | undefined): number =>
  problem === undefined ? 200 : (statuses[problem.kind] ?? 422)

const statuses: Readonly<Partial<Record<SignInProblem['kind'], number>>> = {
  locked: 429,
  too_many: 429,
  sends: 429,
  unavailable: 503,
  attestation: 403,
  attestation_away: 503,
}

/** Only what is there, and only places of our own. */
export function hiddenOf({ interaction, return: back }: Place): Record<string, string> {
  const own = ownPath(back)
  return { ...(interaction === undefined ? {} : { interaction }), ...(own === null ? {} : { return: own }) }
}

export function placeOf({ interaction, return: back }: Place): Place {
  return {
    ...(interaction === undefined ? {} : { interaction }),
    ...(back === undefined ? {} : { return: back }),
  }
}
