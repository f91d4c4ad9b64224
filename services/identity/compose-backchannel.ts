/** Requests to people who are elsewhere: asked by the engine, told by a letter, answered on a page, and told to the application. */
import { isFault } from '@althing/kernel/errors'
import { createEgress } from '@althing/kernel/egress'
import { createAccountStore } from './accounts/store.ts'
import { backchannelJobs } from './backchannel/jobs.ts'
import { createBackchannel } from './backchannel/rules.ts'
import { createBackchannelStore } from './backchannel/store.ts'
import { askedMail } from './backchannel/texts.ts'
import type { composeApplications } from './compose-clients.ts'
import { createSharingStore } from './connections/store.ts'
import type { IdentityKit } from './kit.ts'
import { toPerson, type Post } from './letters.ts'
import { asksOf } from './limit-names.ts'
import type { Metrics } from './metrics.ts'
import { backchannelRecords } from './oidc/backchannel-record.ts'
import { reaches } from './oidc/level.ts'
import { createRecordStore } from './oidc/store.ts'

type Needs = Parameters<typeof createBackchannel>[0]
type Applications = Pick<ReturnType<typeof composeApplications>, 'clients' | 'connections' | 'resources'>

export function composeBackchannel(
  kit: IdentityKit,
  mail: Post,
  { clients, connections, resources }: Applications,
  metrics: Pick<Metrics, 'backchannel'>,
) {
  const { clock, chance, ids, database, atomic, derivedKey } = kit
  const accounts = createAccountStore(database)
  const recordsIn = (db: Parameters<typeof createRecordStore>[0]) =>
    backchannelRecords({
      records: createRecordStore(db, chance),
      now: () => clock.now(),
      newId: () => Buffer.from(chance.bytes(32)).toString('base64url'),
    })
  const jobs = backchannelJobs({
    ask: (request) => backchannel.ask(request),
    ping: (request) => backchannel.ping(request),
  })
  const backchannel = createBackchannel({
    ids,
    chance,
    sealingKey: derivedKey('backchannel-requests'),
    store: createBackchannelStore(database),
    opened: recordsIn(database).open,
    byIdentifier: accounts.byIdentifier,
    byId: accounts.byId,
    nameOf: clients.nameOf,
    async endpointOf(client) {
      return (await clients.find(client))?.backchannel_client_notification_endpoint
    },
    consider: connections.consider,
    askedAt: resources.askedAt,
    purposeOf: clients.nationalIdPurposeOf,
    reaches,
    sendAsked: letterBy(kit, mail),
    post: tellBy(kit),
    onOutcome: metrics.backchannel,
    atomically: atomic((db, tx) => ({
      store: createBackchannelStore(db),
      allow: recordsIn(db).allow,
      refuse: recordsIn(db).refuse,
      keptBy: async (account: string) =>
        (await createSharingStore(db).of(account)).flatMap(({ scope, choice }) =>
          choice === 'deny' ? [scope] : [],
        ),
      enqueueAsked: (request: string) => jobs.asked.enqueue(db, { request }),
      enqueuePing: (request: string) => jobs.answered.enqueue(db, { request }),
      record: (entry) => tx.record(entry),
    })),
  })
  return {
    backchannel: { ...backchannel, ...spendIn(kit) },
    backchannelJobs: [jobs.asked, jobs.answered],
  }
}

/** A person is not to be worn down by questions until they say yes: first by one application, then by all of them. */
const spendIn = ({ limits, config }: IdentityKit) => {
  const ofPerson = (client: string, who: string) =>
    [
      ['backchannel-pair', asksOf(who, client), { most: config.backchannelPerPerson, withinSeconds: 600 }],
      ['backchannel-person', who, { most: config.backchannelPerPerson * 4, withinSeconds: 3600 }],
    ] as const
  return {
    spend: (client: string, who: string): Promise<void> =>
      limits.spendInTurn([
        ...ofPerson(client, who),
        ['backchannel-client', client, { most: config.backchannelPerClient, withinSeconds: 600 }],
      ]),
    async isSpent(client: string, who: string): Promise<boolean> {
      try {
        await limits.spendInTurn([...ofPerson(client, `person ${who}`)])
        return false
      } catch (error) {
        if (!isFault(error, 'kernel.limits.too_many')) throw error
        return true
      }
    },
  }
}

const letterBy =
  ({ config: { organisation, url } }: IdentityKit, mail: Post): Needs['sendAsked'] =>
  (to, { client, request, minutes }) =>
    mail.send({
      ...toPerson(to, 'ours'),
      ...askedMail(to.locale, {
        name: to.name,
        organisation,
        client,
        link: `${url}/account/requests/${request}`,
        minutes,
      }),
    })

/** OpenID CIBA Core 1.0, section 10.2: no redirect is followed, and what is answered is not read. */
function tellBy({ config }: IdentityKit): Needs['post'] {
  const { send } = createEgress({ allowed: config.egressAllowed })
  return async (endpoint, token, body) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    return (await send(endpoint, { method: 'POST', headers, body, mostBytes: 10_000 })).status
  }
}
