import { z } from 'zod'

/** Access tokens are ES256, ID tokens RS256 unless a client registered another: RFC 9068, section 2.1; OIDC Core, section 2. */
export const algorithms = ['ES256', 'RS256'] as const
export const Algorithm = z.enum(algorithms)
export type Algorithm = z.output<typeof Algorithm>

/** One row of signing_key. */
export const SigningKey = z.object({
  kid: z.string(),
  alg: Algorithm,
  state: z.enum(['next', 'active', 'retiring', 'revoked']),
  public: z.record(z.string(), z.unknown()),
  sealed: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  since: z.date(),
})
export type SigningKey = z.output<typeof SigningKey>
