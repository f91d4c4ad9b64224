/**
 * The decision for others (AuthZEN 1.0): may this subject do this to that? Roles come from what identity told us, and how somebody
 * proved who they are from their token: never from whoever asks. What cannot be decided is denied.
 */
import { isFault, type Fault } from '@althing/kernel/errors'
import {
  Evaluation,
  type EvaluationAnswer,
  type Evaluations,
  type EvaluationsAnswer,
  type Semantic,
} from '../contract.ts'
import type { Engine, Others, Question, Ruling, Snapshot } from '../deciding.ts'
import type { Caller } from '../caller.ts'
import { fault } from './faults.ts'
import { contextOf, principalOf, problemsIn, thingOf, tokenProperty } from './question.ts'

export interface Asking {
  readonly caller: Caller
  /** X-Request-ID, as it came. */
  readonly request: string | undefined
}

/** A decision that was made, for the log. */
export interface Decided {
  readonly asking: Asking
  readonly question: Question
  readonly ruling: Ruling
  readonly snapshot: Pick<Snapshot, 'revisions' | 'digest'>
  readonly microseconds: number
  /** What is told beside a denial. */
  readonly hints: Readonly<Record<string, unknown>>
}

interface Needs {
  readonly engine: Engine
  /** @throws Fault kernel.token.* */
  readonly verify: (token: string) => Promise<Caller>
  /** Every decision is told. What is promised is what it promises: whether it waits until the line is safe is its own to know. */
  readonly decided: (decisions: readonly Decided[]) => Promise<void>
  /** Who may still deny what our policies allow. */
  readonly others: Others
  /** Sees each decision of our own in the world that it was made in. */
  readonly beside: (question: Question, ruling: Ruling, snapshot: Snapshot) => void
  /** What may be said to whoever is denied, beside that they are. */
  readonly hintsFor: (question: Question, ruling: Ruling, snapshot: Snapshot) => Decided['hints']
}

export function createAccess({ engine, verify, decided, others, beside, hintsFor }: Needs) {
  async function evaluate(asked: Evaluation, asking: Asking): Promise<EvaluationAnswer> {
    const question = await questionOf(asked, asking)
    const snapshot = await engine.fresh()
    const [made] = await agreed([decide(question, snapshot, asking)], snapshot)
    await decided([made])
    return answerOf(made)
  }

  /** Section 7. Each is decided in the same world; a wrong one is denied by itself. */
  async function evaluateAll(asked: Evaluations, asking: Asking): Promise<EvaluationsAnswer> {
    if (asked.evaluations === undefined || asked.evaluations.length === 0)
      return evaluate(checked(Evaluation.safeParse(asked)), asking)
    const semantic = asked.options?.evaluations_semantic ?? 'execute_all'
    const questions = await Promise.all(
      asked.evaluations.map((one) => questionOrFault(withDefaults(asked, one), asking)),
    )
    const snapshot = await engine.fresh()
    const own: (Decided | Fault)[] = []
    for (const question of questions) {
      const one = isFault(question) ? question : decide(question, snapshot, asking)
      own.push(one)
      // What others may still deny ends nothing yet: what comes after it may be the answer.
      if (!isOpen(one) && ends(semantic, one)) break
    }
    const whole = await agreed(own, snapshot)
    const last = whole.findIndex((one) => ends(semantic, one))
    const told = last < 0 ? whole : whole.slice(0, last + 1)
    await decided(told.filter((one): one is Decided => !isFault(one)))
    return { evaluations: told.map((one) => (isFault(one) ? refusal(one) : answerOf(one))) }
  }

  /**
   * As many as were made, each with what others said of it who must agree to what our policies allow. All is asked at once, and nothing is
   * waited for where nobody must.
   */
  async function agreed<T extends readonly (Decided | Fault)[]>(made: T, snapshot: Snapshot): Promise<T> {
    const open = made.filter(isOpen)
    if (open.length === 0) return made
    const said = await others.agree(open.map(({ question, ruling }) => ({ question, ruling, snapshot })))
    const by = new Map(open.map((one, n) => [one, { ...one, ...said[n] }]))
    return made.map((one) => (isFault(one) ? one : (by.get(one) ?? one))) as unknown as T
  }

  const isOpen = (one: Decided | Fault): one is Decided =>
    !isFault(one) &&
    one.ruling.decision &&
    others.named(one.question.action, one.question.resource.type).length > 0

  function decide(question: Question, snapshot: Snapshot, asking: Asking): Decided {
    const begun = performance.now()
    const ruling = snapshot.decide(question)
    const { revisions, digest } = snapshot
    const microseconds = Math.round((performance.now() - begun) * 1000)
    beside(question, ruling, snapshot)
    const hints = hintsFor(question, ruling, snapshot)
    return { asking, question, ruling, snapshot: { revisions, digest }, microseconds, hints }
  }

  /** @throws Fault policy.access.invalid, invalid_token */
  async function questionOf(asked: Evaluation, asking: Asking): Promise<Question> {
    const fields = problemsIn(asked)
    if (fields.length > 0) throw fault.invalid(undefined, { fields: fields.slice(0, 50) })
    const { subject, action, resource, context } = asked
    return {
      principal: principalOf(subject, await shownBy(subject, asking)),
      action: action.name,
      resource: thingOf(resource),
      context: contextOf(action, context),
    }
  }

  /** How the subject proved who they are: by the token that is shown for them, or by the one that they ask with themselves. */
  async function shownBy(subject: Evaluation['subject'], { caller }: Asking): Promise<Caller | null> {
    const token = subject.properties?.[tokenProperty]
    if (subject.type !== 'Person') return null
    if (token === undefined) return isThemselves(caller, subject.id) ? caller : null
    if (typeof token !== 'string') throw fault.invalid_token()
    const shown = await verify(token).catch((error: unknown) => {
      throw isFault(error, 'kernel.token.unavailable') ? error : fault.invalid_token(error)
    })
    if (!isThemselves(shown, subject.id)) throw fault.invalid_token()
    return shown
  }

  async function questionOrFault(asked: unknown, asking: Asking): Promise<Question | Fault> {
    try {
      return await questionOf(checked(Evaluation.safeParse(asked)), asking)
    } catch (error) {
      if (isFault(error, 'policy.access.invalid') || isFault(error, 'policy.access.invalid_token'))
        return error
      throw error
    }
  }

  return { evaluate, evaluateAll, questionOf }
}
export type Access = ReturnType<typeof createAccess>

/** Section 7.1.2.1: whether nothing is answered after it. */
const ends = (semantic: Semantic, one: Decided | Fault): boolean =>
  semantic === (!isFault(one) && one.ruling.decision ? 'permit_on_first_permit' : 'deny_on_first_deny')

const isThemselves = (caller: Caller, id: string) => caller.kind === 'person' && caller.subject === id

type Parsed = ReturnType<typeof Evaluation.safeParse>

/** @throws Fault policy.access.invalid */
function checked(parsed: Parsed): Evaluation {
  if (parsed.success) return parsed.data
  const fields = parsed.error.issues.map(({ path, message }) => ({ pointer: `/${path.join('/')}`, message }))
  throw fault.invalid(undefined, { fields: fields.slice(0, 50) })
}

/**
 * Section 7.1.1: what an item says stands instead of the default, whole. Only a type, an id or a name that it leaves out is the default's
 * (certification scenario 3.2.7).
 */
function withDefaults(defaults: Evaluations, item: unknown): unknown {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return {}
  const said = item as Readonly<Record<string, unknown>>
  const { subject, action, resource, context } = defaults
  return {
    subject: filled(said['subject'], subject, ['type', 'id']),
    action: filled(said['action'], action, ['name']),
    resource: filled(said['resource'], resource, ['type', 'id']),
    context: said['context'] ?? context,
  }
}

function filled(
  said: unknown,
  fallback: Readonly<Record<string, unknown>> | undefined,
  names: readonly string[],
): unknown {
  if (said === undefined) return fallback
  if (typeof said !== 'object' || said === null || Array.isArray(said)) return said
  const required = names.flatMap((name) => (fallback?.[name] === undefined ? [] : [[name, fallback[name]]]))
  return { ...Object.fromEntries(required), ...said }
}

function answerOf({ ruling: { decision, determining, errors }, snapshot, hints }: Decided): EvaluationAnswer {
  return {
    decision,
    context: {
      policies: determining,
      ...(errors.length === 0 ? {} : { errors: errors.map(({ policy }) => policy) }),
      revision: `${snapshot.revisions.policies}.${snapshot.revisions.world}`,
      ...hints,
    },
  }
}

/** Section 7.2.1: what is wrong with one of many stands beside its denial. */
function refusal({ status, title, fields }: Fault): EvaluationAnswer {
  const where = fields.map(({ pointer }) => pointer).join(', ')
  return {
    decision: false,
    context: { error: { status, message: where === '' ? title : `${title} ${where}` } },
  }
}
