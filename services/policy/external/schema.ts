import { z } from 'zod'
import { Outcome } from '../contract.ts'

const Names = z.array(z.string().min(1).max(100)).max(50).default([])

/** What leaves with a question, by the names of attributes; nothing else of anybody does. */
export const Sends = z.strictObject({ subject: Names, action: Names, resource: Names, context: Names })
export type Sends = z.output<typeof Sends>

const engineKinds = ['opa', 'authzen'] as const

/** One engine, as an operator writes it. */
export const EngineSetting = z.strictObject({
  name: z
    .string()
    .regex(
      /^[a-z][a-z0-9-]{0,39}$/,
      'A name is of small letters, digits and -, forty at most, and begins with a letter.',
    ),
  kind: z.enum(engineKinds),
  /** Of the decision: for OPA https://…/v1/data/{path}, else the engine's access_evaluation_endpoint. */
  url: z.string().max(2000),
  token: z.string().min(1).max(8192).optional(),
  /** `docs.read`, or all that begin with `docs.`: `docs.*`. */
  actions: z
    .array(
      z
        .string()
        .max(256)
        .regex(
          /^([^*]+|[^*]*[^*.]\.\*)$/,
          'An action is a whole name, or the beginning of one before a point: docs.*',
        ),
    )
    .max(200)
    .default([]),
  /** Types of resources; with actions as well, both must be so. */
  resources: z.array(z.string().min(1).max(64)).max(200).default([]),
  deadlineMs: z.int().min(20).max(5000).default(300),
  sends: Sends.prefault({}),
})
export type EngineSetting = z.output<typeof EngineSetting>

export const EngineSettings = z.array(EngineSetting).max(20)

/** An engine as it is told at the node that answers. Its address is not: it may be a secret. */
export const EngineShown = z.object({
  name: z.string(),
  kind: z.enum(engineKinds),
  actions: z.array(z.string()),
  resources: z.array(z.string()),
  sends: Sends,
  deadlineMs: z.int(),
  breaker: z.enum(['closed', 'open', 'half-open', 'isolated']),
  /** Since this node began. */
  answers: z.record(Outcome, z.int()),
  last: z
    .object({ at: z.iso.datetime(), outcome: Outcome, why: z.string().nullable(), milliseconds: z.int() })
    .nullable(),
  /** Of the last hundred that were asked, in milliseconds. */
  p50: z.int().nullable(),
})
export type EngineShown = z.output<typeof EngineShown>
export const EnginesShown = z.object({ engines: z.array(EngineShown) })
