/** What the console asks of identity about what happened to somebody. */
import { ListedDelivery, LoginTry } from '@althing/identity/contract'
import { ask } from '@althing/web-ui/dom/http.ts'
import { z } from 'zod'

const Line = z.object({
  id: z.string(),
  at: z.string(),
  kind: z.enum(['changes', 'sign-ins', 'letters']),
  action: z.string(),
  outcome: z.enum(['done', 'denied', 'failed']),
  actor: z.object({
    kind: z.enum(['self', 'person', 'operator', 'service', 'unknown']),
    id: z.string().nullable(),
    name: z.string().nullable(),
  }),
  reason: z.string().nullable(),
  fields: z.array(z.string()),
  login: LoginTry.pick({ method: true, result: true, network: true, device: true }).nullable(),
  letter: ListedDelivery.pick({ channel: true, subject: true, state: true }).nullable(),
})
export type Line = z.output<typeof Line>
const Lines = z.object({ lines: z.array(Line), next: z.string().nullable() })

export function timeline(account: string, filter: { readonly kind: string; readonly before: string }) {
  const given = Object.entries({ ...filter, limit: '25' }).filter(([, value]) => value !== '')
  return ask(`/api/identity/users/${account}/timeline?${new URLSearchParams(given).toString()}`, {
    parse: (value) => Lines.parse(value),
  })
}
