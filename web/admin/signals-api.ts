/** What the console asks of identity about what applications were told. */
import { Done } from '@althing/identity/contract'
import { ask } from '@althing/web-ui/dom/http.ts'
import { z } from 'zod'
import { me } from './api.ts'

const Signal = z.object({
  id: z.string(),
  client: z.string(),
  method: z.enum(['push', 'poll', 'webhook']),
  type: z.string(),
  account: z.string().nullable(),
  at: z.string(),
  state: z.enum(['waiting', 'delivered', 'dead']),
  attempts: z.number(),
  reason: z.string().nullable(),
})
export type Signal = z.output<typeof Signal>
const Signals = z.object({ deliveries: z.array(Signal), next: z.string().nullable() })

export function signals(filter: { readonly state: string; readonly before: string }) {
  const given = Object.entries(filter).filter(([, value]) => value !== '')
  return ask(`/api/identity/signals?${new URLSearchParams(given).toString()}`, {
    parse: (value) => Signals.parse(value),
  })
}

export async function replay(id: string) {
  const { csrf } = await me()
  return ask(`/api/identity/signals/${id}/replay`, {
    method: 'POST',
    csrf,
    body: {},
    parse: (value) => Done.parse(value),
  })
}
