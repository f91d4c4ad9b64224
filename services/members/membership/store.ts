import type { Db } from '@althing/kernel/db'
import type { PersonId } from '../contract.ts'
import { Claim } from './schema.ts'

const columns = `person, national_id as "nationalId", email, conflict`

/** Owns person_claim. Whoever can write here makes an account the member whose kennitala it names, at the next import. */
export function createClaimStore(db: Db) {
  return {
    async get(person: PersonId): Promise<Claim | null> {
      const [row] = await db.query(`select ${columns} from person_claim where person = $1`, [person], {
        name: 'claim-get',
      })
      return row === undefined ? null : Claim.parse(row)
    },

    /** Messages come in no promised order: one that says less does not take away what another said. */
    async put({ person, nationalId, email }: Omit<Claim, 'conflict'>, at: Date): Promise<Claim> {
      const [row] = await db.query(
        `insert into person_claim as c (person, national_id, email, updated_at) values ($1, $2, $3, $4)
         on conflict (person) do update set national_id = coalesce(excluded.national_id, c.national_id),
                email = coalesce(excluded.email, c.email), updated_at = excluded.updated_at
         returning ${columns}`,
        [person, nationalId, email, at],
      )
      return Claim.parse(row)
    },

    async matching(kennitalas: readonly string[], emails: readonly string[]): Promise<Claim[]> {
      const rows = await db.query(
        `select ${columns} from person_claim where national_id = any($1) or email = any($2) order by person`,
        [kennitalas, emails],
      )
      return rows.map((row) => Claim.parse(row))
    },

    async setConflict(person: PersonId, conflict: string): Promise<void> {
      await db.query('update person_claim set conflict = $2 where person = $1', [person, conflict])
    },

    async drop(person: PersonId): Promise<void> {
      await db.query('delete from person_claim where person = $1', [person])
    },
  }
}
export type ClaimStore = ReturnType<typeof createClaimStore>
