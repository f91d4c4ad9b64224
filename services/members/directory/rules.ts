/**
 * The register says who is a member, and since when. A source may speak of some fields and be silent about others; what it is
 * silent about stays. Nobody is deleted by a file in which they do not stand.
 */
import type { Clock, Ids } from '@althing/kernel/context'
import type { MemberId } from '../contract.ts'
import { differing, type Changed, type Member, type MemberWords } from '../member.ts'
import { fault } from './faults.ts'
import type { ListQuery } from './schema.ts'
import type { DirectoryStore } from './store.ts'

interface Needs {
  readonly store: DirectoryStore
  readonly clock: Clock
  readonly ids: Ids
}

/** Writing: made for one transaction, in which nobody else writes to the register. */
export function createDirectory({ store, clock, ids }: Needs) {
  async function apply(
    words: readonly MemberWords[],
    by: { readonly actor: string; readonly source: string },
  ): Promise<Changed[]> {
    const at = clock.now()
    const known = new Map(
      (await store.byKennitalas(words.map(({ kennitala }) => kennitala))).map((one) => [one.kennitala, one]),
    )
    const changes = words.flatMap((one) => changeOf(known.get(one.kennitala) ?? null, one, at, ids))
    const fresh = changes.filter(({ before }) => before === null)
    const others = changes.filter(({ before }) => before !== null)
    if (fresh.length > 0) await store.insert(fresh.map(({ after }) => after))
    if (others.length > 0) await store.update(others.map(({ after }) => after))
    await keepPeriods(changes, at)
    if (changes.length > 0)
      await store.recordChanges(
        changes.map(({ after, fields }) => ({ member: after.id, fields })),
        { at, ...by },
      )
    return changes
  }

  async function keepPeriods(changes: readonly Changed[], at: Date): Promise<void> {
    const began = changes.filter(
      ({ before, after }) => after.status === 'active' && before?.status !== 'active',
    )
    const ended = changes.filter(
      ({ before, after }) => after.status === 'inactive' && before?.status === 'active',
    )
    // Who comes back is a member from now on: the time between stays as it was.
    const from = (one: Changed) => (one.before === null ? startOf(one.after.dateJoined, at) : at)
    if (began.length > 0)
      await store.openPeriods(began.map((one) => ({ member: one.after.id, from: from(one) })))
    if (ended.length > 0)
      await store.endPeriods(
        ended.map(({ after }) => after.id),
        at,
      )
    for (const { before, after, fields } of changes) {
      if (before !== null && fields.includes('dateJoined'))
        await store.correctStart({ member: after.id, from: startOf(after.dateJoined, before.createdAt) })
    }
  }

  return { apply, alone: store.alone }
}
export type Directory = ReturnType<typeof createDirectory>

/** Iceland keeps UTC all year, so a day begins at midnight UTC. */
function startOf(dateJoined: string | null, otherwise: Date): Date {
  return dateJoined === null ? otherwise : new Date(`${dateJoined}T00:00:00.000Z`)
}

function changeOf(known: Member | null, words: MemberWords, at: Date, ids: Ids): Changed[] {
  if (known === null) {
    const after = newMember(words, at, ids)
    return [{ before: null, after, fields: Object.keys(words).filter((field) => field !== 'kennitala') }]
  }
  const fields = differing(known, words)
  if (fields.length === 0) return []
  const said = Object.fromEntries(fields.map((field) => [field, words[field]])) as Partial<Member>
  const status = said.status ?? known.status
  const leftAt = status === known.status ? known.leftAt : status === 'inactive' ? at : null
  return [{ before: known, after: { ...known, ...said, leftAt, updatedAt: at }, fields }]
}

function newMember({ kennitala, ...words }: MemberWords, at: Date, ids: Ids): Member {
  const status = words.status ?? 'active'
  return {
    id: ids.create('mem') as MemberId,
    kennitala,
    name: words.name ?? '',
    email: words.email ?? null,
    phone: words.phone ?? null,
    dateJoined: words.dateJoined ?? null,
    feesPaid: words.feesPaid ?? false,
    status,
    person: null,
    linkedBy: null,
    leftAt: status === 'inactive' ? at : null,
    createdAt: at,
    updatedAt: at,
  }
}

/** Reading: pages in the order of the Icelandic alphabet. */
export function createListing({ store }: { readonly store: DirectoryStore }) {
  return {
    async list(query: ListQuery) {
      const found = await store.list(query, query.cursor === undefined ? null : readCursor(query.cursor))
      const members = found.slice(0, query.limit)
      const last = found.length > query.limit ? members.at(-1) : undefined
      return { members, next: last === undefined ? null : writeCursor(last) }
    },

    async get(id: MemberId): Promise<Member> {
      const member = await store.get(id)
      if (member === null) throw fault.not_found()
      return member
    },

    async roll(cutOff: string, after: MemberId | null) {
      const found = await store.rollAt(new Date(cutOff), after, rollPage + 1)
      const entries = found.slice(0, rollPage)
      return { entries, next: found.length > rollPage ? (entries.at(-1)?.member ?? null) : null }
    },
  }
}
export type Listing = ReturnType<typeof createListing>

/** About 45 KB of JSON: well within what a peer reads. */
const rollPage = 500

const writeCursor = ({ name, id }: Member) => Buffer.from(JSON.stringify([name, id])).toString('base64url')

function readCursor(cursor: string): { name: string; id: string } {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (Array.isArray(parts) && typeof parts[0] === 'string' && typeof parts[1] === 'string')
      if (!`${parts[0]}${parts[1]}`.includes('\0')) return { name: parts[0], id: parts[1] }
  } catch {
    // Not ours: the same answer as for any other wrong one.
  }
  throw fault.wrong_cursor()
}
