/**
 * Somebody asks for what a role may do in an emergency, has it, is refused it or has had it: policy says so, and we say it on to whom it is about, and to
 * everybody who looks after the house. That it is known to all is what keeps it for emergencies.
 */
import type { EmergencyChanged } from '@althing/policy/contract'
import type { Seen } from './schema.ts'

interface Parts {
  readonly nameOf: (account: string) => Promise<string | null>
  /** The ids of those who look after the house. */
  readonly administrators: () => Promise<readonly string[]>
  readonly notify: (account: string, kind: Notice, detail: string) => Promise<void>
  readonly enqueue: (seen: Seen) => Promise<void>
}

const toThemselves = {
  asked: 'emergency-asked',
  'in-force': 'emergency-given',
  refused: 'emergency-refused',
  ended: 'emergency-ended',
} as const
const toOthers = {
  asked: 'emergency-asked-by',
  'in-force': 'emergency-given-to',
  refused: 'emergency-refused-to',
  ended: 'emergency-ended-of',
} as const

type Notice = (typeof toThemselves | typeof toOthers)[EmergencyChanged['state']]

/** In the transaction that remembers the fact: each letter goes out once. */
export async function tellEmergency(
  { person, role, state, until, at }: EmergencyChanged,
  { nameOf, administrators, notify, enqueue }: Parts,
): Promise<void> {
  const name = await nameOf(person)
  // Erased meanwhile.
  if (name === null) return
  const detail = [role, until ?? '', name].join('\n')
  await notify(person, toThemselves[state], detail)
  for (const one of await administrators()) if (one !== person) await notify(one, toOthers[state], detail)
  if (state === 'asked' || state === 'in-force') await enqueue({ account: person, state, at })
}
