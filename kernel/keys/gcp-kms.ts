/**
 * Google Cloud KMS, encrypt and decrypt of a symmetric key over REST:
 * https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings.cryptoKeys/encrypt
 */
import { SignJWT, importPKCS8 } from 'jose'
import { z } from 'zod'
import type { Clock } from '../context/index.ts'
import { fromBase64, toBase64, utf8 } from '../crypto/index.ts'
import { askKeyService, isPassing, replyTo, type RemoteOptions } from './ask.ts'
import { crc32c } from './crc32c.ts'
import { keyFault, type KeyService } from './port.ts'

/** A service account in the settings, or that of the machine, which its metadata server speaks for. */
export const GcpKms = z.strictObject({
  kind: z.literal('gcp-kms'),
  key: z.string().regex(/^projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+\/cryptoKeys\/[^/]+$/),
  url: z.url().default('https://cloudkms.googleapis.com'),
  metadataUrl: z.url().default('http://metadata.google.internal'),
  serviceAccount: z
    .object({
      client_email: z.string().min(1),
      private_key: z.string().min(1),
      private_key_id: z.string().optional(),
      token_uri: z.url().default('https://oauth2.googleapis.com/token'),
    })
    .optional(),
})
export type GcpKms = z.output<typeof GcpKms>

const base64 = z.base64().transform(fromBase64)
/** int64 travels as text in their JSON. */
const Checksum = z.coerce.number()
const Encrypted = z.object({
  ciphertext: base64,
  ciphertextCrc32c: Checksum,
  verifiedPlaintextCrc32c: z.literal(true),
  verifiedAdditionalAuthenticatedDataCrc32c: z.literal(true),
})
const Decrypted = z.object({ plaintext: base64, plaintextCrc32c: Checksum })

export function createGcpKms(given: GcpKms, options: RemoteOptions & { readonly clock: Clock }): KeyService {
  const { key, url } = given

  function call<T>(verb: 'encrypt' | 'decrypt', asked: object, read: (text: string) => T): Promise<T> {
    const prepare = async (signal: AbortSignal) => ({
      url: `${url}/v1/${key}:${verb}`,
      init: {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${await tokenOf(given, options.clock, signal)}`,
        },
        body: JSON.stringify(asked),
      },
    })
    return askKeyService(prepare, options, ({ status, text }) => {
      if (status === 200) return read(text)
      const cause = new Error(`Google Cloud KMS answered ${status}.`)
      // 400 INVALID_ARGUMENT is what a ciphertext that does not open is answered with, and nothing else of ours can be.
      if (status === 400 && verb === 'decrypt') throw keyFault.altered(cause)
      throw isPassing(status) ? keyFault.unreachable(cause) : keyFault.refused(cause)
    })
  }

  return {
    name: `gcp-kms:${key}`,
    wrap: (dataKey, place) =>
      call('encrypt', { ...checked('plaintext', dataKey), ...bound(place) }, (text) => {
        const { ciphertext, ciphertextCrc32c } = Encrypted.parse(JSON.parse(text))
        return intact(ciphertext, ciphertextCrc32c)
      }),
    unwrap: (wrapped, place) =>
      call('decrypt', { ...checked('ciphertext', wrapped), ...bound(place) }, (text) => {
        const { plaintext, plaintextCrc32c } = Decrypted.parse(JSON.parse(text))
        return intact(plaintext, plaintextCrc32c)
      }),
  }
}

const checked = (name: string, bytes: Uint8Array) => ({
  [name]: toBase64(bytes),
  [`${name}Crc32c`]: String(crc32c(bytes)),
})
const bound = (place: string) => checked('additionalAuthenticatedData', utf8(place))

function intact(bytes: Uint8Array, sum: number): Uint8Array {
  if (crc32c(bytes) !== sum) throw new Error('The answer of Google Cloud KMS was bent on its way.')
  return bytes
}

const Token = z.object({ access_token: z.string().min(1) })

/** RFC 7523 as Google has it, or the metadata server of the machine. Asked for each time: see aws-kms.ts. */
async function tokenOf({ serviceAccount, metadataUrl }: GcpKms, clock: Clock, signal: AbortSignal) {
  const { status, text } =
    serviceAccount === undefined
      ? await replyTo(
          `${metadataUrl}/computeMetadata/v1/instance/service-accounts/default/token`,
          { headers: { 'metadata-flavor': 'Google' } },
          signal,
        )
      : await replyTo(
          serviceAccount.token_uri,
          {
            method: 'POST',
            body: new URLSearchParams({
              grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
              assertion: await assertionOf(serviceAccount, clock),
            }),
          },
          signal,
        )
  if (status === 200) return Token.parse(JSON.parse(text)).access_token
  const cause = new Error(`Google’s token endpoint answered ${status}.`)
  throw isPassing(status) ? keyFault.unreachable(cause) : keyFault.refused(cause)
}

async function assertionOf(
  { client_email, private_key, private_key_id, token_uri }: NonNullable<GcpKms['serviceAccount']>,
  clock: Clock,
): Promise<string> {
  const at = Math.floor(clock.now().getTime() / 1000)
  return new SignJWT({ scope: 'https://www.googleapis.com/auth/cloudkms' })
    .setProtectedHeader({
      alg: 'RS256',
      typ: 'JWT',
      ...(private_key_id === undefined ? {} : { kid: private_key_id }),
    })
    .setIssuer(client_email)
    .setAudience(token_uri)
    .setIssuedAt(at)
    .setExpirationTime(at + 300)
    .sign(await importPKCS8(private_key, 'RS256'))
}
