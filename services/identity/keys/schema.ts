import { z } from 'zod'

/**
 * Access tokens are ES256, ID tokens RS256 unless a client registered another (RFC 9068, section 2.1; OIDC Core, section 2). EdDSA is Ed25519
 * (RFC 8037); PS256 is what FAPI 2.0 allows of RSA.
 */
export const algorithms = ['ES256', 'EdDSA', 'RS256', 'PS256'] as const
export const Algorithm = z.enum(algorithms)
export type Algorithm = z.output<typeof Algorithm>

const Bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array)

/** One row of signing_key. A revoked one has no private part any more. */
export const SigningKey = z.object({
  kid: z.string(),
  alg: Algorithm,
  state: z.enum(['next', 'active', 'retiring', 'revoked']),
  public: z.record(z.string(), z.unknown()),
  sealed: Bytes,
  dataKey: Bytes.nullable(),
  wrappedBy: z.string().nullable(),
  since: z.date(),
})
export type SigningKey = z.output<typeof SigningKey>

/** One row of past_key: what it signed is still believed where it is shown as a hint. */
export const PastKey = SigningKey.pick({ kid: true, alg: true, public: true })
export type PastKey = z.output<typeof PastKey>

/** What may be published of a key (RFC 7517, section 4; RFC 7518, section 6): by name, so that no private part can be among it. */
export const PublicKey = z.object({
  kty: z.enum(['EC', 'OKP', 'RSA']),
  crv: z.string().optional(),
  x: z.string().optional(),
  y: z.string().optional(),
  n: z.string().optional(),
  e: z.string().optional(),
})
