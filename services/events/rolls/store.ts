import type { Db } from '@althing/kernel/db'
import { Key, Place, Right, Roll, type Due, type Entry, type Status } from './schema.ts'

const columns = `election, title, eligibility, slots, cut_off as "cutOff", small_group_reason as "smallGroupReason", refusal, size,
  root, due, status, hidden, opens_at as "opensAt", closes_at as "closesAt", manifest, manifest_hash as "manifestHash"`

/** Whoever listens on it looks at once for work that is due. */
export const workChannel = 'events_work'

/**
 * Owns roll, roll_entry, issuing_key and member_account. Whoever can write here decides who may vote; whoever can read issuing_key
 * and knows the service's key can make tickets.
 */
export function createRollStore(db: Db) {
  return { ...making(db), ...entries(db), ...keys(db), ...course(db), ...reading(db) }
}
export type RollStore = ReturnType<typeof createRollStore>

const wake = (db: Db) => db.query(`select pg_notify('${workChannel}', '')`)

/** From the request to the frozen roll, and what is still to be told. */
function making(db: Db) {
  return {
    /**
     * The first request is the one: what was frozen stays, with its keys, and is told again. A refused one is tried anew. Nothing
     * is frozen before its moment has come.
     */
    async request(asked: {
      election: string
      title: unknown
      eligibility: string
      slots: readonly string[]
      cutOff: Date
      smallGroupReason: string | null
    }): Promise<void> {
      const { election, title, eligibility, slots, cutOff, smallGroupReason } = asked
      const values = [election, JSON.stringify(title), eligibility, slots, cutOff, smallGroupReason]
      await db.query(
        `insert into roll (election, title, eligibility, slots, cut_off, small_group_reason, due, next_at)
         values ($1, $2, $3, $4, $5, $6, 'roll', greatest(now(), $5::timestamptz)) on conflict do nothing`,
        values,
      )
      await db.query(
        `update roll set title = $2, eligibility = $3, slots = $4, cut_off = $5, small_group_reason = $6, refusal = null,
                due = 'roll', attempts = 0, next_at = greatest(now(), $5::timestamptz)
          where election = $1 and size is null`,
        values,
      )
      await db.query(
        `update roll set due = 'issuance', attempts = 0, next_at = now()
          where election = $1 and size is not null and status is null`,
        [election],
      )
      await wake(db)
    },

    /** What can be tried now. */
    async dueNow(): Promise<Roll[]> {
      const rows = await db.query(
        `select ${columns} from roll where due is not null and next_at <= now() order by next_at limit 20`,
      )
      return rows.map((row) => Roll.parse(row))
    },

    /** 1 s, 2 s, 4 s … a minute: whoever is away is asked again until they answer. */
    async putOff(election: string, due: Due): Promise<void> {
      await db.query(
        `update roll set attempts = attempts + 1, next_at = now() + make_interval(secs => least(60, 2 ^ least(attempts, 6)))
          where election = $1 and due = $2`,
        [election, due],
      )
    },

    async settle(election: string, due: Due): Promise<void> {
      await db.query('update roll set due = null, attempts = 0 where election = $1 and due = $2', [
        election,
        due,
      ])
    },

    async refuse(election: string, code: string): Promise<boolean> {
      const rows = await db.query(
        `update roll set refusal = $2, due = 'issuance', attempts = 0, next_at = now()
          where election = $1 and due = 'roll' returning election`,
        [election, code],
      )
      return rows.length === 1
    },

    /** Of two nodes that made a roll one freezes it; the other's is forgotten, and so is one for another moment. */
    async freeze(
      { election, cutOff }: Pick<Roll, 'election' | 'cutOff'>,
      { size, root }: { size: number; root: Uint8Array },
    ): Promise<boolean> {
      const rows = await db.query(
        `update roll set size = $2, root = $3, due = 'issuance', attempts = 0, next_at = now()
          where election = $1 and due = 'roll' and cut_off = $4 returning election`,
        [election, size, Buffer.from(root), cutOff],
      )
      return rows.length === 1
    },
  }
}

/** The voters of a roll, and the accounts that belong to them. */
function entries(db: Db) {
  return {
    async addEntries(election: string, entries: readonly Entry[]): Promise<void> {
      await db.query(
        `insert into roll_entry (election, member, person, class, salt)
         select $1, member, person, class, salt
           from unnest($2::text[], $3::text[], $4::text[], $5::bytea[]) as e (member, person, class, salt)`,
        [
          election,
          entries.map(({ member }) => member),
          entries.map(({ person }) => person),
          entries.map((entry) => entry.class),
          entries.map(({ salt }) => Buffer.from(salt)),
        ],
      )
    },

    /** Links and freezing wait for each other: else a link could slip through between. */
    async alone(): Promise<void> {
      await db.query(`select pg_advisory_xact_lock(hashtext('events.links'))`)
    },

    async addLinked(election: string): Promise<void> {
      await db.query(
        `update roll_entry e set person = a.person from member_account a
          where e.election = $1 and e.member = a.member and e.person is null
            and not exists (select from roll_entry o where o.election = $1 and o.person = a.person)`,
        [election],
      )
    },

    /** The roll itself stays as it is: a voter who was on it without an account now has one. */
    async link(member: string, person: string): Promise<number> {
      await db.query(`select pg_advisory_xact_lock_shared(hashtext('events.links'))`)
      await db.query(
        `insert into member_account (member, person) values ($1, $2) on conflict (member) do update set person = excluded.person`,
        [member, person],
      )
      const rows = await db.query(
        `update roll_entry e set person = $2 where member = $1 and person is null
            and not exists (select from roll_entry o where o.election = e.election and o.person = $2) returning election`,
        [member, person],
      )
      return rows.length
    },
  }
}

/** The issuing keys. */
function keys(db: Db) {
  return {
    async addKey(election: string, { slot, class: name, n, sealed }: Key): Promise<void> {
      await db.query(
        'insert into issuing_key (election, slot, class, n, sealed) values ($1, $2, $3, $4, $5)',
        [election, slot, name, n, sealed === null ? null : Buffer.from(sealed)],
      )
    },

    async keys(election: string): Promise<Key[]> {
      const rows = await db.query(
        'select slot, class, n, sealed from issuing_key where election = $1 order by slot, class',
        [election],
        { name: 'issuing-keys' },
      )
      return rows.map((row) => Key.parse(row))
    },

    async destroyKeys(election: string): Promise<number> {
      const rows = await db.query(
        'update issuing_key set sealed = null where election = $1 and sealed is not null returning slot',
        [election],
      )
      return rows.length
    },
  }
}

/** An election under way. */
function course(db: Db) {
  async function one(text: string, params: readonly unknown[], name: string): Promise<Roll | null> {
    const [row] = await db.query(text, params, { name })
    return row === undefined ? null : Roll.parse(row)
  }
  return {
    find: (election: string) =>
      one(`select ${columns} from roll where election = $1`, [election], 'roll-find'),

    /** Waits for tickets that are being issued, and lets no new one begin. */
    hold: (election: string) =>
      one(`select ${columns} from roll where election = $1 for update`, [election], 'roll-hold'),

    /** The status as it is now; it cannot change until the caller's transaction ends. */
    async statusToIssue(election: string): Promise<Status | null> {
      const [row] = await db.query<{ status: Status | null }>(
        'select status from roll where election = $1 for share',
        [election],
        { name: 'roll-status' },
      )
      return row?.status ?? null
    },

    async setManifest(election: string, about: { manifest: string; hash: Uint8Array; title: unknown }) {
      await db.query(
        `update roll set manifest = $2, manifest_hash = $3, title = $4, status = coalesce(status, 'published') where election = $1`,
        [election, about.manifest, Buffer.from(about.hash), JSON.stringify(about.title)],
      )
    },

    async setCourse(
      election: string,
      about: { status: Status; hidden: boolean; opensAt: Date | null; closesAt: Date | null },
    ) {
      await db.query(
        'update roll set status = $2, hidden = $3, opens_at = $4, closes_at = $5 where election = $1',
        [election, about.status, about.hidden, about.opensAt, about.closesAt],
      )
    },

    /** Nothing is issued from here on; what was issued is to be told. */
    async end(election: string, { logRoot, due }: { logRoot: Uint8Array; due: Due | null }): Promise<void> {
      await db.query(
        'update roll set log_root = $2, due = $3, attempts = 0, next_at = now() where election = $1',
        [election, Buffer.from(logRoot), due],
      )
      await wake(db)
    },
  }
}

/** For one person. */
function reading(db: Db) {
  return {
    async placeOf(election: string, person: string): Promise<Place | null> {
      const [row] = await db.query(
        'select member, class, salt from roll_entry where person = $2 and election = $1',
        [election, person],
        { name: 'roll-place' },
      )
      return row === undefined ? null : Place.parse(row)
    },

    /** What somebody may take part in, in every election that has a manifest and was not called off. */
    async rightsOf(person: string): Promise<Right[]> {
      const rows = await db.query(
        `select r.election, r.title, r.status, r.opens_at as "opensAt", r.closes_at as "closesAt", e.member, k.slot, e.class
           from roll_entry e join roll r using (election) join issuing_key k on k.election = r.election and k.class = e.class
          where e.person = $1 and r.manifest is not null and not r.hidden and r.status not in ('archived', 'cancelled')
          order by r.opens_at nulls first, r.election, k.slot limit 500`,
        [person],
        { name: 'roll-rights' },
      )
      return rows.map((row) => Right.parse(row))
    },
  }
}
