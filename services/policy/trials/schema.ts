import { z } from 'zod'

/** Why it is decided so, in a word. */
export const Reason = z.enum(['permitted', 'forbidden', 'nothing-permits', 'cannot-be-evaluated'])
export type Reason = z.output<typeof Reason>
