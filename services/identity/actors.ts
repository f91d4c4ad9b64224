/** The account of whoever did something, as the audit log names them; null of an operator, a program and a service, who have none here. */
export const personIn = (actor: string): string | null => /^person:(acc_.+)$/.exec(actor)?.[1] ?? null

/** Who did it, as the audit log names them. */
export type Actor = string

/** Somebody of the office, with what they may themselves; whoever is only named is bounded by no role. */
export interface Office {
  readonly actor: Actor
  readonly roles: readonly string[]
}

export const actorOf = (by: Actor | Office): Actor => (typeof by === 'string' ? by : by.actor)
