/**
 * What others may know of policy: AuthZEN 1.0 shapes and the list of roles. Neutral: subject, action and resource are opaque.
 */
import { z } from 'zod'

const Properties = z.record(z.string().max(100), z.unknown())

export const Subject = z.object({
  type: z.string().min(1).max(100),
  id: z.string().min(1).max(500),
  properties: Properties.optional(),
})
export const Action = z.object({ name: z.string().min(1).max(200), properties: Properties.optional() })
export const Resource = z.object({
  type: z.string().min(1).max(100),
  id: z.string().min(1).max(500),
  properties: Properties.optional(),
})

/** AuthZEN Authorization API 1.0, section 6.1. Unknown members are ignored, as it demands. */
export const Evaluation = z.object({
  subject: Subject,
  action: Action,
  resource: Resource,
  context: Properties.optional(),
})
export const EvaluationAnswer = z.object({ decision: z.boolean(), context: Properties.optional() })

/** From the least to the most; each may what the ones before it may. */
export const roles = ['member', 'election-manager', 'administrator', 'superadmin'] as const
export const Role = z.enum(roles)
export type Role = z.output<typeof Role>
