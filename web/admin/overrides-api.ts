/** What the console asks of policy about exceptions for a while, and about emergency access. Who decides about whom is seen to behind it. */
import { ask } from '@althing/web-ui/dom/http.ts'
import { z } from 'zod'
import { me } from './api.ts'
import { Ref } from './permissions-api.ts'

export const kinds = ['deny', 'allow', 'emergency'] as const
export const states = ['asked', 'in-force', 'expired', 'refused', 'ended', 'lapsed'] as const
const Role = z.enum(['election-manager', 'administrator'])
export type Role = z.output<typeof Role>

const Override = z.object({
  id: z.string(),
  kind: z.enum(kinds),
  state: z.enum(states),
  subject: Ref,
  actions: z.array(z.string()),
  /** What they are; an organisation's own have none. */
  words: z.record(z.string(), z.object({ is: z.string(), en: z.string() })),
  resource: Ref.nullable(),
  role: Role.nullable(),
  reason: z.string(),
  askedBy: z.string(),
  askedUnder: z.string().nullable(),
  askedAt: z.string(),
  until: z.string().nullable(),
  lastsSeconds: z.number().nullable(),
  decideBy: z.string(),
  decidedBy: z.string().nullable(),
  decidedAt: z.string().nullable(),
  decidedWhy: z.string().nullable(),
  isAlone: z.boolean(),
  endedBy: z.string().nullable(),
  endedAt: z.string().nullable(),
  endedWhy: z.string().nullable(),
})
export type Override = z.output<typeof Override>

/** Nobody decided about it, and not because there was no time: whoever asked may not ask any more. */
export const hasFallen = ({ state, endedAt }: Override): boolean => state === 'lapsed' && endedAt !== null

/** What they lost: a role, as identity told; or what was lent to them, and somebody has ended that. Else a policy, a ban or the clock keeps them from it. */
export const whyFallen = ({ endedBy }: Override): 'role' | 'loan' | 'other' => {
  if (endedBy === 'service:identity') return 'role'
  return endedBy === 'service:policy' ? 'other' : 'loan'
}

const Listed = z.object({
  overrides: z.array(Override),
  next: z.string().nullable(),
  mostDays: z.number(),
  decideDays: z.number(),
})
const Offer = z.object({ roles: z.array(Role), mostMinutes: z.number(), decideMinutes: z.number() })
export type Offer = z.output<typeof Offer>
const EmergencyListed = Listed.omit({ mostDays: true, decideDays: true }).extend({ offer: Offer })
/** Why something is taken from nobody, or given to nobody. */
const Withheld = z.enum(['own', 'way-out', 'of-roles']).nullable()
const Action = z.object({
  name: z.string(),
  isOwn: z.boolean(),
  withheld: z.object({ deny: Withheld, allow: Withheld }),
  needs: z.array(z.string()),
  /** What it is, and where it is asked about; of an organisation's own nobody knows. */
  said: z.object({ at: z.string(), words: z.object({ is: z.string(), en: z.string() }) }).nullable(),
})
export type Action = z.output<typeof Action>
const Actions = z.object({ actions: z.array(Action) })

/** Emergency access has doors of its own: others may go there. */
export type Door = 'overrides' | 'emergency'
const base = '/api/policy'

type Query = Readonly<Record<string, string>>
const queryOf = (filter: Query) =>
  new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== '')).toString()

function get<S extends z.ZodType>(path: string, shape: S): Promise<z.output<S>> {
  return ask(`${base}/${path}`, { parse: (value) => shape.parse(value) })
}

async function post(path: string, body: unknown): Promise<Override> {
  const { csrf } = await me()
  const parse = (value: unknown) => Override.parse(value)
  return ask(`${base}/${path}`, { method: 'POST', csrf, body, parse, timeoutMs: 60_000 })
}

export const overrides = (filter: Query) => get(`overrides?${queryOf(filter)}`, Listed)
export const emergencies = (filter: Query) => get(`emergency?${queryOf(filter)}`, EmergencyListed)
export const override = (door: Door, id: string) => get(`${door}/${id}`, Override)
export const actions = async () => (await get('actions', Actions)).actions

interface Asking {
  readonly kind: 'deny' | 'allow'
  readonly subject: Ref
  readonly actions: readonly string[]
  readonly resource: Ref | null
  readonly until: string
  readonly reason: string
}
export const make = (asking: Asking) => post('overrides', asking)
export const askEmergency = (asking: {
  readonly role: Role
  readonly minutes: number
  readonly reason: string
}) => post('emergency', asking)

export const doorOf = ({ kind }: Pick<Override, 'kind'>): Door =>
  kind === 'emergency' ? 'emergency' : 'overrides'

export const decide = (one: Override, approve: boolean, reason: string) =>
  post(`${doorOf(one)}/${one.id}/decide`, { approve, ...(reason === '' ? {} : { reason }) })
export const end = (one: Override, reason: string) => post(`${doorOf(one)}/${one.id}/end`, { reason })
