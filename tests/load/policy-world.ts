/**
 * The world of the policy benchmark, as data: 20 policies (14 permit, 6 forbid), 5 roles, 10 groups of which everybody is in 5, 200 users,
 * 500 documents, 1,024 questions; and what the answers must be, written out by hand.
 */
import { createChance, type Chance } from '../support/cedar-chance.ts'

export const actions = ['list', 'read', 'comment', 'write', 'share', 'publish', 'archive', 'delete'] as const
export type Action = (typeof actions)[number]
export const roles = ['reader', 'writer', 'editor', 'manager', 'admin'] as const
type Role = (typeof roles)[number]
const departments = ['law', 'health', 'roads', 'schools', 'harbours'] as const

export interface User {
  readonly id: string
  readonly role: Role
  readonly groups: readonly string[]
  readonly department: string
  readonly clearance: number
  readonly suspended: boolean
}

export interface Doc {
  readonly id: string
  readonly owner: string
  readonly group: string
  readonly department: string
  readonly classification: number
  readonly size: number
  readonly archived: boolean
  readonly published: boolean
}

export interface Context {
  readonly mfa: boolean
  readonly hour: number
  readonly device: string
}

export interface Asked {
  readonly user: User
  readonly action: Action
  readonly doc: Doc
  readonly context: Context
}

/** In Cedar; the other engines have the same rules in their own words. */
export const policies = `
permit (principal in Role::"reader", action == Action::"read", resource) when { resource.published };
permit (principal in Role::"writer", action in [Action::"read", Action::"comment"], resource) when { resource.department == principal.department };
permit (principal in Role::"editor", action in [Action::"read", Action::"comment", Action::"write"], resource) when { resource.department == principal.department };
permit (principal in Role::"manager", action in [Action::"read", Action::"share"], resource);
permit (principal in Role::"admin", action, resource);
permit (principal, action in [Action::"read", Action::"write", Action::"share", Action::"delete"], resource) when { resource.owner == principal };
permit (principal, action == Action::"read", resource) when { principal in resource.group };
permit (principal, action == Action::"write", resource) when { principal in resource.group && principal.clearance >= resource.classification };
permit (principal in Group::"g0", action == Action::"publish", resource) when { resource.department == principal.department };
permit (principal in Group::"g1", action == Action::"archive", resource);
permit (principal, action == Action::"comment", resource) when { resource.published && context.mfa };
permit (principal in Role::"reader", action == Action::"list", resource);
permit (principal, action == Action::"read", resource) when { resource.classification == 0 };
permit (principal in Group::"g2", action == Action::"share", resource) when { resource.size < 1000 };
forbid (principal, action, resource) when { principal.suspended };
forbid (principal, action in [Action::"write", Action::"delete"], resource) when { resource.archived };
forbid (principal, action, resource) when { resource.classification > principal.clearance } unless { action == Action::"list" };
forbid (principal, action == Action::"delete", resource) unless { context.mfa };
forbid (principal, action == Action::"publish", resource) unless { context.hour >= 8 && context.hour < 18 };
forbid (principal, action == Action::"share", resource) when { resource.classification >= 4 && context.device != "managed" };
`

/** What the policies say, by hand: the floor of all engines and the judge of their answers. */
export function allowed({ user, action, doc, context }: Asked): boolean {
  return !forbidden(user, action, doc, context) && permitted(user, action, doc, context)
}

function forbidden(user: User, action: Action, doc: Doc, context: Context): boolean {
  if (user.suspended || (action !== 'list' && doc.classification > user.clearance)) return true
  switch (action) {
    case 'write':
      return doc.archived
    case 'delete':
      return doc.archived || !context.mfa
    case 'publish':
      return context.hour < 8 || context.hour >= 18
    case 'share':
      return doc.classification >= 4 && context.device !== 'managed'
    default:
      return false
  }
}

function permitted(user: User, action: Action, doc: Doc, context: Context): boolean {
  const { role } = user
  if (role === 'admin') return true
  const isOwn = doc.owner === user.id
  const isNear = doc.department === user.department
  const shares = user.groups.includes(doc.group)
  switch (action) {
    case 'list':
      return role === 'reader'
    case 'read':
      if (isOwn || shares || doc.classification === 0 || role === 'manager') return true
      return (role === 'reader' && doc.published) || ((role === 'writer' || role === 'editor') && isNear)
    case 'comment':
      return ((role === 'writer' || role === 'editor') && isNear) || (doc.published && context.mfa)
    case 'write':
      return isOwn || (role === 'editor' && isNear) || (shares && user.clearance >= doc.classification)
    case 'share':
      return isOwn || role === 'manager' || (user.groups.includes('g2') && doc.size < 1000)
    case 'publish':
      return user.groups.includes('g0') && isNear
    case 'archive':
      return user.groups.includes('g1')
    case 'delete':
      return isOwn
  }
}

export function createWorld() {
  const chance = createChance(20_26)
  const users = Array.from({ length: 200 }, (_, index) => userOf(chance, index))
  const docs = Array.from({ length: 500 }, (_, index) => docOf(chance, index, users))
  const asked = Array.from({ length: 1024 }, (): Asked => {
    const doc = chance.pick(docs)
    const owner = users.find(({ id }) => id === doc.owner)
    return {
      user: chance.oneIn(8) && owner !== undefined ? owner : chance.pick(users),
      action: chance.pick(actions),
      doc,
      context: {
        mfa: chance.oneIn(2),
        hour: chance.below(24),
        device: chance.pick(['managed', 'own']),
      },
    }
  })
  return { users, docs, asked }
}

function userOf(chance: Chance, index: number): User {
  const groups = new Set<string>()
  while (groups.size < 5) groups.add(`g${chance.below(10)}`)
  return {
    id: `user-${index}`,
    role: chance.pick(roles),
    groups: [...groups],
    department: chance.pick(departments),
    clearance: chance.below(6),
    suspended: chance.oneIn(20),
  }
}

function docOf(chance: Chance, index: number, users: readonly User[]): Doc {
  return {
    id: `doc-${index}`,
    owner: chance.pick(users).id,
    group: `g${chance.below(10)}`,
    department: chance.pick(departments),
    classification: chance.pick([0, 0, 1, 1, 2, 3, 4, 5]),
    size: chance.below(2000),
    archived: chance.oneIn(10),
    published: chance.oneIn(3),
  }
}
