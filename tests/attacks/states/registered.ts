/** What is registered at identity by somebody of the office: applications of others, programs, their secrets and their keys. */
import type { TestIdentity } from '../../support/identity.ts'
import { keyIdOf } from '../../support/service-identities.ts'
import { askerAt, nobodys, right, type Thing, type Things } from './things.ts'

const base = '/api/identity'
const chief = { kind: 'person', name: 'superadmin', roles: ['superadmin'] } as const
/** A PNG of one point. */
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

export function registeredThings(service: TestIdentity): readonly Things[] {
  const send = async (method: string, path: string, body?: unknown) =>
    right(await askerAt(service, chief).send(method, `${base}${path}`, body))
  let made = 0

  async function client(): Promise<Thing> {
    made += 1
    const id = `worker-${made}`
    await send('POST', '/clients', { kind: 'machine', id, name: 'The worker', metadata: {} })
    return { params: { id } }
  }
  const verbed = async (
    make: () => Promise<Thing>,
    path: (of: Thing['params']) => string,
    method = 'POST',
    body?: unknown,
  ) => {
    const one = await make()
    await send(method, path(one.params), body)
    return one
  }
  async function withSecret(place: number, more = 0): Promise<Thing> {
    const { params } = await client()
    for (let n = 0; n < more; n += 1) await send('POST', `/clients/${params['id']}/secrets`)
    const { secrets } = (await send('GET', `/clients/${params['id']}`)) as unknown as {
      secrets: { id: string }[]
    }
    return { params: { ...params, secret: secrets[place]?.id ?? '' } }
  }
  const of = ({ id = '' }: Thing['params']) => `/clients/${id}`

  const clients: Things = {
    name: 'client',
    service,
    look: `${base}/clients/:id`,
    make: {
      live: client,
      'with a logo': () => verbed(client, (params) => `${of(params)}/logo`, 'POST', { png }),
      'with two secrets': () => verbed(client, (params) => `${of(params)}/secrets`),
      disabled: () => verbed(client, (params) => `${of(params)}/disable`),
      removed: () => verbed(client, of, 'DELETE'),
    },
    sent: {
      [`PATCH ${base}/clients/:id`]: () => ({ body: { name: 'The other worker' } }),
      [`POST ${base}/clients/:id/logo`]: () => ({ body: { png } }),
    },
  }

  const secrets: Things = {
    name: 'secret of a client',
    service,
    look: `${base}/clients/:id`,
    make: {
      'one of two': () => withSecret(0, 1),
      only: () => withSecret(0),
      'of a disabled one': () =>
        verbed(
          () => withSecret(0, 1),
          (params) => `${of(params)}/disable`,
        ),
      retired: () =>
        verbed(
          () => withSecret(0, 1),
          (params) => `${of(params)}/secrets/${params['secret']}/retire`,
          'POST',
          {},
        ),
      'of a removed one': () => verbed(() => withSecret(0, 1), of, 'DELETE'),
    },
    sent: { [`POST ${base}/clients/:id/secrets/:secret/retire`]: () => ({ body: {} }) },
  }

  async function program(): Promise<Thing> {
    const wished = {
      kind: 'integration',
      name: 'The bookkeeper',
      purpose: 'Sends bills to members',
      owner: null,
    }
    const { id } = await send('POST', '/service-identities', wished)
    return { params: { id: String(id) } }
  }
  async function withKey(): Promise<Thing> {
    const { params } = await program()
    const { key } = await send('POST', `${at(params)}/keys`, { scopes: ['members.read'], days: 30 })
    return { params: { ...params, key: keyIdOf(String(key)) } }
  }
  const at = ({ id = '' }: Thing['params']) => `/service-identities/${id}`
  const keyAt = (params: Thing['params']) => `${at(params)}/keys/${params['key']}`

  const programs: Things = {
    name: 'service identity',
    service,
    look: `${base}/service-identities/:id`,
    make: {
      live: program,
      disabled: () => verbed(program, (params) => `${at(params)}/disable`),
      removed: () => verbed(program, at, 'DELETE'),
      none: async () => ({ params: { id: `svc_${nobodys}` } }),
    },
    sent: {
      [`POST ${base}/service-identities/:id/keys`]: () => ({ body: { scopes: ['members.read'], days: 30 } }),
    },
  }

  const keys: Things = {
    name: 'key of a service identity',
    service,
    look: `${base}/service-identities/:id`,
    make: {
      live: withKey,
      rotated: () => verbed(withKey, (params) => `${keyAt(params)}/rotate`, 'POST', {}),
      revoked: () => verbed(withKey, (params) => `${keyAt(params)}/revoke`),
      'of a disabled one': () => verbed(withKey, (params) => `${at(params)}/disable`),
      'of a removed one': () => verbed(withKey, at, 'DELETE'),
    },
    sent: { [`POST ${base}/service-identities/:id/keys/:key/rotate`]: () => ({ body: {} }) },
  }
  return [clients, secrets, programs, keys]
}
