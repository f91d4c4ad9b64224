import { createHash } from 'node:crypto'
import type { Db } from '@althing/kernel/db'
import { Application, type ApplicationState } from './schema.ts'

const columns = `id, email, name, phone, to_char(birth_date, 'YYYY-MM-DD') as "birthDate", locale, guardian_email as "guardianEmail", consents, consent_version as "consentVersion",
                 state, created_at as "createdAt", decided_at as "decidedAt", decided_by as "decidedBy", reason`

type Purpose = 'confirm' | 'guardian'

const digest = (purpose: Purpose, token: string): Uint8Array =>
  createHash('sha256').update(`althing/application/${purpose}\n${token}`).digest()

/** Owns the tables application and application_link. Whoever can write here can let themselves be let in. */
export function createJoiningStore(db: Db) {
  async function changed(sql: string, values: readonly unknown[]): Promise<Application | null> {
    const [row] = await db.query(`update application set ${sql} returning ${columns}`, [...values])
    return row === undefined ? null : Application.parse(row)
  }
  return {
    async add(made: Omit<Application, 'state' | 'decidedAt' | 'decidedBy' | 'reason'>): Promise<void> {
      await db.query(
        `insert into application (id, email, name, phone, birth_date, locale, guardian_email, consents, consent_version, state, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'unconfirmed', $10)`,
        [
          made.id,
          made.email,
          made.name,
          made.phone,
          made.birthDate,
          made.locale,
          made.guardianEmail,
          [...made.consents],
          made.consentVersion,
          made.createdAt,
        ],
        { name: 'application-add' },
      )
    },

    async byId(id: string): Promise<Application | null> {
      const [row] = await db.query(`select ${columns} from application where id = $1`, [id])
      return row === undefined ? null : Application.parse(row)
    },

    /** The oldest first: who has waited longest. */
    async list(state: ApplicationState, after: string, most: number): Promise<Application[]> {
      const rows = await db.query(
        `select ${columns} from application where state = $1 and id > $2 order by id limit $3`,
        [state, after, most],
      )
      return rows.map((row) => Application.parse(row))
    },

    /** Those that were sent with this address, as long as they are kept. */
    async ofAddress(email: string): Promise<Application[]> {
      const rows = await db.query(`select ${columns} from application where email = $1 order by id`, [email])
      return rows.map((row) => Application.parse(row))
    },

    /** Of two that change it at once one does. */
    move: (id: string, from: ApplicationState, to: ApplicationState) =>
      changed('state = $3 where id = $1 and state = $2', [id, from, to]),

    decide: (id: string, to: 'approved' | 'rejected', by: string, reason: string | null, now: Date) =>
      changed(
        `state = $2, decided_by = $3, reason = $4, decided_at = $5 where id = $1 and state = 'waiting'`,
        [id, to, by, reason, now],
      ),

    async remove(id: string): Promise<void> {
      await db.query('delete from application where id = $1', [id])
    },

    /** One link at a time: a new one makes the ones before it worthless. */
    async keepLink(purpose: Purpose, token: string, application: string, expiresAt: Date): Promise<void> {
      await db.query('delete from application_link where application = $1 and purpose = $2', [
        application,
        purpose,
      ])
      await db.query(
        'insert into application_link (token_hash, purpose, application, expires_at) values ($1, $2, $3, $4)',
        [digest(purpose, token), purpose, application, expiresAt],
      )
    },

    async peekLink(purpose: Purpose, token: string, now: Date): Promise<string | null> {
      const [row] = await db.query<{ application: string }>(
        'select application from application_link where token_hash = $1 and expires_at > $2',
        [digest(purpose, token), now],
      )
      return row?.application ?? null
    },

    async takeLink(purpose: Purpose, token: string, now: Date): Promise<string | null> {
      const [row] = await db.query<{ application: string }>(
        'delete from application_link where token_hash = $1 and expires_at > $2 returning application',
        [digest(purpose, token), now],
      )
      return row?.application ?? null
    },

    /** Who never proved their address leaves nothing after a day; what was decided is kept for a month, for questions. */
    async sweep(unconfirmedBefore: Date, decidedBefore: Date): Promise<void> {
      await db.query(
        `delete from application where (state in ('unconfirmed') and created_at < $1) or decided_at < $2`,
        [unconfirmedBefore, decidedBefore],
      )
    },
  }
}
export type JoiningStore = ReturnType<typeof createJoiningStore>
