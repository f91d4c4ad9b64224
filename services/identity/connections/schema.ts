import { z } from 'zod'

/** What applications may ask for and a person may keep to themselves. Who somebody is (`openid`) is what a connection is. */
export const shareable = [
  'profile',
  'email',
  'phone',
  'roles',
  'groups',
  'membership',
  'national_id',
] as const
export type Shareable = (typeof shareable)[number]

export const Choice = z.enum(['ask', 'allow', 'deny'])
export type Choice = z.output<typeof Choice>
/** What is not named stays as it is. */
export type WishedChoices = { readonly [scope in Shareable]?: Choice | undefined }
export type Choices = Readonly<Record<Shareable, Choice>>

/** One row of sharing. */
export const Shared = z.object({ scope: z.enum(shareable), choice: z.enum(['allow', 'deny']) })

export const ChoicesForm = z.strictObject({
  profile: Choice,
  email: Choice,
  phone: Choice,
  roles: Choice,
  // A page that was open before these were there says nothing of them.
  groups: Choice.optional(),
  membership: Choice.optional(),
  national_id: Choice.optional(),
})
export const ClientForm = z.strictObject({ client: z.string().max(500) })
