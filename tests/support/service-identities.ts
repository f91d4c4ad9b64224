/** Programs with keys of their own, over a running identity. */
import { Registry } from '@althing/kernel/telemetry'
import { compose, type IdentityKit } from '../../services/identity/compose.ts'
import { createMetrics } from '../../services/identity/metrics.ts'
import { WishedKey, type IdentityKind } from '../../services/identity/service-identities/schema.ts'
import type { TestIdentity } from './identity.ts'
import { post } from './protocol.ts'

const actor = 'operator:test'

export function programsOf(service: TestIdentity) {
  const { serviceIdentities: identities } = compose(
    service.kit as unknown as IdentityKit,
    createMetrics(new Registry()),
  )

  /** One of a kind, and its key. */
  async function program(
    wished: Partial<typeof WishedKey._input> = {},
    { kind = 'service', owner = null }: { kind?: IdentityKind; owner?: string | null } = {},
  ) {
    const made = await identities.create(
      { kind, name: 'The bookkeeper', purpose: 'Sends bills', owner },
      actor,
    )
    return { id: made.id, key: await anotherKey(made.id, wished) }
  }

  const anotherKey = async (id: string, wished: Partial<typeof WishedKey._input> = {}): Promise<string> =>
    (await identities.addKey(id, WishedKey.parse({ scopes: ['settings.read'], days: 5, ...wished }), actor))
      .key

  return {
    identities,
    program,
    anotherKey,
    revoke: (id: string, key: string) => identities.revokeKey(id, keyIdOf(key), actor),
    rotate: async (id: string, key: string, until?: Date) =>
      (await identities.rotateKey(id, keyIdOf(key), until, actor)).key,
    setDisabled: (id: string, is: boolean) => identities.setDisabled(id, is, actor),
    remove: (id: string) => identities.remove(id, actor),
  }
}

export const keyIdOf = (key: string): string => key.slice('althing_'.length).split('.')[0] ?? ''

/** At a door of ours that a key with `settings.read` opens. */
export const atDoor = (
  service: TestIdentity,
  token: string,
  { path = '/api/identity/settings', from = '' }: { path?: string; from?: string } = {},
): Promise<Response> =>
  fetch(`${service.origin}${path}`, {
    headers: { authorization: `Bearer ${token}`, ...(from === '' ? {} : { 'x-forwarded-for': from }) },
  })

/** What the token endpoint says to a key. */
export const tokenFor = (
  service: TestIdentity,
  key: string,
  more: Readonly<Record<string, string>> = {},
  headers: Readonly<Record<string, string>> = {},
) =>
  post(
    service,
    '/oauth/token',
    {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      client_id: 'service-identities',
      subject_token: key,
      subject_token_type: 'urn:althing:token-type:api-key',
      purpose: 'The bills of November',
      ...more,
    },
    headers,
  )
