/** Five kinds of applications: what each of them begins with, and which of them something that is registered is. */
import { grantTypes as grant, type ClientKind, type ClientMetadata, type ClientWords } from './schema.ts'

/** What is said goes before what its kind begins with. RFC 8252 for what runs on the machine of a person. */
const beginnings: Readonly<Record<ClientKind, ClientWords>> = {
  web: { grant_types: [grant.code, grant.refresh] },
  native: {
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    grant_types: [grant.code, grant.refresh],
  },
  spa: { token_endpoint_auth_method: 'none' },
  machine: { grant_types: [grant.credentials], scope: '' },
  device: {
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    grant_types: [grant.device, grant.refresh],
  },
}

export const ofKind = (kind: ClientKind, words: ClientWords): ClientWords => ({
  ...beginnings[kind],
  ...words,
})

export function kindOf({
  grant_types: types,
  application_type: type,
  token_endpoint_auth_method: method,
}: ClientMetadata): ClientKind {
  if (types.includes(grant.code)) {
    if (type === 'native') return 'native'
    return method === 'none' ? 'spa' : 'web'
  }
  return types.includes(grant.device) ? 'device' : 'machine'
}

/** Whether it proves itself by a secret that we keep too. */
export const hasSecret = ({ token_endpoint_auth_method: method }: ClientMetadata): boolean =>
  method === 'client_secret_basic' || method === 'client_secret_post'
