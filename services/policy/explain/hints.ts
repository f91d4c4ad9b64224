/**
 * What an application is told beside a denial (AuthZEN 1.0, section 5.5.2): the reason that the authors of a policy wrote for people and for
 * those who look after it; and, when nothing is missing but a stronger sign-in, which one. Where policies say nothing of it, it costs nothing.
 */
import type { PolicySet } from '@althing/kernel/cedar'
import type { Laid, Question, Ruling, Snapshot } from '../deciding.ts'
import type { PolicyJson } from './expressions.ts'
import { lacks, sortOf } from './needs.ts'
import { createProbe } from './probe.ts'
import type { Change } from './schema.ts'

type Hints = Readonly<Record<string, unknown>>

interface Speaking {
  /** Permits and forbids that look at how somebody signed in. */
  readonly ofFactors: Readonly<Record<string, unknown>>
  readonly hasWords: boolean
}

const nothing: Hints = {}
/** In letters of what is looked at: a hint is a courtesy, and must not cost what a decision costs a hundred times. */
const evaluatedAtMost = 20_000

export function createHints() {
  /** Looked through once for each set of policies. */
  const known = new WeakMap<PolicySet, Speaking>()

  function speakingIn({ set, policies }: Laid): Speaking {
    const found = known.get(set) ?? read(policies)
    known.set(set, found)
    return found
  }

  /** `isTried`: whether it is worth trying which sign-in would do; what authors wrote is told in any case. */
  return function hintsFor(
    question: Question,
    { decision, determining, errors }: Ruling,
    snapshot: Pick<Snapshot, 'ground'>,
    { isTried = true }: { readonly isTried?: boolean } = {},
  ): Hints {
    if (decision || errors.length > 0) return nothing
    const laid = snapshot.ground(question)
    const speaking = speakingIn(laid)
    const reasons = speaking.hasWords ? reasonsOf(determining, laid.policies) : nothing
    const isOursToProve =
      isTried && question.principal.type === 'Person' && Object.keys(speaking.ofFactors).length > 0
    return isOursToProve ? { ...reasons, ...stepUp(question, laid, speaking, determining) } : reasons
  }
}
export type HintsFor = ReturnType<typeof createHints>

function read(policies: Readonly<Record<string, unknown>>): Speaking {
  const all = Object.entries(policies as Readonly<Record<string, PolicyJson>>)
  return {
    ofFactors: Object.fromEntries(
      all.filter(([, { conditions }]) => conditions.some(({ body }) => looksAtFactors(body))),
    ),
    hasWords: all.some(
      ([, { annotations = {} }]) =>
        'reason' in annotations || 'reason_is' in annotations || 'advice' in annotations,
    ),
  }
}

const factors: readonly string[] = ['acr', 'amr', 'auth_time']

function looksAtFactors(expression: unknown): boolean {
  const waiting: unknown[] = [expression]
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    if (typeof one !== 'object' || one === null) continue
    if ('attr' in one && [one.attr].flat().some((name) => factors.includes(String(name)))) return true
    waiting.push(...Object.values(one).filter((inner) => inner !== undefined))
  }
  return false
}

/** Of the forbids that struck, in their order. */
function reasonsOf(determining: readonly string[], policies: Readonly<Record<string, unknown>>): Hints {
  const written = determining.map((id) => (policies[id] as PolicyJson).annotations ?? {})
  const first = (name: string) =>
    written.map((one) => one[name]).find((text) => typeof text === 'string' && text !== '')
  const user = languages(first('reason'), first('reason_is'))
  const admin = languages(first('advice'), undefined)
  return {
    ...(user === null ? {} : { reason_user: user }),
    ...(admin === null ? {} : { reason_admin: admin }),
  }
}

function languages(en: string | null | undefined, is: string | null | undefined) {
  const both = { ...(en == null ? {} : { en }), ...(is == null ? {} : { is }) }
  return Object.keys(both).length === 0 ? null : both
}

/** Only when a sign-in alone would do: to whom anything else is missing, a second factor is no help. */
function stepUp(
  { principal }: Question,
  laid: Laid,
  { ofFactors }: Speaking,
  struck: readonly string[],
): Hints {
  // A forbid that looks at factors is in the way of any permit; else only permits that look at them can be meant.
  const isForbidden = struck.some((id) => Object.hasOwn(ofFactors, id))
  if (struck.length > 0 && !isForbidden) return nothing
  const ways = lacks(isForbidden ? laid.policies : ofFactors, createProbe(laid), { left: evaluatedAtMost })
  const way = ways.find((one) => one.way.every((change) => sortOf(change, principal) === 'factor'))?.way
  return way === undefined ? nothing : hintOf(way)
}

function hintOf(way: readonly Change[]): Hints {
  const values = (name: string): string[] =>
    way.flatMap((change) =>
      change.kind === 'set' && change.path[0] === name && change.instead === undefined
        ? [change.value].flat().filter((one) => typeof one === 'string')
        : [],
    )
  const [acr, amr] = [values('acr'), values('amr')]
  return {
    ...(acr.length === 0 ? {} : { acr_values: acr.join(' ') }),
    ...(amr.length === 0 ? {} : { amr_values: amr.join(' ') }),
  }
}
