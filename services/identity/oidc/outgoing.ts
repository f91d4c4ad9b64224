/** The engine calls by `fetch`, to addresses that applications have chosen; what it calls with goes where everybody may go, and no further. */
import type { Egress } from '@althing/kernel/egress'

interface Call {
  readonly method?: string | undefined
  readonly headers?: Headers | Readonly<Record<string, string>> | undefined
  readonly body?: unknown
}
export type Outgoing = (url: string, call?: Call) => Promise<Response>

const bodiless = [204, 205, 304]
/** The engine would keep keys for as long as whoever has the address says: one that was taken away there would open our door for a year. */
const lasting = ['cache-control', 'expires']

export const fetchThrough =
  ({ send }: Pick<Egress, 'send'>): Outgoing =>
  async (url, { method = 'GET', headers = {}, body } = {}) => {
    const text = body instanceof URLSearchParams || typeof body === 'string' ? body.toString() : undefined
    const came = await send(url, {
      method: method === 'POST' ? 'POST' : 'GET',
      headers: Object.fromEntries(new Headers(headers as HeadersInit)),
      ...(text === undefined ? {} : { body: text }),
    })
    const said = Object.entries(came.headers).flatMap(([name, value]): [string, string][] =>
      value === undefined || lasting.includes(name) ? [] : [[name, String(value)]],
    )
    return new Response(bodiless.includes(came.status) ? null : came.text, {
      status: came.status,
      headers: said,
    })
  }
