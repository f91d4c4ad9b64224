/** What the three providers of the benchmark are set up for alike: the same applications, the same persons, the same requests. */
import type { ClientWords } from '../../services/identity/clients/schema.ts'
import { api, callback } from '../support/protocol.ts'

export const persons = 16
export const secret = 'a secret of an application, long enough for all of them'

/** One that asks for itself, and one that asks for people. */
export const applications = {
  machine: { grant_types: ['client_credentials'], resources: { [api]: 'read' } },
  shop: {
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    redirect_uris: [callback],
    scope: 'openid email offline_access',
    resources: { [api]: 'read' },
  },
} as const satisfies Record<string, ClientWords>
