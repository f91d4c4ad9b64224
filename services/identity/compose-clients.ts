/** The applications that sign people in with us, and what they are told. */
import { createClients } from './clients/rules.ts'
import { createClientStore } from './clients/store.ts'
import { createConnections } from './connections/rules.ts'
import { createSharingStore } from './connections/store.ts'
import { algorithms } from './keys/schema.ts'
import type { IdentityKit } from './kit.ts'
import { createRecordStore } from './oidc/store.ts'
import { createResources } from './resources/rules.ts'
import { createResourceStore } from './resources/store.ts'

export function composeApplications(kit: IdentityKit) {
  const clients = composeClients(kit)
  const applicationName = async (id: string) => (await clients.find(id))?.client_name
  return {
    clients,
    applicationName,
    resources: composeResources(kit),
    connections: composeConnections(kit, clients, applicationName),
  }
}

function composeClients({ config, chance, database, atomic, derivedKey }: IdentityKit) {
  return createClients({
    url: config.url,
    portalSecret: config.portalClientSecret,
    chance,
    sealingKey: derivedKey('client-secrets'),
    signs: algorithms,
    store: createClientStore(database),
    atomically: atomic((db, tx) => ({ store: createClientStore(db), record: (entry) => tx.record(entry) })),
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
  clients: ReturnType<typeof composeClients>,
  nameOf: (client: string) => Promise<string | undefined>,
) {
  return createConnections({
    store: createSharingStore(database),
    grantsOf: createRecordStore(database, chance).grantsOf,
    nameOf,
    isFirstParty: clients.isFirstParty,
    atomically: atomic((db, tx) => ({
      store: createSharingStore(db),
      removeClient: createRecordStore(db, chance).removeClient,
      record: (entry) => tx.record(entry),
    })),
  })
}
