/**
 * Tests as people write them, in the words of AuthZEN: somebody or something is `type`, `id` and `properties`, or in short `Type::id`. What was written
 * before, in words of Cedar's (`principal`, `attributes`), stands in tests that are in force, and is read as ever.
 */
import { z } from 'zod'
import { Reason } from '../authored.ts'
import { complaint } from '../complaints.ts'
import { named } from '../contract.ts'
import { Written } from '../reference.ts'
import { datetimeOf, recordProblems } from '../values.ts'

const Properties = named({ shortest: 1, longest: 100 }).superRefine((values, context) => {
  for (const { name, wrong } of recordProblems(values))
    context.addIssue({ code: 'custom', path: [name], message: wrong.message, params: { wrong } })
})

/** `now` is the moment at which it is asked, written as Cedar writes it: "2026-12-31T09:00:00Z". */
const Context = Properties.superRefine(({ now }, context) => {
  if (now === undefined || (typeof now === 'string' && datetimeOf(now) !== null)) return
  const wrong = complaint('moment-form')
  context.addIssue({ code: 'custom', path: ['now'], message: wrong.message, params: { wrong } })
})

/** Read as the one way of writing it that is meant: what is wrong is said of that one, and at its place. */
function read<T>(meant: (value: unknown) => z.ZodType<T>) {
  return z.unknown().transform((value, context): T => {
    const found = meant(value).safeParse(value)
    if (found.success) return found.data
    for (const issue of found.error.issues)
      context.issues.push({ ...issue, path: [...issue.path], input: value } as z.core.$ZodRawIssue)
    return z.NEVER
  })
}

const has = (value: unknown, name: string): boolean =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)

interface Thing {
  readonly type: string
  readonly id: string
  readonly properties: Readonly<Record<string, unknown>>
}

const isFull = (value: unknown) => typeof value === 'object' && value !== null
const Named = z.strictObject({
  type: z
    .string()
    .max(300)
    .regex(/^(?:[A-Za-z_]\w*::)*[A-Za-z_]\w*$/),
  id: z.string().min(1).max(512),
})
const Ref = read((value) => (isFull(value) ? Named : Written))
const InShort = Written.transform((ref): Thing => ({ ...ref, properties: {} }))
const InFull = Named.extend({ properties: Properties.default({}) })
const Thing = read<Thing>((value) => (isFull(value) ? InFull : InShort))
const OlderThing = z
  .strictObject({ entity: Written, attributes: Properties.default({}) })
  .transform(({ entity, attributes }): Thing => ({ ...entity, properties: attributes }))

const ActionName = z.string().min(1).max(256)
const Action = read<string>((value) =>
  isFull(value) ? z.strictObject({ name: ActionName }).transform(({ name }) => name) : ActionName,
)

const outcome = {
  name: z.string().min(1).max(300),
  context: Context.optional(),
  decision: z.enum(['allow', 'deny']),
  /** Exactly these decide. */
  policies: z.array(z.string()).optional(),
  reason: Reason.optional(),
}

/** Properties of the subject stand beside what the model says of them: how they came (`acr`, `scopes`). */
const InStandard = z.strictObject({ ...outcome, subject: Thing, action: Action, resource: Thing })
export type Case = z.output<typeof InStandard>
const OlderCase = z
  .strictObject({
    ...outcome,
    principal: Written,
    action: ActionName,
    resource: Written,
    attributes: Properties.default({}),
    properties: Properties.default({}),
  })
  .transform(({ principal, attributes, resource, properties, ...rest }): Case => ({
    ...rest,
    subject: { ...principal, properties: attributes },
    resource: { ...resource, properties },
  }))

export const TrialsWritten = z
  .strictObject({
    model: z
      .array(read<Thing>((value) => (has(value, 'entity') ? OlderThing : Thing)))
      .max(2000)
      .default([]),
    relations: z
      .array(
        z.strictObject({
          subject: Ref,
          relation: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/),
          object: Ref,
        }),
      )
      .max(5000)
      .default([]),
    cases: z.array(read<Case>((value) => (has(value, 'principal') ? OlderCase : InStandard))).max(2000),
  })
  .nullable()
export type TrialsWritten = NonNullable<z.output<typeof TrialsWritten>>
