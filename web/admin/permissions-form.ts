/** What is written into the explorer, as a question for policy; or what is wrong with it, and at which field. */
import * as api from './permissions-api.ts'

export const names = ['who', 'action', 'what', 'context'] as const
export type Name = (typeof names)[number]
export type Form = Readonly<Record<Name, string>>
type Mistake = 'needed' | 'nobody' | 'many' | 'written' | 'json'
export type Mistakes = Partial<Record<Name, Mistake>>

/** Why may they (not); who can; what may they. */
export type Question =
  | { readonly kind: 'why' | 'whoCan'; readonly asked: api.Asked }
  | { readonly kind: 'whatMay'; readonly asked: api.MayAsked }
export type Kind = Question['kind']

const kinds: readonly Kind[] = ['why', 'whoCan', 'whatMay']
/** Which question stands in an address; the first where none is named. */
export const kindIn = (filter: URLSearchParams): Kind =>
  kinds.find((kind) => kind === filter.get('ask')) ?? 'why'

export const formIn = (filter: URLSearchParams): Form => ({
  who: filter.get('who') ?? '',
  action: filter.get('action') ?? '',
  what: filter.get('what') ?? '',
  context: filter.get('context') ?? '',
})

/** The same question, to come back to. */
export function addressOf(form: Form, kind: Kind): string {
  const written = Object.entries(form).filter(([, value]) => value !== '')
  const query = new URLSearchParams([...written, ...(kind === 'why' ? [] : [['ask', kind]])])
  return `/admin/permissions?${query.toString()}`
}

/** It can be asked as it stands. */
export const isWhole = (form: Form, kind: Kind): boolean => Object.keys(mistakesIn(form, kind)).length === 0

interface Read {
  /** Those who could be meant, where it is not one. */
  readonly many?: readonly api.Somebody[]
  readonly question: Question | null
  readonly wrong: Mistakes
}

export async function questionIn(form: Form, kind: Kind): Promise<Read> {
  const context = contextIn(form.context)
  const wrong: Mistakes = {
    ...mistakesIn(form, kind),
    ...(context === null ? { context: 'json' as const } : {}),
  }
  if (context === null || Object.keys(wrong).length > 0) return { question: null, wrong }
  // Who can is not about anybody: only about the kind that they are of.
  if (kind === 'whoCan') return whole(kind, form, context, api.refIn(form.who) ?? { type: 'Person', id: '' })
  const people = await api.peopleLike(form.who)
  const [one] = people
  if (one === undefined) return { question: null, wrong: { who: 'nobody' } }
  if (people.length > 1) return { question: null, wrong: { who: 'many' }, many: people }
  const subject = one.ref
  if (kind === 'why') return whole(kind, form, context, subject)
  return { question: { kind, asked: { subject, resource: somethingIn(form.what), context } }, wrong: {} }
}

function whole(kind: 'why' | 'whoCan', form: Form, context: api.Asked['context'], subject: api.Ref): Read {
  const resource = api.refIn(form.what)
  if (resource === null) return { question: null, wrong: { what: 'written' } }
  return { question: { kind, asked: { subject, action: form.action.trim(), resource, context } }, wrong: {} }
}

function mistakesIn({ who, action, what }: Form, kind: Kind): Mistakes {
  const isWhole = kind !== 'whatMay'
  return {
    ...(kind !== 'whoCan' && who.trim() === '' ? { who: 'needed' } : {}),
    ...(isWhole && action.trim() === '' ? { action: 'needed' } : {}),
    ...whatIn(what.trim(), isWhole),
  }
}

function whatIn(what: string, isWhole: boolean): Mistakes {
  if (what === '') return isWhole ? { what: 'needed' } : {}
  return api.refIn(what) !== null || (!isWhole && isKind(what)) ? {} : { what: 'written' }
}

const isKind = (text: string): boolean => /^(?:[A-Za-z_]\w*::)*[A-Za-z_]\w*$/.test(text)

/** Nothing is Althing as a whole, and a kind alone is all that is known of it. `Space::Kind` is a thing called Kind, as everywhere. */
function somethingIn(what: string): api.MayAsked['resource'] {
  const text = what.trim()
  return text === '' ? undefined : (api.refIn(text) ?? { type: text })
}

function contextIn(text: string): Readonly<Record<string, unknown>> | undefined | null {
  if (text.trim() === '') return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}
