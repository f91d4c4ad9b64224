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

export function decisions(filter: Readonly<Record<string, string>>) {
  const given = Object.entries(filter).filter(([, value]) => value !== '')
  const query = new URLSearchParams([...given, ['limit', '50']])
  return ask(`${base}?${query.toString()}`, { parse: (value) => ToldPage.parse(value) })
}

export const decision = (id: string) => ask(`${base}/${id}`, { parse: (value) => Whole.parse(value) })

/** All of it, a part after the other. */
export async function verify(): Promise<Verdict> {
  const { csrf } = await me()
  const sum = { batches: 0, rows: 0, erased: 0, intact: true, findings: [] as Verdict['findings'] }
  let after: number | null = 0
  while (after !== null) {
    const parse = (value: unknown) => Verdict.parse(value)
    const body = { after }
    const part: z.output<typeof Verdict> = await ask(`${base}/verify`, {
      method: 'POST',
      csrf,
      body,
      parse,
      timeoutMs: 60_000,
    })
    sum.batches += part.batches
    sum.rows += part.rows
    sum.erased += part.erased
    sum.intact &&= part.intact
    sum.findings.push(...part.findings)
    after = part.next
  }
  return sum
}
