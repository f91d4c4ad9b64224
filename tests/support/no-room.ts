import type { Database } from '@althing/kernel/db'

/** While it works, the table of what OpenID Connect keeps takes everything but this kind. */
export async function withoutRoomFor<T>(
  database: Pick<Database, 'query'>,
  kind: string,
  work: () => Promise<T>,
): Promise<T> {
  await database.query(
    `create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no room'; end $$`,
  )
  await database.query(
    `create trigger refuse before insert on oidc_record for each row when (new.kind = '${kind}') execute function refuse()`,
  )
  try {
    return await work()
  } finally {
    await database.query('drop function refuse cascade')
  }
}
