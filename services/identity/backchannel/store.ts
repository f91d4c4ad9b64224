import type { Db } from '@althing/kernel/db'
import { sha256, utf8 } from '@althing/kernel/crypto'
import { Waiting } from './schema.ts'

interface Begun {
  readonly id: string
  readonly requestId: string
  readonly sealed: Uint8Array
  readonly account: string | null
  readonly client: string
  readonly network: string
  readonly seconds: number
}

const hashOf = (requestId: string): Uint8Array => sha256(utf8(`althing/backchannel\n${requestId}`))
const columns = `id, sealed, account, client, network, state, asked_at as "askedAt", expires_at as "expiresAt",
  expires_at <= now() as "isOver"`

/** Owns the table backchannel_request. Whoever can write here can have a person asked; only the person's own page answers. */
export function createBackchannelStore(db: Db) {
  return {
    async add({ id, requestId, sealed, account, client, network, seconds }: Begun): Promise<void> {
      await db.query(
        `insert into backchannel_request (id, id_hash, sealed, account, client, network, expires_at)
         values ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7))`,
        [id, hashOf(requestId), sealed, account, client, network, seconds],
      )
    },

    async byId(id: string): Promise<Waiting | null> {
      const [row] = await db.query(`select ${columns} from backchannel_request where id = $1`, [id])
      return row === undefined ? null : Waiting.parse(row)
    },

    /** What somebody may still answer, the oldest first. */
    async waitingFor(account: string): Promise<Waiting[]> {
      const rows = await db.query(
        `select ${columns} from backchannel_request
          where account = $1 and state = 'waiting' and expires_at > now() order by asked_at`,
        [account],
      )
      return rows.map((row) => Waiting.parse(row))
    },

    /** One of two answers counts; null for the other, and when it is over or another's. */
    async decide(id: string, account: string, state: 'allowed' | 'refused'): Promise<Waiting | null> {
      const [row] = await db.query(
        `update backchannel_request set state = $3
          where id = $1 and account = $2 and state = 'waiting' and expires_at > now() returning ${columns}`,
        [id, account, state],
      )
      return row === undefined ? null : Waiting.parse(row)
    },

    /**
     * That the application has asked. True when it was too soon, which makes its wait five seconds longer for good (OpenID CIBA Core 1.0,
     * section 11). A second is given to it for the way.
     */
    async polledTooSoon(requestId: string): Promise<boolean> {
      const [row] = await db.query(
        `with before as (
           select id, coalesce(polled_at > now() - make_interval(secs => wait_seconds - 1), false) as soon
             from backchannel_request where id_hash = $1 and state = 'waiting' and expires_at > now() for update)
         update backchannel_request as r
            set polled_at = now(), wait_seconds = least(60, r.wait_seconds + case when before.soon then 5 else 0 end)
           from before where r.id = before.id returning before.soon`,
        [hashOf(requestId)],
      )
      return row?.['soon'] === true
    },

    /** A while after its end, so that an application hears of an answer that came in the last moment. */
    async sweep(): Promise<void> {
      await db.query(`delete from backchannel_request where expires_at < now() - interval '10 minutes'`)
    },
  }
}
export type BackchannelStore = ReturnType<typeof createBackchannelStore>
