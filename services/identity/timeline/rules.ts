/**
 * Everything that happened to one account, the latest first, in one list: what was changed, by whom and why (the audit log); who came or
 * tried to (kept for ninety days); and what was written to them (likewise). Nothing is left out because it looks bad, and nothing is said
 * twice: a refused sign-in stands in the audit log as well and is shown once, as long as there is the one that says more.
 */
import type { StoredEntry } from '@althing/kernel/audit'
import { personIn } from '../actors.ts'
import { Cursor, type Actor, type TimelineKind, type TimelineLine } from './schema.ts'

interface Tried {
  readonly id: string
  readonly at: Date
  readonly method: string
  readonly result: 'in' | 'step' | 'refused'
  readonly reason: string | null
  readonly network: string
  readonly device: string
}

interface Letter {
  readonly id: string
  readonly beganAt: Date
  readonly channel: 'mail' | 'sms'
  readonly subject: string | null
  readonly state: NonNullable<TimelineLine['letter']>['state']
  readonly reason: string | null
}

interface Target {
  readonly type: string
  readonly id: string
}

interface Needs {
  readonly changesOf: (
    targets: readonly Target[],
    before: { readonly at: Date; readonly id: string } | undefined,
    most: number,
  ) => Promise<readonly StoredEntry[]>
  readonly triesOf: (account: string, before: string, most: number) => Promise<readonly Tried[]>
  readonly lettersOf: (account: string, before: string, most: number) => Promise<readonly Letter[]>
  /** By which they came to have this account, as long as they are kept. */
  readonly applicationsOf: (
    account: string,
  ) => Promise<readonly { readonly id: string; readonly reason: string | null }[]>
  readonly namesOf: (accounts: readonly string[]) => Promise<ReadonlyMap<string, string>>
}

/** A line before it is known what its actor is called. */
type Line = Omit<TimelineLine, 'at' | 'actor'> & { readonly at: Date; readonly actor: string }

const start: Cursor = { audit: null, login: '', letter: '' }

export function createTimeline(needs: Needs) {
  /** @param before of the page before this one; what is none begins anew */
  async function of(account: string, kind: TimelineKind | undefined, before: string, most: number) {
    const cursor = readCursor(before) ?? start
    const wants = (one: TimelineKind) => kind === undefined || kind === one
    const [changes, tries, letters] = await Promise.all([
      wants('changes') ? changesOf(account, cursor, most) : [],
      wants('sign-ins') ? needs.triesOf(account, cursor.login, most) : [],
      wants('letters') ? needs.lettersOf(account, cursor.letter, most) : [],
    ])
    const lines = merged(
      [changes, tries.map((one) => lineOfTry(account, one)), letters.map(lineOfLetter)],
      most,
    )
    return {
      lines: await named(account, lines),
      next: lines.length < most ? null : writeCursor(lines.reduce(moved, cursor)),
    }
  }

  async function changesOf(account: string, { audit }: Cursor, most: number): Promise<Line[]> {
    const applications = await needs.applicationsOf(account)
    const reasons = new Map(applications.map(({ id, reason }) => [id, reason]))
    const targets = [
      { type: 'Account', id: account },
      ...applications.map(({ id }) => ({ type: 'Application', id })),
    ]
    const from = audit === null ? undefined : { at: new Date(audit.at), id: audit.id }
    return (await needs.changesOf(targets, from, most)).map((entry) => ({
      id: entry.id,
      at: entry.at,
      kind: 'changes' as const,
      action: entry.action,
      outcome: entry.outcome === 'done' || entry.outcome === 'denied' ? entry.outcome : 'failed',
      actor: entry.actor,
      // Why an application was refused stands with it, where it can be erased, and not in the log.
      reason: entry.reason ?? reasons.get(entry.targetId ?? '') ?? null,
      fields: [...entry.fields],
      login: null,
      letter: null,
    }))
  }

  async function named(account: string, lines: readonly Line[]): Promise<TimelineLine[]> {
    const others = lines.flatMap(({ actor }) => personIn(actor) ?? []).filter((id) => id !== account)
    const names = await needs.namesOf([...new Set(others)])
    return lines.map((line) => ({
      ...line,
      at: line.at.toISOString(),
      actor: actorOf(line.actor, account, names),
    }))
  }

  return { of }
}
export type Timeline = ReturnType<typeof createTimeline>

/** Who was refused may have been anybody: only who came in is known to be its owner. */
const lineOfTry = (account: string, { id, at, reason, ...login }: Tried): Line => ({
  id,
  at,
  kind: 'sign-ins',
  action: 'sign-in',
  outcome: login.result === 'refused' ? 'failed' : 'done',
  actor: login.result === 'refused' ? 'person:unknown' : `person:${account}`,
  reason,
  fields: [],
  login: { method: login.method, result: login.result, network: login.network, device: login.device },
  letter: null,
})

const lineOfLetter = ({ id, beganAt, channel, subject, state, reason }: Letter): Line => ({
  id,
  at: beganAt,
  kind: 'letters',
  action: 'letter',
  outcome: ['failed', 'refused', 'suppressed', 'bounced', 'dropped'].includes(state) ? 'failed' : 'done',
  actor: 'service:identity',
  reason,
  fields: [],
  login: null,
  letter: { channel, subject, state },
})

/** Each list stays in its own order, whatever the clocks of several nodes say: else its next page would begin in the wrong place. */
function merged(lists: readonly (readonly Line[])[], most: number): Line[] {
  const left = lists.map((list) => [...list])
  const lines: Line[] = []
  while (lines.length < most) {
    const heads = left.filter((list) => list.length > 0)
    const next = heads.reduce<Line[] | undefined>(
      (latest, list) => (latest === undefined || (list[0]?.at ?? 0) > (latest[0]?.at ?? 0) ? list : latest),
      undefined,
    )
    const line = next?.shift()
    if (line === undefined) break
    lines.push(line)
  }
  return lines
}

/** Of each list the last line that was shown is where its next page begins. */
function moved(cursor: Cursor, { kind, id, at }: Line): Cursor {
  if (kind === 'changes') return { ...cursor, audit: { at: at.toISOString(), id } }
  return kind === 'sign-ins' ? { ...cursor, login: id } : { ...cursor, letter: id }
}

const writeCursor = (cursor: Cursor) => Buffer.from(JSON.stringify(cursor)).toString('base64url')

function readCursor(text: string): Cursor | null {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
  } catch {
    return null
  }
}

function actorOf(actor: string, account: string, names: ReadonlyMap<string, string>): Actor {
  const person = personIn(actor)
  if (person === account) return { kind: 'self', id: null, name: null }
  if (person !== null) return { kind: 'person', id: person, name: names.get(person) ?? null }
  const [kind = '', name = ''] = actor.split(/:(.*)/s)
  if (kind === 'operator') return { kind, id: name, name }
  return actor === 'person:unknown' || kind === 'person'
    ? { kind: 'unknown', id: null, name: null }
    : { kind: 'service', id: name === '' ? kind : name, name: null }
}
