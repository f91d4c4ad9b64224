import { z } from 'zod'
import { PersonId } from '../contract.ts'

export const SessionId = z
  .string()
  .regex(/^ses_[0-9a-f-]{36}$/)
  .brand<'SessionId'>()
export type SessionId = z.output<typeof SessionId>

/** The first proof that opened it; what was shown beside it stands in `amr`. */
const sessionMethods = ['password', 'passkey', 'link', 'eid', 'connector'] as const

/** The cookie that carries a session: 32 random bytes or more; only its hash is kept. */
export const sessionCookie = 'althing_id'

/** What the protocol engine keeps beside a session: per client its grant, and the state of a sign-out under way. */
const Engine = z.record(z.string(), z.unknown())

/** One row of session. */
export const Session = z.object({
  id: SessionId,
  account: PersonId,
  method: z.enum(sessionMethods),
  acr: z.string(),
  amr: z.array(z.string()),
  device: z.string(),
  authTime: z.date(),
  startedAt: z.date(),
  seenAt: z.date(),
  endsAt: z.date(),
  remembered: z.boolean(),
  engine: Engine,
})
export type Session = z.output<typeof Session>

/** How somebody has just proven who they are. */
export interface Proof {
  readonly account: PersonId
  readonly method: (typeof sessionMethods)[number]
  readonly acr: string
  readonly amr: readonly string[]
  readonly device: string
  readonly network: string
  /** Its owner has been here before, and not from this device. */
  readonly isNew: boolean
  /** The device is to be remembered: idleness does not end this session. */
  readonly remember: boolean
}

export const Feed = z.strictObject({ after: z.coerce.number().int().nonnegative().default(0) })

/** One row of revocation, as the feed says it. */
export const Revoked = z.object({
  seq: z.int().positive(),
  subject: z.string().nullable(),
  stamp: z.int().nullable(),
  session: z.string().nullable(),
})
