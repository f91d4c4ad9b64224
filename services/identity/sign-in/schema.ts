import { z } from 'zod'
import { CodeChannel, written } from '../contract.ts'

export const Where = {
  interaction: z.string().max(100).optional(),
  return: z.string().max(1000).optional(),
}
/** Where somebody wanted to go. */
export type Place = { readonly interaction?: string | undefined; readonly return?: string | undefined }

/** What lies sealed in sign_in_attempt. An account stands here only when it has been proven, or a session has. */
export const Attempt = z.object({
  name: z.string(),
  identifier: z.string(),
  account: z.string().nullable(),
  /** What has been proven so far, in its order. */
  proven: z.array(z.enum(['password', 'link', 'connector'])),
  /** The owner has been written to about it already. */
  isTold: z.boolean().default(false),
  /** Somebody who is signed in proves it once more, for something that matters. */
  again: z.boolean(),
  remember: z.boolean(),
  place: z.object(Where),
})
export type Attempt = z.output<typeof Attempt>

/** Fields may be missing: then the page says so, beside the field. A password manager may fill in both at once. */
export const IdentifierForm = z.strictObject({
  identifier: written(254),
  password: written(4096),
  ...Where,
})

const name = z.string().max(40)
export const Step = { attempt: name.default('') }
export const PasswordForm = z.strictObject({
  attempt: name,
  username: z.string().max(254).optional(),
  password: written(4096),
  remember: z.literal('on').optional(),
})
export const CodeForm = z.strictObject({ attempt: name, code: written(60) })
export const ChannelForm = z.strictObject({ attempt: name, channel: CodeChannel })
export const MailedCodeForm = z.strictObject({
  attempt: name,
  channel: CodeChannel,
  code: written(60),
})
export const MailedStep = { ...Step, channel: CodeChannel.optional() }
export const PasskeyForm = z.strictObject({
  attempt: name.optional(),
  /** JSON; checked in full by the library, here only for its size. */
  credential: z.string().max(20_000).default(''),
  ...Where,
})
export const LinkForm = z.strictObject({ attempt: name })
export const UseLinkForm = z.strictObject({ token: z.string().max(100) })

export const AgreementForm = z.strictObject({
  /** The one that the page spoke of. */
  version: z.string().max(40).default(''),
  decision: z.enum(['agree', 'later']),
  ...Where,
})
export const Empty = z.strictObject({})
export const AccountForm = z.strictObject({
  interaction: z.string().max(100),
  decision: z.enum(['same', 'other']),
})
export const ConsentForm = z.strictObject({
  interaction: z.string().max(100),
  /** The scopes that the page spoke of, and the purpose of a kennitala. */
  shown: z.string().max(2000).default(''),
  decision: z.enum(['allow', 'deny']),
})
