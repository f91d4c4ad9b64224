/** AWS Signature Version 4: https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html */
import { createHash, createHmac } from 'node:crypto'

export interface AwsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
}

interface Unsigned {
  readonly method: string
  /** Path and query as they are sent. The query must be in canonical order already; ours has none. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

interface Scope {
  readonly region: string
  readonly service: string
  readonly now: Date
}

/** The headers to send: those given, the date, the session's token, and the signature over all of them. */
export function signedHeaders(
  { method, url, headers, body }: Unsigned,
  { region, service, now }: Scope,
  { accessKeyId, secretAccessKey, sessionToken }: AwsCredentials,
): Record<string, string> {
  const { host, pathname, search } = new URL(url)
  const amzDate = now
    .toISOString()
    .replaceAll(/[-:]/g, '')
    .replace(/\.\d{3}/, '')
  const sent: Record<string, string> = {
    ...headers,
    'x-amz-date': amzDate,
    ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
  }
  // 1. The canonical request, with every header that is sent and the host.
  const all = Object.entries({ ...sent, host }).map(
    ([name, value]) => [name.toLowerCase(), value.trim()] as const,
  )
  const sorted = all.toSorted(([a], [b]) => (a < b ? -1 : 1))
  const names = sorted.map(([name]) => name).join(';')
  const canonical = [
    method,
    pathname,
    search.slice(1),
    ...sorted.map(([name, value]) => `${name}:${value}`),
    '',
    names,
    sha256(body),
  ].join('\n')
  // 2. The string to sign, in the scope of a day, a region and a service. 3. The signature, under a key of that scope.
  const day = amzDate.slice(0, 8)
  const scope = `${day}/${region}/${service}/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', amzDate, scope, sha256(canonical)].join('\n')
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(
    (under, part) => hmac(under, part),
    `AWS4${secretAccessKey}`,
  )
  const signature = hmac(key, toSign).toString('hex')
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`
  return { ...sent, authorization }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
