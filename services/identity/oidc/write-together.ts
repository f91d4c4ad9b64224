/**
 * What a request to the token endpoint gives is written together, before its answer leaves: an answer that somebody has is in the table, and
 * one that could not be written is not given.
 */
import type { AuditEntry } from '@althing/kernel/audit'
import type { Atomically } from '@althing/kernel/service'
import { Provider, type KoaContextWithOIDC } from 'oidc-provider'
import { decisionIn, givingBack, givingIn, isUnsaid, secondUse } from './audited.ts'
import type { NewRecord, RecordStore } from './store.ts'

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

  async function write(rows: readonly NewRecord[], entry: AuditEntry | null): Promise<void> {
    if (entry === null) return records.putAll(rows)
    await atomically(async (parts) => {
      await Promise.all([parts.records.putAll(rows), parts.record(entry)])
    })
  }

  async function flush(ctx: KoaContextWithOIDC): Promise<void> {
    const rows = waiting.get(ctx) ?? []
    waiting.delete(ctx)
    if (rows.length > 0) await write(rows, givingIn(rows, ctx.oidc.params?.['grant_type'], isFirstParty))
  }

  return {
    async put(record: NewRecord): Promise<void> {
      const { ctx } = Provider
      if (ctx?.oidc.route !== 'token' || !given.has(record.kind)) return write([record], decisionIn(record))
      waiting.set(ctx, [...(waiting.get(ctx) ?? []), record])
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
          ctx.status = 500
          ctx.body = { error: 'server_error', error_description: 'it could not be written down' }
          provider.emit('server_error', ctx, error)
        }
      })
    },
  }
}

interface SecondUse {
  readonly grant: string | undefined
  readonly session: string | undefined
  readonly account: string | undefined
  readonly client: string
}
export type WriteTogether = ReturnType<typeof createWriteTogether>
