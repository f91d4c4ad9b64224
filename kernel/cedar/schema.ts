/**
 * Cedar's JSON schema, as far as data is read by it: which attribute is an entity or an extension value, and which actions there
 * are and in which groups. Whether data obeys the schema is Cedar's validator's business.
 */
import { constructorOf } from './extensions.ts'
import { Refused } from './failure.ts'
import { isObject } from './read-value.ts'
import type { Type } from './schema-types.ts'

interface EntityShape {
  readonly attributes: Type
  readonly tags: Type
}

interface ActionShape {
  readonly type: string
  readonly id: string
  readonly groups: readonly { readonly type: string; readonly id: string }[]
  readonly context: Type
}

export interface Schema {
  readonly actions: readonly ActionShape[]
  entity(type: string): EntityShape | undefined
  contextOf(action: { readonly type: string; readonly id: string }): Type | undefined
}

type Definition = Readonly<Record<string, unknown>>
const plain: Type = { kind: 'plain' }
const deepest = 128

/** @throws Refused for a schema that refers to what it does not define */
export function readSchema(json: unknown): Schema {
  const names = new Names(json)
  const entities = new Map(
    names.entities().map(([type, space, definition]) => [type, entityShape(names, space, definition)]),
  )
  const actions = names.actions().map(([space, id, definition]) => actionShape(names, space, id, definition))
  const byKey = new Map(actions.map((one) => [JSON.stringify([one.type, one.id]), one]))
  return {
    actions,
    entity: (type) => entities.get(type),
    contextOf: ({ type, id }) => byKey.get(JSON.stringify([type, id]))?.context,
  }
}

function entityShape(names: Names, space: string, { shape, tags }: Definition): EntityShape {
  return {
    attributes: shape === undefined ? plain : typeOf(names, space, shape, 0),
    tags: tags === undefined ? plain : { kind: 'tags', element: typeOf(names, space, tags, 0) },
  }
}

function actionShape(names: Names, space: string, id: string, definition: Definition): ActionShape {
  const { appliesTo, memberOf } = definition
  const context = isObject(appliesTo) ? appliesTo['context'] : undefined
  return {
    type: qualified(space, 'Action'),
    id,
    groups: list(memberOf).map((group) => ({
      type: names.actionType(space, textOf(group, 'type') ?? 'Action'),
      id: textOf(group, 'id') ?? '',
    })),
    context: context === undefined || context === null ? plain : typeOf(names, space, context, 0),
  }
}

function typeOf(names: Names, space: string, json: unknown, depth: number): Type {
  if (!isObject(json) || typeof json['type'] !== 'string')
    throw new Refused('A type in the schema has no name')
  if (depth > deepest) throw new Refused('The types of the schema are nested too deeply')
  const { type, element, name } = json
  switch (type) {
    case 'Set':
      return { kind: 'set', element: typeOf(names, space, element, depth + 1) }
    case 'Record':
      return { kind: 'record', attributes: attributesOf(names, space, json['attributes'], depth) }
    case 'Entity':
      return { kind: 'entity' }
    case 'Extension':
      return { kind: 'extension', name: String(name) }
    case 'EntityOrCommon':
      return named(names, space, String(name), depth)
    default:
      return named(names, space, type, depth)
  }
}

function attributesOf(names: Names, space: string, json: unknown, depth: number) {
  const entries = isObject(json) ? Object.entries(json) : []
  return new Map(entries.map(([name, one]) => [name, typeOf(names, space, one, depth + 1)]))
}

/** In its own namespace first, then outside of all; a common type before an entity type, and what is built in at last. */
function named(names: Names, space: string, name: string, depth: number): Type {
  for (const candidate of name.includes('::') ? [name] : [qualified(space, name), name]) {
    const common = names.common(candidate)
    if (common !== undefined) return commonType(names, candidate, common, depth)
    if (names.isEntity(candidate)) return { kind: 'entity' }
  }
  const builtIn = name.replace(/^__cedar::/, '')
  if (['String', 'Long', 'Bool', 'Boolean'].includes(builtIn)) return plain
  if (Object.hasOwn(constructorOf, builtIn)) return { kind: 'extension', name: builtIn }
  throw new Refused(`The schema does not define the type ${name}`)
}

/** Made once for each name: types that are built of each other by twos would be without end. */
function commonType(names: Names, name: string, { space, definition }: Common, depth: number): Type {
  const known = names.made.get(name)
  if (known !== undefined) return known
  const made = typeOf(names, space, definition, depth + 1)
  names.made.set(name, made)
  return made
}

interface Common {
  readonly space: string
  readonly definition: unknown
}

const qualified = (space: string, name: string) => (space === '' ? name : `${space}::${name}`)
const list = (json: unknown): readonly unknown[] => (Array.isArray(json) ? json : [])

function textOf(json: unknown, name: string): string | undefined {
  const value = isObject(json) ? json[name] : undefined
  return typeof value === 'string' ? value : undefined
}

/** Everything that the schema defines, by its full name. */
class Names {
  private readonly spaces: readonly (readonly [string, Definition])[]
  private readonly types = new Map<string, Common>()
  private readonly entityNames: ReadonlySet<string>
  readonly made = new Map<string, Type>()

  constructor(json: unknown) {
    if (!isObject(json)) throw new Refused('A schema is an object of namespaces')
    this.spaces = Object.entries(json).map(([space, one]) => {
      if (!isObject(one)) throw new Refused(`The namespace ${space} is no object`)
      return [space, one] as const
    })
    for (const [space, { commonTypes }] of this.spaces) {
      for (const [name, definition] of isObject(commonTypes) ? Object.entries(commonTypes) : [])
        this.types.set(qualified(space, name), { space, definition })
    }
    this.entityNames = new Set(this.entities().map(([type]) => type))
  }

  common(name: string): Common | undefined {
    return this.types.get(name)
  }

  isEntity(name: string): boolean {
    return this.entityNames.has(name)
  }

  actionType(space: string, type: string): string {
    return type.includes('::') || type !== 'Action' ? type : qualified(space, type)
  }

  entities(): [type: string, space: string, definition: Definition][] {
    return this.spaces.flatMap(([space, { entityTypes }]) =>
      definitions(entityTypes).map(([name, one]): [string, string, Definition] => [
        qualified(space, name),
        space,
        one,
      ]),
    )
  }

  actions(): [space: string, id: string, definition: Definition][] {
    return this.spaces.flatMap(([space, { actions }]) =>
      definitions(actions).map(([id, one]): [string, string, Definition] => [space, id, one]),
    )
  }
}

function definitions(json: unknown): [string, Definition][] {
  return (isObject(json) ? Object.entries(json) : []).map(([name, one]) => [name, isObject(one) ? one : {}])
}
