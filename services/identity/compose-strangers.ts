/** Applications that nobody here has looked at: those that register themselves, and those that are known by a document of their own. */
import { createEgress } from '@althing/kernel/egress'
import { createClientDocuments, mostBytes } from './client-documents/rules.ts'
import { createClientDocumentStore } from './client-documents/store.ts'
import { considered, registeredAs, type Registered } from './clients/rules.ts'
import type { ClientMetadata } from './clients/schema.ts'
import { publicWords, strangerGrants, strangerWords, type StrangerPolicy } from './clients/strangers.ts'
import { sealedSecret, type WritingParts } from './clients/writing.ts'
import { composeBackchannel } from './compose-backchannel.ts'
import { composeApplications } from './compose-clients.ts'
import { composeServiceIdentities } from './compose-service-identities.ts'
import type { PublishedKeys } from './keys/published.ts'
import type { IdentityKit } from './kit.ts'
import type { Post } from './letters.ts'
import type { Metrics } from './metrics.ts'
import { createSelfRegistration } from './self-registration/rules.ts'
import { createSelfRegistrationStore } from './self-registration/store.ts'

type Applications = ReturnType<typeof composeApplications>
type Said = Readonly<Record<string, unknown>>

/** All that has to do with applications and programs: who they are, who nobody here has looked at, and what they ask of people elsewhere. */
export function composeAllApplications(
  kit: IdentityKit,
  mail: Post,
  metrics: Metrics,
  published: PublishedKeys,
) {
  const applications = composeApplications(kit, mail, metrics)
  const { backchannel, backchannelJobs } = composeBackchannel(kit, mail, applications, metrics)
  return {
    ...applications,
    ...composeStrangers(kit, applications, metrics),
    ...composeServiceIdentities(kit, published, metrics),
    backchannel,
    clientJobs: [...applications.clientJobs, ...backchannelJobs],
  }
}

function composeStrangers(kit: IdentityKit, applications: Applications, metrics: Metrics) {
  const documents = composeDocuments(kit, applications, metrics)
  const { clients } = applications
  const registeredBy = async (id: string) =>
    isDocument(id) ? ('document' as const) : (await clients.find(id))?.registered_by
  /** Its own pages, as it names them (RFC 7591, section 2). */
  async function applicationPages(id: string) {
    const { client_uri, policy_uri, tos_uri } =
      (await clients.find(id)) ?? (await documents.find(id, undefined)) ?? {}
    return { client: client_uri, policy: policy_uri, terms: tos_uri }
  }
  return {
    applicationPages,
    selfRegistration: composeSelfRegistration(kit, applications, metrics),
    documents,
    registeredBy,
    applicationName: async (id: string) => (await clients.nameOf(id)) ?? documents.nameOf(id),
  }
}

/** No other id has such a form (`ClientId`). */
const isDocument = (id: string): boolean => /^https?:\/\//.test(id)

/** Judged as everybody is, and then as one that nobody here has looked at. */
async function considerAs(
  { resources, judging }: Applications,
  said: Said,
  policy: StrangerPolicy,
  registeredBy: 'itself' | 'document',
) {
  const open = Object.fromEntries(
    (await resources.list()).flatMap((one) => (one.open ? [[one.uri, one.scopes.join(' ')]] : [])),
  )
  const { metadata, refusals } = considered(strangerWords(said, { policy, registeredBy, open }), judging)
  const types = metadata?.grant_types ?? []
  const more = types.some((type) => !strangerGrants.includes(type))
    ? [{ field: 'grant_types', why: `must be of ${strangerGrants.join(', ')}` }]
    : []
  return { metadata: more.length === 0 ? metadata : null, refusals: [...refusals, ...more] }
}

function composeDocuments(kit: IdentityKit, applications: Applications, metrics: Metrics) {
  const { config, database, limits } = kit
  const egress = createEgress({ allowed: config.egressAllowed })
  return createClientDocuments<Registered>({
    store: createClientDocumentStore(database),
    fetch: (url) => egress.send(url, { headers: { accept: 'application/json' }, mostBytes }),
    mayCall(url) {
      if (config.clientDocuments === 'off') return false
      try {
        return egress.checked(url) !== null
      } catch {
        return false
      }
    },
    spend: (network) =>
      limits.spend('client-document', network, {
        most: config.clientDocumentsPerNetwork,
        withinSeconds: 3600,
      }),
    async consider(id, name, said) {
      const words = { token_endpoint_auth_method: 'none', ...kindOf(said), ...said }
      const { metadata, refusals } = await considerAs(applications, words, 'mcp', 'document')
      return { registered: metadata === null ? null : registeredAs({ id, name, metadata }), refusals }
    },
    onOutcome: metrics.clientDocument,
  })
}

/** RFC 8252: what answers on the machine of a person runs there, whether it says so or not, and its port is not known before. */
function kindOf({ redirect_uris: uris }: Said): { application_type?: 'native' } {
  const isNative =
    Array.isArray(uris) && uris.some((uri) => typeof uri === 'string' && !uri.startsWith('https:'))
  return isNative ? { application_type: 'native' } : {}
}

function composeSelfRegistration(kit: IdentityKit, applications: Applications, metrics: Metrics) {
  const { config, clock, chance, ids, database, atomic } = kit
  const { clients, writingIn, sealing } = applications
  const store = createSelfRegistrationStore(database)
  return createSelfRegistration<ClientMetadata>({
    url: config.url,
    ids,
    chance,
    store,
    now: () => clock.now(),
    find: clients.find,
    shown: (client) => ({ ...silentOf(client as Said), ...publicWords(client as Said) }),
    consider: async (said, policy) => {
      const { metadata, refusals } = await considerAs(applications, said, policy, 'itself')
      const more = metadata === null ? [] : await sectorRefusals(config, metadata)
      return { metadata: more.length === 0 ? metadata : null, refusals: [...refusals, ...more] }
    },
    onOutcome: metrics.selfRegistered,
    atomically: atomic((db, tx) => ({
      store: createSelfRegistrationStore(db),
      ...changesIn(writingIn(db, tx), sealing),
      record: (entry) => tx.record(entry),
    })),
  })
}

/** RFC 7591, section 3.2.1: what holds is said, also where it was left out. A client that is read has them all; one without any words has none. */
const silentOf = ({ grant_types: types }: Said): Said =>
  !Array.isArray(types)
    ? {}
    : { response_types: types.includes('authorization_code') ? ['code'] : [], subject_type: 'public' }

type Described = Parameters<WritingParts['make']>[0]

const changesIn = (writing: WritingParts, sealing: Applications['sealing']) => ({
  make: (client: Described, actor: string) =>
    writing.make(client, sealedSecret(sealing, client.id, client.metadata), actor),
  async change(client: Described, actor: string) {
    const before = await writing.locked(client.id)
    if (before === null) return null
    return writing.change(before, client, sealedSecret(sealing, client.id, client.metadata), actor)
  },
  remove: writing.remove,
})

/** OpenID Connect Registration, section 5: all redirects stand in the list of the sector, or a pairwise name would be shared with strangers. */
async function sectorRefusals({ egressAllowed }: IdentityKit['config'], metadata: ClientMetadata) {
  const { sector_identifier_uri: sector, redirect_uris: redirects } = metadata
  if (sector === undefined) return []
  try {
    const { status, text } = await createEgress({ allowed: egressAllowed }).send(sector, {
      mostBytes: 100_000,
    })
    const listed: unknown = JSON.parse(text)
    if (status === 200 && Array.isArray(listed) && redirects.every((uri) => listed.includes(uri))) return []
  } catch {
    // Whatever went wrong, the list is not there to be compared with.
  }
  return [{ field: 'sector_identifier_uri', why: 'must answer with a list of all redirect_uris' }]
}
