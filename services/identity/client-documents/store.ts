import type { Db } from '@althing/kernel/db'
import { ClientDocument, type Said } from './schema.ts'

const documentsAtMost = 10_000

/** Owns the table client_document. Whoever can write here can change where the answers of such an application go, until it is fetched again. */
export function createClientDocumentStore(db: Db) {
  return {
    async find(url: string): Promise<ClientDocument | null> {
      const [row] = await db.query(
        `select url, metadata as said, refused, expires_at > now() as "isFresh",
                metadata is not null and fetched_at > now() - interval '2 days' as "isUsable"
           from client_document where url = $1`,
        [url],
        { name: 'client-document' },
      )
      return row === undefined ? null : ClientDocument.parse(row)
    },

    async put(url: string, said: Said | null, refused: string | null, seconds: number): Promise<void> {
      await db.query(
        `insert into client_document (url, metadata, refused, fetched_at, expires_at)
         values ($1, $2, $3, now(), now() + make_interval(secs => $4))
         on conflict (url) do update set metadata = excluded.metadata, refused = excluded.refused,
                                         fetched_at = excluded.fetched_at, expires_at = excluded.expires_at`,
        [url, said === null ? null : JSON.stringify(said), refused, seconds],
      )
    },

    /** Its server was away: it is not asked again at once. */
    async putOff(url: string, seconds: number): Promise<void> {
      await db.query(
        'update client_document set expires_at = now() + make_interval(secs => $2) where url = $1',
        [url, seconds],
      )
    },

    /**
     * As long as what people gave it can last: they see it in their list by its name, and it hears by its document that a session has ended.
     * One that somebody has something open with stays, whatever comes. Whoever owns a host can name addresses without end, from networks
     * without end: of the others, beyond `most`, those go that nothing could be done with, and then those not read for longest. Of them
     * nothing is lost: they are read again.
     */
    async sweep(most = documentsAtMost): Promise<void> {
      await db.query(
        `delete from client_document
          where (metadata is null and expires_at < now())
             or (expires_at < now() - interval '31 days' and url not in (select addresses_in_use()))`,
      )
      const [row] = await db.query<{ many: number }>(
        'select greatest(0, count(*) - $1)::integer as many from client_document',
        [most],
      )
      const many = row?.many ?? 0
      if (many === 0) return
      await db.query(
        `delete from client_document
          where url in (select url from client_document where url not in (select addresses_in_use())
                         order by (metadata is null) desc, fetched_at, url limit $1)`,
        [many],
      )
    },
  }
}
export type ClientDocumentStore = ReturnType<typeof createClientDocumentStore>
