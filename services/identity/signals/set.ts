/** A Security Event Token (RFC 8417) as SSF 1.0, section 4, wants it: explicitly typed, about a `sub_id`, without `sub` and `exp`. */
import type { Due, Stream } from './schema.ts'

export interface SetNeeds {
  readonly issuer: string
  /** A JWS of these bytes by the key that signs now. */
  readonly sign: (
    header: Readonly<Record<string, unknown>>,
    payload: Readonly<Record<string, unknown>>,
  ) => string
}

/** What an application calls a person or a session of ours; lent by what names people in tokens. */
export interface Naming {
  readonly of: (own: string) => string
  readonly find: (name: string, among: () => Promise<readonly string[]>) => Promise<string | null>
}
/** @throws when there is no such application: nobody's own name is told instead */
export type NamesFor = (client: string) => Promise<Naming>

export function setOf(
  { id, account, type, details, at }: Due,
  stream: Stream,
  { issuer, sign }: SetNeeds,
): string {
  return sign(
    // RFC 8417, section 2.3: so that no token of another kind is taken for one of these, nor this for another.
    { typ: 'secevent+jwt' },
    {
      iss: issuer,
      aud: stream.client,
      jti: id,
      iat: Math.floor(at.getTime() / 1000),
      sub_id: account === null ? { format: 'opaque', id: stream.id } : subjectOf(issuer, account, details),
      events: { [type]: eventOf(details, account === null ? null : at) },
    },
  )
}

/** Said with the names by which an application knows people; of a session too, which would join them across applications. */
export function knownAs(due: Due, name: (own: string) => string): Due {
  const { session } = due.details
  return {
    ...due,
    account: due.account === null ? null : name(due.account),
    details: typeof session === 'string' ? { ...due.details, session: name(session) } : due.details,
  }
}

/** RFC 9493, sections 3.2.4 and 3.2.3; a session beside its person is a complex subject (SSF 1.0, section 3.2). */
function subjectOf(iss: string, sub: string, { session, email }: Due['details']) {
  const person = { format: 'iss_sub', iss, sub }
  // RISC 1.0, section 2.5: a changed identifier is named by what it was.
  if (typeof email === 'string')
    return { format: 'aliases', identifiers: [person, { format: 'email', email }] }
  if (typeof session !== 'string') return person
  return { format: 'complex', user: person, session: { format: 'opaque', id: session } }
}

function eventOf({ session: _session, email: _email, ...claims }: Due['details'], at: Date | null) {
  return at === null ? claims : { ...claims, event_timestamp: Math.floor(at.getTime() / 1000) }
}

/** The same as a Standard Webhook: a type, a time, and what it is about. */
export function webhookOf({ type, account, details, at }: Due, { client }: Stream, issuer: string): string {
  const { session, email, ...data } = details
  const about = {
    iss: issuer,
    sub: account,
    client,
    ...(session === undefined ? {} : { session }),
    ...(email === undefined ? {} : { email }),
  }
  return JSON.stringify({ type: wordOf(type), timestamp: at.toISOString(), data: { ...about, ...data } })
}

/** `session-revoked` of CAEP becomes `session.revoked`. */
const wordOf = (type: string): string => (type.split('/').at(-1) ?? type).replace('-', '.')
