/** What the console asks of policy about what is written, checked and in force. Whether this person may is decided behind it. */
import { Problem } from '@althing/policy/contract'
import { ask } from '@althing/web-ui/dom/http.ts'
import { z } from 'zod'
import { mayI, me } from './api.ts'

const Kind = z.enum(['release', 'activation', 'rollback', 'override'])
export const parts = ['policies', 'schema', 'tests', 'links'] as const
export type Part = (typeof parts)[number]
const Texts = { policies: z.string(), schema: z.string(), links: z.string(), tests: z.string() }
export type Texts = Readonly<Record<Part, string>>

const State = z.object({
  revision: z.number(),
  /** The version in which it was written so; each override since has made one more. */
  written: z.number(),
  /** How many stand beside it. */
  overrides: z.number(),
  kind: Kind,
  digest: z.string(),
  own: z.number(),
  organisation: z.number(),
  misfit: z.array(z.string()).nullable(),
})

const Version = z.object({
  revision: z.number(),
  kind: Kind,
  publishedBy: z.string(),
  publishedAt: z.string(),
  proposedBy: z.string().nullable(),
  isAlone: z.boolean(),
  title: z.string().nullable(),
  reason: z.string().nullable(),
  draft: z.string().nullable(),
  restores: z.number().nullable(),
})
export type Version = z.output<typeof Version>
const Versions = z.object({ versions: z.array(Version), next: z.number().nullable() })
const VersionWhole = Version.extend({ source: z.string(), ...Texts })

const Difference = z.object({
  part: z.enum(['althing', ...parts]),
  hunks: z.array(
    z.object({
      from: z.number(),
      to: z.number(),
      lines: z.array(z.object({ is: z.enum(['same', 'gone', 'new']), text: z.string() })),
    }),
  ),
})
export type Difference = z.output<typeof Difference>
const Differences = z.object({ parts: z.array(Difference) })

const DraftHead = z.object({
  id: z.string(),
  title: z.string(),
  version: z.number(),
  state: z.enum(['open', 'activated', 'withdrawn']),
  basedOn: z.number(),
  madeBy: z.string(),
  changedBy: z.string(),
  proposedBy: z.string().nullable(),
  revision: z.number().nullable(),
  madeAt: z.string(),
  changedAt: z.string(),
  proposedAt: z.string().nullable(),
})
export type DraftHead = z.output<typeof DraftHead>
const Draft = DraftHead.extend({ note: z.string(), ...Texts, inForce: z.number() })
export type Draft = z.output<typeof Draft>
const DraftRead = Draft.extend({
  authors: z.array(z.object({ actor: z.string(), isAdministrator: z.boolean().nullable() })),
})
export type DraftRead = z.output<typeof DraftRead>

const Trial = z.object({
  file: z.string(),
  name: z.string(),
  line: z.number(),
  passed: z.boolean(),
  outcome: z
    .object({
      decision: z.boolean(),
      reason: z.enum(['permitted', 'forbidden', 'nothing-permits', 'cannot-be-evaluated']),
      policies: z.array(z.string()),
      errors: z.array(z.object({ policy: z.string(), message: z.string() })),
    })
    .nullable(),
})
export type Trial = z.output<typeof Trial>
const Judged = z.object({
  problems: z.array(Problem),
  warnings: z.array(Problem),
  trials: z.array(Trial),
  isRight: z.boolean(),
})
export type Judged = z.output<typeof Judged>

const Formatted = z.object({ text: z.string().nullable(), problems: z.array(Problem) })
export type Formatted = z.output<typeof Formatted>

const Thing = z.object({ type: z.string(), id: z.string() })
const Side = z.object({ decision: z.boolean(), policies: z.array(z.string()) })
const Impact = z.object({
  looked: z.number(),
  replayed: z.number(),
  wouldAllow: z.number(),
  wouldDeny: z.number(),
  changedAlready: z.number(),
  unknown: z.object({ notKept: z.number(), readsMore: z.number() }),
  readsMore: z.array(z.string()),
  flips: z.array(
    z.object({
      id: z.string(),
      at: z.string(),
      subject: Thing,
      action: z.string(),
      resource: Thing,
      before: Side,
      after: Side,
    }),
  ),
  oldest: z.string().nullable(),
})
export type Impact = z.output<typeof Impact>

const Shadow = z.object({
  running: z
    .object({ version: z.number(), startedAt: z.string(), compared: z.number(), differed: z.number() })
    .nullable(),
})
export type Shadow = z.output<typeof Shadow>
const InForce = z.object({ revision: z.number() })

const base = '/api/policy'
const draftAt = (id: string) => `${base}/drafts/${encodeURIComponent(id)}`

function get<S extends z.ZodType>(path: string, shape: S): Promise<z.output<S>> {
  return ask(path, { parse: (value) => shape.parse(value) })
}

interface Sending {
  readonly method?: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly body?: unknown
  readonly ifMatch?: number
}

/** Everything that changes something, and what takes its time: the parser has a minute. */
async function send<S extends z.ZodType>(
  path: string,
  shape: S,
  { method = 'POST', body = {}, ifMatch }: Sending = {},
): Promise<z.output<S>> {
  const { csrf } = await me()
  const parse = (value: unknown) => shape.parse(value)
  return ask(path, {
    method,
    csrf,
    parse,
    timeoutMs: 90_000,
    ...(method === 'DELETE' ? {} : { body }),
    ...(ifMatch === undefined ? {} : { ifMatch }),
  })
}

export const state = () => get(`${base}/state`, State)
/** @param isAll with those that only overrides made */
export const versions = (before: string, { limit = 20, isAll = false } = {}) => {
  const query = {
    limit: String(limit),
    ...(before === '' ? {} : { before }),
    ...(isAll ? { overrides: 'true' } : {}),
  }
  return get(`${base}/versions?${new URLSearchParams(query).toString()}`, Versions)
}
export const version = (revision: string) => get(`${base}/versions/${revision}`, VersionWhole)
export const difference = (from: string, to: string) =>
  get(`${base}/versions/${from}/diff/${to}`, Differences)
export const rollBack = (revision: number, reason: string) =>
  send(`${base}/versions/${revision}/roll-back`, InForce, { body: { reason } })

export const drafts = async (which: DraftHead['state'] = 'open') =>
  (await get(`${base}/drafts?state=${which}`, z.object({ drafts: z.array(DraftHead) }))).drafts
export const draft = (id: string) => get(draftAt(id), DraftRead)
export const draftDifference = (id: string) => get(`${draftAt(id)}/diff`, Differences)
export const create = (body: unknown) => send(`${base}/drafts`, Draft, { body })
export const change = (id: string, ifMatch: number, body: unknown) =>
  send(draftAt(id), Draft, { method: 'PATCH', body, ifMatch })
export const check = (texts: Texts) => send(`${base}/check`, Judged, { body: texts })
export const format = (policies: string) => send(`${base}/format`, Formatted, { body: { policies } })
export const checkDraft = (id: string) => send(`${draftAt(id)}/check`, Judged)
export const propose = (id: string, ifMatch: number) => send(`${draftAt(id)}/propose`, DraftHead, { ifMatch })
export const withdraw = (id: string, ifMatch: number) =>
  send(`${draftAt(id)}/withdraw`, DraftHead, { ifMatch })
/** @param version the one that was read */
export const activate = (id: string, read: number, reason: string) =>
  send(`${draftAt(id)}/activate`, InForce, {
    body: { version: read, ...(reason === '' ? {} : { reason }) },
  })
export const impact = (id: string) => get(`${draftAt(id)}/impact`, Impact)
export const shadow = (id: string) => get(`${draftAt(id)}/shadow?limit=1`, Shadow)
export const startShadow = (id: string) => send(`${draftAt(id)}/shadow`, Shadow, { method: 'PUT' })
export const endShadow = (id: string) => send(`${draftAt(id)}/shadow`, Shadow, { method: 'DELETE' })

/** Who is here, and what they may do here. */
export async function keeper() {
  const [{ subject, roles }, may] = await Promise.all([me(), mayI()])
  return { actor: `person:${subject ?? ''}`, roles, may }
}
export type Keeper = Awaited<ReturnType<typeof keeper>>
