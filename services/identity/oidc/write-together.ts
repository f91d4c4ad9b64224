/**
 * What a request to the token endpoint gives is written together, before its answer leaves: an answer that somebody has is in the table, and
 * one that could not be written is not given. The refresh token that was shown for it is used by the same statement: an answer that broke has
 * used nothing, so who asks again, however late, is no thief.
 */
import type { AuditEntry } from '@althing/kernel/audit'
import type { Atomically } from '@althing/kernel/service'
import { errors, Provider, type KoaContextWithOIDC } from 'oidc-provider'
import { decisionIn, givingBack, givingIn, isUnsaid, secondUse } from './audited.ts'
import type { NewRecord, RecordStore, Rotation } from './store.ts'

const given = new Set(['AccessToken', 'RefreshToken', 'ClientCredentials'])

interface Needs {
  readonly records: RecordStore
  /** One transaction: what is written, and what the audit log says of it. */
  readonly atomically: Atomically<{
    readonly records: RecordStore
    readonly record: (entry: AuditEntry) => Promise<void>
    readonly endSession: (session: string, account: string) => Promise<boolean>
    /** A refresh token of this account was shown again when it was no retry: somebody else has a copy. */
    readonly reused: (account: string) => Promise<void>
  }>
  readonly onSessionEnded: () => void
  readonly isFirstParty: (client: string) => boolean
}

export function createWriteTogether({ records, atomically, isFirstParty, onSessionEnded }: Needs) {
  const waiting = new WeakMap<object, NewRecord[]>()
  const using = new WeakMap<object, Use>()

  async function write(rows: readonly NewRecord[], entry: AuditEntry | null, use?: Use): Promise<void> {
    async function put(store: RecordStore): Promise<void> {
      if (use === undefined) return store.putAll(rows)
      if (!(await store.putUsing(use.rotation, rows))) throw new errors.InvalidGrant('already used')
    }
    if (entry === null) return put(records)
    await atomically(async (parts) => {
      await Promise.all([put(parts.records), parts.record(entry)])
    })
  }

  async function flush(ctx: KoaContextWithOIDC): Promise<void> {
    const [rows, use] = [waiting.get(ctx) ?? [], using.get(ctx)]
    waiting.delete(ctx)
    using.delete(ctx)
    // Whoever was refused after all was given nothing, and has used nothing.
    if (ctx.status >= 400 || (rows.length === 0 && use === undefined)) return
    try {
      await write(rows, givingIn(rows, ctx.oidc.params?.['grant_type'], isFirstParty), use)
    } catch (error) {
      if (error instanceof errors.InvalidGrant) await use?.onRefused()
      throw error
    }
  }

  /** No answer leaves that was not written; who was too late hears what the engine says to those who come later still. */
  function refuse(provider: Provider, ctx: KoaContextWithOIDC, error: unknown): void {
    if (error instanceof errors.InvalidGrant) {
      ctx.status = error.status
      ctx.body = { error: error.error, error_description: error.error_description }
      provider.emit('grant.error', ctx, error)
      return
    }
    ctx.status = 500
    ctx.body = { error: 'server_error', error_description: 'it could not be written down' }
    provider.emit('server_error', ctx, error as Error)
  }

  return {
    async put(record: NewRecord): Promise<void> {
      const { ctx } = Provider
      if (ctx?.oidc.route !== 'token' || !given.has(record.kind)) return write([record], decisionIn(record))
      waiting.set(ctx, [...(waiting.get(ctx) ?? []), record])
    },

    /** What was shown is used when the answer to this request is written. */
    useWithAnswer(use: Use): void {
      const { ctx } = Provider
      if (ctx === undefined) throw new Error('A refresh token is used by a request only.')
      using.set(ctx, use)
    },

    /** Of two that showed it one is a stranger: what it gave, what the log says of it and the session end together, and it is remembered against the account, or none of it is. */
    async usedTwice(kind: string, { grant, session, account, client }: SecondUse): Promise<void> {
      const hasEnded = await atomically(async (parts) => {
        if (grant !== undefined) await parts.records.removeGrant(grant)
        if (account === undefined) return false
        await parts.record(secondUse(kind, client, account))
        if (kind === 'RefreshToken') await parts.reused(account)
        // Our own application has access tokens that no table holds. The feed ends them, with the session they name.
        return session !== undefined && isFirstParty(client) && (await parts.endSession(session, account))
      })
      if (hasEnded) onSessionEnded()
    },

    /** An application needs it no more (RFC 7009). */
    async givenBack(kind: string, id: string, client: string): Promise<void> {
      if (isUnsaid(kind)) return records.remove(kind, id)
      await atomically(async (parts) => {
        await parts.records.remove(kind, id)
        await parts.record(givingBack(kind, client))
      })
    },

    /** Around everything that the engine does. */
    flushAfter(provider: Provider): void {
      provider.use(async (ctx, next) => {
        await next()
        try {
          await flush(ctx as KoaContextWithOIDC)
        } catch (error) {
          refuse(provider, ctx as KoaContextWithOIDC, error)
        }
      })
    },
  }
}

interface Use {
  readonly rotation: Rotation
  /** Somebody else was faster, and it was no retry. */
  readonly onRefused: () => Promise<void>
}

interface SecondUse {
  readonly grant: string | undefined
  readonly session: string | undefined
  readonly account: string | undefined
  readonly client: string
}
export type WriteTogether = ReturnType<typeof createWriteTogether>
