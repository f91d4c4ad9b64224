/**
 * AWS Key Management Service, Encrypt and Decrypt of a symmetric key: https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html
 * The place goes along as the encryption context: it is authenticated, and stands in CloudTrail.
 */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Clock } from '../context/index.ts'
import { fromBase64, toBase64 } from '../crypto/index.ts'
import { askKeyService, isPassing, replyTo, type RemoteOptions, type Replied } from './ask.ts'
import { keyFault, type KeyService } from './port.ts'
import { signedHeaders, type AwsCredentials } from './sigv4.ts'

const base64 = z.base64().transform(fromBase64)

/** Credentials in the settings, or where the platform gives them to a container (ECS, EKS Pod Identity). */
export const AwsKms = z.strictObject({
  kind: z.literal('aws-kms'),
  region: z.string().regex(/^[a-z0-9-]{1,32}$/),
  /** Its ARN, its id, or an alias. */
  key: z.string().min(1).max(2048),
  /** Another address than the region's own: a private endpoint. */
  url: z.url().optional(),
  accessKeyId: z.string().min(1).optional(),
  secretAccessKey: z.string().min(1).optional(),
  sessionToken: z.string().min(1).optional(),
  credentialsUrl: z.url().optional(),
  credentialsTokenFile: z.string().min(1).optional(),
})
export type AwsKms = z.output<typeof AwsKms>

export function createAwsKms(given: AwsKms, options: RemoteOptions & { readonly clock: Clock }): KeyService {
  const { region, key, url = `https://kms.${region}.amazonaws.com/` } = given
  const { clock } = options

  function call<T>(action: string, asked: object, read: (text: string) => T): Promise<T> {
    const prepare = async (signal: AbortSignal) => {
      const body = JSON.stringify(asked)
      const headers = {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `TrentService.${action}`,
      }
      const credentials = await credentialsOf(given, signal)
      const scope = { region, service: 'kms', now: clock.now() }
      const signed = signedHeaders({ method: 'POST', url, headers, body }, scope, credentials)
      return { url, init: { method: 'POST', headers: signed, body } }
    }
    return askKeyService(prepare, options, (replied) => {
      if (replied.status !== 200) throw refusalOf(replied)
      return read(replied.text)
    })
  }

  return {
    name: `aws-kms:${key}`,
    wrap: (dataKey, place) =>
      call(
        'Encrypt',
        { KeyId: key, Plaintext: toBase64(dataKey), EncryptionContext: { place } },
        (text) => z.object({ CiphertextBlob: base64 }).parse(JSON.parse(text)).CiphertextBlob,
      ),
    unwrap: (wrapped, place) =>
      call(
        'Decrypt',
        // The key is named although the ciphertext names it too: whoever can write there must not choose the key.
        { KeyId: key, CiphertextBlob: toBase64(wrapped), EncryptionContext: { place } },
        (text) => z.object({ Plaintext: base64 }).parse(JSON.parse(text)).Plaintext,
      ),
  }
}

/** As the container endpoints answer: https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html */
const Lent = z.object({ AccessKeyId: z.string(), SecretAccessKey: z.string(), Token: z.string() })

/** Asked for each time: keys are opened some times a day, and what is never kept is never stale. */
async function credentialsOf(given: AwsKms, signal: AbortSignal): Promise<AwsCredentials> {
  const { accessKeyId, secretAccessKey, sessionToken, credentialsUrl, credentialsTokenFile } = given
  if (accessKeyId !== undefined && secretAccessKey !== undefined)
    return { accessKeyId, secretAccessKey, sessionToken }
  if (credentialsUrl === undefined) throw keyFault.refused(new Error('There are no credentials for AWS.'))
  const headers =
    credentialsTokenFile === undefined
      ? {}
      : { authorization: readFileSync(credentialsTokenFile, 'utf8').trim() }
  const { status, text } = await replyTo(credentialsUrl, { headers }, signal)
  if (status !== 200) throw new Error(`The endpoint for credentials answered ${status}.`)
  const { AccessKeyId, SecretAccessKey, Token } = Lent.parse(JSON.parse(text))
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: Token }
}

const Trouble = z.object({ __type: z.string() })
const altered = ['InvalidCiphertextException', 'IncorrectKeyException']
/** Answered with 400, although they pass. */
const passing = ['ThrottlingException', 'LimitExceededException', 'RequestLimitExceeded']

function refusalOf({ status, text }: Replied) {
  // `com.amazonaws.kms#…` in some answers, the bare name in others.
  const name = Trouble.safeParse(safely(text)).data?.__type.split('#').at(-1) ?? ''
  const cause = new Error(`AWS KMS answered ${status} ${/^\w{1,60}$/.test(name) ? name : ''}`.trim())
  if (altered.includes(name)) return keyFault.altered(cause)
  return isPassing(status) || passing.includes(name) ? keyFault.unreachable(cause) : keyFault.refused(cause)
}

function safely(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
