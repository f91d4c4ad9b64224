import { z } from 'zod'
import { faults } from '../errors/index.ts'

export const mailFault = faults('kernel.mail', {
  invalid: [422, 'This message cannot be sent as it is.'],
  unavailable: [503, 'Mail cannot be sent at the moment. It will be tried again.'],
})

// One line and no control characters: whatever stands in a header cannot begin another one (CWE-93).
const line = z
  .string()
  .max(200)
  .regex(/^[^\u0000-\u001f\u007f]*$/)

export const Message = z.object({
  to: z.email().max(254),
  subject: line.min(1),
  text: z.string().max(100_000),
  html: z.string().max(200_000).optional(),
  /** Ours: a carrier that tells what became of it says which one it was. */
  id: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .optional(),
  /**
   * A list of the carrier's own that this one passes over: of mailboxes that sent letters back, or whose owners called them unwanted.
   * For whoever keeps such lists and knows better; a carrier without lists does without.
   */
  despite: z.enum(['bounces', 'complaints']).optional(),
  /** The language it is written in (RFC 5646). */
  lang: z
    .string()
    .regex(/^[a-z]{2}$/)
    .optional(),
})
export type Message = z.output<typeof Message>

export interface Mail {
  /** @throws Fault kernel.mail.invalid for what no retry can mend, kernel.mail.unavailable for what one can. */
  send(message: Message): Promise<void>
}

/** Every adapter begins with this, so that none can forget it. */
export function checkMessage(message: Message): Message {
  const parsed = Message.safeParse(message)
  if (!parsed.success) throw mailFault.invalid(parsed.error)
  return parsed.data
}
