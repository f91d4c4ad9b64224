/**
 * Policy tells of an override: whom it is about hears that it holds, and that it was ended before its time; those who can decide hear that they are asked;
 * whoever asked for it hears what became of that when somebody else decided, nobody did, or they might not ask any more. Nobody gets two letters about one thing, and nobody else gets
 * any. Whoever asked and may not look in the console, because what let them ask was only lent, has the whole answer in the letter.
 */
import { readsOverrides, type OverrideChanged } from '@althing/policy/contract'
import { personIn } from '../actors.ts'
import { isOvertaken, isPast } from '../facts-in-order.ts'
import { inOneLine, namedBy, overrideDetail, type OverrideDetail } from '../lent-details.ts'

interface Person {
  readonly name: string
  readonly roles: readonly string[]
}

interface Parts {
  readonly now: () => Date
  /** Whether it is the first to set this mark, in this transaction; the mark is kept until then. */
  readonly isFirst: (mark: string, until: Date) => Promise<boolean>
  readonly find: (account: string) => Promise<Person | null>
  /** The ids of those who decide about what others ask for. */
  readonly administrators: () => Promise<readonly string[]>
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
  fell: 'override-fell',
  lapsed: 'override-lapsed',
} as const

type Notice =
  | 'override-asked'
  | (typeof toThemselves)['deny' | 'allow']['in-force' | 'ended']
  | (typeof toAsker)[keyof typeof toAsker]

/** In the transaction that remembers the fact: each letter goes out once. */
export async function tellOverride(fact: OverrideChanged, parts: Parts): Promise<void> {
  if (await isStale(fact, parts)) return
  if (fact.state === 'asked') return tellDeciders(fact, parts)
  const { kind, state, person, askedBy, by } = fact
  const isFelt = state === 'in-force' || state === 'ended'
  if (person !== null && isFelt && personIn(by) !== person)
    await parts.notify(person, toThemselves[kind][state], overrideDetail(detailOf(fact)))
  const asker = askedBy === by ? null : personIn(askedBy)
  if (asker !== null && !(isFelt && asker === person))
    await parts.notify(asker, toAsker[state], await answerTo(asker, fact, parts))
}

async function tellDeciders(fact: OverrideChanged, { administrators, notify }: Parts): Promise<void> {
  const detail = overrideDetail(detailOf(fact))
  const own = [personIn(fact.askedBy), fact.person]
  for (const one of await administrators())
    if (!own.includes(one)) await notify(one, 'override-asked', detail)
}

async function answerTo(asker: string, fact: OverrideChanged, { find }: Parts): Promise<string> {
  const detail = detailOf(fact)
  if (readsOverrides((await find(asker))?.roles ?? [])) return overrideDetail(detail)
  const by = await namedBy(fact.by, async (account) => (await find(account))?.name ?? null)
  return overrideDetail({ ...detail, answer: { by, why: inOneLine(fact.why ?? '', mostWhy) } })
}

/** A letter names the first few of fifty actions. */
const mostActions = 3
const mostName = 80
const mostWhy = 500

function detailOf({ id, until, decideBy, actions, words, resource }: OverrideChanged): OverrideDetail {
  const first = actions.slice(0, mostActions)
  return {
    id,
    until,
    decideBy,
    actions: first.map((name) => inOneLine(name, mostName)),
    words: Object.fromEntries(first.flatMap((name) => (words[name] ? [[name, words[name]]] : []))),
    more: Math.max(0, actions.length - mostActions),
    ...placeOf(resource),
    answer: null,
  }
}

/** A service is all that is asked about there. */
function placeOf(resource: OverrideChanged['resource']): Pick<OverrideDetail, 'on' | 'kind'> {
  if (resource === null || resource.type === 'Service') return { on: null, kind: 'other' }
  const { type, id } = resource
  if (type === 'Election') return { on: inOneLine(id, mostName), kind: 'election' }
  const name = inOneLine(`${type} ${id}`, mostName)
  return { on: name, kind: type === 'Person' ? 'account' : 'other' }
}

async function isStale(
  fact: OverrideChanged,
  { now, isFirst }: Pick<Parts, 'now' | 'isFirst'>,
): Promise<boolean> {
  const { id, state, until } = fact
  const end = new Date(until)
  return (
    (await isOvertaken(state, (stage) => isFirst(`override\n${id}\n${stage}`, end))) || isPast(fact, now())
  )
}
