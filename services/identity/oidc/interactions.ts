/** A question that the engine has for a person: who are you, or may this application know. Answered by our own pages. */
import type { InteractionResults, Provider } from 'oidc-provider'
import { askedBy } from './begun.ts'
import { essentialReasons, levelReason, reaches } from './level.ts'
import { strangerReason } from './strangers.ts'
import { begunCookie, claimsOfScopes, Missing, scopes as ours } from './schema.ts'

type Cookies = Readonly<Record<string, string | undefined>>

export interface Question {
  readonly id: string
  readonly kind: 'login' | 'consent' | 'account'
  readonly client: string
  /** Where the answer goes in the end, as a policy of content names it; nowhere, when it is a device that waits. */
  readonly redirectOrigin: string | null
  /** Who the application believes it is (OIDC Core, section 3.1.2.1): it stands in the field, and proves nothing. */
  readonly hint: string | null
  /** A session is not enough: the application wants a fresh proof. */
  readonly fresh: boolean
  /** Whose session it began in; nobody's, when nobody was signed in. */
  readonly account: string | null
  readonly scopes: readonly string[]
  /** The addresses of the servers that the token is to be for (RFC 8707). */
  readonly servers: readonly string[]
  /** What is asked for in detail (RFC 9396). */
  readonly details: readonly Readonly<Record<string, unknown>>[]
  /** The application wants the question to be asked, whatever was allowed before (OIDC Core, section 3.1.2.1; RFC 8252, section 8.6). */
  readonly mustAsk: boolean
}

/** Which scopes an application gets, and which it is not asked for again about. */
export interface Answer {
  readonly given: readonly string[]
  readonly refused: readonly string[]
  /** The person said so on a page just now: that goes into the audit log, in the transaction of what is saved here (audited.ts). */
  readonly wasAsked: boolean
}

interface SignedIn {
  readonly account: string
  readonly session: string
  readonly acr: string
  readonly amr: readonly string[]
  readonly authTime: Date
}

/** `isFirst`: true for one of any number that answer the same question. */
export function createInteractions(current: () => Provider, isFirst: (id: string) => Promise<boolean>) {
  /**
   * Null when it is over, never was, or was begun in another browser: it can only be begun again, at the application. Else
   * somebody could begin it, send the link to another, and go on with what the other has proven.
   */
  async function find(id: string, cookies: Cookies) {
    if (cookies[begunCookie(id)] === undefined) return null
    const found = await current().Interaction.find(id)
    return found === undefined || found.result?.error !== undefined ? null : found
  }

  async function question(id: string, cookies: Cookies): Promise<Question | null> {
    const found = await find(id, cookies)
    if (found === null) return null
    const { prompt, params, session } = found
    const missing = Missing.parse(prompt.details)
    return {
      id,
      kind: kinds[prompt.name] ?? 'login',
      client: String(params['client_id']),
      redirectOrigin: sourceOf(params['redirect_uri']),
      hint: hintOf(params['login_hint']),
      fresh: prompt.reasons.some((reason) => [...provenAnew, levelReason].includes(reason)),
      mustAsk: prompt.reasons.some((reason) => askedAnew.includes(reason)),
      account: session?.accountId ?? null,
      scopes: [...new Set([...wordsOf(params['scope']), ...scopesOfClaims(missing.missingOIDCClaims)])],
      servers: [params['resource'] ?? []].flat().map(String),
      details: missing.rar,
    }
  }

  /**
   * @returns where to go on; the engine looks at the session itself. Null when it is over, and when a proof is asked for that this is not:
   * whatever is kept here, the engine takes for a sign-in that has just happened.
   */
  async function signedIn(
    id: string,
    cookies: Cookies,
    { account, session, acr, amr, authTime }: SignedIn,
  ): Promise<string | null> {
    const found = await find(id, cookies)
    if (found === null || isTooOld(found, { acr, authTime })) return null
    // Begun in another person's session, which has ended with this sign-in.
    if (found.session !== undefined && found.session.uid !== session) Reflect.deleteProperty(found, 'session')
    found.result = {
      ...chosenOf(found.lastSubmission),
      login: {
        accountId: account,
        acr,
        amr: [...amr],
        ts: Math.floor(authTime.getTime() / 1000),
        remember: false,
      },
    }
    await found.persist()
    return found.returnTo
  }

  /** Only for whoever it was asked of: another person's session may have come in between. */
  async function consented(
    id: string,
    cookies: Cookies,
    account: string,
    answer: Answer | null,
  ): Promise<string | null> {
    const found = await find(id, cookies)
    if (found === null || found.session?.accountId !== account) return null
    found.result =
      answer !== null
        ? // The sign-in that came before it belongs to the same request: without it, the engine would ask for that again, and for ever.
          {
            ...chosenOf(found.lastSubmission),
            ...loginOf(found.lastSubmission, account),
            consent: { grantId: await grant(found, answer), wasAsked: answer.wasAsked },
          }
        : { error: 'access_denied', error_description: 'The person said no.' }
    await found.persist()
    return found.returnTo
  }

  /**
   * Whoever is signed in goes on, or somebody else: whoever that is, the engine asks next, and does not miss the session that it was begun
   * in. Null when it is over, and when it was answered before: of two answers at once the first is taken.
   */
  async function chosen(id: string, cookies: Cookies, isAnother: boolean): Promise<string | null> {
    const found = await find(id, cookies)
    if (found === null || found.prompt.name !== 'select_account' || found.result !== undefined) return null
    if (!(await isFirst(id))) return null
    if (isAnother) Reflect.deleteProperty(found, 'session')
    found.result = { select_account: {} }
    await found.persist()
    return found.returnTo
  }

  type Found = NonNullable<Awaited<ReturnType<typeof find>>>

  async function grant(
    { grantId, session, params, prompt }: Found,
    { given, refused }: Answer,
  ): Promise<string> {
    const engine = current()
    const known = grantId === undefined ? undefined : await engine.Grant.find(grantId)
    // What was refused before and is allowed now needs a grant without that refusal.
    const before = [
      ...(known?.getRejectedOIDCScope().split(' ') ?? []),
      ...scopesOfClaims(known?.getRejectedOIDCClaims() ?? []),
    ]
    const made =
      (given.some((scope) => before.includes(scope)) ? undefined : known) ??
      new engine.Grant({ accountId: session?.accountId ?? '', clientId: String(params['client_id']) })
    const asked = wordsOf(params['scope'])
    const { missingOIDCClaims, missingResourceScopes } = Missing.parse(prompt.details)
    made.addOIDCScope(given.filter((scope) => isOurs(scope) && asked.includes(scope)).join(' '))
    const told = missingOIDCClaims.filter((claim) =>
      scopesOfClaims([claim]).every((one) => given.includes(one)),
    )
    if (told.length > 0) made.addOIDCClaims(told)
    // Else the engine would ask for them again at once, and for ever.
    const untold = missingOIDCClaims.filter((claim) => !told.includes(claim))
    if (untold.length > 0) made.rejectOIDCClaims(untold)
    for (const [resource, words] of Object.entries(missingResourceScopes))
      made.addResourceScope(resource, words.filter((word) => given.includes(word)).join(' '))
    // What is neither given nor refused by its person is not told either.
    const kept = [...new Set([...refused, ...asked.filter((word) => isOurs(word) && !given.includes(word))])]
    if (kept.length > 0) made.rejectOIDCScope(kept.join(' '))
    return made.save()
  }

  return { question, signedIn, consented, chosen, wasAskedBy: askedBy }
}
export type Interactions = ReturnType<typeof createInteractions>

/** For these only a proof counts that was given after the question (OIDC Core, section 3.1.2.1: MUST reauthenticate). */
const provenAnew = ['login_prompt', 'max_age', ...essentialReasons]

interface Asking {
  readonly iat: number
  readonly prompt: { readonly reasons: readonly string[] }
  readonly params: Readonly<Record<string, unknown>>
}

function isTooOld(
  { iat, prompt: { reasons }, params }: Asking,
  { acr, authTime }: Pick<SignedIn, 'acr' | 'authTime'>,
): boolean {
  // In whole seconds, as the engine keeps its own.
  if (Math.floor(authTime.getTime() / 1000) >= iat) return false
  if (reasons.some((reason) => provenAnew.includes(reason))) return true
  return reasons.includes(levelReason) && !reaches(acr, String(params['acr_values']))
}

const kinds: Readonly<Record<string, Question['kind']>> = { consent: 'consent', select_account: 'account' }

/** That they have said who is to go on, when they were asked: without it, they would be asked again. */
const chosenOf = (last: InteractionResults | undefined) =>
  last?.['select_account'] === undefined ? {} : { select_account: {} }

/** What this person has proven for the question before this one, when there was one. */
function loginOf(last: InteractionResults | undefined, account: string): Pick<InteractionResults, 'login'> {
  return last?.login?.accountId === account ? { login: last.login } : {}
}

/** Whatever was allowed before: each of these is a question of its own. */
const askedAnew = ['consent_prompt', 'native_client_prompt', 'rar_prompt', strangerReason]

/** As much as a name or an address can be; what is no line of text is none. */
const hintOf = (hint: unknown): string | null =>
  typeof hint === 'string' && /^[^\p{Cc}\p{Zl}\p{Zp}]{1,254}$/u.test(hint) ? hint.trim() : null

const wordsOf = (text: unknown): string[] =>
  typeof text === 'string' ? text.split(' ').filter((word) => word !== '') : []

const isOurs = (scope: string): boolean => (ours as readonly string[]).includes(scope)

/** Under which scopes these claims are spoken of on a page: a single claim is asked about as the whole of its kind. */
const scopesOfClaims = (claims: readonly string[]): string[] =>
  Object.entries(claimsOfScopes).flatMap(([scope, names]: readonly [string, readonly string[]]) =>
    names.some((name) => claims.includes(name)) ? [scope] : [],
  )

/** A scheme of an application's own has no origin: there the scheme is named. */
function sourceOf(redirect: unknown): string | null {
  if (typeof redirect !== 'string') return null
  const { origin, protocol } = new URL(redirect)
  return origin === 'null' ? protocol : origin
}
