/**
 * What policies may speak of: Althing's own kinds and actions, and what an organisation declares beside them. An organisation may say more about
 * our kinds (`entity Person in [Role, Team] { department?: String }`), and nothing else about what is ours.
 */
import type { SchemaJson } from '@cedar-policy/cedar-wasm/nodejs'
import { actions } from '../actions.ts'
import { complaint } from '../complaints.ts'
import type { Complaint } from '../contract.ts'
import { tokensOf } from './scan.ts'

type Space = SchemaJson<string>[string]
type Entities = Space['entityTypes']
type EntityType = Entities[string]

const text = { type: 'String' } as const
/** kernel/authz: how somebody comes is told by their token. */
const caller = {
  memberOfTypes: ['Role'],
  shape: {
    type: 'Record' as const,
    attributes: {
      acr: { ...text, required: false },
      amr: { type: 'Set', element: text, required: false },
      auth_time: { type: 'Long', required: false },
      client: { ...text, required: false },
      scopes: { type: 'Set', element: text, required: false },
    },
  },
} as EntityType
/** A service identity has its scopes always. */
const machine = withScopes(caller)
const callers = ['Person', 'Machine', 'Service']

const ownKinds: Entities = {
  ...Object.fromEntries([...new Set(Object.values(actions).flat())].map((kind) => [kind, {}])),
  Role: { memberOfTypes: ['Role'] },
  Person: caller,
  Service: caller,
  Machine: machine,
}

/** Our own clock, with every question. An organisation declares it with its own actions: `context: { now: datetime }`. */
const ownContext = {
  type: 'Record',
  attributes: { now: { type: 'Extension', name: 'datetime' } },
} as const

const ownActions: Space['actions'] = Object.fromEntries(
  Object.entries(actions).map(([action, kinds]) => [
    action,
    { appliesTo: { principalTypes: callers, resourceTypes: [...kinds], context: ownContext } },
  ]),
)

export class NotTheirs extends Error {
  readonly wrong: Complaint

  constructor(wrong: Complaint) {
    super(wrong.message)
    this.wrong = wrong
  }
}

/** @throws NotTheirs for what an organisation says otherwise about what is ours */
export function wholeSchema(theirs: SchemaJson<string>): SchemaJson<string> {
  const { entityTypes = {}, actions: theirActions = {}, ...rest } = (theirs[''] ?? {}) as Partial<Space>
  const taken = Object.keys(theirActions).find((action) => Object.hasOwn(ownActions, action))
  if (taken !== undefined) throw new NotTheirs(complaint('action-of-althing', { action: taken }))
  const kinds = { ...entityTypes, ...ownKinds }
  for (const [kind, own] of Object.entries(ownKinds)) {
    const more = entityTypes[kind]
    if (more !== undefined) kinds[kind] = both(kind, own, more)
  }
  return { ...theirs, '': { ...rest, entityTypes: kinds, actions: { ...theirActions, ...ownActions } } }
}

interface Shaped {
  readonly memberOfTypes?: readonly string[]
  readonly shape?: { readonly type?: string; readonly attributes?: Readonly<Record<string, unknown>> }
}

function both(kind: string, own: EntityType, more: EntityType): EntityType {
  const [ours, theirs] = [own as Shaped, more as Shaped]
  const [known, added] = [ours.shape?.attributes ?? {}, theirs.shape?.attributes ?? {}]
  const taken = Object.keys(added).find((name) => Object.hasOwn(known, name))
  if (taken !== undefined) throw new NotTheirs(complaint('attribute-of-althing', { attribute: taken, kind }))
  if ('enum' in more || (theirs.shape?.type ?? 'Record') !== 'Record')
    throw new NotTheirs(complaint('kind-of-althing', { kind }))
  return {
    ...more,
    memberOfTypes: [...new Set([...(ours.memberOfTypes ?? []), ...(theirs.memberOfTypes ?? [])])],
    shape: { type: 'Record', attributes: { ...added, ...known } },
  } as EntityType
}

function withScopes(kind: EntityType): EntityType {
  const { memberOfTypes = [], shape } = kind as Shaped
  const scopes = { type: 'Set', element: text }
  return {
    memberOfTypes: [...memberOfTypes],
    shape: { type: 'Record', attributes: { ...shape?.attributes, scopes } },
  } as EntityType
}

/** Cedar resolves names while it reads: whatever of ours a text does not declare itself is declared behind it. */
export function withOwnNames(schema: string): string {
  const declared = declaredIn(schema)
  const missing = Object.keys(ownKinds).filter((kind) => !declared.has(kind))
  return missing.length === 0 ? schema : `${schema}\nentity ${missing.join(', ')};`
}

/** The names behind `entity`, outside of all namespaces. */
function declaredIn(schema: string): Set<string> {
  const names = new Set<string>()
  let [depth, isNaming] = [0, false]
  for (const found of tokensOf(schema)) {
    if (found === '{') depth += 1
    else if (found === '}') depth -= 1
    if (depth > 0) isNaming = false
    else if (found === 'entity') isNaming = true
    else if (isNaming && /^[A-Za-z_]/.test(found) && !['in', 'enum', 'tags'].includes(found)) names.add(found)
    else if (found !== ',') isNaming = false
  }
  return names
}
