/**
 * The decision for others (AuthZEN 1.0): may this subject do this to that? Roles come from what identity told us, and how somebody
 * proved who they are from their token: never from whoever asks. What cannot be decided is denied.
 */
import { isFault, type Fault } from '@althing/kernel/errors'
import type { Evaluation, EvaluationAnswer, Evaluations, EvaluationsAnswer, Semantic } from '../contract.ts'
import {
  settled,
  type Engine,
  type Others,
  type Question,
  type Ruling,
  type Snapshot,
  type Written,
} from '../deciding.ts'
import type { Caller } from '../caller.ts'
import { createGivingWay } from '../giving-way.ts'
import { remembered } from '../remembered.ts'
import { fault } from './faults.ts'
import { evaluationOf, itemsOf } from './many.ts'
import { createReading, tokenProperty } from './question.ts'

type GiveWay = ReturnType<typeof createGivingWay>
/** As much as others wait for while lines are put together. */
const writtenAtOnce = 100
/** Of so many denials of a batch it is tried what would turn them round: nobody reads more. */
const triedAtMost = 20

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
  /** Whether it is written down what a decision was made of. */
  readonly isLogged: boolean
  /** Who may still deny what our policies allow. */
  readonly others: Others
  /** Sees each decision of our own in the world that it was made in. */
  readonly beside: (question: Question, ruling: Ruling, snapshot: Snapshot) => void
  /** What may be said to whoever is denied, beside that they are; `isTried`: also what has to be tried first. */
  readonly hintsFor: (
    question: Question,
    ruling: Ruling,
    snapshot: Snapshot,
    how: { readonly isTried: boolean },
  ) => Decided['hints']
}

export function createAccess({ engine, verify, decided, isLogged, others, beside, hintsFor }: Needs) {
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
      return evaluate(evaluationOf(asked), asking)
    const semantic = asked.options?.evaluations_semantic ?? 'execute_all'
    const giveWay = createGivingWay()
    const questions = await askableIn(
      asked,
      asked.evaluations,
      (subject) => shownBy(subject, asking),
      giveWay,
    )
    const snapshot = await engine.fresh()
    // Others are told all that they must know before the world may change; what they say is waited for afterwards.
    const { agreeing } = await snapshot.hold(async () => ({
      agreeing: agreed(await decideAll(questions, { semantic, snapshot, asking, giveWay }), snapshot),
    }))
    const whole = await agreeing
    const last = whole.findIndex((one) => ends(semantic, one))
    const told = last < 0 ? whole : whole.slice(0, last + 1)
    const made = told.filter((one): one is Decided => !isFault(one))
    for (const part of inParts(made)) {
      await decided(part)
      await giveWay()
    }
    return { evaluations: told.map((one) => (isFault(one) ? refusal(one) : answerOf(one))) }
  }

  async function decideAll(
    questions: readonly (Askable | Fault)[],
    { semantic, snapshot, asking, giveWay }: Deciding,
  ): Promise<readonly (Decided | Fault)[]> {
    const own: (Decided | Fault)[] = []
    const written: Written = new WeakMap()
    let denials = 0
    for (const question of questions) {
      const isTried = denials < triedAtMost
      const one = isFault(question)
        ? question
        : keepable(decide(question(), snapshot, asking, isTried), written)
      own.push(one)
      if (!isFault(one) && !one.ruling.decision) denials += 1
      // What others may still deny ends nothing yet: what comes after it may be the answer.
      if (!isOpen(one) && ends(semantic, one)) break
      await giveWay()
    }
    return own
  }

  /** With what it was made of, where that is written down: the world may be another before it is. */
  const keepable = (made: Decided, written: Written): Decided =>
    isLogged ? { ...made, ruling: settled(made.ruling, written) } : made

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

  function decide(question: Question, snapshot: Snapshot, asking: Asking, isTried = true): Decided {
    const begun = performance.now()
    const ruling = snapshot.decide(question)
    const { revisions, digest } = snapshot
    const microseconds = Math.round((performance.now() - begun) * 1000)
    beside(question, ruling, snapshot)
    const hints = hintsFor(question, ruling, snapshot, { isTried })
    return { asking, question, ruling, snapshot: { revisions, digest }, microseconds, hints }
  }

  /** @throws Fault policy.access.invalid, invalid_token */
  async function questionOf(asked: Evaluation, asking: Asking): Promise<Question> {
    const question = await askable(asked, createReading(), (subject) => shownBy(subject, asking))
    return question()
  }

  /** How the person who is asked about proved who they are: by the token that is shown for them, or by the one that they ask with themselves. */
  async function shownBy(subject: Evaluation['subject'], { caller }: Asking): Promise<Caller | null> {
    const token = subject.properties?.[tokenProperty]
    if (token === undefined) return isThemselves(caller, subject.id) ? caller : null
    if (typeof token !== 'string') throw fault.invalid_token()
    const shown = await verify(token).catch((error: unknown) => {
      throw isFault(error, 'kernel.token.unavailable') ? error : fault.invalid_token(error)
    })
    if (!isThemselves(shown, subject.id)) throw fault.invalid_token()
    return shown
  }

  return { evaluate, evaluateAll, questionOf }
}
export type Access = ReturnType<typeof createAccess>

/** Section 7.1.2.1: whether nothing is answered after it. */
const ends = (semantic: Semantic, one: Decided | Fault): boolean =>
  semantic === (!isFault(one) && one.ruling.decision ? 'permit_on_first_permit' : 'deny_on_first_deny')

const isThemselves = (caller: Caller, id: string) => caller.kind === 'person' && caller.subject === id

interface Deciding {
  readonly semantic: Semantic
  readonly snapshot: Snapshot
  readonly asking: Asking
  readonly giveWay: GiveWay
}

/** A question in which nothing is wrong. */
type Askable = () => Question
type ShownBy = (subject: Evaluation['subject']) => Promise<Caller | null>

/** Each as it can be asked, and what is wrong with the others. It is put into the engine's words when its turn comes. */
async function askableIn(
  asked: Evaluations,
  items: readonly unknown[],
  shownBy: ShownBy,
  giveWay: GiveWay,
): Promise<readonly (Askable | Fault)[]> {
  const itemOf = itemsOf(asked, items)
  const reading = createReading()
  const shownOnce = remembered(shownBy)
  const found: (Askable | Fault)[] = []
  for (const item of items) {
    found.push(await orFault(() => askable(itemOf(item), reading, shownOnce)))
    await giveWay()
  }
  return found
}

/** @throws Fault policy.access.invalid, invalid_token */
async function askable(
  asked: Evaluation,
  { problemsIn, questionOf }: ReturnType<typeof createReading>,
  shownBy: ShownBy,
): Promise<Askable> {
  const fields = problemsIn(asked)
  if (fields.length > 0) throw fault.invalid(undefined, { fields: fields.slice(0, 50) })
  const shown = asked.subject.type === 'Person' ? await shownBy(asked.subject) : null
  return () => questionOf(asked, shown)
}

async function orFault(read: () => Promise<Askable>): Promise<Askable | Fault> {
  try {
    return await read()
  } catch (error) {
    if (isFault(error, 'policy.access.invalid') || isFault(error, 'policy.access.invalid_token')) return error
    throw error
  }
}

function* inParts(made: readonly Decided[]): Iterable<readonly Decided[]> {
  for (let from = 0; from < made.length; from += writtenAtOnce) yield made.slice(from, from + writtenAtOnce)
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
