/** The engines of the policy benchmark: each is asked the same question and answers yes or no. */
import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import { createMongoAbility, AbilityBuilder, type MongoAbility } from '@casl/ability'
import { newEnforcer, newModelFromString } from 'casbin'
import {
  authorize,
  createPolicySet,
  EntityStore,
  readEntity,
  uidOf,
  Unread,
  type PolicySet,
} from '@althing/kernel/cedar'
import { policiesOf } from '../support/cedar-corpus.ts'
import { allowed, policies, type Asked, type createWorld, type Doc, type User } from './policy-world.ts'

type World = ReturnType<typeof createWorld>
export type Engine = (asked: Asked) => boolean
export const byHand: Engine = allowed

const userEntity = ({ id, role, groups, department, clearance, suspended }: User) => ({
  uid: { type: 'User', id },
  parents: [{ type: 'Role', id: role }, ...groups.map((group) => ({ type: 'Group', id: group }))],
  attrs: { department, clearance, suspended },
})
const docEntity = ({ id, owner, group, ...attrs }: Doc) => ({
  uid: { type: 'Doc', id },
  parents: [],
  attrs: {
    ...attrs,
    owner: { __entity: { type: 'User', id: owner } },
    group: { __entity: { type: 'Group', id: group } },
  },
})

export function storeOf({ users, docs }: World): EntityStore {
  const store = new EntityStore()
  for (const one of [...users.map(userEntity), ...docs.map(docEntity)]) store.upsert(readEntity(one))
  return store
}

export function policySet(
  options?: { index: boolean },
  more: Readonly<Record<string, unknown>> = {},
): PolicySet {
  return createPolicySet({ staticPolicies: { ...policiesOf(policies), ...more } }, options)
}

/** As a service would: names and the context arrive with the question, entities are known. */
export function ours(set: PolicySet, store: EntityStore): Engine {
  return ({ user, action, doc, context }) =>
    authorize(
      set,
      {
        principal: uidOf('User', user.id),
        action: uidOf('Action', action),
        resource: uidOf('Doc', doc.id),
        context: new Unread(context),
      },
      store,
    ).decision === 'allow'
}

/** Cedar's fastest way from Node: policies parsed before, and of the entities the two that matter. */
export function cedarWasm({ users, docs }: World): Engine {
  const parsed = cedar.preparsePolicySet('bench', { staticPolicies: policies })
  if (parsed.type === 'failure') throw new Error(JSON.stringify(parsed))
  const slices = new Map([...users.map(userEntity), ...docs.map(docEntity)].map((one) => [one.uid.id, one]))
  return ({ user, action, doc, context }) => {
    const answer = cedar.statefulIsAuthorized({
      principal: { type: 'User', id: user.id },
      action: { type: 'Action', id: action },
      resource: { type: 'Doc', id: doc.id },
      context: { ...context },
      preparsedPolicySetId: 'bench',
      entities: [slices.get(user.id), slices.get(doc.id)] as never,
    })
    if (answer.type === 'failure') throw new Error(JSON.stringify(answer))
    return answer.response.decision === 'allow'
  }
}

/** A document together with what the question is asked in: CASL knows no context, so it stands with the document. */
type Subject = { -readonly [Name in keyof Doc]: Doc[Name] } & { mfa: boolean; hour: number; device: string }

function abilityOf(user: User): MongoAbility {
  const { can, cannot, build } = new AbilityBuilder<MongoAbility>(createMongoAbility)
  const near = { department: user.department }
  const isIn = (group: string) => user.groups.includes(group)
  if (user.role === 'reader') can('read', 'Doc', { published: true })
  if (user.role === 'writer') can(['read', 'comment'], 'Doc', near)
  if (user.role === 'editor') can(['read', 'comment', 'write'], 'Doc', near)
  if (user.role === 'manager') can(['read', 'share'], 'Doc')
  if (user.role === 'admin') can('manage', 'Doc')
  can(['read', 'write', 'share', 'delete'], 'Doc', { owner: user.id })
  can('read', 'Doc', { group: { $in: user.groups } })
  can('write', 'Doc', { group: { $in: user.groups }, classification: { $lte: user.clearance } })
  if (isIn('g0')) can('publish', 'Doc', near)
  if (isIn('g1')) can('archive', 'Doc')
  can('comment', 'Doc', { published: true, mfa: true })
  if (user.role === 'reader') can('list', 'Doc')
  can('read', 'Doc', { classification: 0 })
  if (isIn('g2')) can('share', 'Doc', { size: { $lt: 1000 } })
  if (user.suspended) cannot('manage', 'Doc')
  cannot(['write', 'delete'], 'Doc', { archived: true })
  cannot(['read', 'comment', 'write', 'share', 'publish', 'archive', 'delete'], 'Doc', {
    classification: { $gt: user.clearance },
  })
  cannot('delete', 'Doc', { mfa: false })
  cannot('publish', 'Doc', { hour: { $lt: 8 } })
  cannot('publish', 'Doc', { hour: { $gte: 18 } })
  cannot('share', 'Doc', { classification: { $gte: 4 }, device: { $ne: 'managed' } })
  return build({ detectSubjectType: () => 'Doc' })
}

/** As it is used: a document is asked about together with what the question is asked in. */
export function casl({ users }: World, cached: boolean): Engine {
  const abilities = new Map(users.map((user) => [user.id, abilityOf(user)]))
  return ({ user, action, doc, context }) => {
    const ability = cached ? abilities.get(user.id) : abilityOf(user)
    if (ability === undefined) throw new Error('This user is not of this world.')
    return ability.can(action, { ...doc, ...context } satisfies Subject)
  }
}

/** What is best for CASL: one object of each document for ever, into which each question writes what it is asked in. */
export function caslReusing({ users, docs }: World): Engine {
  const abilities = new Map(users.map((user) => [user.id, abilityOf(user)]))
  const subjects = new Map<string, Subject>(
    docs.map((doc) => [doc.id, { ...doc, mfa: false, hour: 0, device: '' }]),
  )
  return ({ user, action, doc, context }) => {
    const ability = abilities.get(user.id)
    const subject = subjects.get(doc.id)
    if (ability === undefined || subject === undefined) throw new Error('This question is not of this world.')
    subject.mfa = context.mfa
    subject.hour = context.hour
    subject.device = context.device
    return ability.can(action, subject)
  }
}

const model = `
[request_definition]
r = sub, obj, act, ctx
[policy_definition]
p = act, rule, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = may(r.act, p.act) && eval(p.rule)
`
const rules: readonly (readonly [actions: string, rule: string, effect?: 'deny'])[] = [
  ['read', 'r.sub.role == "reader" && r.obj.published'],
  ['read|comment', 'r.sub.role == "writer" && r.obj.department == r.sub.department'],
  ['read|comment|write', 'r.sub.role == "editor" && r.obj.department == r.sub.department'],
  ['read|share', 'r.sub.role == "manager"'],
  ['*', 'r.sub.role == "admin"'],
  ['read|write|share|delete', 'r.obj.owner == r.sub.id'],
  ['read', 'isIn(r.sub.groups, r.obj.group)'],
  ['write', 'isIn(r.sub.groups, r.obj.group) && r.sub.clearance >= r.obj.classification'],
  ['publish', 'isIn(r.sub.groups, "g0") && r.obj.department == r.sub.department'],
  ['archive', 'isIn(r.sub.groups, "g1")'],
  ['comment', 'r.obj.published && r.ctx.mfa'],
  ['list', 'r.sub.role == "reader"'],
  ['read', 'r.obj.classification == 0'],
  ['share', 'isIn(r.sub.groups, "g2") && r.obj.size < 1000'],
  ['*', 'r.sub.suspended', 'deny'],
  ['write|delete', 'r.obj.archived', 'deny'],
  ['*', 'r.act != "list" && r.obj.classification > r.sub.clearance', 'deny'],
  ['delete', '!r.ctx.mfa', 'deny'],
  ['publish', 'r.ctx.hour < 8 || r.ctx.hour >= 18', 'deny'],
  ['share', 'r.obj.classification >= 4 && r.ctx.device != "managed"', 'deny'],
]

export async function casbin(): Promise<Engine> {
  const enforcer = await newEnforcer(newModelFromString(model))
  await enforcer.addFunction('may', (action: string, listed: string) =>
    listed === '*' ? true : listed.split('|').includes(action),
  )
  await enforcer.addFunction('isIn', (groups: readonly string[], group: string) => groups.includes(group))
  for (const [action, rule, effect = 'allow'] of rules) await enforcer.addPolicy(action, rule, effect)
  return ({ user, action, doc, context }) => enforcer.enforceSync(user, doc, action, context)
}
