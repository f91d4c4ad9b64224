/** What the console asks of policy about who may what, and why. None of it is a decision. */
import { ask } from '@althing/web-ui/dom/http.ts'
import { z } from 'zod'
import { me } from './api.ts'
import * as people from './people-api.ts'

export const Ref = z.object({ type: z.string(), id: z.string() })
export type Ref = z.output<typeof Ref>
const Both = z.object({ en: z.string(), is: z.string() })

const Sort = z.enum(['role', 'group', 'factor', 'attribute', 'context'])
export type Sort = z.output<typeof Sort>

const Explanation = z.object({
  decision: z.boolean(),
  determining: z.array(z.string()),
  errors: z.array(z.object({ policy: z.string(), message: z.string() })),
  words: z.object({ en: z.array(z.string()), is: z.array(z.string()) }),
  /** Of whom, and of what, nothing is known; a policy service of the version before does not say it. */
  unknown: z.array(z.object({ words: z.object({ en: z.string(), is: z.string() }) })).default([]),
  policies: z.array(
    z.object({
      id: z.string(),
      effect: z.enum(['permit', 'forbid']),
      applies: z.enum(['yes', 'no', 'error']),
      goals: z.array(
        z.object({
          of: z.enum(['principal', 'action', 'resource', 'when', 'unless']),
          text: z.string(),
          holds: z.enum(['yes', 'no', 'error']),
          because: z
            .object({
              text: z.string(),
              values: z.array(z.object({ text: z.string(), value: z.string() })),
              missing: z.object({ of: z.string(), name: z.string() }).nullable(),
              message: z.string().nullable(),
            })
            .nullable(),
        }),
      ),
      reason: z.object({ en: z.string().nullable(), is: z.string().nullable() }),
      advice: z.string().nullable(),
      /** Of what somebody was given or denied for a while. */
      override: z.object({ id: z.string(), reason: z.string(), until: z.string().nullable() }).nullable(),
    }),
  ),
  looked: z.number(),
  needed: z.array(
    z.object({
      policy: z.string(),
      changes: z.array(z.looseObject({ sort: Sort })),
      /** Ids of overrides that would have to end. */
      ends: z.array(z.string()),
      words: Both,
    }),
  ),
})
export type Explanation = z.output<typeof Explanation>

const Through = z.object({ policy: z.string(), in: Ref.nullable() })
const CanFound = z.object({
  page: z.object({ next_token: z.string() }),
  results: z.array(Ref.extend({ through: z.array(Through) })),
})
export type CanFound = z.output<typeof CanFound>

const MayFound = z.object({
  page: z.object({ next_token: z.string() }),
  results: z.array(
    // Without an id: any thing of its kind, as far as nothing is known of it.
    z.object({
      resource: Ref.extend({ id: z.string().nullable() }),
      actions: z.array(z.object({ name: z.string(), through: z.array(Through) })),
    }),
  ),
})
export type MayFound = z.output<typeof MayFound>

const Outcome = Explanation.pick({ decision: true, determining: true, errors: true })
export type Outcome = z.output<typeof Outcome>
const Simulated = z.object({ now: Outcome, supposed: Outcome })
export type Simulated = z.output<typeof Simulated>

/** What would be otherwise; `of` null is the context. */
export type Change =
  | {
      readonly kind: 'set'
      readonly of: Ref | null
      readonly path: readonly string[]
      readonly value: unknown
    }
  | { readonly kind: 'unset'; readonly of: Ref | null; readonly path: readonly string[] }
  | { readonly kind: 'join' | 'leave'; readonly of: Ref; readonly in: Ref }

/** Without a resource it is about Althing as a whole and any thing of its kinds; with a kind alone about all that is known of it. */
export interface MayAsked extends Pick<Asked, 'subject' | 'context'> {
  readonly resource: { readonly type: string; readonly id?: string } | undefined
}

export interface Asked {
  readonly subject: Ref
  readonly action: string
  readonly resource: Ref
  readonly context: Readonly<Record<string, unknown>> | undefined
}

async function post<S extends z.ZodType>(path: string, shape: S, body: unknown): Promise<z.output<S>> {
  const { csrf } = await me()
  return ask(`/api/policy/${path}`, { method: 'POST', csrf, body, parse: (value) => shape.parse(value) })
}

const around = ({ context }: Pick<Asked, 'context'>) => (context === undefined ? {} : { context })

export const explain = (asked: Asked) =>
  post('explain', Explanation, {
    subject: asked.subject,
    action: { name: asked.action },
    resource: asked.resource,
    ...around(asked),
  })

export const whoCan = (asked: Asked, token: string) =>
  post('who-can', CanFound, {
    subject: { type: asked.subject.type },
    action: { name: asked.action },
    resource: asked.resource,
    page: { limit: 50, ...(token === '' ? {} : { token }) },
    ...around(asked),
  })

export const whatMay = ({ subject, resource, ...asked }: MayAsked, token: string) =>
  post('what-may', MayFound, {
    subject,
    ...(resource === undefined ? {} : { resource }),
    page: { limit: 50, ...(token === '' ? {} : { token }) },
    ...around(asked),
  })

/** @param draft whose policies are to count instead; empty for those in force */
export const simulate = (asked: Asked, changes: readonly object[], draft = '') =>
  post('simulate', Simulated, {
    subject: asked.subject,
    action: { name: asked.action },
    resource: asked.resource,
    ...around(asked),
    changes: changes.map(withoutSort),
    ...(draft === '' ? {} : { draft }),
  })

/** What a need is about is for people to read. */
const withoutSort = (change: object): object =>
  Object.fromEntries(Object.entries(change).filter(([name]) => name !== 'sort'))

const written = /^((?:[A-Za-z_]\w*::)*[A-Za-z_]\w*)::(?:"(.+)"|(.+))$/

/** `Type::id`, or `Type::"an id"`; null when it is neither. */
export function refIn(text: string): Ref | null {
  const [, type, quoted, plain] = written.exec(text.trim()) ?? []
  const id = quoted ?? plain
  return type === undefined || id === undefined ? null : { type, id }
}

export const nameOf = ({ type, id }: Ref): string => `${type}::${/::|"/.test(id) ? `"${id}"` : id}`

export interface Somebody {
  readonly ref: Ref
  /** Empty where only the id is known. */
  readonly name: string
  /** Their address. */
  readonly more: string
  readonly roles: readonly string[]
}

const known = (ref: Ref): Somebody => ({ ref, name: '', more: '', roles: [] })

/** Somebody by type and id, or a person by name or address; as many as match, and one alone where the address is theirs. */
export async function peopleLike(text: string): Promise<readonly Somebody[]> {
  const words = text.trim()
  const ref = refIn(words)
  if (ref !== null) return [known(ref)]
  if (/^acc_[0-9a-f-]+$/.test(words)) return [known({ type: 'Person', id: words })]
  const { users } = await people.people({ q: words, status: '', by: 'name', after: '' })
  const found = users.map(({ id, name, email, roles }) => ({
    ref: { type: 'Person', id },
    name,
    more: email ?? '',
    roles,
  }))
  const exact = found.filter(({ more }) => more !== '' && more.toLowerCase() === words.toLowerCase())
  return exact.length === 1 ? exact : found
}
