import type { Db } from '@althing/kernel/db'
import { Account, nationalIdIn, type AccountFilter, type NewAccount } from './schema.ts'

/** On the right of a change this is the row before it. */
const office = `held_office = held_office or not roles <@ array['member']`

const columns = `id, email, email_proven as "emailProven", claimed_email as "claimedEmail", name, phone, national_id as "nationalId", locale, status, roles, stamp`

const ofOffice = `array(select role from unnest(roles) as role where role = any($3::text[]) order by 1)`
/** Exactly these of the office; whatever else somebody has stays. No row when nothing had to be changed. */
const setOffice = `update account set stamp = stamp + 1, updated_at = now(), ${office},
    roles = array(select role from unnest(roles) as role where role <> all($3::text[]) union select unnest($2::text[]) order by 1)
  where id = $1 and ${ofOffice} <> array(select unnest($2::text[]) order by 1) returning ${columns}`

const lockSuperadmins = `select pg_advisory_xact_lock(hashtext('identity.last-superadmin'))`

type Profile = Pick<Account, 'name' | 'phone' | 'locale'>

/** In the order of their making, or by name as people here look for one. After somebody who was erased meanwhile nothing follows. */
const orders = {
  made: { from: 'id > $1', order: 'id' },
  name: {
    from: '(name collate "is-x-icu", id) > (select name collate "is-x-icu", id from account where id = $1)',
    order: 'name collate "is-x-icu", id',
  },
} as const

/** Owns the table account. Whoever can write here can be anybody, with any role. */
export function createAccountStore(db: Db) {
  async function one(where: string, value: string): Promise<Account | null> {
    const [row] = await db.query(`select ${columns} from account where ${where} = $1`, [value], {
      name: `account-by-${where}`,
      isQuick: true,
    })
    return row === undefined ? null : Account.parse(row)
  }

  return {
    ...locksOf(db),
    byId: (id: string) => one('id', id),
    byEmail: (email: string) => one('email', email.trim().toLowerCase()),
    /** What somebody writes who signs in: an address, or a kennitala with or without its dash. */
    byIdentifier(text: string) {
      const nationalId = nationalIdIn(text)
      return nationalId === null ? one('email', text.trim().toLowerCase()) : one('national_id', nationalId)
    },
    byNationalId: (nationalId: string) => one('national_id', nationalId),

    /** A part of a name or an address; `%` and `_` are what they are. `after` is the id of the last one seen. */
    async search({ q, status, by }: AccountFilter, after: string, most: number): Promise<Account[]> {
      const like = `%${q.replaceAll(/[\\%_]/g, '\\$&')}%`
      const { from, order } = orders[by]
      const rows = await db.query(
        `select ${columns} from account
          where ($1 = '' or ${from}) and ($2::text is null or status = $2)
            and ($3 = '%%' or name ilike $3 or email ilike $3)
          order by ${order} limit $4`,
        [after, status ?? null, like, most],
      )
      return rows.map((row) => Account.parse(row))
    },

    /** Null when the address or the national id belongs to another. */
    async add(made: NewAccount): Promise<Account | null> {
      const [row] = await db.query(
        `insert into account (id, email, email_proven, claimed_email, name, phone, national_id, locale, status, roles)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing returning ${columns}`,
        valuesOf(made),
      )
      return row === undefined ? null : Account.parse(row)
    },

    /** Many in one statement; answers those that are new. Roles stand parted by commas, as arrays of arrays must be square. */
    async addMany(made: readonly NewAccount[]): Promise<Account[]> {
      const rows = await db.query(
        `insert into account (id, email, email_proven, name, national_id, status, roles)
         select id, email, proven, name, national_id, status, string_to_array(roles, ',')
           from unnest($1::text[], $2::text[], $3::boolean[], $4::text[], $5::text[], $6::text[], $7::text[])
             as given (id, email, proven, name, national_id, status, roles)
         on conflict do nothing returning ${columns}`,
        [
          made.map(({ id }) => id),
          made.map(({ email }) => email ?? null),
          made.map(({ emailProven }) => emailProven ?? false),
          made.map(({ name }) => name),
          made.map(({ nationalId }) => nationalId ?? null),
          made.map(({ status }) => status),
          made.map(({ roles }) => (roles ?? []).join(',')),
        ],
      )
      return rows.map((row) => Account.parse(row))
    },

    /** Who is forgotten has none. */
    async namesOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
      const rows = await db.query<{ id: string; name: string }>(
        'select id, name from account where id = any($1)',
        [[...ids]],
      )
      return new Map(rows.map(({ id, name }) => [id, name]))
    },

    async called(ids: readonly string[]): Promise<Pick<Account, 'id' | 'name' | 'email'>[]> {
      const rows = await db.query<Pick<Account, 'id' | 'name' | 'email'>>(
        'select id, name, email from account where id = any($1)',
        [[...ids]],
      )
      return [...rows]
    },

    /** Tokens with an older stamp are dead from here on. */
    async setOffice(id: string, given: readonly string[], all: readonly string[]): Promise<Account | null> {
      const [row] = await db.query(setOffice, [id, [...given], [...all]])
      return row === undefined ? null : Account.parse(row)
    },

    /** Adds or takes one role; null when nothing had to be changed, or there is no such account. */
    async toggleRole(id: string, role: string, granted: boolean): Promise<Account | null> {
      const change = granted ? 'array_append(roles, $2::text)' : 'array_remove(roles, $2::text)'
      return changed(
        `roles = ${change}, stamp = stamp + 1, ${office}`,
        id,
        role,
        `and ($2 = any(roles)) <> ${granted ? 'true' : 'false'}`,
      )
    },

    async shut(id: string, status: 'suspended' | 'banned'): Promise<Account | null> {
      return changed(`status = $2, unbegun = unbegun or status = 'pending', stamp = stamp + 1`, id, status)
    },

    /** Whoever was shut out before their first link waits for it as before. */
    async letIn(id: string): Promise<Account | null> {
      return changed(
        `status = case when unbegun then 'pending' else 'active' end, unbegun = false, stamp = stamp + 1`,
        id,
      )
    },

    async saveProfile(id: string, { name, phone, locale }: Profile): Promise<void> {
      await db.query(
        'update account set name = $2, phone = $3, locale = $4, updated_at = now() where id = $1',
        [id, name, phone, locale],
      )
    },

    /** Proven just now. False when it belongs to another, or the account is closed. */
    async setEmail(id: string, email: string): Promise<boolean> {
      const rows = await db.query(
        `update account set email = $2, email_proven = true, claimed_email = null, updated_at = now()
          where id = $1 and status = 'active' and not exists (select from account where email = $2 and id <> $1)
          returning id`,
        [id, email],
      )
      return rows.length === 1
    },

    /** The holder of the link has the mailbox: the address is proven with it. Only once, and never for who was shut out. */
    async activate(id: string, isProven: boolean): Promise<Account | null> {
      return changed(
        `status = 'active', email_proven = email_proven or (email is not null and $2)`,
        id,
        isProven,
        // What the office gives out begins an account and nothing else: one that is open has passed out of its hands.
        `and status = 'pending'`,
      )
    },

    /** Proven by an eID; what we already know from elsewhere stays. */
    async identify(id: string, phone: string | null): Promise<Account | null> {
      return changed(
        `status = 'active', phone = coalesce(phone, $2)`,
        id,
        phone,
        `and status in ('pending', 'active')`,
      )
    },

    /** Those who look after the house, as far as letters reach them. */
    async administrators(): Promise<(Account & { readonly email: string })[]> {
      const rows = await db.query(
        `select ${columns} from account
          where status = 'active' and email is not null and email_proven and roles && '{administrator,superadmin}' order by id`,
      )
      return rows.map((row) => Account.parse(row) as Account & { readonly email: string })
    },

    async bump(id: string): Promise<Account | null> {
      return changed('stamp = stamp + 1', id)
    },
  }

  async function changed(set: string, id: string, value?: unknown, and = ''): Promise<Account | null> {
    const params = value === undefined ? [id] : [id, value]
    const [row] = await db.query(
      `update account set ${set}, updated_at = now() where id = $1 ${and} returning ${columns}`,
      params,
    )
    return row === undefined ? null : Account.parse(row)
  }
}
export type AccountStore = ReturnType<typeof createAccountStore>

/** What is to be so until a transaction ends. */
function locksOf(db: Db) {
  return {
    /**
     * Nobody else could make anybody a superadmin again. Whoever could leave nobody behind waits for whoever else could, until
     * commit: of the last two, who end each other at once, one remains.
     */
    async isLastSuperadmin(id: string): Promise<boolean> {
      await db.query(lockSuperadmins)
      const [row] = await db.query<{ last: boolean }>(
        `select exists (select from account where id = $1 and 'superadmin' = any(roles))
            and not exists (select from account where id <> $1 and status = 'active' and 'superadmin' = any(roles)) as last`,
        [id],
      )
      return row?.last === true
    },

    /** Until this transaction ends: whoever else would lock it waits. Rows that only name the account do not. */
    async lock(id: string): Promise<void> {
      await db.query('select from account where id = $1 for no key update', [id])
    },

    /** As it stands until this transaction ends. */
    async locked(id: string): Promise<Account | null> {
      const [row] = await db.query(`select ${columns} from account where id = $1 for no key update`, [id])
      return row === undefined ? null : Account.parse(row)
    },

    /** Before any account is locked: whoever asks whether somebody is the last superadministrator waits here for whoever else does. */
    async lockSuperadmins(): Promise<void> {
      await db.query(lockSuperadmins)
    },
  }
}

/** In the order of the columns that `add` names. */
const valuesOf = (made: NewAccount): readonly unknown[] => [
  made.id,
  made.email ?? null,
  made.emailProven ?? false,
  made.claimedEmail ?? null,
  made.name,
  made.phone ?? null,
  made.nationalId ?? null,
  made.locale ?? 'is',
  made.status,
  made.roles ?? [],
]
