/**
 * A decision that a door of ours made by itself, as it is told to the policy service for its log. Of a service that is newer than the policy
 * service something may be said that is not known here yet.
 */
import { z } from 'zod'
import { Attributes } from './cedar.ts'

const Id = z.string().min(1).max(512)

export const DecisionReport = z.object({
  /** The same when it is told once more because nobody answered: it is written once. Services of the version before do not say it. */
  id: z.uuid().optional(),
  at: z.iso.datetime(),
  /** By which the lines of one request are found in every log. */
  request: z.string().max(200),
  /** Whoever came, as their token says: services among themselves are not told of. */
  caller: z.object({
    kind: z.enum(['person', 'machine']),
    subject: Id,
    roles: z.array(z.string()),
    client: z.string().optional(),
    acr: z.string().optional(),
    amr: z.array(z.string()).optional(),
    scopes: z.array(z.string()).optional(),
  }),
  action: Id,
  resource: z.object({
    type: Id,
    id: z.string().max(512),
    properties: Attributes.optional(),
  }),
  decision: z.boolean(),
  determining: z.array(z.string()),
  /** Policies that could not be evaluated. */
  errors: z.array(z.string()),
  /** Of the bundle that it was made with. */
  revision: z.int().positive(),
  /** SHA-256 of that bundle, in hex: of two databases each has its own under a number. Services of the version before do not say it. */
  digest: z.string().max(64).optional(),
  microseconds: z.int().nonnegative(),
})
export type DecisionReport = z.output<typeof DecisionReport>

/** At most so many are told at once. */
export const DecisionReports = z.object({ decisions: z.array(DecisionReport).min(1).max(200) })
