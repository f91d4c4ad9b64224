/** What administrators say of applications, and are told of them. */
import { z } from 'zod'
import { ClientId, ClientKind, ClientMetadata, ClientName, PolicyName } from './schema.ts'
import type { ShownClient, ShownSecret } from './operations.ts'
import { weaknesses } from './weakened.ts'

export const ClientPath = z.object({ id: ClientId })
export const SecretPath = z.object({ id: ClientId, secret: z.string().regex(/^cls_[0-9a-f-]{36}$/) })

const time = z.iso.datetime()

const Secret = z.object({
  id: z.string(),
  madeAt: time,
  /** From then on it opens nothing. */
  endsAt: time.nullable(),
  /** To the hour. */
  usedAt: time.nullable(),
  notice: z.enum(['old', 'ending']).nullable(),
})

export const Listed = z.object({
  id: z.string(),
  name: z.string(),
  kind: ClientKind,
  policy: PolicyName,
  disabled: z.boolean(),
  createdAt: time,
  updatedAt: time,
  /** Another after every change; a change can say which one it was made from. */
  version: z.string(),
  /** To the hour. */
  usedAt: time.nullable(),
  provesBySecret: z.boolean(),
  secrets: z.array(Secret),
  weakened: z.array(z.enum(weaknesses)),
})
export const Detailed = Listed.extend({ metadata: ClientMetadata, issuer: z.url() })
/** The secret is here once and never again; null when it has none, or has it already. */
/** With where its logo is; null when it has none. */
export const Whole = Detailed.extend({ logoHref: z.string().nullable() })
export const DetailedOnce = z.object({ client: Detailed, secret: z.string().nullable() })

/** In the words of RFC 7591: `metadata` is read, and refused by field, by the rules. */
export const Made = z.strictObject({
  kind: ClientKind,
  id: ClientId.optional(),
  name: ClientName,
  metadata: z.record(z.string(), z.unknown()).default({}),
})
export const Changed = z.strictObject({
  name: ClientName.optional(),
  /** A `version`: when it is another by now, nothing is changed. */
  madeFrom: z.string().max(100).optional(),
  /** What is not named stays; null takes away. */
  metadata: z.record(z.string(), z.unknown()).default({}),
})

export function listed({ metadata, secrets, disabledAt, ...client }: ShownClient): z.input<typeof Listed> {
  return {
    ...client,
    policy: metadata.policy,
    disabled: disabledAt !== null,
    createdAt: client.createdAt.toISOString(),
    updatedAt: client.updatedAt.toISOString(),
    usedAt: client.usedAt?.toISOString() ?? null,
    secrets: secrets.map(told),
    weakened: [...client.weakened],
  }
}

export const detailed = (client: ShownClient, issuer: string): z.input<typeof Detailed> => ({
  ...listed(client),
  metadata: client.metadata,
  issuer,
})

const told = ({ id, madeAt, endsAt, usedAt, notice }: ShownSecret) => ({
  id,
  madeAt: madeAt.toISOString(),
  endsAt: endsAt?.toISOString() ?? null,
  usedAt: usedAt?.toISOString() ?? null,
  notice,
})
