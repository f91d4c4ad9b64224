/** The applications that sign people in with us, and what they are told. */
import type { Tx } from '@althing/kernel/service'
import { createEgress } from '@althing/kernel/egress'
import { createAccountStore } from './accounts/store.ts'
import { createApplying } from './clients/applying.ts'
import { reminderJob } from './clients/jobs.ts'
import { createLogoStore } from './clients/logo-store.ts'
import { createLogos } from './clients/logos.ts'
import { createClientOperations } from './clients/operations.ts'
import { createClients } from './clients/rules.ts'
import { createClientStore } from './clients/store.ts'
import { createTending } from './clients/tending.ts'
import { reminderMail } from './clients/texts.ts'
import { createWriting } from './clients/writing.ts'
import { createConnections } from './connections/rules.ts'
import { createSharingStore } from './connections/store.ts'
import { algorithms } from './keys/schema.ts'
import type { Db, IdentityKit } from './kit.ts'
import { toPerson, type Post } from './letters.ts'
import type { Metrics } from './metrics.ts'
import { registeredOnly, scopes } from './oidc/schema.ts'
import { createRecordStore } from './oidc/store.ts'
import { createResources } from './resources/rules.ts'
import { createResourceStore } from './resources/store.ts'
import { createStreamStore } from './signals/store.ts'

export function composeApplications(kit: IdentityKit, mail: Post, metrics: Metrics) {
  const { config, clock, chance, ids, database, atomic, derivedKey } = kit
  const writingIn = (db: Db, tx: Tx) =>
    createWriting({
      clock,
      ids,
      store: createClientStore(db),
      logos: createLogoStore(db),
      record: (entry) => tx.record(entry),
      forget: (client) => forgetIn(kit, db, client),
      askAnew: (client) => createRecordStore(db, chance).forgetClient(client),
      counted: metrics.clientChanged,
    })
  const shared = {
    clock,
    chance,
    ids,
    url: config.url,
    portalSecret: config.portalClientSecret,
    sealingKey: derivedKey('client-secrets'),
    signs: algorithms,
    scopes,
    checkAddress: addressChecker(config),
    store: createClientStore(database),
    logos: createLogoStore(database),
    secretDays: config.clientSecretDays,
    warnDays: config.clientSecretWarnDays,
    write: atomic(writingIn),
    servers: () => createResourceStore(database).all(),
  }
  const clients = createClients(shared)
  const job = reminderJob((reminder) => clientTending.deliver(reminder))
  const clientTending = composeTending(kit, mail, metrics, job)
  const resources = composeResources(kit)
  return {
    clients,
    judging: shared,
    sealing: shared,
    writingIn,
    clientOperations: createClientOperations(shared),
    clientApplying: createApplying(shared),
    clientLogos: createLogos(shared),
    clientTending,
    clientJobs: [job],
    resources,
    connections: composeConnections(kit, clients, resources),
  }
}

function addressChecker({ egressAllowed }: IdentityKit['config']) {
  const egress = createEgress({ allowed: egressAllowed })
  return (url: string) => void egress.checked(url)
}

/** What people gave it, and what it is told. */
async function forgetIn({ chance }: IdentityKit, db: Db, client: string): Promise<void> {
  await createRecordStore(db, chance).forgetClient(client)
  await createStreamStore(db).forbid(client)
}

function composeTending(kit: IdentityKit, mail: Post, metrics: Metrics, job: ReturnType<typeof reminderJob>) {
  const { config, clock, database, atomic, log } = kit
  return createTending({
    clock,
    store: createClientStore(database),
    secretDays: config.clientSecretDays,
    warnDays: config.clientSecretWarnDays,
    counted: metrics.secretReminded,
    onFailed: (error) => log.warn('the last use of an application is not noted', { cause: String(error) }),
    async administrator(id) {
      const one = (await createAccountStore(database).administrators()).find((account) => account.id === id)
      return one ?? null
    },
    send: (to, reminded) =>
      mail.send({
        ...toPerson(to, 'ours'),
        ...reminderMail(to.locale, {
          name: to.name,
          organisation: config.organisation,
          secrets: reminded.map(({ client, name, madeAt, endsAt }) => ({
            client: name,
            madeAt,
            endsAt,
            link: `${config.url}/admin/clients/${client}`,
          })),
        }),
      }),
    atomically: atomic((db) => ({
      store: createClientStore(db),
      administrators: createAccountStore(db).administrators,
      enqueue: (reminder) => job.enqueue(db, reminder),
    })),
  })
}

function composeResources({ config, database, atomic }: IdentityKit) {
  return createResources({
    url: config.url,
    store: createResourceStore(database),
    atomically: atomic((db, tx) => ({
      store: createResourceStore(db),
      record: (entry) => tx.record(entry),
    })),
  })
}

function composeConnections(
  { database, chance, atomic }: IdentityKit,
  clients: ReturnType<typeof createClients>,
  resources: ReturnType<typeof composeResources>,
) {
  return createConnections({
    async serversOf(client, scopes) {
      const uris = Object.keys((await clients.find(client))?.resources ?? {})
      return (await resources.askedAt(uris, scopes)).filter((server) => server.scopes.length > 0)
    },
    store: createSharingStore(database),
    grantsOf: createRecordStore(database, chance).grantsOf,
    nameOf: clients.nameOf,
    isFirstParty: clients.isFirstParty,
    consentOf: clients.consentOf,
    async tellable(client, scopes) {
      const registered = (await clients.find(client))?.scope?.split(' ') ?? []
      return scopes.filter((scope) => !registeredOnly.includes(scope) || registered.includes(scope))
    },
    atomically: atomic((db, tx) => ({
      store: createSharingStore(db),
      removeClient: createRecordStore(db, chance).removeClient,
      record: (entry) => tx.record(entry),
    })),
  })
}
