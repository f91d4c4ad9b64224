/** The conversation of signing in with what it is lent: every way in, one entrance, and the pages around it. */
import type { Answer, Route } from '@althing/kernel/http'
import { hallFactorOf, spendBeginningIn } from './kit.ts'
import { slowedBy } from './sign-in/counted.ts'
import { tellIdentified, personId, type Composed, type IdentityKit } from './compose.ts'
import { assurance } from './oidc/schema.ts'
import type { Gate } from './gate.ts'
import type { Pages } from './pages.ts'
import { sessionCookie } from './contract.ts'
import type { Session } from './sessions/schema.ts'
import type { Conversation } from './sign-in/arrival.ts'
import { agreementRoutes } from './sign-in/agreement-routes.ts'
import { createAttemptStore } from './sign-in/attempt-store.ts'
import { createAttempts } from './sign-in/attempts.ts'
import { consentRoutes } from './sign-in/consent-routes.ts'
import type { Devices } from './sign-in/devices.ts'
import { createEntrance, type Enter } from './sign-in/entrance.ts'
import { answered, expired, ownPath, type Asked } from './pages.ts'
import type { FirstProven, Visitor } from './sign-in/answers.ts'
import { createSignIn } from './sign-in/rules.ts'
import { signInRoutes } from './sign-in/routes.ts'
import { accountRoutes } from './sign-in/account-routes.ts'
import { signOutRoutes } from './sign-in/sign-out-routes.ts'
import type { Place } from './sign-in/schema.ts'
import { createHouse, placeOf, type Formed, type Needs as StepNeeds } from './sign-in/shared-routes.ts'
import { sessionOf } from './with-engine.ts'

const minute = { withinSeconds: 60 }

export function createDoor(kit: IdentityKit, parts: Composed): Enter<Session> {
  const { loginEvents, sessions, notify, metrics } = parts
  return createEntrance<Session>({
    begin: ({ account, ...proof }, current) =>
      sessions.begin({ ...proof, account: personId(account) }, current),
    hasBeenIn: loginEvents.hasBeenIn,
    tellNewDevice: (account, device) => notify(account, 'new-device', device),
    identified: (account) => identified(kit, parts, account),
    metrics,
  })
}

/** The directory links whoever it does not know yet; who is a member already need not be told again. */
async function identified(kit: IdentityKit, { stores }: Composed, id: string): Promise<void> {
  const account = await stores.accounts.byId(id)
  if (account !== null && !account.roles.includes('member'))
    await kit.atomic((_db, tx) => tx)((tx) => tellIdentified(tx, account))
}

/** How often one network may try in a minute. */
export const triesPerNetwork = (config: IdentityKit['config']): number =>
  config.signInPerNetwork * hallFactorOf(config)

interface Needs {
  readonly pages: Pages
  readonly gate: Gate
  readonly conversation: Conversation
  readonly devices: Devices
  readonly enter: Enter<Session>
  readonly eidOrigins: readonly string[] | undefined
  readonly connectors: readonly { readonly id: string; readonly name: string; readonly origin: string }[]
}

export function openDoor(kit: IdentityKit, parts: Composed, needs: Needs) {
  const { pages, conversation } = needs
  const { stores, sessions, clients, metrics, magicLinks, passkeys, twoStep, mailedCodes } = parts
  const nameOf = async (account: string) => (await stores.accounts.byId(account))?.name ?? ''
  const common = {
    pages,
    conversation,
    sessionCookie,
    nameOf,
    async over(asked: Asked, interaction: string) {
      const client = conversation.wasAskedBy(interaction, asked.cookies)
      if (client === null || clients.isFirstParty(client)) return expired(pages, asked)
      const [name, own] = await Promise.all([parts.applicationName(client), parts.applicationPages(client)])
      return answered(pages, asked, { name: name ?? client, href: own.client })
    },
    addressOf: async (account: string) => (await stores.accounts.byId(account))?.email ?? '',
    async signOut({ id, account }: Session) {
      if (await sessions.end(id, account, `person:${account}`)) metrics.signedOut()
    },
    sessionOf: (cookies: Parameters<typeof sessionOf>[1]) => sessionOf(parts, cookies),
    isFirstParty: clients.isFirstParty,
    clientName: async (client: string) =>
      clients.isFirstParty(client) ? undefined : parts.applicationName(client),
  }
  const attempts = createAttempts({ ...kit, store: createAttemptStore(kit.database, kit.chance) })
  const signIn = createConversation(kit, parts, needs, attempts)
  const lent: StepNeeds<Session> = {
    ...common,
    ...needs,
    attempts,
    signIn,
    agreeing: parts.consents,
    passkeyOptions: async (account) =>
      JSON.stringify(passkeys.askToSignIn(account === undefined ? [] : await passkeys.listOf(account))),
    secondStepsOf: async (account) => {
      const [hasApplication, codes, own] = await Promise.all([
        twoStep.isOn(account),
        mailedCodes.waysOf(account),
        passkeys.listOf(account),
      ])
      return { hasApplication, codes, hasPasskey: own.length > 0 }
    },
    sendCode: mailedCodes.ask,
    codeState: mailedCodes.state,
    sendLink: (identifier, { return: back }, network) => magicLinks.ask(identifier, ownPath(back), network),
    mayBegin: (network) => slowedBy(() => spendBeginningIn(kit)(network)),
    lookAtLink: magicLinks.look,
  }
  const house = createHouse<Session>(lent)
  const routes: Route[] = [
    ...signInRoutes<Session>(lent, house),
    ...consentRoutes({
      ...common,
      consider: parts.connections.consider,
      registeredBy: parts.registeredBy,
      pagesOf: parts.applicationPages,
      askedAt: parts.resources.askedAt,
      logoHrefOf: parts.clientLogos.hrefOf,
      purposeOf: parts.clients.nationalIdPurposeOf,
    }),
    ...agreementRoutes({ ...common, ...parts.consents }),
    ...accountRoutes<Session>(common),
    ...signOutRoutes<Session>(common),
  ]

  /** For whoever comes from elsewhere with a first proof: on to the second step, or in. */
  async function arriveWith(
    asked: Formed,
    where: Place,
    prove: (visitor: Visitor<Session>, place: Place) => Promise<FirstProven>,
  ): Promise<Answer<undefined>> {
    const { answer, kept, cookie } = await prove(await house.visitor(asked), placeOf(where))
    const refuse = () => Promise.resolve(pages.tell(asked, '/sign-in', { problem: { kind: 'connector' } }))
    return house.lead(asked, answer, kept ?? null, refuse, cookie === undefined ? [] : [cookie])
  }

  return { routes, signIn, arriveWith }
}
export type Door = ReturnType<typeof openDoor>

/** A password beside which something else is asked for does not stand alone. */
export const hasSecondStep =
  ({ twoStep, mailedCodes }: Composed) =>
  async (account: string): Promise<boolean> =>
    (await twoStep.isOn(account)) || mailedCodes.isOn(account)

function createConversation(
  { config, limits }: IdentityKit,
  parts: Composed,
  { devices, enter }: Needs,
  attempts: ReturnType<typeof createAttempts>,
) {
  const { stores, passwords, twoStep, mailedCodes, passkeys, magicLinks } = parts
  const { guesses, pauses, loginEvents, metrics, record } = parts
  const most = {
    account: config.signInPerAccount,
    everywhere: config.signInPerAccountEverywhere,
    network: triesPerNetwork(config),
  }
  return createSignIn<Session>({
    attempts,
    findAccount: stores.accounts.byIdentifier,
    byId: stores.accounts.byId,
    look: guesses.look,
    takeBack: guesses.takeBack,
    paused: pauses.begun,
    settle: guesses.settle,
    checkPassword: passwords.check,
    checkTotp: twoStep.checkTotp,
    checkRecoveryCode: twoStep.checkRecoveryCode,
    recoveryCodeUsed: parts.recoveryCodeUsed,
    checkPasskey: passkeys.check,
    takeLink: magicLinks.take,
    checkMailedCode: async (...tried) => (await mailedCodes.check(...tried)) !== null,
    hasSecondStep: hasSecondStep(parts),
    spend: (each) =>
      limits.spendInTurn(
        each.map(([by, who]) => [`sign-in-${by}`, who, { most: most[by], ...minute }] as const),
      ),
    recognise: devices.recognise,
    weigh: parts.risk.weigh,
    completed: parts.risk.completed,
    passwordProven: parts.lookups.passwordProven,
    enter,
    assurance,
    note: loginEvents.note,
    record,
    metrics,
  })
}
