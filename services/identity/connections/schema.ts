import { z } from 'zod'

/** What applications may ask for and a person may keep to themselves. Who somebody is (`openid`) is what a connection is. */
export const shareable = ['profile', 'email', 'phone', 'roles'] as const
export type Shareable = (typeof shareable)[number]

export const Choice = z.enum(['ask', 'allow', 'deny'])
export type Choice = z.output<typeof Choice>
export type Choices = Readonly<Record<Shareable, Choice>>

/** One row of sharing. */
export const Shared = z.object({ scope: z.enum(shareable), choice: z.enum(['allow', 'deny']) })

export const ChoicesForm = z.strictObject({ profile: Choice, email: Choice, phone: Choice, roles: Choice })
export const ClientForm = z.strictObject({ client: z.string().max(500) })
