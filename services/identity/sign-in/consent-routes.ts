import { page, redirect, type Answer, type Route } from '@althing/kernel/http'
import { consentPage } from '@althing/web-signin/consent.ts'
import { z } from 'zod'
import { expired, Switches, withQuery, type Asked, type Pages } from '../pages.ts'
import type { Conversation } from './arrival.ts'
import { ConsentForm } from './schema.ts'

interface Needs {
  readonly pages: Pages
  readonly conversation: Conversation
  /** What is shown of a question that is over. */
  readonly over: (asked: Asked, interaction: string) => Promise<Answer<undefined>>
  readonly sessionOf: (cookies: Asked['cookies']) => Promise<{ readonly account: string } | null>
  readonly nameOf: (account: string) => Promise<string>
  /** The name of an application that is not ours. */
  readonly clientName: (client: string) => Promise<string | undefined>
  readonly logoHrefOf: (client: string) => Promise<string | null>
  /** Which of these scopes are whose, of these servers. */
  readonly askedAt: (
    servers: readonly string[],
    scopes: readonly string[],
  ) => Promise<readonly { readonly name: string; readonly uri: string; readonly scopes: readonly string[] }[]>
  /** The pages that it has of its own. */
  readonly pagesOf: (client: string) => Promise<OwnPages>
  /** What it says that it needs the kennitala for. */
  readonly purposeOf: (client: string) => Promise<Purpose | undefined>
  /** Ours: whoever signs in there wants to be known there, and is not asked. */
  readonly isFirstParty: (client: string) => boolean
  /** Who wrote down what the application is, when it was nobody here. */
  readonly registeredBy: (client: string) => Promise<'itself' | 'document' | undefined>
  /** What the person lets applications know, and whether this one needs to be asked about. */
  readonly consider: (
    account: string,
    client: string,
    asked: readonly string[],
  ) => Promise<{
    readonly given: readonly string[]
    readonly refused: readonly string[]
    readonly needsQuestion: boolean
  }>
}

/** May this application know? Asked once for each, and never for our own. */
export function consentRoutes({
  pages,
  conversation,
  over,
  sessionOf,
  nameOf,
  clientName,
  logoHrefOf,
  askedAt,
  pagesOf,
  purposeOf,
  isFirstParty,
  registeredBy,
  consider,
}: Needs): Route[] {
  return [
    page(
      // Public to the kernel; the session that the question was asked in is looked at here.
      {
        method: 'GET',
        path: '/sign-in/consent',
        access: 'public',
        query: z.object({ ...Switches, interaction: z.string().max(100) }),
      },
      async (asked) => {
        const { interaction } = asked.query
        const [question, session] = await Promise.all([
          conversation.question(interaction, asked.cookies),
          sessionOf(asked.cookies),
        ])
        if (question === null) return over(asked, interaction)
        if (question.kind !== 'consent' || session === null || question.account !== session.account)
          return expired(pages, asked)
        const { given, refused, needsQuestion } = isFirstParty(question.client)
          ? { given: question.scopes, refused: [], needsQuestion: false }
          : await consider(session.account, question.client, question.scopes)
        if (!needsQuestion && (!question.mustAsk || isFirstParty(question.client))) {
          const answer = { given, refused, wasAsked: false }
          const target = await conversation.consented(interaction, asked.cookies, session.account, answer)
          return target === null ? expired(pages, asked) : redirect(target)
        }
        const [logoHref, purpose, servers, own] = await Promise.all([
          logoHrefOf(question.client),
          purposeOf(question.client),
          askedAt(question.servers, given),
          pagesOf(question.client),
        ])
        const text = consentPage(pages.chrome(asked, withQuery('/sign-in/consent', { interaction })), {
          action: '/sign-in/consent',
          csrf: asked.csrf,
          hidden: { interaction, shown: readBy(given, purpose) },
          client: {
            name: (await clientName(question.client)) ?? question.client,
            ...(logoHref === null ? {} : { logoHref }),
            ...(question.redirectOrigin?.includes('//') === true
              ? { host: new URL(question.redirectOrigin).host }
              : {}),
            ...strangerOf(question.client, await registeredBy(question.client)),
          },
          person: await nameOf(session.account),
          scopes: given,
          servers,
          ownPages: named(own),
          ...(purpose === undefined ? {} : { nationalIdPurpose: purpose }),
          kept: refused,
          details: question.details.map(inLines),
        })
        const formAction = question.redirectOrigin === null ? [] : [question.redirectOrigin]
        return pages.show(asked, text, { formAction })
      },
    ),
    page({ method: 'POST', path: '/sign-in/consent', access: 'public', body: ConsentForm }, async (asked) => {
      const { interaction, decision } = asked.body
      const [question, session] = await Promise.all([
        conversation.question(interaction, asked.cookies),
        sessionOf(asked.cookies),
      ])
      if (question === null) return over(asked, interaction)
      if (question.kind !== 'consent' || session === null || question.account !== session.account)
        return expired(pages, asked)
      const answer =
        decision === 'allow'
          ? { ...(await consider(session.account, question.client, question.scopes)), wasAsked: true }
          : null
      // Another tab has changed what may be told: what is allowed is what was read, and nothing else.
      const purpose = await purposeOf(question.client)
      if (answer !== null && readBy(answer.given, purpose) !== asked.body.shown)
        return redirect(withQuery('/sign-in/consent', { interaction }))
      const target = await conversation.consented(interaction, asked.cookies, session.account, answer)
      return target === null ? expired(pages, asked) : redirect(target)
    }),
  ]
}

type OwnPages = Readonly<Record<'client' | 'policy' | 'terms', string | undefined>>

const named = (pages: OwnPages) =>
  (['client', 'policy', 'terms'] as const).flatMap((kind) => {
    const href = pages[kind]
    return href === undefined ? [] : [{ kind, href, host: new URL(href).host }]
  })

type Purpose = Readonly<Record<'is' | 'en', string>>

/** What stood on the page, so that nobody allows what they have not read: neither another scope nor another purpose. */
const readBy = (given: readonly string[], purpose: Purpose | undefined): string =>
  [given.join(' '), ...(given.includes('national_id') ? [purpose?.is, purpose?.en] : [])].join('|')

/** What is asked for in detail, as a person can read it: every member that the application sent, and nothing that it did not. */
function inLines({ type, ...members }: Readonly<Record<string, unknown>>) {
  const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
  return {
    type: text(type),
    members: Object.entries(members).map(([name, value]) => ({ name, value: text(value) })),
  }
}

/** One that is known by a document is named by where that stands: it is the only thing about it that is certain. */
function strangerOf(client: string, by: 'itself' | 'document' | undefined) {
  if (by === undefined) return {}
  return { stranger: by === 'document' ? { by, host: new URL(client).host } : { by } }
}
