/**
 * A browser is signed in by a cookie that means nothing elsewhere; the tokens behind it never leave the server. A sign-in is
 * finished only by the browser that began it, once; tokens are renewed by one request at a time, and often enough that identity
 * knows how long a person has been idle.
 */
import { openBox, sealBox, sha256, toBase64url, utf8 } from '@althing/kernel/crypto'
import type { Chance, Clock } from '@althing/kernel/context'
import { withDeadline } from '@althing/kernel/resilience'
import type { Atomically } from '@althing/kernel/service'
import { isFault } from '@althing/kernel/errors'
import { fault } from './faults.ts'
import { administers, cameBy, issuedAt, rolesIn, type CameBy } from './provider.ts'
import type { Granted, Provider } from './provider.ts'
import { createRenewing } from './renewing.ts'
import { type CallbackQuery, TokenSet, type BrowserSession } from './schema.ts'
import type { SessionStore } from './store.ts'

interface Needs {
  readonly atomically: Atomically<{ readonly store: SessionStore }>
  readonly provider: Provider
  readonly clock: Clock
  readonly chance: Chance
  /** Seals the tokens at rest. */
  readonly key: Uint8Array
  readonly issuer: string
  /** Whether every door would refuse this access token: its roles changed, or its session ended. */
  readonly isRevoked: (accessToken: string) => boolean
  readonly ends: { readonly idleSeconds: number; readonly absoluteSeconds: number }
}

/** As every door knows them by their token, and what they are called. */
export interface SignedIn extends CameBy {
  readonly subject: string
  readonly name: string
  readonly roles: readonly string[]
}

export interface Finished {
  /** Null when it was asked quietly, and nobody is signed in. */
  readonly cookie: string | null
  readonly returnTo: string
}

/** A round in which nobody is asked for anything is known by its state, which is ours alone: whatever comes of it, nobody waited for it. */
const quietly = 'quiet.'

const hash = (value: string) => sha256(utf8(value))

export function createSessions({ atomically, provider, clock, chance, key, issuer, isRevoked, ends }: Needs) {
  const renew = createRenewing({ renewed, isRevoked })
  const random = () => toBase64url(chance.bytes(32))
  const seal = (tokens: TokenSet, idHash: Uint8Array) =>
    sealBox(key, utf8(JSON.stringify(tokens)), idHash, chance)

  function unseal(row: BrowserSession, idHash: Uint8Array): TokenSet {
    const opened = openBox(key, row.tokens, idHash)
    if (opened === null) throw new Error('The tokens of a browser session do not open under our key.')
    return TokenSet.parse(JSON.parse(new TextDecoder().decode(opened)))
  }

  const expiry = ({ expiresInSeconds }: Granted) => new Date(clock.now().getTime() + expiresInSeconds * 1000)

  /**
   * @param known the cookie of a sign-in that this browser has begun in another tab: both may come back
   * @returns where to send the browser, and the cookie that proves at the end that it is the same one
   */
  async function begin(returnTo: string, known: string | undefined, how?: 'quiet' | 'fresh' | 'second') {
    const [state, nonce, verifier] = [`${how === 'quiet' ? quietly : ''}${random()}`, random(), random()]
    const browser = known !== undefined && /^[\w-]{43}$/.test(known) ? known : random()
    await atomically(({ store }) => store.begin(hash(state), hash(browser), { nonce, verifier, returnTo }))
    const challenge = toBase64url(hash(verifier)) // RFC 7636, section 4.2
    return { location: provider.authorizationUrl({ state, nonce, challenge, how }), browser }
  }

  async function finish(
    answer: CallbackQuery,
    browser: string | undefined,
    replaced: string | undefined,
  ): Promise<Finished> {
    if (!answer.state.startsWith(quietly)) return redeemed(answer, browser, replaced)
    return redeemed(answer, browser, replaced).catch((error: unknown) => {
      if (isFault(error)) return { cookie: null, returnTo: '/' }
      throw error
    })
  }

  async function redeemed(
    answer: CallbackQuery,
    browser: string | undefined,
    replaced: string | undefined,
  ): Promise<Finished> {
    const attempt = await atomically(({ store }) => store.take(hash(answer.state), hash(browser ?? '')))
    if (attempt === null) throw fault.lost()
    // RFC 9207: the answer says who gave it, and it must be the one we asked.
    if (answer.code === undefined || answer.iss !== issuer) throw fault.refused()
    const granted = await provider.redeem(answer.code, attempt.verifier)
    const claims =
      granted?.idToken === undefined ? null : await provider.identify(granted.idToken, attempt.nonce)
    if (granted === null || claims === null) throw fault.refused()
    const cookie = random()
    const idHash = hash(cookie)
    const row: BrowserSession = {
      session: claims.sid,
      subject: claims.sub,
      name: claims.name ?? '',
      roles: [...granted.roles],
      tokens: seal(granted, idHash),
      accessExpiresAt: expiry(granted),
    }
    await atomically(async ({ store }) => {
      // Whoever holds the cookie of before holds nothing any more, the planter of one included (session fixation).
      if (replaced !== undefined) await store.end(hash(replaced))
      await store.add(idHash, row, ends)
    })
    return { cookie, returnTo: attempt.returnTo }
  }

  async function look(cookie: string | undefined): Promise<SignedIn | null> {
    if (cookie === undefined) return null
    const idHash = hash(cookie)
    const row = await atomically(({ store }) => store.see(idHash, ends))
    if (row === null) return null
    const access = await tokenOfNow(row, idHash)
    if (access === null) return null
    const { subject, name } = row
    return { ...cameBy(access), subject, name, roles: isRevoked(access) ? [] : rolesIn(access) }
  }

  /**
   * Of whoever looks at a page: a role that they were given or lost since their token was made, or while they were away, is in the next one. No page is
   * held up by it. Where identity cannot be asked, whoever was away finds what was theirs before, and the doors behind it decide; whose roles are known
   * to have changed, and nobody can say how, finds none.
   */
  async function tokenOfNow(row: BrowserSession, idHash: Uint8Array): Promise<string | null> {
    const { access } = unseal(row, idHash)
    if (opensDoors(row, access, 0)) return access
    return withDeadline(1_000, () => renew(idHash)).catch((error: unknown) => {
      if (isFault(error)) return access
      throw error
    })
  }

  /** The access token behind a cookie, renewed when it is about to end; null when nobody is signed in any more. */
  async function tokenFor(cookie: string): Promise<string | null> {
    const idHash = hash(cookie)
    const row = await atomically(({ store }) => store.see(idHash, ends))
    if (row === null) return null
    const { access } = unseal(row, idHash)
    return isFresh(row, access) ? access : renew(idHash)
  }

  /** One that the feed has revoked (a new role, say) is renewed before anybody sees it refused. */
  const opensDoors = (row: BrowserSession, access: string, forMs: number) =>
    row.accessExpiresAt.getTime() - clock.now().getTime() > forMs && !isRevoked(access)

  /**
   * Identity ends a session that is idle, and sees it used only when its token is renewed. Renewed at the last moment, somebody
   * who worked all the time would be idle for it; an administrator, whose time is shorter, the more so.
   */
  const isFresh = (row: BrowserSession, access: string) =>
    opensDoors(row, access, 60_000) &&
    clock.now().getTime() - issuedAt(access) * 1000 <= (administers(row.roles) ? 60_000 : 300_000)

  /** The row is held while identity is asked, so that of two nodes the second finds the first one's tokens. */
  function renewed(idHash: Uint8Array): Promise<string | null> {
    return atomically(async ({ store }) => {
      const row = await store.hold(idHash)
      if (row === null) return null
      const tokens = unseal(row, idHash)
      if (isFresh(row, tokens.access)) return tokens.access
      const granted = await provider.refresh(tokens.refresh).catch((error: unknown) => {
        // Identity is away: what still opens doors is used until it does not.
        if (isFault(error, 'portal.session.unavailable') && opensDoors(row, tokens.access, 5_000))
          return undefined
        throw error
      })
      if (granted === undefined) return tokens.access
      if (granted === null) return (await store.end(idHash), null)
      await store.renew(idHash, {
        tokens: seal(granted, idHash),
        accessExpiresAt: expiry(granted),
        roles: [...granted.roles],
      })
      return granted.access
    })
  }

  /** What identity has to say to this person on every page. When it cannot be asked just now nobody is said to be leaving. */
  async function newsOf(cookie: string): Promise<News> {
    try {
      const me = await withDeadline(1_000, async () => {
        const token = await tokenFor(cookie)
        return token === null ? null : provider.me(token)
      })
      return { erasedAt: me?.erasedAt == null ? null : new Date(me.erasedAt), requests: me?.requests ?? 0 }
    } catch {
      return { erasedAt: null, requests: 0 }
    }
  }

  return { begin, finish, look, tokenFor, newsOf }
}
interface News {
  /** When everything about somebody is to be erased. */
  readonly erasedAt: Date | null
  /** How many applications wait for their answer. */
  readonly requests: number
}

export type Sessions = ReturnType<typeof createSessions>
