import type { Db } from '@althing/kernel/db'
import { z } from 'zod'
import { RegistrationToken, type WishedToken } from './schema.ts'

const columns = `id, note, policy, uses, most_uses as "mostUses", created_by as "createdBy", created_at as "createdAt",
  expires_at as "expiresAt", revoked_at as "revokedAt"`
const Registration = z.object({
  client: z.string(),
  policy: RegistrationToken.shape.policy,
  registeredAt: z.date(),
})
export type Registration = z.output<typeof Registration>

/**
 * Owns registration_token and self_registration. Whoever can write here can let strangers register, and change where the answers of those
 * that did go.
 */
export function createSelfRegistrationStore(db: Db) {
  return { ...tokens(db), ...registrations(db) }
}
export type SelfRegistrationStore = ReturnType<typeof createSelfRegistrationStore>

function tokens(db: Db) {
  return {
    async addToken(id: string, hash: Uint8Array, made: WishedToken, actor: string): Promise<void> {
      await db.query(
        `insert into registration_token (id, token_hash, note, policy, most_uses, created_by, expires_at)
         values ($1, $2, $3, $4, $5, $6, now() + make_interval(days => $7))`,
        [id, hash, made.note, made.policy, made.mostUses, actor, made.days],
      )
    },

    async listTokens(): Promise<RegistrationToken[]> {
      const rows = await db.query(
        `select ${columns} from registration_token order by created_at desc limit 200`,
      )
      return rows.map((row) => RegistrationToken.parse(row))
    },

    async revokeToken(id: string): Promise<boolean> {
      const rows = await db.query(
        'update registration_token set revoked_at = now() where id = $1 and revoked_at is null returning id',
        [id],
      )
      return rows.length === 1
    },

    async usableToken(hash: Uint8Array): Promise<RegistrationToken | null> {
      const [row] = await db.query(
        `select ${columns} from registration_token
          where token_hash = $1 and revoked_at is null and expires_at > now() and uses < most_uses`,
        [hash],
      )
      return row === undefined ? null : RegistrationToken.parse(row)
    },

    /** Of any number that use the last one at once, one does. */
    async spendToken(id: string): Promise<boolean> {
      const rows = await db.query(
        `update registration_token set uses = uses + 1
          where id = $1 and revoked_at is null and expires_at > now() and uses < most_uses returning id`,
        [id],
      )
      return rows.length === 1
    },
  }
}

function registrations(db: Db) {
  return {
    async add(client: string, hash: Uint8Array, token: string): Promise<void> {
      await db.query(
        'insert into self_registration (client, token_hash, registered_by) values ($1, $2, $3)',
        [client, hash, token],
      )
    },

    /** The one that this token looks after, and no other. */
    async find(client: string, hash: Uint8Array): Promise<Registration | null> {
      const [row] = await db.query(
        `select s.client, t.policy, s.registered_at as "registeredAt"
           from self_registration s join registration_token t on t.id = s.registered_by
          where s.client = $1 and s.token_hash = $2`,
        [client, hash],
      )
      return row === undefined ? null : Registration.parse(row)
    },
  }
}
