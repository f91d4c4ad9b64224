/**
 * What somebody does with what was lent to them hangs on that (`asked_under`): it lasts no longer, and falls in the transaction that ends it, wishes and
 * denials alike; unless something else that was lent to them lets them do it too: then it hangs on that. What a second person agreed to stands. What
 * somebody does with a right of their own hangs on that right (askers.ts).
 */
import { personIn } from '../caller.ts'
import type { Parts } from './changing.ts'
import type { Override, Standing } from './schema.ts'
import { lineOf } from './showing.ts'
import type { Fallen, OverrideStore } from './store.ts'

/** The service, as a door of it names it. */
export const doorOf = ({ kind }: Override) => (kind === 'emergency' ? 'emergency' : 'overrides')

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
