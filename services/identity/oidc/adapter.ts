/**
 * The engine's storage, on ours. What works once is consumed by one conditional statement: of any number that try at the same
 * moment one goes on, and for the others it was a second use, which ends the whole family (RFC 9700, section 4.14.2), and with it
 * the session, where what it gave are tokens that only the end of a session revokes. A refresh token may be shown again for ten seconds, by a client that did not hear the answer: it gets the same successor.
 */
import { isDeepStrictEqual } from 'node:util'
import { errors, Provider, type Adapter, type AdapterPayload } from 'oidc-provider'
import { createReadAhead, type ReadAhead } from './read-ahead.ts'
import type { RecordStore } from './store.ts'
import { findClientNow, type FindClient } from './strangers.ts'
import { retrySeconds, type SuccessorOf } from './successor.ts'
import { countedAdapter, type SpendBeginning } from './begun-by-strangers.ts'
import { askedAdapter, deviceAdapter } from './waiting.ts'
import type { WriteTogether } from './write-together.ts'

/** The engine's sessions are ours: the same cookie, the same row. Lent by the sessions feature. */
export interface EngineSessions {
  byToken(token: string): Promise<EngineSession | null>
  byId(id: string): Promise<EngineSession | null>
  keep(id: string, account: string, changed: EngineChange): Promise<boolean>
  end(id: string, account: string): Promise<unknown>
  /** It was used just now. */
  touch(session: EngineSession): Promise<void>
}

/** What one request has changed. Another may be changing the rest at the same moment, and neither undoes the other. */
export interface EngineChange {
  /** What it now holds of each application that it did something about. */
  readonly authorizations: Readonly<Record<string, unknown>>
  /** Applications that it has signed out. */
  readonly gone: readonly string[]
  /** The engine's own note, or that it has none any more; absent when this request did not touch it. */
  readonly note?: { readonly state?: unknown }
}

export interface EngineSession {
  readonly id: string
  readonly account: string
  readonly acr: string
  readonly amr: readonly string[]
  readonly authTime: Date
  readonly startedAt: Date
  readonly endsAt: Date
  readonly seenAt: Date
  readonly engine: Readonly<Record<string, unknown>>
}

interface Needs {
  readonly records: RecordStore
  readonly together: WriteTogether
  readonly sessions: EngineSessions
  readonly successorOf: SuccessorOf
  readonly findClient: FindClient
  /** What a code that a person types is looked up by. */
  readonly userCodeId: (userCode: string) => string
  /** Of a request to somebody who is elsewhere: true when it was asked about before its time. */
  readonly polledTooSoon: (id: string) => Promise<boolean>
  readonly spendBeginning: SpendBeginning
}

export function createAdapter({
  records,
  together,
  sessions,
  successorOf,
  findClient,
  userCodeId,
  polledTooSoon,
  spendBeginning,
}: Needs): (kind: string) => Adapter {
  const ahead = createReadAhead(records)
  /** Somebody else has used it, or uses it now: nothing that it gave is worth anything from here on. */
  async function usedTwice(kind: string, id: string): Promise<void> {
    const { grantId, sessionUid, accountId, clientId } = (await records.find(kind, id)) ?? {}
    const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
    await together.usedTwice(kind, {
      grant: text(grantId),
      session: text(sessionUid),
      account: text(accountId),
      client: String(clientId),
    })
  }

  return (kind) => {
    if (kind === 'Session') return sessionAdapter(sessions)
    if (kind === 'Client')
      return {
        ...nothing,
        async find(id) {
          ahead.begin()
          return ((await findClientNow(findClient, id)) ?? undefined) as AdapterPayload | undefined
        },
      }
    const once = countedAdapter(
      kind,
      recordAdapter(kind, { records, ahead, together, usedTwice }),
      spendBeginning,
    )
    if (kind === 'BackchannelAuthenticationRequest') return askedAdapter(once, records, polledTooSoon)
    if (kind === 'PushedAuthorizationRequest') return pushedAdapter(once, records)
    const use = { records, together, usedTwice }
    if (kind === 'RefreshToken')
      return usedByAnswer(kind, decidedLater(once), { ...use, successorOf, retrySeconds })
    // Nobody has what a code gives but who was given it, so there is no retry.
    const given = { ...use, successorOf: () => '', retrySeconds: 0 }
    if (kind === 'AuthorizationCode') return usedByAnswer(kind, decidedLater(once), given)
    if (kind === 'DeviceCode')
      return usedByAnswer(kind, decidedLater(deviceAdapter(once, records, userCodeId)), given)
    return once
  }
}

const nothing: Adapter = {
  upsert: async () => {},
  find: async () => {},
  findByUserCode: async () => {},
  findByUid: async () => {},
  consume: async () => {},
  destroy: async () => {},
  revokeByGrantId: async () => {},
}

interface Recording {
  readonly records: RecordStore
  readonly ahead: ReadAhead
  readonly together: WriteTogether
  readonly usedTwice: (kind: string, id: string) => Promise<void>
}

function recordAdapter(kind: string, { records, ahead, together, usedTwice }: Recording): Adapter {
  return {
    ...nothing,
    upsert: (id, payload, expiresInSeconds = 60) =>
      together.put({ kind, id, payload: payload as Record<string, unknown>, expiresInSeconds }),
    find: async (id) => ((await ahead.find(kind, id)) ?? undefined) as AdapterPayload | undefined,
    async consume(id) {
      if (await records.consume(kind, id)) return
      await usedTwice(kind, id)
      throw new errors.InvalidGrant('already used')
    },
    async destroy(id) {
      const oidc = Provider.ctx?.oidc
      if (oidc?.route === 'revocation') await together.givenBack(kind, id, oidc.client?.clientId ?? '')
      else await records.remove(kind, id)
    },
    revokeByGrantId: (grant) => records.removeGrant(grant, kind),
  }
}

/** Whether a used one may be used again, and what it means, is decided where it is consumed, and not where it is read. */
function decidedLater(once: Adapter): Adapter {
  return {
    ...once,
    async find(id) {
      const found = await once.find(id)
      if (!found || Provider.ctx?.oidc.route !== 'token') return found
      const { consumed: _decidedLater, ...rest } = found
      return rest
    },
  }
}

/** Of two browsers that come with the same pushed request, one goes on; the other is told in the words of that endpoint. */
function pushedAdapter(once: Adapter, records: RecordStore): Adapter {
  return {
    ...once,
    async consume(id) {
      if (!(await records.consume('PushedAuthorizationRequest', id)))
        throw new errors.InvalidRequestUri('request_uri is invalid, expired, or was already used')
    },
  }
}

interface Using extends Pick<Recording, 'records' | 'together' | 'usedTwice'> {
  readonly successorOf: SuccessorOf
  readonly retrySeconds: number
}

/** It is used together with the writing of what it gives: when the second fails, the first has not happened. */
function usedByAnswer(
  kind: string,
  once: Adapter,
  { records, together, successorOf, retrySeconds: seconds, usedTwice }: Using,
): Adapter {
  return {
    ...once,
    async consume(id) {
      const rotation = { kind, id, successor: successorOf(id), retrySeconds: seconds }
      const onRefused = () => usedTwice(kind, id)
      if (await records.isUsable(rotation)) return together.useWithAnswer({ rotation, onRefused })
      await onRefused()
      throw new errors.InvalidGrant('already used')
    },
  }
}

function sessionAdapter(sessions: EngineSessions): Adapter {
  /** As it was in the table, by the request that read it: the engine keeps a session at every question, changed or not. */
  const stored = new WeakMap<object, EnginePart>()
  return {
    ...nothing,
    async find(token) {
      const session = await sessions.byToken(token)
      if (session !== null && Provider.ctx !== undefined)
        stored.set(Provider.ctx, structuredClone(session.engine))
      return payloadOf(session, token)
    },
    async findByUid(id) {
      const session = await sessions.byId(id)
      // Whoever refreshes a token is using the session it came from.
      if (session !== null && Provider.ctx?.oidc.route === 'token') await sessions.touch(session)
      return payloadOf(session, id)
    },
    // A session begins by signing in and never here: what the engine keeps for a stranger is not kept, and no cookie that it thinks of.
    async upsert(_token, { uid, accountId, authorizations, state }) {
      if (uid === undefined || accountId === undefined) return
      const { ctx } = Provider
      const now = structuredClone({ authorizations, state })
      const changed = changeOf((ctx && stored.get(ctx)) ?? {}, now)
      if (changed === null) return
      await sessions.keep(uid, accountId, changed)
      if (ctx !== undefined) stored.set(ctx, now)
    },
    // Called with the old id whenever a session gets a new one as well; only a sign-out ends anything.
    async destroy(token) {
      const oidc = Provider.ctx?.oidc
      if (oidc?.route !== 'end_session_confirm' || oidc.params?.['logout'] === undefined) return
      const session = await sessions.byToken(token)
      if (session !== null) await sessions.end(session.id, session.account)
    },
  }
}

type EnginePart = Readonly<Record<string, unknown>>

/** Null when nothing has changed. */
function changeOf(before: EnginePart, after: EnginePart): EngineChange | null {
  const [old, now] = [before, after].map(
    ({ authorizations }) => (authorizations ?? {}) as Readonly<Record<string, unknown>>,
  ) as [EnginePart, EnginePart]
  const changed = Object.entries(now).filter(([client, held]) => !isDeepStrictEqual(held, old[client]))
  const gone = Object.keys(old).filter((client) => !(client in now))
  const isNoted = !isDeepStrictEqual(before['state'], after['state'])
  if (changed.length === 0 && gone.length === 0 && !isNoted) return null
  const note = isNoted ? { note: { state: after['state'] } } : {}
  return { authorizations: Object.fromEntries(changed), gone, ...note }
}

function payloadOf(session: EngineSession | null, token: string): AdapterPayload | undefined {
  if (session === null) return undefined
  const seconds = (date: Date) => Math.floor(date.getTime() / 1000)
  return {
    kind: 'Session',
    jti: token,
    uid: session.id,
    accountId: session.account,
    acr: session.acr,
    amr: [...session.amr],
    loginTs: seconds(session.authTime),
    iat: seconds(session.startedAt),
    exp: seconds(session.endsAt),
    // So that the cookie has no date: it ends with the browser at the latest.
    transient: true,
    ...session.engine,
  }
}
