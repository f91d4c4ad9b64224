/**
 * What a request to the token endpoint gives is written together, before its answer leaves: an answer that somebody has is in the table, and
 * one that could not be written is not given.
 */
import { Provider } from 'oidc-provider'
import type { NewRecord, RecordStore } from './store.ts'

const given = new Set(['AccessToken', 'RefreshToken', 'ClientCredentials'])

export function createWriteTogether(records: RecordStore) {
  const waiting = new WeakMap<object, NewRecord[]>()

  async function flush(ctx: object): Promise<void> {
    const rows = waiting.get(ctx) ?? []
    waiting.delete(ctx)
    if (rows.length > 0) await records.putAll(rows)
  }

  return {
    async put(record: NewRecord): Promise<void> {
      const { ctx } = Provider
      if (ctx?.oidc.route !== 'token' || !given.has(record.kind)) return records.putAll([record])
      waiting.set(ctx, [...(waiting.get(ctx) ?? []), record])
    },

    /** Around everything that the engine does. */
    flushAfter(provider: Provider): void {
      provider.use(async (ctx, next) => {
        await next()
        try {
          await flush(ctx)
        } catch (error) {
          ctx.status = 500
          ctx.body = { error: 'server_error', error_description: 'it could not be written down' }
          provider.emit('server_error', ctx, error)
        }
      })
    },
  }
}
export type WriteTogether = ReturnType<typeof createWriteTogether>
