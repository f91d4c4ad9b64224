/**
 * Many questions at once (section 7.1), one after the other, each with what all of them have in common. That is read once, and weighs for each
 * that it stands in: the answer, the log and whoever else must agree are told it with every one.
 */
import type { FieldError } from '@althing/kernel/errors'
import type { z } from 'zod'
import { Evaluation, type Evaluations } from '../contract.ts'
import { remembered } from '../remembered.ts'
import { fault } from './faults.ts'

/** In characters of JSON: a thousand questions with eight thousand each. */
const sharedAtMost = 8 * 2 ** 20

const names = ['subject', 'action', 'resource', 'context'] as const
type Name = (typeof names)[number]
type Raw = Readonly<Partial<Record<Name, unknown>>>
type Items = readonly unknown[]

/** @throws Fault policy.access.invalid for what is too much together */
export function itemsOf(asked: Evaluations, items: Items): (item: unknown) => Evaluation {
  refuseTooMuch(asked, items)
  const parse = createParsing()
  return (item) => parse(withDefaults(asked, item))
}

/** @throws Fault policy.access.invalid */
export const evaluationOf = (raw: Evaluations): Evaluation => createParsing()(raw)

function refuseTooMuch(defaults: Evaluations, items: Items): void {
  const lengthOf = remembered((part: object) => JSON.stringify(part).length)
  const shared = items.reduce<number>((sum, item) => {
    const raw = withDefaults(defaults, item)
    const whole = names.filter((name) => raw[name] !== undefined && raw[name] === defaults[name])
    return sum + whole.reduce((length, name) => length + lengthOf(defaults[name] ?? {}), 0)
  }, 0)
  if (shared <= sharedAtMost) return
  const message = `With what they have in common they are more than ${sharedAtMost} characters. Ask about fewer at once.`
  throw fault.invalid(undefined, { fields: [{ pointer: '/evaluations', message }] })
}

/** Part by part: what several have in common is parsed once, and is the same object in each. */
function createParsing(): (raw: Raw) => Evaluation {
  const { subject, action, resource, context } = Evaluation.shape
  const read = {
    subject: onceEach((raw) => subject.safeParse(raw)),
    action: onceEach((raw) => action.safeParse(raw)),
    resource: onceEach((raw) => resource.safeParse(raw)),
    context: onceEach((raw) => context.safeParse(raw)),
  }
  return (raw) => {
    const parts = {
      subject: read.subject(raw.subject),
      action: read.action(raw.action),
      resource: read.resource(raw.resource),
      context: read.context(raw.context),
    }
    if (!parts.subject.success || !parts.action.success || !parts.resource.success || !parts.context.success)
      throw fault.invalid(undefined, { fields: wrongIn(parts) })
    return {
      subject: parts.subject.data,
      action: parts.action.data,
      resource: parts.resource.data,
      ...(parts.context.data === undefined ? {} : { context: parts.context.data }),
    }
  }
}

const wrongIn = (parts: Readonly<Record<Name, z.ZodSafeParseResult<unknown>>>): FieldError[] =>
  names
    .flatMap((name) =>
      (parts[name].error?.issues ?? []).map(({ path, message }) => ({
        pointer: `/${[name, ...path].join('/')}`,
        message,
      })),
    )
    .slice(0, 50)

function onceEach<V>(read: (raw: unknown) => V): (raw: unknown) => V {
  const known = remembered((raw: object) => read(raw))
  return (raw) => (typeof raw === 'object' && raw !== null ? known(raw) : read(raw))
}

/**
 * Section 7.1.1: what an item says stands instead of the default, whole. Only a type, an id or a name that it leaves out is the default's
 * (certification scenario 3.2.7).
 */
function withDefaults(defaults: Evaluations, item: unknown): Raw {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return {}
  const said = item as Raw
  const { subject, action, resource, context } = defaults
  return {
    subject: filled(said.subject, subject, ['type', 'id']),
    action: filled(said.action, action, ['name']),
    resource: filled(said.resource, resource, ['type', 'id']),
    context: said.context ?? context,
  }
}

function filled(
  said: unknown,
  fallback: Readonly<Record<string, unknown>> | undefined,
  required: readonly string[],
): unknown {
  if (said === undefined) return fallback
  if (fallback === undefined) return said
  if (typeof said !== 'object' || said === null || Array.isArray(said)) return said
  const left = required.flatMap((name) => (fallback[name] === undefined ? [] : [[name, fallback[name]]]))
  return { ...Object.fromEntries(left), ...said }
}
