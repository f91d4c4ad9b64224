/** The OpenID engine with what it is lent: our sessions, our accounts, our keys, our pages. */
import { createHmac } from 'node:crypto'
import type { Mount } from '@althing/kernel/http'
import { createEgress } from '@althing/kernel/egress'
import { ranks } from '@althing/policy/contract'
import { belongingFrom } from './directory.ts'
import { createLogout } from './logout/rules.ts'
import { createLogoutStore } from './logout/store.ts'
import { policyOf } from './clients/rules.ts'
import { programsClient } from './clients/schema.ts'
import type { Composed, IdentityKit } from './compose.ts'
import { createCounting } from './oidc/counting.ts'
import { createAdapter } from './oidc/adapter.ts'
import { engineMounts } from './oidc/door.ts'
import { enginePages } from './oidc/pages.ts'
import { clockToleranceSeconds, paths } from './oidc/schema.ts'
import { fetchThrough } from './oidc/outgoing.ts'
import { createEngineOfTheMoment } from './oidc/rules.ts'
import { createRecordStore } from './oidc/store.ts'
import { createSuccessors } from './oidc/successor.ts'
import { withinRequest } from './oidc/within-request.ts'
import { createWriteTogether } from './oidc/write-together.ts'
import { faultPage, type Asked, type Pages } from './pages.ts'
import { sessionCookie } from './contract.ts'
import { hallFactorOf, spendBeginningIn, tellEnded } from './kit.ts'
import { registrationMounts } from './self-registration/door.ts'
import { endIn } from './sessions/rules.ts'
import type { Session } from './sessions/schema.ts'
import { createSessionStore } from './sessions/store.ts'
import { signalsAt, signalScopes } from './signals/schema.ts'

export function createEngine(kit: IdentityKit, parts: Composed, pages: Pages) {
  const { stores, sessions, clients, connections, published, metrics } = parts
  const { backchannel, clientTending, documents } = parts
  const endSession = (session: string, account: string) => sessions.end(session, account, `person:${account}`)
  const successorOf = createSuccessors(kit.derivedKey('refresh-tokens'))
  const together = togetherIn(kit, parts)
  const session = withinRequest((id) => sessions.byId(id))
  const account = withinRequest((id) => stores.accounts.byId(id))
  const kept = withinRequest((id) => connections.keptBy(id))
  return createEngineOfTheMoment({
    successorOf,
    used: clientTending.used,
    issuer: kit.config.url,
    now: () => kit.clock.now(),
    async allowedTo(account, client) {
      const grants = (await stores.records.grantsOf(account)).filter((grant) => grant.client === client)
      return grants.length === 0 ? null : grants.flatMap(({ scopes }) => scopes)
    },
    outgoing: fetchThrough(createEgress({ allowed: kit.config.egressAllowed })),
    loadKeys: published.load,
    sessionCookie,
    isFirstParty: clients.isFirstParty,
    keptBy: kept.get,
    flushAfter: together.flushAfter,
    isLive: async (id, whose) => (await session.get(id))?.account === whose,
    adapter: createAdapter({
      records: stores.records,
      together,
      successorOf,
      sessions: {
        async byToken(token) {
          const found = await sessions.byToken(token)
          if (found !== null) session.put(found.id, found)
          return found
        },
        byId: session.get,
        keep: stores.sessions.keepEngine,
        end: endSession,
        touch: sessions.touch,
      },
      findClient: async (id, network) => (await clients.find(id)) ?? documents.find(id, network),
      polledTooSoon: backchannel.polledTooSoon,
      spendBeginning: spendBeginningIn(kit),
      userCodeId: (code) =>
        createHmac('sha256', kit.derivedKey('user-codes')).update(code).digest('base64url'),
    }),
    ...protocolOf(kit, parts),
    ...tellingOf(kit, parts),
    backchannel,
    async findSubject(id) {
      const found = await account.get(id)
      return found?.status === 'active' ? found : null
    },
    shown: enginePages({
      pages,
      isSecure: kit.config.url.startsWith('https:'),
      isFirstParty: clients.isFirstParty,
      nameOf: async (account) => (await stores.accounts.byId(account))?.name,
    }),
    onTokenIssued: metrics.tokenIssued,
    onMade: metrics.engineMade,
    counting: createCounting(kit.metrics),
    onBug: (error) => kit.log.error('the engine failed', error),
  })
}

/** What is told of people beside their account, and what programs get for their keys. */
function tellingOf(kit: IdentityKit, { keyUse, metrics }: Composed) {
  const belonging = withinRequest((id) => belongingFrom(kit, id))
  return {
    belongingOf: belonging.get,
    groupsOf,
    programs: programsClient,
    tokenForKey: async (...wanted: Parameters<typeof keyUse.justInTime>) => {
      const given = await keyUse.justInTime(...wanted)
      metrics.tokenIssued()
      return given
    },
  }
}

/** Applications compare words and know no order: who holds an office is in those below it too. Who belongs is no office. */
const groupsOf = (held: readonly string[]): readonly string[] => {
  const offices = ranks.filter((role) => role !== 'member')
  const highest = Math.max(-1, ...held.map((role) => offices.findIndex((one) => one === role)))
  return [
    ...new Set([...held.filter((role) => role === 'member'), ...offices.slice(0, highest + 1), ...held]),
  ]
}

const togetherIn = ({ atomic, chance }: IdentityKit, { stores, clients, metrics, reusedIn }: Composed) =>
  createWriteTogether({
    records: stores.records,
    atomically: atomic((db, tx) => ({
      records: createRecordStore(db, chance),
      record: (entry) => tx.record(entry),
      reused: reusedIn(db),
      endSession: (session: string, account: string) =>
        endIn(
          {
            store: createSessionStore(db),
            tellEnded: (...ended) => tellEnded(tx, ...ended),
            record: (entry) => tx.record(entry),
          },
          session,
          account,
          `person:${account}`,
        ),
    })),
    isFirstParty: clients.isFirstParty,
    onSessionEnded: () => metrics.sessionsRevoked(1),
  })

/** What is decided by settings and by tables: what tokens can be for, how they are bound, and what is good for once. */
function protocolOf(kit: IdentityKit, { stores, resources }: Composed) {
  return {
    spendCodeTry: (network: string) =>
      kit.limits.spend('device-code', network, {
        most: kit.config.deviceCodesPerNetwork * hallFactorOf(kit.config),
        withinSeconds: 600,
      }),
    policyOf,
    discovery: {
      ...(kit.config.clientRegistration === 'off'
        ? {}
        : { registration_endpoint: `${kit.config.url}${paths.registration}` }),
      ...(kit.config.clientDocuments === 'off' ? {} : { client_id_metadata_document_supported: true }),
    },
    loadResources: async () => [...(await resources.list()), signalDoor(kit.config.url)],
    pairwiseKey: kit.derivedKey('pairwise'),
    dpop: {
      secret: Buffer.from(kit.derivedKey('dpop-nonces')),
      needsNonce: kit.config.dpopNonce === 'required',
    },
    certificateHeader: kit.config.certificateProxies.length === 0 ? undefined : kit.config.certificateHeader,
    isFirstUse: (issuer: string, id: string, endsAt: number) =>
      stores.records.once(
        'Shown',
        `${issuer}\n${id}`,
        Math.max(1, endsAt + clockToleranceSeconds - Math.floor(kit.clock.now().getTime() / 1000)),
      ),
  }
}

/** A door of ours that applications come to for themselves; which of them may is for their registration to say. */
const signalDoor = (url: string) => ({
  uri: signalsAt(url),
  scopes: [...signalScopes],
  details: [],
  introspector: null,
  isSigned: true,
})

type Engine = Awaited<ReturnType<typeof createEngine>>

export function mountsOf(
  kit: IdentityKit,
  { selfRegistration }: Composed,
  { handle }: Engine,
  pages: Pages,
): Mount[] {
  const { config, limits, log } = kit
  const engine = engineMounts({
    issuer: config.url,
    handle,
    renderFault: (fault, facts) => faultPage(pages, fault, facts),
    certificate: { header: config.certificateHeader, proxies: config.certificateProxies },
  })
  if (config.clientRegistration === 'off') return engine
  const own = registrationMounts({
    registration: selfRegistration,
    spend: (network) =>
      limits.spend('client-registration', network, {
        most: config.clientRegistrationsPerNetwork,
        withinSeconds: 3600,
      }),
    onBug: (error) => log.error('an application could not register itself', error),
  })
  return [...own, ...engine]
}

/** Applications hear of an end from whichever node is first. */
export function openLogout(kit: IdentityKit, { metrics }: Composed, engine: Engine) {
  const logout = createLogout({
    store: createLogoutStore(kit.database),
    // Of a hall that signs out, nobody waits for the one application that hangs.
    tell: (notice) => kit.breakers.breaker(`logout:${notice.client}`).run(() => engine.tellEnd(notice)),
    onTold: metrics.logoutTold,
    onFailed: (client, error) =>
      kit.log.warn('an application did not hear of a sign-out', { client, cause: String(error) }),
  })
  return {
    work: logout.work,
    routes: [],
    channels: ['identity_logout'],
    wake: () => void logout.work().catch((error: unknown) => kit.log.error('ends are not told', error)),
    start: () => {},
    stop: async () => {},
  }
}

/** Whose session this browser has; nobody's when the account was closed since. */
export async function sessionOf(
  { sessions, stores }: Composed,
  cookies: Asked['cookies'],
): Promise<Session | null> {
  const token = cookies[sessionCookie]
  const session = token === undefined || token === '' ? null : await sessions.byToken(token)
  if (session === null) return null
  return (await stores.accounts.byId(session.account))?.status === 'active' ? session : null
}

/** What the session's person may do is read at every request: a role that was taken is gone at once. */
export async function callerOf(parts: Composed, cookies: Asked['cookies']) {
  const session = await sessionOf(parts, cookies)
  const account = session === null ? null : await parts.stores.accounts.byId(session.account)
  if (session === null || account === null) return null
  const { id, acr, amr, authTime } = session
  return {
    kind: 'person' as const,
    subject: account.id,
    roles: account.roles,
    session: id,
    acr,
    amr,
    authTime: Math.floor(authTime.getTime() / 1000),
  }
}
