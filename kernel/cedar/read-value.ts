/**
 * JSON → values, as Cedar's data formats have it: `{"__entity": …}` is a reference, `{"__extn": …}` a call, and what a schema
 * expects may be written shorter. Stricter in one thing: a record that looks like one of these and is none is refused.
 */
import { callExtension, constructorOf, extensionNamed } from './extensions.ts'
import { Failure, Refused } from './failure.ts'
import { toLong } from './long.ts'
import type { Type } from './schema-types.ts'
import { uidOf, type EntityUid } from './uid.ts'
import { CedarSet, type Attributes, type CedarRecord, type Result, type Value } from './value.ts'

/** Arrays and records within each other; a value that came through JSON text has met this limit already. */
const deepest = 128

/** @throws Refused for what is no value of Cedar: null, a fraction, a reserved name, an extension value that cannot be made */
export function readValue(json: unknown, type?: Type, depth = 0): Value {
  if (typeof json === 'boolean') return json
  if (typeof json === 'string') return readText(json, type)
  if (typeof json === 'number' || typeof json === 'bigint') return readNumber(json)
  if (depth > deepest) throw new Refused('A value is nested too deeply')
  if (Array.isArray(json)) {
    const element = type?.kind === 'set' ? type.element : undefined
    return new CedarSet(json.map((one) => readValue(one, element, depth + 1)))
  }
  if (!isObject(json)) throw new Refused(`${json === null ? 'null' : typeof json} is no value of Cedar`)
  if (Object.hasOwn(json, '__entity')) return readUid(json)
  if (Object.hasOwn(json, '__extn')) return readCall(onlyMember(json, '__extn'), depth)
  if (type?.kind === 'entity') return readUid(json)
  if (type?.kind === 'extension') return readCall(json, depth)
  return readRecord(json, type, depth)
}

/** @throws Refused */
export function readRecord(json: unknown, type?: Type, depth = 0): CedarRecord {
  if (!isObject(json)) throw new Refused('A record was expected')
  const attributes = type?.kind === 'record' ? type.attributes : undefined
  const record = new Map<string, Value>()
  for (const [name, one] of Object.entries(json)) {
    if (name === '__expr') throw new Refused('`__expr` is no longer supported')
    record.set(
      name,
      readValue(one, attributes?.get(name) ?? (type?.kind === 'tags' ? type.element : undefined), depth + 1),
    )
  }
  return record
}

/**
 * What came with a question, read when a policy asks for it: most of it is never asked for. A thing that is no value of Cedar
 * hurts only the policy that reads it.
 */
export class Unread implements Attributes {
  private readonly json: Readonly<Record<string, unknown>>
  private readonly type: Type | undefined
  private known: Map<string, Result> | undefined

  /** @throws Refused for what is no object */
  constructor(json: unknown, type?: Type) {
    if (!isObject(json)) throw new Refused('A record was expected')
    this.json = json
    this.type = type
  }

  has(name: string): boolean {
    return Object.hasOwn(this.json, name)
  }

  get(name: string): Result | undefined {
    const value = this.json[name]
    if (typeof value === 'object' || this.type !== undefined) return this.read(name)
    return Object.hasOwn(this.json, name) ? valueOrFailure(value) : undefined
  }

  /** All of it as one value, which it is only when all of it can be read. */
  whole(): Result {
    return valueOrFailure(this.json, this.type)
  }

  private read(name: string): Result | undefined {
    if (!Object.hasOwn(this.json, name)) return undefined
    const known = this.known?.get(name)
    if (known !== undefined) return known
    const type = this.type?.kind === 'record' ? this.type.attributes.get(name) : undefined
    const value = valueOrFailure(this.json[name], type)
    this.known ??= new Map()
    this.known.set(name, value)
    return value
  }
}

/** The value, or why there is none. */
export function valueOrFailure(json: unknown, type?: Type): Result {
  if (typeof json === 'boolean') return json
  try {
    return readValue(json, type, 1)
  } catch (error) {
    if (error instanceof Refused) return new Failure(error.message)
    throw error
  }
}

/** `{"type": …, "id": …}`, with or without `__entity` around it. @throws Refused */
export function readUid(json: unknown): EntityUid {
  const named = isObject(json) && Object.hasOwn(json, '__entity') ? onlyMember(json, '__entity') : json
  if (!isObject(named)) throw new Refused('The name of an entity was expected')
  const { type, id } = named
  if (typeof type !== 'string' || type === '' || typeof id !== 'string')
    throw new Refused('The name of an entity needs a type and an id')
  return uidOf(type, id)
}

function readText(text: string, type: Type | undefined): Value {
  if (type?.kind !== 'extension') return text
  return made(constructorOf[type.name] ?? '', [text])
}

function readNumber(json: number | bigint): Value {
  const value = typeof json === 'bigint' ? toLong(json) : Number.isSafeInteger(json) ? json + 0 : undefined
  if (value === undefined) throw new Refused(`${json} is no integer that can be kept exactly`)
  return value
}

function readCall(json: unknown, depth: number): Value {
  const { fn, arg, args } = isObject(json) ? json : {}
  const list: unknown = args === undefined && arg !== undefined ? [arg] : args
  if (typeof fn !== 'string' || !Array.isArray(list) || (arg !== undefined && args !== undefined))
    throw new Refused('An extension value needs `fn` and `arg`, or `fn` and `args`')
  return made(
    fn,
    list.map((one, place) => readValue(one, argumentType(fn, place), depth + 1)),
  )
}

/** What `offset` and the methods are called on may be written short as well. */
function argumentType(fn: string, place: number): Type | undefined {
  if (fn === 'offset') return { kind: 'extension', name: place === 0 ? 'datetime' : 'duration' }
  return undefined
}

function made(fn: string, list: readonly Value[]): Value {
  const extension = extensionNamed(fn)
  if (extension === undefined) throw new Refused(`The extension function ${fn} does not exist`)
  const value = callExtension(fn, extension, list)
  if (value instanceof Failure) throw new Refused(value.message)
  return value
}

function onlyMember(json: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.keys(json).length !== 1) throw new Refused(`Beside \`${name}\` there can be nothing`)
  return json[name]
}

export function isObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}
