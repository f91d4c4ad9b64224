/**
 * What is taken from nobody, and what is given to nobody, by an override: one list for the door, the command and the page, each with the reason. What is
 * somebody's own stays theirs; so does the way out of what somebody else has done. And what looks at the roles of whoever does it, whatever the policies
 * say of them, would open no door to anybody it was given to.
 */
import { actions as ownActions } from '../actions.ts'
import type { Ref } from '../known.ts'
import { fault } from './faults.ts'
import type { Ask, Withheld } from './schema.ts'

type Kind = Ask['kind']

const own = [
  'access.evaluate-own',
  'account.manage-own',
  'account.read-own',
  'members.read-own',
  'tickets.issue',
  'tickets.read-own',
]
const wayOut = ['overrides.end', 'overrides.read']
const ofRoles = ['emergency.ask', 'emergency.decide', 'emergency.end', 'overrides.decide', 'users.set-roles']

const reasons: Readonly<Record<Kind, ReadonlyMap<string, Withheld>>> = {
  deny: new Map<string, Withheld>([
    ...own.map((name) => [name, 'own'] as const),
    ...wayOut.map((name) => [name, 'way-out'] as const),
  ]),
  allow: new Map(ofRoles.map((name) => [name, 'of-roles'] as const)),
}

/** Null: it may be taken away, or given. */
export const withheld = (kind: Kind, action: string): Withheld | null => reasons[kind].get(action) ?? null

const words: Readonly<Record<Withheld, string>> = {
  own: 'is everybody’s own, and taken from nobody',
  'way-out': 'is the way out of what somebody else has done, and taken from nobody',
  'of-roles': 'asks for a role of one’s own, and is given to nobody for a while',
}

/** @throws Fault undeniable, unlendable: at each action that is withheld, why */
export function refuseWithheld(kind: Kind, actions: readonly string[]): void {
  const fields = actions.flatMap((name, n) => {
    const why = withheld(kind, name)
    return why === null ? [] : [{ pointer: `/actions/${n}`, message: `${name} ${words[why]}.` }]
  })
  if (fields.length > 0) throw fault[kind === 'deny' ? 'undeniable' : 'unlendable'](undefined, { fields })
}

const ownKinds = new Set(Object.values(ownActions).flat())

/** Of what an organisation does, its own applications know the kinds of things. @throws Fault unknown_kind */
export function refuseKind(actions: readonly string[], resource: Ref | null): void {
  const isOwn = actions.every((name) => Object.hasOwn(ownActions, name))
  if (resource !== null && isOwn && !ownKinds.has(resource.type)) throw fault.unknown_kind()
}
