/**
 * Certificates of applications (RFC 8705). TLS ends at the proxy in front of us, which passes on what it saw in a header that is
 * believed from trusted addresses only: `door.ts` takes it away from everybody else.
 */
import { X509Certificate } from 'node:crypto'
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider'

type MutualTls = NonNullable<NonNullable<Configuration['features']>['mTLS']>

/** @param header the header that carries it; undefined where there is no such proxy */
export function mutualTls(header: string | undefined): MutualTls {
  if (header === undefined) return { enabled: false }
  const certificate = (ctx: KoaContextWithOIDC) => certificateIn(ctx.get(header))
  return {
    enabled: true,
    certificateBoundAccessTokens: true,
    selfSignedTlsClientAuth: true,
    tlsClientAuth: true,
    getCertificate: (ctx) => certificate(ctx)?.toString(),
    // What the proxy found about its chain: whether an authority that the organisation trusts has signed it.
    certificateAuthorized: (ctx) => ctx.get(`${header}-verified`) === 'SUCCESS',
    certificateSubjectMatches(ctx, property, expected) {
      const found = certificate(ctx)
      return found !== undefined && isNamed(found, property, expected)
    },
  }
}

/** As RFC 9440 writes it (`:base64 of DER:`), or as PEM with percent signs, which is what nginx, Envoy and HAProxy can. */
export function certificateIn(value: string): X509Certificate | undefined {
  try {
    if (/^:[A-Za-z0-9+/=]+:$/.test(value))
      return new X509Certificate(Buffer.from(value.slice(1, -1), 'base64'))
    const text = decodeURIComponent(value)
    return text.startsWith('-----BEGIN CERTIFICATE-----') ? new X509Certificate(text) : undefined
  } catch {
    return undefined
  }
}

const kinds: Readonly<Record<string, string>> = {
  tls_client_auth_san_dns: 'DNS:',
  tls_client_auth_san_uri: 'URI:',
  tls_client_auth_san_ip: 'IP Address:',
  tls_client_auth_san_email: 'email:',
}

/** RFC 8705, section 2.1.2. Compared whole: a name with a comma, which the library writes in quotes, is none of ours. */
export function isNamed(certificate: X509Certificate, property: string, expected: string): boolean {
  if (property === 'tls_client_auth_subject_dn') return sameName(certificate.subject.split('\n'), expected)
  const kind = kinds[property]
  const names = (certificate.subjectAltName ?? '').split(', ')
  return kind !== undefined && names.includes(`${kind}${expected}`)
}

/** A distinguished name as RFC 4514 writes it: the last part first. */
function sameName(subject: readonly string[], expected: string): boolean {
  const parts = expected
    .split(/(?<!\\),/)
    .map((part) => part.trim())
    .toReversed()
  return parts.length === subject.length && parts.every((part, at) => part === subject[at])
}
