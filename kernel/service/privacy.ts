/**
 * The two things that every service of the person world does for a person by itself: say what it holds about them, and forget
 * them. Identity asks for both; the list of tables (`Assembled.personData`) is all that a service adds.
 */
import { z } from 'zod'
import type { Audit } from '../audit/index.ts'
import type { Database, Db } from '../db/index.ts'
import { forgetJobs } from '../jobs/index.ts'
import { may, route, type Route } from '../http/index.ts'
import { collect, erase, type PersonData } from '../privacy/index.ts'
import type { Receives, Tx } from './define.ts'

const Person = z.object({ person: z.string().max(100) })

/** identity → every service of the person world: this person is to be forgotten. */
export const personErased = 'identity.person_erased'
/** The answer, when it is done and committed. */
export const erasureConfirmed = 'privacy.erased'
export const ErasureConfirmed = Person

export const Sections = z.object({
  sections: z.array(z.object({ name: z.string(), rows: z.array(z.record(z.string(), z.unknown())) })),
})

const personDataPath = '/internal/privacy/data'
/** GET: everything that the called service holds about a person. */
export const personDataOf = (person: string) => ({
  method: 'GET' as const,
  path: `${personDataPath}?person=${encodeURIComponent(person)}`,
  reply: Sections,
})

interface Holding {
  readonly service: string
  readonly database: Database
  readonly personData: PersonData
}

export function personDataRoute({ service, database, personData }: Holding): Route {
  return route(
    {
      method: 'GET',
      path: personDataPath,
      access: may('privacy.collect', () => ({ type: 'Service', id: service })),
      query: Person,
      reply: Sections,
    },
    async ({ query }) => ({ sections: await collect(database, personData, query.person) }),
  )
}

interface Forgetting {
  readonly service: string
  readonly personData: PersonData
  readonly audit: Pick<Audit, 'forget'>
}

/** Everything of a person goes in one transaction, their key with it; what stays of the log cannot be read by anybody. */
export async function forgetPerson(
  db: Db,
  tx: Tx,
  { service, personData, audit }: Forgetting,
  person: string,
): Promise<void> {
  await db.query(`select pg_advisory_xact_lock(hashtextextended('person:' || $1, 0))`, [person])
  // Facts about them that are still on their way would bring them back elsewhere.
  await db.query(`delete from outbox_message where payload->>'person' = $1`, [person])
  // What nobody has taken, and is about somebody else whom they did something to, names them for as long as it lies there.
  await db.query('delete from outbox_message where dead_at is not null and strpos(payload::text, $1) > 0', [
    person,
  ])
  await forgetJobs(db, person)
  await erase(db, personData, person)
  await audit.forget(db, person)
  await tx.record({
    action: 'privacy.erased',
    actor: `service:${service}`,
    target: { type: 'Person', id: person },
    outcome: 'done',
  })
}

export function erasureReceiver(forgetting: Forgetting): Receives {
  return {
    topic: personErased,
    from: ['identity'],
    async apply(payload, db, tx) {
      const { person } = Person.parse(payload)
      await forgetPerson(db, tx, forgetting, person)
      await tx.send(erasureConfirmed, { person } satisfies z.input<typeof ErasureConfirmed>, {
        to: ['identity'],
      })
    },
  }
}

/**
 * What was sent before somebody was erased may come after it: it is dropped, or it would bring them back. An erasure waits for what
 * is being applied, and what comes meanwhile waits for the erasure; hence a statement for the lock and another for the look.
 */
export async function isAboutErased(db: Db, payload: unknown): Promise<boolean> {
  const about = Person.safeParse(payload)
  if (!about.success) return false
  const { person } = about.data
  await db.query(`select pg_advisory_xact_lock_shared(hashtextextended('person:' || $1, 0))`, [person])
  const rows = await db.query('select 1 from person_key where subject = $1 and wrapped is null', [person])
  return rows.length > 0
}
