/**
 * Somebody asks for what a role may do in an emergency, has it, is refused it or has had it: policy says so, and we say it on to whom it is about, and to
 * everybody who looks after the house. That it is known to all is what keeps it for emergencies.
 */
import type { EmergencyChanged } from '@althing/policy/contract'
import { personIn } from '../actors.ts'
import { isOvertaken } from '../facts-in-order.ts'
import { emergencyDetail, type By } from '../lent-details.ts'
import type { Seen } from './schema.ts'

interface Parts {
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
} as const
const toOthers = {
  asked: 'emergency-asked-by',
  'in-force': 'emergency-given-to',
  refused: 'emergency-refused-to',
  ended: 'emergency-ended-of',
  'taken-back': 'emergency-taken-back-by',
} as const

type Notice = (typeof toThemselves | typeof toOthers)[EmergencyChanged['state']]

/** In the transaction that remembers the fact: each letter goes out once. The alert is of what happened, in whatever order it is heard. */
export async function tellEmergency(fact: EmergencyChanged, parts: Parts): Promise<void> {
  const { person, state, at } = fact
  const name = await parts.nameOf(person)
  // Erased meanwhile.
  if (name === null) return
  if (!(await isStale(fact, parts))) await write(fact, name, parts)
  if (state === 'asked' || state === 'in-force') await parts.enqueue({ account: person, state, at })
}

const isStale = ({ id, state, until, at }: EmergencyChanged, { isFirst }: Parts): Promise<boolean> =>
  isOvertaken(state, (stage) => isFirst(`emergency\n${id}\n${stage}`, new Date(until ?? at)))

async function write(fact: EmergencyChanged, name: string, parts: Parts): Promise<void> {
  const { id, person, role, state, until, decideBy, at } = fact
  const by = await namedBy(fact, parts.nameOf)
  const detail = emergencyDetail({ id, role, name, until, decideBy, by })
  await parts.notify(person, toThemselves[state], detail, at)
  for (const one of await parts.administrators())
    if (one !== person) await parts.notify(one, toOthers[state], detail, at)
}

async function namedBy({ by, person }: EmergencyChanged, nameOf: Parts['nameOf']): Promise<By> {
  const account = personIn(by)
  if (account === null) return { is: 'machine', name: '' }
  if (account === person) return { is: 'themselves', name: '' }
  return { is: 'somebody', name: (await nameOf(account)) ?? '' }
}
