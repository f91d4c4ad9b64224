/**
 * What somebody does with what was lent to them hangs on that (`asked_under`): it lasts no longer, and falls in the transaction that ends it, wishes and
 * denials alike; unless something else that was lent to them lets them do it too: then it hangs on that. What a second person agreed to stands. Whoever
 * asked is looked at again when somebody decides: roles are taken away, people are denied things and erased, and no wish outlives the right to have it.
 */
import { personIn, type Caller } from '../caller.ts'
import { decidesAbout } from '../contract.ts'
import type { Ref } from '../known.ts'
import { strong } from '../proof.ts'
import type { Parts } from './changing.ts'
import type { Override, Standing } from './schema.ts'
import { lineOf } from './showing.ts'
import type { Fallen, OverrideStore } from './store.ts'

interface Needs {
  readonly rolesOf: (subject: Ref) => Promise<readonly string[] | null>
  readonly opens: Opens
}
/** Whether a door is open to somebody, by what is in force at this very moment: also what another node has just brought into force. */
export type Opens = (caller: Caller, action: string) => Promise<boolean>

const doorOf = ({ kind }: Override) => (kind === 'emergency' ? 'emergency' : 'overrides')

/** Whether whoever asked for it with a right of their own has that still. */
export const createAskers =
  ({ rolesOf, opens }: Needs) =>
  async (one: Override): Promise<boolean> => {
    const person = personIn(one.askedBy)
    if (person === null || one.askedUnder !== null) return true
    const roles = await rolesOf({ type: 'Person', id: person })
    if (roles === null) return false
    if (decidesAbout(one.kind === 'emergency' ? 'emergency' : 'allow', roles)) return true
    const [acr = ''] = strong
    return opens({ kind: 'person', subject: person, roles, acr }, `${doorOf(one)}.ask`)
  }
export type StillMay = ReturnType<typeof createAskers>

/** Whether nothing keeps whoever asked from asking for it now; and what was lent to them for that stays until this transaction is over. */
export async function isUnhindered(store: OverrideStore, one: Override, now: Date): Promise<boolean> {
  const person = personIn(one.askedBy)
  if (one.askedUnder !== null && !(await store.isHeld(one.askedUnder, now))) return false
  const on = doorOf(one)
  return person === null || !(await store.isDenied(person, { action: `${on}.ask`, on }, now))
}

/** Whether somebody has it who could do something with it. */
export const isLoan = ({ kind, state, subject }: Override): boolean =>
  state === 'in-force' && kind !== 'deny' && subject.type === 'Person'

/** The loan is over: what hangs on it goes on another, or falls. */
export async function fallWith(parts: Parts, { id, subject }: Override, done: Fallen): Promise<void> {
  const { store, record } = parts
  const other = await store.asksBy(subject.id, done.at)
  if (other === null) return toldOf(parts, await store.fall(id, done), done)
  for (const one of await store.rehang(id, other, done.at))
    await record(lineOf('rehung', one, done.by, done.why))
}

/** As the audit log names what nobody did. */
export const itself = 'service:policy'

/** Whoever asked hears of it also when they ended the loan themselves: they did not end this. */
export async function toldOf(
  { record, tell }: Pick<Parts, 'record' | 'tell'>,
  fallen: readonly Override[],
  { by, why }: Pick<Fallen, 'by' | 'why'>,
): Promise<void> {
  for (const one of fallen) {
    await record(lineOf(one.state === 'ended' ? 'ended' : 'fell', one, by, why))
    await tell(one, one.state === 'ended' ? by : itself)
  }
}

/** What is denied with a loan ends with that at the latest. */
export const endOf = (until: Date, under: Standing | null): Date =>
  under === null ? until : new Date(Math.min(until.getTime(), under.until.getTime()))
