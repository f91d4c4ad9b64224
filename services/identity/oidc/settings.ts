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
