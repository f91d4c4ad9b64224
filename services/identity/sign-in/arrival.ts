/** After a proof: back to the application that asked, or to where the person wanted to go in our own house. */
import { redirect, type Answer, type Cookie } from '@althing/kernel/http'
import { ownPath, withQuery, type Asked } from '../pages.ts'
import { agreementPath, isAsked, type Agreeing } from './agreeing.ts'
import type { Begun } from './begun.ts'
import { deviceCookie, type Devices } from './devices.ts'
import type { Place } from './schema.ts'

/** What the engine asks of a person; the same as its feature says it. */
export interface Question {
  readonly id: string
  readonly kind: 'login' | 'consent' | 'account'
  readonly client: string
  readonly redirectOrigin: string | null
  /** Who the application believes it is. */
  readonly hint: string | null
  readonly details: readonly Readonly<Record<string, unknown>>[]
  readonly fresh: boolean
  readonly account: string | null
  readonly scopes: readonly string[]
  /** The addresses of the servers that the token is to be for (RFC 8707). */
  readonly servers: readonly string[]
  /** The application wants it asked, whatever was allowed before. */
  readonly mustAsk: boolean
}

export interface Conversation {
  /** As below: null too when it was begun in another browser, which its cookies tell. */
  question(id: string, cookies: Asked['cookies']): Promise<Question | null>
  signedIn(
    id: string,
    cookies: Asked['cookies'],
    who: {
      account: string
      session: string
      acr: string
      amr: readonly string[]
      authTime: Date
    },
  ): Promise<string | null>
  /** Whose question it was, when it was begun in this browser and is over. */
  wasAskedBy(id: string, cookies: Asked['cookies']): string | null
  /** Whoever is signed in goes on with it; or another one, when nobody is signed in any more. */
  chosen(id: string, cookies: Asked['cookies'], isAnother: boolean): Promise<string | null>
  /** Null for the answer: the person said no. `wasAsked`: it is what they said now, and not what follows from what they said before. */
  consented(
    id: string,
    cookies: Asked['cookies'],
    account: string,
    answer: {
      readonly given: readonly string[]
      readonly refused: readonly string[]
      readonly wasAsked: boolean
    } | null,
  ): Promise<string | null>
}

interface Needs {
  readonly conversation: Conversation
  readonly sessionCookie: string
  readonly devices: Devices
  readonly agreeing: Agreeing
}

export function createArrival({ conversation, sessionCookie, devices, agreeing }: Needs) {
  return async function arrive(
    { session, token }: Begun,
    place: Place,
    asked: Asked,
  ): Promise<Answer<undefined> | null> {
    const cookies: Cookie[] = [
      { name: sessionCookie, value: token },
      devices.remember(asked.cookies[deviceCookie], session.account),
    ]
    if (await isAsked(agreeing, session.account, asked.cookies))
      return redirect(withQuery(agreementPath, { interaction: place.interaction, return: place.return }), {
        cookies,
      })
    if (place.interaction === undefined) return redirect(ownPath(place.return) ?? '/account', { cookies })
    const onward = await conversation.signedIn(place.interaction, asked.cookies, {
      ...session,
      session: session.id,
    })
    return onward === null ? null : redirect(onward, { cookies })
  }
}
export type Arrive = ReturnType<typeof createArrival>
