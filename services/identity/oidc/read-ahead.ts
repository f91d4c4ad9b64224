/**
 * Of most requests it is known what they will ask the table for before the engine asks: what was shown, and the grant that it came from.
 * Both are fetched with one statement, while the application is still being looked up. Each is handed out once, so that whoever looks
 * a second time sees what has happened since.
 */
import { Provider, type KoaContextWithOIDC } from 'oidc-provider'
import type { Ahead, RecordStore } from './store.ts'

type Payload = Record<string, unknown>

const tokenKinds = ['AccessToken', 'ClientCredentials', 'RefreshToken'] as const
type Wanted = readonly (readonly [kind: string, id: string])[]

export function createReadAhead(records: RecordStore) {
  const begun = new WeakMap<object, Promise<Ahead>>()

  function begin(ctx: KoaContextWithOIDC, wanted: Wanted): Promise<Ahead> {
    const reading = records.ahead(wanted)
    // When the application turns out to be none, nobody asks for it.
    reading.catch(() => {})
    begun.set(ctx, reading)
    return reading
  }

  return {
    /** As soon as something is looked up in a request that shows something. */
    begin(): void {
      const { ctx } = Provider
      if (ctx === undefined || begun.has(ctx)) return
      const wanted = shownIn(ctx)
      if (wanted.length > 0) void begin(ctx, wanted)
    },

    async find(kind: string, id: string): Promise<Payload | null> {
      const { ctx } = Provider
      if (ctx === undefined) return records.find(kind, id)
      // A bearer token is the first thing that is looked up here.
      const reading = begun.get(ctx) ?? (ctx.oidc.route === 'userinfo' ? begin(ctx, [[kind, id]]) : undefined)
      const found = (await reading)?.take(kind, id)
      return found === undefined ? records.find(kind, id) : found
    },
  }
}
export type ReadAhead = ReturnType<typeof createReadAhead>

function shownIn({ oidc: { route, params } }: KoaContextWithOIDC): Wanted {
  const shown = (name: string): string => {
    const value = params?.[name]
    return typeof value === 'string' ? value : ''
  }
  const all = (kinds: readonly string[], id: string): Wanted =>
    id === '' ? [] : kinds.map((kind) => [kind, id])
  if (route === 'introspection' || route === 'revocation') return all(tokenKinds, shown('token'))
  if (route !== 'token') return []
  if (shown('grant_type') === 'refresh_token') return all(['RefreshToken'], shown('refresh_token'))
  return shown('grant_type') === 'authorization_code' ? all(['AuthorizationCode'], shown('code')) : []
}
