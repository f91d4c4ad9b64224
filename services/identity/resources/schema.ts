import { z } from 'zod'

const word = z.string().min(1).max(100)

/** A kind of thing that can be asked for in detail: RFC 9396, section 2. What is not named here may not be in a request. */
const DetailType = z.strictObject({
  type: word,
  /** Members beside those that every type may have (section 2.2). */
  fields: z.array(word).default([]),
  required: z.array(word).default([]),
  actions: z.array(word).optional(),
})

/** One row of oauth_resource: a server that trusts our tokens when they are for it. */
export const Resource = z.strictObject({
  /** RFC 8707, section 2: absolute and without a fragment. */
  uri: z
    .url()
    .max(500)
    .refine((text) => !text.includes('#')),
  name: z.string().min(1).max(100),
  scopes: z.array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/)).max(100),
  details: z.array(DetailType).default([]),
  /** The client that the server itself is, when it asks what a token is worth (RFC 7662). */
  introspector: z.string().max(100).nullable().default(null),
  /** Whether an application that nobody here has looked at may have tokens for it. */
  open: z.boolean().default(false),
})
export type Resource = z.output<typeof Resource>
export type ResourceWords = z.input<typeof Resource>
