import { followRevocations, type Route } from '@althing/kernel/http'
import { defineService, receive, type Assembled, type Receives } from '@althing/kernel/service'
import { memberJoined, MemberJoined, memberLeft, MemberLeft } from '@althing/members/contract'
import { backchannelRoutes } from './backchannel/routes.ts'
import { addressRoute } from './accounts/address-route.ts'
import { namesRoute } from './accounts/names-route.ts'
import { accountRoutes } from './accounts/routes.ts'
import { knownRoutes } from './account/known-routes.ts'
import { homeRoute } from './account/home-routes.ts'
import { ownAccountRoutes } from './account/routes.ts'
import { securityRoute } from './account/security-routes.ts'
import { activationRoutes } from './activation/routes.ts'
import { accountParts, compose, type Composed, type IdentityKit } from './compose.ts'
import { issuersOf, waysLeftOf } from './compose-ways.ts'
import { Config } from './config.ts'
import { connectionRoutes } from './connections/routes.ts'
import { consentsRoutes } from './consents/routes.ts'
import { membershipFrom } from './directory.ts'
import { overridesFrom } from './own-overrides.ts'
import { textRoute } from './consents/text-routes.ts'
import { reaches } from './oidc/level.ts'
import { createInteractions } from './oidc/interactions.ts'
import { createGate, type Gate } from './gate.ts'
import { createPages, faultPage, type Pages } from './pages.ts'
import { createSaid } from './said.ts'
import { EmailAddress, sessionCookie } from './contract.ts'
import { limitsDeclared } from './limit-names.ts'
import { freshness } from './own.ts'
import { outsideTokenRoutes } from './outside-tokens/routes.ts'
import { passkeyRoutes } from './passkeys/routes.ts'
import { personData } from './person-data.ts'
import { privacyRoutes } from './privacy/routes.ts'
import { profileRoutes } from './profile/routes.ts'
import { problemOf } from './passwords/problem.ts'
import { passwordRoutes } from './passwords/routes.ts'
import { recoveryRoutes } from './recovery/routes.ts'
import { createFeed } from './sessions/feed.ts'
import { feedRoutes } from './sessions/routes.ts'
import { joiningRoutes } from './joining/routes.ts'
import { createArrival } from './sign-in/arrival.ts'
import { createDevices } from './sign-in/devices.ts'
import { mailedCodeOwnRoutes } from './mailed-codes/routes.ts'
import { twoStepRoutes } from './two-step/routes.ts'
import { tickersOf } from './tickers.ts'
import { createEid, hasElectronicId } from './with-eid.ts'
import { keepingOf, officeRoutes } from './with-office.ts'
import { callerOf, createEngine, mountsOf, openLogout } from './with-engine.ts'
import { createOthers, otherRoutes } from './with-connectors.ts'
import { openKeys } from './with-keys.ts'
import { openSignals } from './with-signals.ts'
import { createDoor, hasSecondStep, openDoor, triesPerNetwork } from './with-sign-in.ts'

/** The identity service on one screen: what it is made of, and who needs whom. */
export const identity = defineService({
  name: 'identity',
  world: 'person',
  config: Config,
  migrations: new URL('./migrations/', import.meta.url),
  limits: limitsDeclared,
  async assemble(kit): Promise<Assembled> {
    const gate = createGate(kit, triesPerNetwork(kit.config))
    const parts: Parts = { ...compose(kit), gate }
    const pages = createPages({
      organisation: kit.config.organisation,
      contact: kit.config.contact,
      dist: new URL('../../web/dist/', import.meta.url),
      waitingOf: waitingFor(parts),
      said: saidIn(kit),
    })
    const engine = await createEngine(kit, parts, pages)
    const conversation = createInteractions(engine.provider, (id) =>
      parts.stores.records.once('Shown', `answer\n${id}`, 3_600),
    )
    const feed = createFeed(parts.stores.sessions, kit.config.feedWaitMs, parts.outside.issuers)
    const devices = createDevices({ key: kit.derivedKey('devices'), chance: kit.chance })
    const arrive = createArrival({ conversation, sessionCookie, devices, agreeing: parts.consents })
    const enter = createDoor(kit, parts)
    const eid = createEid(kit, parts, pages, { arrive, enter, devices })
    const others = createOthers(kit, parts)
    const door = openDoor(kit, parts, {
      pages,
      gate,
      conversation,
      devices,
      enter,
      eidOrigins: eid?.origins,
      connectors: others.offered,
    })
    const logout = openLogout(kit, parts, engine)
    const living = [openKeys(kit, parts, engine.refresh), openSignals(kit, parts), logout]
    const ends = new AbortController()
    const listening: (() => Promise<void>)[] = []
    return {
      routes: [
        ...door.routes,
        ...otherRoutes(kit, parts, pages, others, door),
        ...routesOf(kit, parts, pages, issuersOf(kit.config).length + parts.outside.issuers.length > 0),
        ...feedRoutes(feed),
        ...outsideTokenRoutes({ ...parts.outside, stale: freshnessOf(kit).stale, pages }),
        ...living.flatMap(({ routes }) => routes),
        ...(eid?.routes ?? []),
      ],
      mounts: mountsOf(kit, parts, engine, pages),
      jobs: parts.jobs as never[],
      tickers: tickersOf(kit, { ...parts, logout }),
      personData,
      receives: [...memberRoles(kit, parts), ...parts.erasureReceives, ...parts.policyReceives],
      authenticate: ({ cookies }) => callerOf(parts, cookies),
      renderFault: (fault, facts) => faultPage(pages, fault, facts),
      healthz: () => ({
        issuerConfigured: eid !== undefined,
        ...(eid === undefined ? {} : { jwks: eid.stats() }),
      }),
      async start() {
        listening.push(await kit.database.listen('identity_revocation', feed.wake))
        for (const { channels, wake, start } of living) {
          for (const channel of channels) listening.push(await kit.database.listen(channel, wake))
          start()
        }
        // Our own door follows the feed as every other does, only without a wire between.
        void followRevocations(
          kit.revocations,
          (after, signal) => feed.newerThan(after, { signal }),
          ends.signal,
          (error) => kit.log.warn('feed does not answer', { cause: String(error) }),
        )
      },
      drain: feed.release,
      async stop() {
        ends.abort()
        feed.wake()
        for (const { stop } of living) await stop()
        for (const unlisten of listening) await unlisten()
      },
    }
  },
})

const saidIn = ({ derivedKey, chance, clock }: IdentityKit) =>
  createSaid({ key: derivedKey('said-on-pages'), chance, now: () => clock.now() })

/** How many applications wait for an answer of somebody. */
const waitingFor =
  ({ backchannel }: Pick<Composed, 'backchannel'>) =>
  async (account: string): Promise<number> =>
    (await backchannel.listFor(account)).length

type Parts = Composed & { readonly gate: Gate }

function routesOf(kit: IdentityKit, parts: Parts, pages: Pages, hasConnectors: boolean): Route[] {
  const { stores, accounts } = parts
  return [
    ...ownRoutes(kit, parts, pages, hasConnectors),
    ...accountRoutes({
      accounts,
      find: stores.accounts.byId,
      search: stores.accounts.search,
      requestsOf: waitingFor(parts),
      ...keepingOf(kit, parts),
    }),
    namesRoute(stores.accounts),
    addressRoute(stores.accounts),
    ...officeRoutes(kit, parts),
    ...linkRoutes(kit, parts, pages),
    ...joiningRoutes({
      joining: parts.joining,
      pages,
      gate: parts.gate,
      agreementIn: (locale) => parts.consents.offer(parts.consents.kinds, locale),
    }),
    ...profileRoutes({
      profile: parts.profile,
      pages,
      ...freshnessOf(kit),
      find: stores.accounts.byId,
      hasElectronicId: (account) => hasElectronicId(kit, account),
    }),
    ...knownRoutes(kit.config.url),
    homeRoute({
      pages,
      now: () => kit.clock.now(),
      find: stores.accounts.byId,
      erasureOf: parts.erasures.openOf,
    }),
    ...backchannelRoutes({
      pages,
      ...freshnessOf(kit),
      backchannel: parts.backchannel,
      find: stores.accounts.byId,
      reaches,
      now: () => kit.clock.now(),
    }),
    ...connectionRoutes({ pages, connections: parts.connections, find: stores.accounts.byId }),
    ...privacyRoutes({
      pages,
      now: () => kit.clock.now(),
      stale: freshnessOf(kit).stale,
      find: stores.accounts.byId,
      exports: parts.exports,
      erasures: parts.erasures,
      graceDays: kit.config.erasureDays,
    }),
    ...consentsRoutes({ pages, consents: parts.consents, find: stores.accounts.byId }),
    textRoute(pages, parts.texts),
  ]
}

const freshnessOf = ({ clock, config }: IdentityKit) => freshness(() => clock.now(), config)

const isAddress = (text: string) => EmailAddress.safeParse(text).success

/** What the links in our mails lead to: a first password, and a new one. */
function linkRoutes({ limits, config }: IdentityKit, parts: Parts, pages: Pages): Route[] {
  const { activation, recovery, passwords, gate } = parts
  const common = {
    pages,
    minimum: passwords.minimum,
    advised: passwords.advised,
    passwordProblem: problemOf,
    spend: (network: string) =>
      limits.spend('activate-network', network, { most: config.signInPerNetwork, withinSeconds: 60 }),
  }
  return [
    ...activationRoutes({ activation, agreementOf: parts.consents.agreementOf, ...common }),
    ...recoveryRoutes({
      recovery,
      gate,
      isAddress,
      hasSecondStep: hasSecondStep(parts),
      ...common,
    }),
  ]
}

function ownRoutes(kit: IdentityKit, parts: Composed, pages: Pages, hasConnectors: boolean): Route[] {
  const { stores, sessions, accounts } = parts
  const common = { pages, now: () => kit.clock.now(), find: stores.accounts.byId }
  return [
    ...ownAccountRoutes({
      ...common,
      sessionCookie,
      hasConnectors,
      membershipOf: (account) => membershipFrom(kit, account),
      overridesOf: (account) => overridesFrom({ ...kit, namesOf: stores.accounts.namesOf }, account),
      erasureOf: parts.erasures.openOf,
      heldBackOf: parts.deliveries.heldBack,
      requestsOf: waitingFor(parts),
      pausedAt: parts.pauses.latestOf,
      sessionsOf: sessions.listOf,
      end: (session, account) => sessions.end(session, account, `person:${account}`),
      endEverywhere: (account) => accounts.signOutEverywhere(account, `person:${account}`),
    }),
    ...securityRoutesOf(kit, parts, pages),
  ]
}

/** How somebody proves who they are, for their own eyes and hands. */
function securityRoutesOf(kit: IdentityKit, parts: Composed, pages: Pages): Route[] {
  const { stores, passwords, passwordChange, twoStep, codeFactors, passkeys, loginEvents } = parts
  const now = () => kit.clock.now()
  const common = {
    pages,
    now,
    find: stores.accounts.byId,
    hasPassword: passwords.has,
    ...freshnessOf(kit),
  }
  return [
    securityRoute({
      ...common,
      codesLeft: twoStep.codesIfOn,
      codesOf: codeFactors.standingOf,
      passkeysOf: passkeys.listOf,
      activityOf: (account) => loginEvents.list({ account }, '', 10),
    }),
    ...passwordRoutes({
      ...common,
      minimum: passwords.minimum,
      advised: passwords.advised,
      standsAlone: passwords.standsAlone,
      changePassword: passwordChange.change,
      hasSecondStep: hasSecondStep(parts),
    }),
    ...twoStepRoutes({ ...common, twoStep, sessionCookie }),
    ...mailedCodeOwnRoutes({ ...common, factors: codeFactors, hasApplication: twoStep.isOn }),
    ...passkeyRoutes({ ...common, passkeys, waysLeft: waysLeftOf(kit) }),
  ]
}

/** Members says who belongs; the role is ours, so that tokens carry it. */
function memberRoles(kit: IdentityKit, { accounts }: Composed): Receives[] {
  return [
    receive(memberJoined, { from: ['members'], payload: MemberJoined }, ({ person }, db, tx) =>
      accounts.toggleRole(accountParts(kit, db, tx), person, 'member', true, 'service:members'),
    ),
    receive(memberLeft, { from: ['members'], payload: MemberLeft }, ({ person }, db, tx) =>
      accounts.toggleRole(accountParts(kit, db, tx), person, 'member', false, 'service:members'),
    ),
  ]
}
