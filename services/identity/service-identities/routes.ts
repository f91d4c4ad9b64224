/** Service identities and their keys for those who look after the house, and the door at which keys become tokens. */
import { apiKeyPath, Exchanged, may, Presented, route, type Route } from '@althing/kernel/http'
import { z } from 'zod'
import { Done } from '../contract.ts'
import type { ServiceIdentities } from './rules.ts'
import { WishedIdentity, WishedKey } from './schema.ts'
import { IdentityPath, KeyPath, Told, told, ToldOnce } from './shapes.ts'
import type { KeyUse } from './use.ts'

interface Needs {
  readonly identities: ServiceIdentities
  readonly use: Pick<KeyUse, 'atDoor'>
}

const base = '/api/identity/service-identities'
const ofIdentity = ({ params }: { params: { id: string } }) => ({ type: 'ServiceIdentity', id: params.id })
const by = ({ subject }: { readonly subject: string }) => `person:${subject}`

export const serviceIdentityRoutes = ({ identities, use }: Needs): Route[] => [
  // For the doors of our own services: no stranger can ask there, and what they come with is never written down.
  route(
    {
      method: 'POST',
      path: apiKeyPath,
      access: may('tokens.exchange'),
      summary: 'Changes a key that was shown at a door for a short token of ours.',
      body: Presented,
      reply: Exchanged,
    },
    async ({ body: { token } }) => ({ token: await use.atDoor(token) }),
  ),
  ...lookingRoutes(identities),
  ...writingRoutes(identities),
  ...keyRoutes(identities),
]

function lookingRoutes(identities: ServiceIdentities): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: base,
        access: may('service-identities.read'),
        summary: 'Programs that come in their own name, by id; no key among them.',
        query: z.strictObject({
          search: z.string().trim().max(100).default(''),
          after: z.string().max(100).default(''),
          limit: z.coerce.number().int().min(1).max(200).default(50),
        }),
        reply: z.object({ identities: z.array(Told), next: z.string().nullable() }),
      },
      async ({ query: { search, after, limit } }) => {
        const found = await identities.list(search, after, limit)
        return {
          identities: found.map(told),
          next: found.length === limit ? (found.at(-1)?.id ?? null) : null,
        }
      },
    ),
    route(
      {
        method: 'GET',
        path: `${base}/:id`,
        access: may('service-identities.read', ofIdentity),
        summary: 'One of them, and its keys without what they are.',
        params: IdentityPath,
        reply: Told,
      },
      async ({ params }) => told(await identities.show(params.id)),
    ),
  ]
}

function writingRoutes(identities: ServiceIdentities): Route[] {
  return [
    route(
      {
        method: 'POST',
        path: base,
        access: may('service-identities.create'),
        summary: 'Makes one of a kind, with an owner and a purpose. It opens nothing until it has a key.',
        body: WishedIdentity,
        reply: Told,
        status: 201,
      },
      async ({ body, caller }) => told(await identities.create(body, by(caller))),
    ),
    ...(['disable', 'enable'] as const).map((verb) =>
      route(
        {
          method: 'POST',
          path: `${base}/:id/${verb}`,
          access: may('service-identities.change', ofIdentity),
          summary:
            verb === 'disable'
              ? 'From the next request on it opens nothing, nor does what it was given before.'
              : 'Its keys open again what they say.',
          params: IdentityPath,
          reply: Told,
        },
        async ({ params, caller }) =>
          told(await identities.setDisabled(params.id, verb === 'disable', by(caller))),
      ),
    ),
    route(
      {
        method: 'DELETE',
        path: `${base}/:id`,
        access: may('service-identities.remove', ofIdentity),
        summary: 'Ends it for ever, with its keys.',
        params: IdentityPath,
        reply: Done,
      },
      async ({ params, caller }) => {
        await identities.remove(params.id, by(caller))
        return { done: true as const }
      },
    ),
  ]
}

function keyRoutes(identities: ServiceIdentities): Route[] {
  return [
    route(
      {
        method: 'POST',
        path: `${base}/:id/keys`,
        access: may('service-identities.change', ofIdentity),
        summary: 'Makes a key. It is in this answer and in no other.',
        params: IdentityPath,
        body: WishedKey,
        reply: ToldOnce,
        status: 201,
      },
      async ({ params, body, caller }) => {
        const { identity, key } = await identities.addKey(params.id, body, by(caller))
        return { identity: told(identity), key }
      },
    ),
    route(
      {
        method: 'POST',
        path: `${base}/:id/keys/:key/rotate`,
        access: may('service-identities.change', ofIdentity),
        summary: 'Makes its successor; the old one opens until the time that is said, within thirty days.',
        params: KeyPath,
        body: z.strictObject({ until: z.iso.datetime({ offset: true }).optional() }),
        reply: ToldOnce,
        status: 201,
      },
      async ({ params, body: { until }, caller }) => {
        const at = until === undefined ? undefined : new Date(until)
        const { identity, key } = await identities.rotateKey(params.id, params.key, at, by(caller))
        return { identity: told(identity), key }
      },
    ),
    route(
      {
        method: 'POST',
        path: `${base}/:id/keys/:key/revoke`,
        access: may('service-identities.change', ofIdentity),
        summary: 'Ends a key at once, everywhere, and every token that was given for it.',
        params: KeyPath,
        reply: Told,
      },
      async ({ params, caller }) => told(await identities.revokeKey(params.id, params.key, by(caller))),
    ),
  ]
}
