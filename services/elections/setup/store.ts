import type { Db } from '@althing/kernel/db'
import type { ElectionId, IssuedCounts, Result, Status } from '../contract.ts'
import { Counted, Election, type Draft, type Filter, type Published } from './schema.ts'
import type { z } from 'zod'

const columns = `id, title, description, questions, eligibility, status, hidden, publication,
  publication_problem as "publicationProblem", small_group_reason as "smallGroupReason", sealing_key as "sealingKey",
  scheduled_start as "scheduledStart", scheduled_end as "scheduledEnd", manifest, manifest_hash as "manifestHash",
  manifest_note as "manifestNote", entitled, issued, private_key as "privateKey", result, published_at as "publishedAt",
  opened_at as "openedAt", closed_at as "closedAt", created_at as "createdAt", version, clock_timestamp() as now`

const draftColumns = [
  'title',
  'description',
  'questions',
  'eligibility',
  'scheduled_start',
  'scheduled_end',
  'sealing_key',
  'small_group_reason',
]
const draftValues = (draft: Draft) => [
  JSON.stringify(draft.title),
  draft.description === null ? null : JSON.stringify(draft.description),
  JSON.stringify(draft.questions),
  draft.eligibility,
  draft.scheduledStart,
  draft.scheduledEnd,
  draft.sealingKey,
  draft.smallGroupReason,
]

/** Owns the table election. Whoever can write here decides what is asked and until when; see 0001-elections.sql. */
export function createElectionStore(db: Db) {
  async function one(text: string, params: readonly unknown[], name?: string): Promise<Election | null> {
    const [row] = await db.query(text, params, name === undefined ? {} : { name })
    return row === undefined ? null : Election.parse(row)
  }
  return { ...drafts(db, one), ...lists(db), ...publication(one), ...course(db, one) }
}
export type ElectionStore = ReturnType<typeof createElectionStore>

type One = (text: string, params: readonly unknown[], name?: string) => Promise<Election | null>

function drafts(db: Db, one: One) {
  return {
    find: (id: ElectionId): Promise<Election | null> =>
      one(`select ${columns} from election where id = $1`, [id], 'election-find'),

    /** Nobody else changes it until the transaction ends. */
    hold: (id: ElectionId): Promise<Election | null> =>
      one(`select ${columns} from election where id = $1 for update`, [id]),

    insert: (id: ElectionId, draft: Draft): Promise<Election | null> =>
      one(
        `insert into election (id, ${draftColumns.join(', ')}) values ($1, ${draftColumns.map((_, index) => `$${index + 2}`).join(', ')}) returning ${columns}`,
        [id, ...draftValues(draft)],
      ),

    /** Only while it is a draft that nobody is publishing, and only the version that was read. */
    redraft: (id: ElectionId, version: number, draft: Draft): Promise<Election | null> =>
      one(
        `update election set ${draftColumns.map((name, index) => `${name} = $${index + 3}`).join(', ')}, version = version + 1
          where id = $1 and version = $2 and status = 'draft' and publication in ('none', 'refused') returning ${columns}`,
        [id, version, ...draftValues(draft)],
      ),

    describe: (id: ElectionId, description: Election['description']): Promise<Election | null> =>
      one(`update election set description = $2, version = version + 1 where id = $1 returning ${columns}`, [
        id,
        description === null ? null : JSON.stringify(description),
      ]),

    async remove(id: ElectionId): Promise<boolean> {
      const rows = await db.query(
        `delete from election where id = $1 and status in ('draft', 'cancelled') and publication <> 'pending' and manifest is null returning id`,
        [id],
      )
      return rows.length === 1
    },
  }
}

function lists(db: Db) {
  return {
    async list({ status, includeHidden, search, limit, after }: Filter): Promise<Election[]> {
      const rows = await db.query(
        `select ${columns} from election
          where ($1::text is null or status = $1) and ($2 or not hidden)
            and ($3::text is null or strpos(lower(title::text || questions::text || coalesce(description::text, '')), lower($3)) > 0)
            and ($4::timestamptz is null or (created_at, id) < ($4, $5::uuid))
          order by created_at desc, id desc limit $6`,
        [status ?? null, includeHidden, search ?? null, after?.createdAt ?? null, after?.id ?? null, limit],
      )
      return rows.map((row) => Election.parse(row))
    },

    /** What everybody may see, newest first. */
    async listPublic(limit: number): Promise<Election[]> {
      const rows = await db.query(
        `select ${columns} from election where manifest is not null and not hidden order by created_at desc, id desc limit $1`,
        [limit],
      )
      return rows.map((row) => Election.parse(row))
    },

    /** For the number in each state, which is all that the metrics know. */
    async countByStatus(): Promise<readonly Counted[]> {
      return (await db.query(`select status, count(*) as count from election group by status`)).map((row) =>
        Counted.parse(row),
      )
    },
  }
}

function publication(one: One) {
  return {
    /** Asks for the roll: from here on the draft stands still until it is published or refused. */
    request: (id: ElectionId): Promise<Election | null> =>
      one(
        `update election set publication = 'pending', publication_problem = null, version = version + 1
          where id = $1 and status = 'draft' and not hidden and publication in ('none', 'refused') and sealing_key is not null
            and (scheduled_end is null or scheduled_end > clock_timestamp()) returning ${columns}`,
        [id],
      ),

    refuse: (id: ElectionId, code: string): Promise<Election | null> =>
      one(
        `update election set publication = 'refused', publication_problem = $2, version = version + 1
          where id = $1 and publication = 'pending' returning ${columns}`,
        [id, code],
      ),

    /** The manifest and the status it begins with, by this clock. */
    publish: (
      id: ElectionId,
      version: number,
      { manifest, hash, note, entitled }: Published,
    ): Promise<Election | null> =>
      one(
        `update election set manifest = $3, manifest_hash = $4, manifest_note = $5, entitled = $6, publication = 'done',
            published_at = clock_timestamp(), version = version + 1,
            status = case when coalesce(scheduled_start <= clock_timestamp(), true) then 'open' else 'published' end,
            opened_at = case when coalesce(scheduled_start <= clock_timestamp(), true) then clock_timestamp() end
          where id = $1 and version = $2 and status = 'draft' and publication = 'pending' returning ${columns}`,
        [id, version, manifest, hash, note, entitled],
      ),
  }
}

function course(db: Db, one: One) {
  return {
    /** One statement decides a race of two moves: from one of these, to that. */
    move: (id: ElectionId, from: readonly Status[], to: Status): Promise<Election | null> =>
      one(
        `update election set status = $3, version = version + 1,
            opened_at = case when $3 = 'open' then coalesce(opened_at, clock_timestamp()) else opened_at end,
            closed_at = case when $3 in ('closed', 'cancelled') then coalesce(closed_at, clock_timestamp()) else closed_at end,
            publication = case when publication = 'pending' then 'none' else publication end
          where id = $1 and status = any($2)
            and ($3 <> 'open' or coalesce(scheduled_end > clock_timestamp(), true)) returning ${columns}`,
        [id, from, to],
      ),

    setHidden: (id: ElectionId, hidden: boolean): Promise<Election | null> =>
      one(
        `update election set hidden = $2, version = version + 1 where id = $1 and hidden <> $2 and publication <> 'pending' returning ${columns}`,
        [id, hidden],
      ),

    /** Whose time has come, by this clock. */
    async openDue(): Promise<Election[]> {
      const rows = await db.query(
        `update election set status = 'open', opened_at = clock_timestamp(), version = version + 1
          where status = 'published' and scheduled_start <= clock_timestamp() and coalesce(scheduled_end > clock_timestamp(), true) returning ${columns}`,
      )
      return rows.map((row) => Election.parse(row))
    },

    async closeDue(): Promise<Election[]> {
      const rows = await db.query(
        `update election set status = 'closed', closed_at = clock_timestamp(), version = version + 1
          where status in ('published', 'open', 'paused') and scheduled_end <= clock_timestamp() returning ${columns}`,
      )
      return rows.map((row) => Election.parse(row))
    },

    tallied: (
      id: ElectionId,
      privateKey: string,
      result: z.output<typeof Result>,
    ): Promise<Election | null> =>
      one(
        `update election set status = 'tallied', private_key = $2, result = $3, version = version + 1
          where id = $1 and status = 'closed' returning ${columns}`,
        [id, privateKey, JSON.stringify(result)],
      ),

    /** Counts are told once, when the tickets are over. */
    issued: (id: ElectionId, counts: z.output<typeof IssuedCounts>['issued']): Promise<Election | null> =>
      one(
        `update election set issued = $2, version = version + 1
          where id = $1 and manifest is not null and status in ('closed', 'tallied', 'archived', 'cancelled') returning ${columns}`,
        [id, JSON.stringify(counts)],
      ),
  }
}
