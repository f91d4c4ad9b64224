import { integer, setting } from '@althing/kernel/config'
import { z } from 'zod'
import { isRange } from './proxies.ts'

const list = z
  .string()
  .transform((text) => text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()])))

/** Settings of how applications speak to us. */
export const protocolSettings = {
  dpopNonce: setting({
    env: 'ALTHING_IDENTITY_DPOP_NONCE',
    schema: z.enum(['required', 'optional']),
    fallback: 'required',
    doc: 'Whether a DPoP proof has to carry a word that we gave (RFC 9449, section 8). `optional`: proofs can be made in advance by whoever has the key in hand for a moment.',
  }),
  deviceCodesPerNetwork: setting({
    env: 'ALTHING_IDENTITY_DEVICE_CODES_PER_NETWORK',
    schema: integer.min(1),
    fallback: '30',
    doc: 'Codes of devices that may be tried from one network in ten minutes.',
  }),
  keyTokensPerMinute: setting({
    env: 'ALTHING_IDENTITY_KEY_TOKENS_PER_MINUTE',
    schema: integer.min(1),
    fallback: '60',
    doc: 'How many tokens the key of one program may be changed for in a minute: each stands in the audit log for ever.',
  }),
  backchannelPerPerson: setting({
    env: 'ALTHING_IDENTITY_BACKCHANNEL_PER_PERSON',
    schema: integer.min(1),
    fallback: '5',
    doc: 'How often one application may ask one person who is elsewhere (CIBA) in ten minutes; all applications together four times as often in an hour.',
  }),
  backchannelPerClient: setting({
    env: 'ALTHING_IDENTITY_BACKCHANNEL_PER_CLIENT',
    schema: integer.min(1),
    fallback: '600',
    doc: 'How many people one application may ask in ten minutes.',
  }),
  clientRegistration: setting({
    env: 'ALTHING_IDENTITY_CLIENT_REGISTRATION',
    schema: z.enum(['off', 'token']),
    fallback: 'off',
    doc: 'Whether applications may register themselves (RFC 7591): `token` lets those that show a word made by `clients registration-token create`. They are strangers, and ask people in every session.',
  }),
  clientRegistrationsPerNetwork: setting({
    env: 'ALTHING_IDENTITY_CLIENT_REGISTRATIONS_PER_NETWORK',
    schema: integer.min(1),
    fallback: '60',
    doc: 'Requests about their own registration that applications may send from one network in an hour.',
  }),
  clientDocuments: setting({
    env: 'ALTHING_IDENTITY_CLIENT_DOCUMENTS',
    schema: z.enum(['off', 'on']),
    fallback: 'off',
    doc: 'Whether the id of an application may be an address at which it says what it is (client id metadata documents). It is held to the policy `mcp`, and gets tokens only for servers that are open to strangers.',
  }),
  clientDocumentsPerNetwork: setting({
    env: 'ALTHING_IDENTITY_CLIENT_DOCUMENTS_PER_NETWORK',
    schema: integer.min(1),
    fallback: '20',
    doc: 'Addresses of applications not known before that are called for one network in an hour.',
  }),
  certificateProxies: setting({
    env: 'ALTHING_IDENTITY_CERTIFICATE_PROXIES',
    schema: list.refine((parts) => parts.every(isRange)),
    fallback: '',
    doc: 'Addresses or ranges, by commas, of proxies that speak TLS with applications and reach identity without the portal between: what they say of certificates is believed (RFC 8705). Without any, no application shows a certificate. An address from which strangers’ requests are forwarded as they are must not be among them.',
  }),
  certificateHeader: setting({
    env: 'ALTHING_IDENTITY_CERTIFICATE_HEADER',
    schema: z.string().regex(/^[a-z0-9-]{1,60}$/),
    fallback: 'x-althing-certificate',
    doc: 'The header in which such a proxy passes on the certificate: RFC 9440, or PEM with percent signs. The same name with -verified says SUCCESS when an authority that you trust has signed it.',
  }),
} as const
