/** What is written for an exception, what is missing in it, and what is asked of policy with it. */
import { isoIn } from './moments.ts'
import { refIn, type Ref } from './permissions-api.ts'
import { mostWords } from './too-long.ts'

export interface OverrideForm {
  readonly kind: 'deny' | 'allow'
  readonly subject: Ref | null
  /** The name of whoever it is for; empty where only the id is known. */
  readonly called: string
  readonly actions: readonly string[]
  readonly on: string
  /** As an input of type datetime-local holds it. */
  readonly until: string
  readonly reason: string
}

export const emptyOverride: OverrideForm = {
  kind: 'deny',
  subject: null,
  called: '',
  actions: [],
  on: '',
  until: '',
  reason: '',
}

export interface Asking extends Pick<OverrideForm, 'kind' | 'actions' | 'reason' | 'until'> {
  readonly subject: Ref
  readonly resource: Ref | null
}

/** In the order in which they stand on the page. */
export const orderOf = ['who', 'actions', 'on', 'until', 'why'] as const
type Name = (typeof orderOf)[number]
export type Mistakes = Partial<Record<Name, 'who' | 'actions' | 'written' | 'until' | 'why'>>

interface Bounds {
  readonly now: Date
  readonly mostDays: number
}

const dayMs = 86_400_000
const mostActions = 50

export function mistakesIn(
  form: OverrideForm,
  bounds: Bounds,
): { readonly asking: Asking | null; readonly wrong: Mistakes } {
  const { kind, subject, actions } = form
  const reason = form.reason.trim()
  const resource = form.on.trim() === '' ? null : refIn(form.on)
  const until = isoIn(form.until)
  const wrong: Mistakes = {
    ...(subject === null ? { who: 'who' } : {}),
    ...(actions.length === 0 || actions.length > mostActions ? { actions: 'actions' } : {}),
    ...(form.on.trim() !== '' && resource === null ? { on: 'written' } : {}),
    ...(isAhead(until, bounds) ? {} : { until: 'until' }),
    ...(reason.length < 3 || reason.length > mostWords ? { why: 'why' } : {}),
  }
  if (subject === null || Object.keys(wrong).length > 0) return { asking: null, wrong }
  return { asking: { kind, subject, actions, resource, until, reason }, wrong }
}

/** What has ended before it began is a slip of the pen. */
function isAhead(until: string, { now, mostDays }: Bounds): boolean {
  const ms = new Date(until).getTime() - now.getTime()
  return ms >= 60_000 && ms <= mostDays * dayMs
}
