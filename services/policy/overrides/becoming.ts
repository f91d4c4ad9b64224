/**
 * Overrides as policies, so that whoever decides, explains or makes a decision again needs to know of none. Each ends by itself: it looks at the clock
 * first, and nothing behind that is looked at when its time is over. A forbid of the policies still beats every permit that is made here.
 */
import { overridePrefix, type PoliciesJson } from '../authored.ts'
import { ranks } from '../contract.ts'
import { strong } from '../proof.ts'
import type { Standing } from './schema.ts'

/** @param inForce all that is in force beside them: what a role may do is read there, each time anew */
export function policiesFor(standing: readonly Standing[], inForce: PoliciesJson): PoliciesJson {
  return Object.fromEntries(
    standing.flatMap((one) => (one.kind === 'emergency' ? lent(one, inForce) : [named(one)])),
  )
}

/** Of the id of a policy the override that it was made of; null of any other. */
export function overrideOf(policy: string): string | null {
  if (!policy.startsWith(overridePrefix)) return null
  return policy.slice(overridePrefix.length).split('/')[0] ?? null
}

type Body = Readonly<Record<string, unknown>>
interface PolicyJson {
  readonly effect: string
  readonly principal: Scope
  readonly conditions: readonly unknown[]
}
interface Scope {
  readonly op: string
  readonly entity?: Named
  readonly entity_type?: string
  readonly in?: { readonly entity?: Named }
}
interface Named {
  readonly type: string
  readonly id: string
}

function named(one: Standing): readonly [string, unknown] {
  const names = one.actions.map((id) => ({ type: 'Action', id }))
  const [only] = names
  return [
    `${overridePrefix}${one.id}`,
    {
      effect: one.kind === 'deny' ? 'forbid' : 'permit',
      principal: { op: '==', entity: one.subject },
      action: names.length === 1 ? { op: '==', entity: only } : { op: 'in', entities: names },
      resource: one.resource === null ? { op: 'All' } : { op: '==', entity: one.resource },
      conditions: [when(before(one.until))],
      annotations: wordsFor(one),
    },
  ]
}

/** A copy of each permit of the role and of those below it, for this person, and only when they came with a second factor. */
function lent(one: Standing, inForce: PoliciesJson): (readonly [string, unknown])[] {
  const roles: readonly string[] = ranks.slice(0, ranks.findIndex((rank) => rank === one.role) + 1)
  return Object.entries(inForce as Readonly<Record<string, PolicyJson>>)
    .filter(([, { effect, principal }]) => effect === 'permit' && roles.includes(roleIn(principal) ?? ''))
    .map(([id, policy]) => [
      `${overridePrefix}${one.id}/${id}`,
      {
        ...policy,
        principal: { op: '==', entity: one.subject },
        conditions: [
          when(before(one.until)),
          when(withSecondFactor),
          { kind: 'unless', body: isLasting },
          ...policy.conditions,
        ],
        annotations: wordsFor(one),
      },
    ])
}

/** `principal in Role::"x"`, also of people alone. */
function roleIn({ op, entity, entity_type, in: within }: Scope): string | null {
  const group = op === 'in' ? entity : op === 'is' && entity_type === 'Person' ? within?.entity : undefined
  return group?.type === 'Role' ? group.id : null
}

const when = (body: Body) => ({ kind: 'when', body })

const before = (until: Date): Body => ({
  '<': { left: attribute('context', 'now'), right: { datetime: [{ Value: until.toISOString() }] } },
})

const withSecondFactor: Body = {
  '&&': {
    left: { has: { left: { Var: 'principal' }, attr: 'acr' } },
    right: {
      contains: { left: { Set: strong.map((Value) => ({ Value })) }, right: attribute('principal', 'acr') },
    },
  },
}

/** What goes on opening doors when the access is over: secrets, keys, and where an application sends people. To shut them is lent. */
const lasting = ['clients.change', 'clients.create', 'service-identities.change', 'service-identities.create']
const isLasting: Body = {
  contains: {
    left: { Set: lasting.map((id) => ({ Value: { __entity: { type: 'Action', id } } })) },
    right: { Var: 'action' },
  },
}

function attribute(of: string, attr: string): Body {
  return { '.': { left: { Var: of }, attr } }
}

/** What anybody may hear who is told why. The reason that somebody gave is theirs and the person’s, and goes to no other service. */
function wordsFor({ kind, until }: Standing): Readonly<Record<string, string>> {
  const moment = `${until.toISOString().slice(0, 16).replace('T', ' ')} UTC`
  const words = {
    deny: [
      `An administrator has decided that this is not possible until ${moment}.`,
      `Stjórnandi hefur ákveðið að þetta sé ekki hægt til ${moment}.`,
    ],
    allow: [
      `Administrators have decided that this is possible until ${moment}.`,
      `Stjórnendur hafa ákveðið að þetta sé hægt til ${moment}.`,
    ],
    emergency: [`Emergency access until ${moment}.`, `Neyðaraðgangur til ${moment}.`],
  } as const
  const [reason, reason_is] = words[kind]
  return { reason, reason_is }
}
