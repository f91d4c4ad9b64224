/** What the console asks of policy about what was decided. Each look is a line of the audit log. */
import { ask } from '@althing/web-ui/dom/http.ts'
import { z } from 'zod'
import { me } from './api.ts'
import { Ref } from './permissions-api.ts'

const Told = z.object({
  id: z.string(),
  at: z.string(),
  caller: z.string(),
  subject: Ref,
  action: z.string(),
  resource: Ref,
  decision: z.boolean(),
  determining: z.array(z.string()),
  errors: z.array(z.object({ policy: z.string(), message: z.string() })),
  policies: z.number(),
  world: z.number(),
  digest: z.string(),
  cached: z.boolean(),
  microseconds: z.number(),
})
export type Told = z.output<typeof Told>
const ToldPage = z.object({ decisions: z.array(Told), next: z.string().nullable() })

const Whole = Told.extend({
  seen: z
    .object({
      entities: z.array(
        z.object({
          type: z.string(),
          id: z.string(),
          attributes: z.record(z.string(), z.unknown()),
          ancestors: z.array(Ref),
        }),
      ),
      context: z.record(z.string(), z.unknown()),
      redacted: z.array(z.string()).optional(),
    })
    .nullable(),
  replayable: z.enum(['yes', 'forgotten', 'redacted']),
  batch: z.number(),
  place: z.number(),
})
export type Whole = z.output<typeof Whole>

const Verdict = z.object({
  batches: z.number(),
  rows: z.number(),
  erased: z.number(),
  intact: z.boolean(),
  findings: z.array(
    z.object({
      batch: z.number(),
      place: z.number().nullable(),
      decision: z.string().nullable(),
      what: z.string(),
    }),
  ),
  next: z.number().nullable(),
})
export type Verdict = Omit<z.output<typeof Verdict>, 'next'>

const base = '/api/policy/decisions'

const queryOf = (filter: Readonly<Record<string, string>>) =>
  new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== '')).toString()

export function decisions(filter: Readonly<Record<string, string>>) {
  return ask(`${base}?${queryOf({ ...filter, limit: '50' })}`, { parse: (value) => ToldPage.parse(value) })
}

export const decision = (id: string) => ask(`${base}/${id}`, { parse: (value) => Whole.parse(value) })

const Made = Whole.pick({ decision: true, determining: true, errors: true })
export type Made = z.output<typeof Made>
const MadeAgain = z.object({
  revision: z.number(),
  was: Made,
  is: Made.nullable(),
  not: z.enum(['forgotten', 'redacted', 'policies', 'reads-more']).nullable(),
  readsMore: z.array(z.string()),
})
export type MadeAgain = z.output<typeof MadeAgain>

async function post<S extends z.ZodType>(path: string, shape: S, body: unknown): Promise<z.output<S>> {
  const { csrf } = await me()
  const parse = (value: unknown) => shape.parse(value)
  return ask(`${base}${path}`, { method: 'POST', csrf, body, parse, timeoutMs: 60_000 })
}

/** With the policies of then, or with those of today. */
export const again = (id: string, policies: 'then' | 'now') => post(`/${id}/replay`, MadeAgain, { policies })

/** What the audit log says of one batch alone. */
export const verifyBatch = (batch: number) => post('/verify', Verdict, { after: batch - 1, through: batch })

export const formats = ['csv', 'ndjson'] as const
/** Where all that a filter finds is downloaded from. */
export const exportAddress = (filter: Readonly<Record<string, string>>, format: (typeof formats)[number]) =>
  `${base}/export?${queryOf({ ...filter, format })}`

/** All of it, a part after the other. */
export async function verify(): Promise<Verdict> {
  const sum = { batches: 0, rows: 0, erased: 0, intact: true, findings: [] as Verdict['findings'] }
  let after: number | null = 0
  while (after !== null) {
    const part: z.output<typeof Verdict> = await post('/verify', Verdict, { after })
    sum.batches += part.batches
    sum.rows += part.rows
    sum.erased += part.erased
    sum.intact &&= part.intact
    sum.findings.push(...part.findings)
    after = part.next
  }
  return sum
}
