/**
 * Stand-ins for key services, over real HTTP and in the words of their documents. Each looks at who asks as the real one does, with code of its
 * own, keeps a key that never leaves it, and binds what it wraps to the context that it is given.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  generateKeyPairSync,
  randomBytes,
} from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { jwtVerify } from 'jose'
import { attester, type Attester } from './attesters.ts'

/** What it says no to although it is there. */
export type Refusing = 'denied' | 'disabled' | 'throttled'

export interface KeyStandIn extends Attester {
  refuse(how: Refusing | null): void
}

interface Asked {
  readonly request: IncomingMessage
  readonly text: string
  readonly body: Readonly<Record<string, string>>
  readonly refusing: Refusing | null
}
interface Reply {
  readonly status: number
  readonly body: unknown
}

async function standIn(answer: (asked: Asked) => Promise<Reply> | Reply): Promise<KeyStandIn> {
  let refusing: Refusing | null = null
  const provider = await attester(async (request, response: ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString('utf8')
    const isJson = /json/.test(request.headers['content-type'] ?? '')
    const body = (isJson ? JSON.parse(text) : {}) as Record<string, string>
    const { status, body: said } = await answer({ request, text, body, refusing })
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(said))
  })
  return { ...provider, refuse: (how) => void (refusing = how) }
}

/** Wraps under a key of its own, bound to the context. */
function vaultOfKeys() {
  const key = randomBytes(32)
  return {
    wrap(plain: Buffer, context: string): Buffer {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context))
      return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
    },
    unwrap(wrapped: Buffer, context: string): Buffer | null {
      if (wrapped.length < 28) return null
      const cipher = createDecipheriv('aes-256-gcm', key, wrapped.subarray(0, 12), { authTagLength: 16 })
      cipher.setAAD(Buffer.from(context)).setAuthTag(wrapped.subarray(-16))
      try {
        return Buffer.concat([cipher.update(wrapped.subarray(12, -16)), cipher.final()])
      } catch {
        return null
      }
    },
  }
}

const bytesOf = (text: string | undefined) => Buffer.from(text ?? '', 'base64')
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

export const awsStandInKeys = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'a secret of the tests',
} as const

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html; the signature is computed anew from what arrived. */
export async function awsKmsStandIn(key: string): Promise<KeyStandIn> {
  const keys = vaultOfKeys()
  const no = (status: number, type: string): Reply => ({ status, body: { __type: type, message: 'No.' } })
  return standIn(({ request, text, body, refusing }) => {
    if (refusing === 'throttled') return no(400, 'ThrottlingException')
    if (!isSignedForAws(request, text)) return no(400, 'com.amazon.coral.service#InvalidSignatureException')
    if (refusing === 'denied') return no(400, 'AccessDeniedException')
    if (refusing === 'disabled') return no(400, 'com.amazonaws.kms#DisabledException')
    if (body['KeyId'] !== key) return no(400, 'NotFoundException')
    const context = JSON.stringify(body['EncryptionContext'] ?? {})
    if (request.headers['x-amz-target'] === 'TrentService.Encrypt')
      return {
        status: 200,
        body: {
          KeyId: key,
          CiphertextBlob: keys.wrap(bytesOf(body['Plaintext']), context).toString('base64'),
        },
      }
    const plain = keys.unwrap(bytesOf(body['CiphertextBlob']), context)
    if (plain === null) return no(400, 'InvalidCiphertextException')
    return { status: 200, body: { KeyId: key, Plaintext: plain.toString('base64') } }
  })
}

function isSignedForAws(request: IncomingMessage, text: string): boolean {
  const { secretAccessKey, accessKeyId } = awsStandInKeys
  const form =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/kms\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/
  const [, id, day = '', region = '', names = '', signature] =
    form.exec(request.headers.authorization ?? '') ?? []
  const date = String(request.headers['x-amz-date'])
  if (id !== accessKeyId || !date.startsWith(day)) return false
  if (!['host', 'x-amz-date', 'x-amz-target'].every((name) => names.split(';').includes(name))) return false
  const lines = names.split(';').map((name) => `${name}:${String(request.headers[name])}\n`)
  const canonical = `${request.method}\n${request.url}\n\n${lines.join('')}\n${names}\n${sha256(text)}`
  const toSign = `AWS4-HMAC-SHA256\n${date}\n${day}/${region}/kms/aws4_request\n${sha256(canonical)}`
  let under: string | Buffer = `AWS4${secretAccessKey}`
  for (const part of [day, region, 'kms', 'aws4_request', toSign])
    under = createHmac('sha256', under).update(part).digest()
  return Buffer.from(under).toString('hex') === signature
}

export interface GcpStandIn extends KeyStandIn {
  readonly serviceAccount: {
    client_email: string
    private_key: string
    private_key_id: string
    token_uri: string
  }
}

/** https://cloud.google.com/kms/docs/reference/rest, its token endpoint and its metadata server, behind one address. */
export async function gcpKmsStandIn(key: string): Promise<GcpStandIn> {
  const keys = vaultOfKeys()
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const token = 'ya29.of-the-tests'
  const no = (status: number, word: string): Reply => ({
    status,
    body: { error: { code: status, status: word } },
  })
  const issue = async ({ request, text }: Asked): Promise<Reply> => {
    const isMachine = request.headers['metadata-flavor'] === 'Google'
    const assertion = new URLSearchParams(text).get('assertion') ?? ''
    const audience = `${provider.url}/token`
    const isAccount = await jwtVerify(assertion, publicKey, {
      audience,
      issuer: 'keys@test',
      algorithms: ['RS256'],
    })
      .then(({ payload }) => payload['scope'] === 'https://www.googleapis.com/auth/cloudkms')
      .catch(() => false)
    return isMachine || isAccount
      ? { status: 200, body: { access_token: token, expires_in: 3599 } }
      : no(400, 'invalid_grant')
  }
  const provider = await standIn((asked) => {
    const { request, body, refusing } = asked
    if (request.url?.endsWith('/token') === true) return issue(asked)
    if (request.headers.authorization !== `Bearer ${token}`) return no(401, 'UNAUTHENTICATED')
    if (refusing === 'throttled') return no(429, 'RESOURCE_EXHAUSTED')
    if (refusing === 'denied') return no(403, 'PERMISSION_DENIED')
    if (refusing === 'disabled') return no(400, 'FAILED_PRECONDITION')
    const context = body['additionalAuthenticatedData'] ?? ''
    if (request.url === `/v1/${key}:encrypt`) {
      const wrapped = keys.wrap(bytesOf(body['plaintext']), context)
      const verified = { verifiedPlaintextCrc32c: true, verifiedAdditionalAuthenticatedDataCrc32c: true }
      return { status: 200, body: { ...sum('ciphertext', wrapped), ...verified } }
    }
    if (request.url !== `/v1/${key}:decrypt`) return no(404, 'NOT_FOUND')
    const plain = keys.unwrap(bytesOf(body['ciphertext']), context)
    return plain === null ? no(400, 'INVALID_ARGUMENT') : { status: 200, body: sum('plaintext', plain) }
  })
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  const token_uri = `${provider.url}/token`
  return {
    ...provider,
    serviceAccount: { client_email: 'keys@test', private_key: pem, private_key_id: 'k1', token_uri },
  }
}

const sum = (name: string, bytes: Buffer) => ({
  [name]: bytes.toString('base64'),
  [`${name}Crc32c`]: String(castagnoli(bytes)),
})

/** By division, bit for bit. */
function castagnoli(bytes: Buffer): number {
  let rest = 0xffffffffn
  for (const byte of bytes) {
    rest ^= BigInt(byte)
    for (let bit = 0; bit < 8; bit += 1) rest = (rest >> 1n) ^ (rest % 2n === 1n ? 0x82f63b78n : 0n)
  }
  return Number(rest ^ 0xffffffffn)
}

export const vaultStandInToken = 'hvs.of-the-tests'

/** https://developer.hashicorp.com/vault/api-docs/secret/transit */
export async function vaultStandIn(key: string): Promise<KeyStandIn> {
  const keys = vaultOfKeys()
  const no = (status: number, ...errors: string[]): Reply => ({ status, body: { errors } })
  return standIn(({ request, body, refusing }) => {
    if (refusing === 'throttled') return no(429, 'request path "transit": rate limit quota exceeded')
    if (request.headers['x-vault-token'] !== vaultStandInToken || refusing === 'denied')
      return no(403, 'permission denied')
    if (refusing === 'disabled') return no(404)
    const context = body['associated_data'] ?? ''
    if (request.url === `/v1/transit/encrypt/${key}`) {
      const ciphertext = `vault:v1:${keys.wrap(bytesOf(body['plaintext']), context).toString('base64')}`
      return { status: 200, body: { data: { ciphertext, key_version: 1 } } }
    }
    if (request.url !== `/v1/transit/decrypt/${key}`) return no(404, 'no handler for route')
    const plain = keys.unwrap(bytesOf(body['ciphertext']?.replace('vault:v1:', '')), context)
    return plain === null
      ? no(400, 'cipher: message authentication failed')
      : { status: 200, body: { data: { plaintext: plain.toString('base64') } } }
  })
}
