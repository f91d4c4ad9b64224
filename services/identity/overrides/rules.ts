/**
 * Policy tells of an override: whom it is about hears that it holds, and that it was ended before its time; whoever asked for it hears what became of
 * that when somebody else decided. Nobody gets two letters about one thing, and nobody else gets any.
 */
import type { OverrideChanged } from '@althing/policy/contract'
import { personIn } from '../actors.ts'

interface Parts {
  readonly now: () => Date
  /** Whether it is the first to mark this override, in this transaction; the mark is kept until then. */
  readonly isFirst: (override: string, until: Date) => Promise<boolean>
  /** Of somebody who is not here, or cannot be written to, nothing comes of it. */
  readonly notify: (account: string, kind: Notice, detail: string) => Promise<void>
}

const toThemselves = {
  deny: { 'in-force': 'override-denied', ended: 'override-denial-ended' },
  allow: { 'in-force': 'override-given', ended: 'override-given-ended' },
} as const
const toAsker = {
  'in-force': 'override-agreed',
  refused: 'override-refused',
  'taken-back': 'override-called-off',
  ended: 'override-over',
} as const

type Notice =
  | (typeof toThemselves)['deny' | 'allow']['in-force' | 'ended']
  | (typeof toAsker)[keyof typeof toAsker]

/** In the transaction that remembers the fact: each letter goes out once. */
export async function tellOverride(
  { id, kind, state, person, askedBy, by, until }: OverrideChanged,
  { now, isFirst, notify }: Parts,
): Promise<void> {
  if (await isStale({ id, state, until }, { now, isFirst })) return
  const detail = [until, id].join('\n')
  const isFelt = state === 'in-force' || state === 'ended'
  if (person !== null && isFelt && personIn(by) !== person)
    await notify(person, toThemselves[kind][state], detail)
  const asker = askedBy === by ? null : personIn(askedBy)
  if (asker !== null && !(isFelt && asker === person)) await notify(asker, toAsker[state], detail)
}

/**
 * Facts may come out of their order, and a day late: what is over by then, by its time or because it was ended, is not told as if it held.
 */
async function isStale(
  { id, state, until }: Pick<OverrideChanged, 'id' | 'state' | 'until'>,
  { now, isFirst }: Pick<Parts, 'now' | 'isFirst'>,
): Promise<boolean> {
  const end = new Date(until)
  if (state === 'ended') return (await isFirst(id, end), false)
  return state === 'in-force' && (end <= now() || !(await isFirst(id, end)))
}
