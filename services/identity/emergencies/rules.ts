/**
 * Somebody asks for what a role may do in an emergency, has it, is refused it, has had it, or may not ask for it any more: policy says so, and we say it on to whom it is about, and to
 * everybody who looks after the house. That it is known to all is what keeps it for emergencies.
 */
import type { EmergencyChanged } from '@althing/policy/contract'
import { isOvertaken, isPast } from '../facts-in-order.ts'
import { emergencyDetail, namedBy } from '../lent-details.ts'
import type { Seen } from './schema.ts'

interface Parts {
  readonly now: () => Date
  /** Whether it is the first to set this mark, in this transaction; the mark is kept until then. */
  readonly isFirst: (mark: string, until: Date) => Promise<boolean>
  readonly nameOf: (account: string) => Promise<string | null>
  /** The ids of those who look after the house. */
  readonly administrators: () => Promise<readonly string[]>
  /** @param at when it was */
  readonly notify: (account: string, kind: Notice, detail: string, at: string) => Promise<void>
  readonly enqueue: (seen: Seen) => Promise<void>
}

const toThemselves = {
  asked: 'emergency-asked',
  'in-force': 'emergency-given',
  refused: 'emergency-refused',
  ended: 'emergency-ended',
  'taken-back': 'emergency-taken-back',
  fell: 'emergency-fell',
} as const
const toOthers = {
  asked: 'emergency-asked-by',
  'in-force': 'emergency-given-to',
  refused: 'emergency-refused-to',
  ended: 'emergency-ended-of',
  'taken-back': 'emergency-taken-back-by',
  fell: 'emergency-fell-of',
} as const

type Notice = (typeof toThemselves | typeof toOthers)[EmergencyChanged['state']]

/** In the transaction that remembers the fact: each letter goes out once. The alert is of what happened, in whatever order and however late it is heard. */
export async function tellEmergency(fact: EmergencyChanged, parts: Parts): Promise<void> {
  const { person, state, at } = fact
  const name = await parts.nameOf(person)
  // Erased meanwhile.
  if (name === null) return
  if (!(await isStale(fact, parts))) await write(fact, name, parts)
  if (state === 'asked' || state === 'in-force') await parts.enqueue({ account: person, state, at })
}

async function isStale(fact: EmergencyChanged, { now, isFirst }: Parts): Promise<boolean> {
  const { id, state, until, at } = fact
  const end = new Date(until ?? at)
  return (
    (await isOvertaken(state, (stage) => isFirst(`emergency\n${id}\n${stage}`, end))) || isPast(fact, now())
  )
}

const oneself = { is: 'themselves', name: '' } as const

async function write(fact: EmergencyChanged, name: string, parts: Parts): Promise<void> {
  const { id, person, role, state, until, decideBy, at } = fact
  const by = fact.by === `person:${person}` ? oneself : await namedBy(fact.by, parts.nameOf)
  const detail = emergencyDetail({ id, role, name, until, decideBy, by })
  await parts.notify(person, toThemselves[state], detail, at)
  for (const one of await parts.administrators())
    if (one !== person) await parts.notify(one, toOthers[state], detail, at)
}
