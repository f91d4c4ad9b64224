/**
 * What leaves with a question: of whoever and whatever it is about the attributes that the engine's setting names, as the question and we know
 * them; and of those no secret and no national id, however deep it lies.
 */
import { Failure, writeValue, type Attributes, type ValueJson } from '@althing/kernel/cedar'
import type { Allowed } from '../deciding.ts'
import type { Seen } from '../known.ts'
import type { AskedOutside } from './port.ts'
import type { Sends } from './schema.ts'

export type Redact = (seen: Seen) => Seen
type Properties = Readonly<Record<string, unknown>>

const nothing: Attributes = new Map()
/** In characters. A thousand of them are held for a batch whose questions have a large default in common. */
const longest = 65_536

/** Made while the world is as it was decided in. Null when it is too large to be sent. */
export function messageOf(
  allowed: Omit<Allowed, 'ruling'>,
  sends: Sends,
  redact: Redact,
): AskedOutside | null {
  const message = wholeMessage(allowed, sends, redact)
  return JSON.stringify(message).length > longest ? null : message
}

function wholeMessage(
  { question, snapshot }: Omit<Allowed, 'ruling'>,
  sends: Sends,
  redact: Redact,
): AskedOutside {
  const { principal, action, resource, context } = question
  // One thing of whom both is said is laid once.
  const { own } = snapshot.ground(question)
  const said = context.get('action')
  const parts = {
    subject: named(own[0]?.attributes ?? nothing, sends.subject),
    resource: named(own.at(-1)?.attributes ?? nothing, sends.resource),
    action: named(said instanceof Map ? said : nothing, sends.action),
  }
  const entities = Object.entries(parts).map(([id, attributes]) => ({
    type: id,
    id,
    attributes,
    ancestors: [],
  }))
  const left = redact({ entities, context: named(context, sends.context) })
  const propertiesOf = (id: keyof typeof parts): Properties =>
    left.entities.find((one) => one.id === id)?.attributes ?? {}
  return {
    subject: { type: principal.type, id: principal.id, properties: propertiesOf('subject') },
    action: { name: action, properties: propertiesOf('action') },
    resource: { type: resource.type, id: resource.id, properties: propertiesOf('resource') },
    context: left.context,
  }
}

function named(attributes: Attributes, names: readonly string[]): Record<string, unknown> {
  const members = names.flatMap((name) => {
    const value = attributes.get(name)
    return value === undefined || value instanceof Failure ? [] : [[name, plain(writeValue(value))] as const]
  })
  return Object.fromEntries(members)
}

/** As it came: a fraction is a `decimal` only in Cedar. The other types keep the form that AuthZEN gives them nowhere and Cedar does. */
function plain(value: ValueJson): unknown {
  if (typeof value === 'bigint') return String(value) // Rounded it would be another number.
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object') return value
  const { __extn: call } = value as { readonly __extn?: { readonly fn?: unknown; readonly arg?: unknown } }
  if (call?.fn === 'decimal') return Number(call.arg)
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one as ValueJson)]))
}

/** Whether an attribute of this name never leaves, whatever stands in it. */
export const hides =
  (redact: Redact) =>
  (name: string): boolean =>
    redact({ entities: [], context: { [name]: true } }).redacted !== undefined
