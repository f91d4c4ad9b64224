import type pg from 'pg'
import { translate } from './errors.ts'

const pauseMs = 500

/** One connection of its own for LISTEN, opened when somebody listens and opened again when it is lost. */
export function createListener(createClient: () => pg.Client) {
  const heard = new Map<string, Set<(payload: string) => void>>()
  let client: Promise<pg.Client> | undefined
  let closed = false

  function connection(): Promise<pg.Client> {
    client ??= open().catch((error: unknown) => {
      client = undefined
      throw translate(error)
    })
    return client
  }

  async function open() {
    const next = createClient()
    next.on('notification', ({ channel, payload }) => tell(channel, payload ?? ''))
    next.on('error', () => {})
    await next.connect()
    next.once('end', () => void reopen())
    for (const channel of heard.keys()) await next.query(`listen ${next.escapeIdentifier(channel)}`)
    return next
  }

  function tell(channel: string, payload: string) {
    for (const listener of heard.get(channel) ?? []) listener(payload)
  }

  /** Until it succeeds; then everybody is told once, for what was said in the meantime. */
  async function reopen(): Promise<void> {
    client = undefined
    await new Promise((resolve) => setTimeout(resolve, pauseMs).unref())
    if (closed || heard.size === 0 || client !== undefined) return
    if ((await connection().catch(() => undefined)) === undefined) return reopen()
    for (const channel of heard.keys()) tell(channel, '')
  }

  async function listen(channel: string, listener: (payload: string) => void) {
    const first = !heard.has(channel)
    heard.set(channel, (heard.get(channel) ?? new Set()).add(listener))
    const on = await connection()
    if (first) await on.query(`listen ${on.escapeIdentifier(channel)}`)
    return async () => {
      const listeners = heard.get(channel)
      listeners?.delete(listener)
      if (listeners?.size !== 0) return
      heard.delete(channel)
      await on.query(`unlisten ${on.escapeIdentifier(channel)}`).catch(() => {})
    }
  }

  async function close() {
    closed = true
    const last = await client?.catch(() => undefined)
    await last?.end()
  }

  return { listen, close }
}
