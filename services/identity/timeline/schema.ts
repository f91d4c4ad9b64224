import { z } from 'zod'
import { ListedDelivery, LoginTry } from '../contract.ts'

export const TimelineKind = z.enum(['changes', 'sign-ins', 'letters'])
export type TimelineKind = z.output<typeof TimelineKind>

/** Who did it: the person themselves, another one by name, whoever was at the machine, the house itself, or somebody who was not known. */
const Actor = z.object({
  kind: z.enum(['self', 'person', 'operator', 'service', 'unknown']),
  /** The account of another person; the name of the operator or of the service. */
  id: z.string().nullable(),
  /** Null for who is forgotten since. */
  name: z.string().nullable(),
})
export type Actor = z.output<typeof Actor>

/** One line of what happened to an account. There are names of what was changed and never the values, and no secret of any kind. */
export const TimelineLine = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  kind: TimelineKind,
  /** As the audit log has it; `sign-in` and `letter` for the others. */
  action: z.string(),
  outcome: z.enum(['done', 'denied', 'failed']),
  actor: Actor,
  /** In the words of whoever gave it, or the kind of a refusal. */
  reason: z.string().nullable(),
  fields: z.array(z.string()),
  login: LoginTry.pick({ method: true, result: true, network: true, device: true }).nullable(),
  letter: ListedDelivery.pick({ channel: true, subject: true, state: true }).nullable(),
})
export type TimelineLine = z.output<typeof TimelineLine>

/** How far each of the three lists has been read. */
export const Cursor = z.object({
  audit: z.object({ at: z.iso.datetime(), id: z.uuid() }).nullable(),
  login: z.string().max(100),
  letter: z.string().max(100),
})
export type Cursor = z.output<typeof Cursor>
