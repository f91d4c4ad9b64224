import { z } from 'zod'
import { faults } from '../errors/index.ts'

export const smsFault = faults('kernel.sms', {
  invalid: [422, 'This text message cannot be sent as it is.'],
  unavailable: [503, 'Text messages cannot be sent at the moment. It will be tried again.'],
})

export const Text = z.object({
  /** E.164. */
  to: z.string().regex(/^\+[1-9]\d{6,14}$/),
  text: z.string().min(1).max(1600),
})
export type Text = z.output<typeof Text>

export interface Sms {
  /** @throws Fault kernel.sms.invalid for what no retry can mend, kernel.sms.unavailable for what one can. */
  send(text: Text): Promise<void>
}

/** Every adapter begins with this, so that none can forget it. */
export function checkText(text: Text): Text {
  const parsed = Text.safeParse(text)
  if (!parsed.success) throw smsFault.invalid(parsed.error)
  return parsed.data
}
