/** What administrators are told of service identities and their keys. */
import { z } from 'zod'
import type { ShownIdentity, ShownKeyState } from './rules.ts'
import { IdentityId, IdentityKind, KeyId, kinds } from './schema.ts'

export const IdentityPath = z.object({ id: IdentityId })
export const KeyPath = z.object({ id: IdentityId, key: KeyId })

const time = z.iso.datetime()

const ToldKey = z.object({
  id: z.string(),
  state: z.enum(['live', 'over', 'revoked']),
  scopes: z.array(z.string()),
  resources: z.record(z.string(), z.string()),
  networks: z.array(z.string()).nullable(),
  hours: z.tuple([z.int(), z.int()]).nullable(),
  madeAt: time,
  endsAt: time,
  revokedAt: time.nullable(),
  /** It has a successor. */
  rotated: z.boolean(),
  /** To the hour. */
  usedAt: time.nullable(),
})

export const Told = z.object({
  id: z.string(),
  kind: IdentityKind,
  name: z.string(),
  purpose: z.string(),
  ownerKind: z.enum(['person', 'organisation']),
  /** Null when it is the organisation's, or its person was forgotten. */
  owner: z.string().nullable(),
  disabled: z.boolean(),
  madeAt: time,
  usedAt: time.nullable(),
  /** What its kind allows at most. */
  limits: z.object({ tokenMinutes: z.int(), keyDays: z.int(), atDoors: z.boolean() }),
  keys: z.array(ToldKey),
})
/** The key is here once and never again. */
export const ToldOnce = z.object({ identity: Told, key: z.string() })

export function told({
  keys,
  disabledAt,
  madeAt,
  stamp: _stamp,
  ...identity
}: ShownIdentity): z.input<typeof Told> {
  const uses = keys.flatMap(({ usedAt }) => usedAt ?? [])
  return {
    ...identity,
    disabled: disabledAt !== null,
    madeAt: madeAt.toISOString(),
    usedAt: uses.length === 0 ? null : new Date(Math.max(...uses.map(Number))).toISOString(),
    limits: kinds[identity.kind],
    keys: keys.map(toldKey),
  }
}

const toldKey = ({ identity: _identity, rotatedAt, ...key }: ShownKeyState): z.input<typeof ToldKey> => ({
  ...key,
  madeAt: key.madeAt.toISOString(),
  endsAt: key.endsAt.toISOString(),
  revokedAt: key.revokedAt?.toISOString() ?? null,
  usedAt: key.usedAt?.toISOString() ?? null,
  rotated: rotatedAt !== null,
})
