import type { Db } from '@althing/kernel/db'
import type { MemberId, PersonId } from '../contract.ts'
import { Member, type Change, type ListQuery, type Period } from './schema.ts'

const columns = `id, kennitala, name, email, phone, date_joined as "dateJoined", fees_paid as "feesPaid", status, person,
  linked_by as "linkedBy", left_at as "leftAt", created_at as "createdAt", updated_at as "updatedAt"`

const shape = `(id text, kennitala text, name text, email text, phone text, "dateJoined" date, "feesPaid" boolean, status text,
  "leftAt" timestamptz, "createdAt" timestamptz, "updatedAt" timestamptz)`

/**
 * Owns member, member_period and member_change. Whoever can write here decides who is a member and who is on the rolls, and by
 * `person` whose account speaks for whom.
 */
export function createDirectoryStore(db: Db) {
  async function members(text: string, params: readonly unknown[], name?: string): Promise<Member[]> {
    const rows = await db.query(text, params, name === undefined ? {} : { name })
    return rows.map((row) => Member.parse(row))
  }
  const one = async (text: string, params: readonly unknown[], name: string) =>
    (await members(text, params, name))[0] ?? null

  return {
    /** Imports and links wait for each other, so that a new row and a new account never miss one another. Until commit. */
    async alone(): Promise<void> {
      await db.query(`select pg_advisory_xact_lock(hashtext('members.directory'))`)
    },

    /** For a link: no import goes on meanwhile, though others may link. Until commit. */
    async beside(): Promise<void> {
      await db.query(`select pg_advisory_xact_lock_shared(hashtext('members.directory'))`)
    },

    get: (id: MemberId) => one(`select ${columns} from member where id = $1`, [id], 'member-get'),
    byPerson: (person: PersonId) =>
      one(`select ${columns} from member where person = $1`, [person], 'member-by-person'),
    byKennitala: (kennitala: string) =>
      one(`select ${columns} from member where kennitala = $1`, [kennitala], 'member-by-kennitala'),
    byKennitalas: (kennitalas: readonly string[]) =>
      members(
        `select ${columns} from member where kennitala = any($1)`,
        [kennitalas],
        'members-by-kennitala',
      ),
    activeByEmail: (email: string) =>
      members(
        `select ${columns} from member where email = $1 and status = 'active' limit 2`,
        [email],
        'members-by-email',
      ),

    list({ q, status, limit }: ListQuery, after: { name: string; id: string } | null) {
      const like = q === undefined ? null : q.replaceAll(/[\\%_]/g, '\\$&')
      const digits = q === undefined ? null : /^[\d -]+$/.test(q) ? `${q.replaceAll(/[ -]/g, '')}%` : null
      return members(
        `select ${columns} from member
          where ($1::text is null or status = $1)
            and ($2::text is null or name ilike '%' || $2 || '%' or email like '%' || lower($2) || '%' or kennitala like $3)
            and ($4::text is null or (name, id) > ($4, $5))
          order by name, id limit $6`,
        [status ?? null, like, digits, after?.name ?? null, after?.id ?? null, limit + 1],
      )
    },

    /** Everybody who was a member at that moment, in the order of the id. */
    async rollAt(cutOff: Date, after: MemberId | null, limit: number) {
      return db.query<{ member: MemberId; person: PersonId | null }>(
        `select id as member, person from member m
          where exists (select from member_period p
                         where p.member = m.id and p.from_at <= $1 and (p.until_at is null or p.until_at > $1))
            and ($2::text is null or id > $2) order by id limit $3`,
        [cutOff, after, limit],
        { name: 'member-roll' },
      )
    },

    async insert(rows: readonly Member[]): Promise<void> {
      await db.query(
        `insert into member (id, kennitala, name, email, phone, date_joined, fees_paid, status, left_at, created_at, updated_at)
         select id, kennitala, name, email, phone, "dateJoined", "feesPaid", status, "leftAt", "createdAt", "updatedAt"
           from jsonb_to_recordset($1::jsonb) as r ${shape}`,
        [JSON.stringify(rows)],
      )
    },

    /** Everything but the id, the kennitala and the link, which nobody changes by writing a row. */
    async update(rows: readonly Member[]): Promise<void> {
      await db.query(
        `update member m set name = r.name, email = r.email, phone = r.phone, date_joined = r."dateJoined",
                fees_paid = r."feesPaid", status = r.status, left_at = r."leftAt", updated_at = r."updatedAt"
           from jsonb_to_recordset($1::jsonb) as r ${shape} where m.id = r.id`,
        [JSON.stringify(rows)],
      )
    },

    async openPeriods(periods: readonly Period[]): Promise<void> {
      await db.query(
        `insert into member_period (member, from_at)
         select member, "from" from jsonb_to_recordset($1::jsonb) as r (member text, "from" timestamptz)`,
        [JSON.stringify(periods)],
      )
    },

    /** A period that had not begun yet never was. */
    async endPeriods(members: readonly MemberId[], at: Date): Promise<void> {
      await db.query(
        'delete from member_period where member = any($1) and until_at is null and from_at >= $2',
        [members, at],
      )
      await db.query('update member_period set until_at = $2 where member = any($1) and until_at is null', [
        members,
        at,
      ])
    },

    /** The day of joining was wrong: the first period begins at the right one. */
    async correctStart({ member, from }: Period): Promise<void> {
      await db.query(
        `update member_period p set from_at = $2
          where member = $1 and (until_at is null or until_at > $2)
            and from_at = (select min(from_at) from member_period where member = $1)`,
        [member, from],
      )
    },

    async recordChanges(changes: readonly Change[], by: { at: Date; actor: string; source: string }) {
      await db.query(
        `insert into member_change (member, changed_at, actor, source, fields)
         select member, $2, $3, $4, fields from jsonb_to_recordset($1::jsonb) as r (member text, fields text[])`,
        [JSON.stringify(changes), by.at, by.actor, by.source],
      )
    },

    /** False when somebody was faster: with this member, or with this account. */
    async link(id: MemberId, person: PersonId, linkedBy: 'kennitala' | 'email', at: Date): Promise<boolean> {
      const rows = await db.query(
        `update member set person = $2, linked_by = $3, updated_at = $4
          where id = $1 and person is null and not exists (select from member where person = $2) returning id`,
        [id, person, linkedBy, at],
      )
      return rows.length === 1
    },

    /** What a mailbox proved, the eID proves better. */
    async proveLink(id: MemberId): Promise<void> {
      await db.query(`update member set linked_by = 'kennitala' where id = $1 and person is not null`, [id])
    },
  }
}
export type DirectoryStore = ReturnType<typeof createDirectoryStore>
