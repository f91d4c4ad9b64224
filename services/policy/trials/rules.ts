/**
 * Tests of policies, as people write them: a small world, questions about it, and how they must be decided. A draft with a test that fails does
 * not come into force; neither does one with which Althing's own cases (evaluate/cases) come out otherwise, for these are what nobody gives away.
 */
import type { Compiled, Problem, Reason, Trial } from '../authored.ts'
import type { Prepared, Question, Ruling } from '../deciding.ts'
import { createGivingWay } from '../giving-way.ts'
import type { Known } from '../known.ts'
import { datetimeOf, recordOf } from '../values.ts'
import { readYaml } from '../yaml.ts'
import { TrialsWritten, type Case } from './written.ts'

/** When a case is asked that does not say it: the same day for ever, so that a test comes out tomorrow as it did today. */
const usualMoment = new Date('2026-01-01T12:00:00.000Z')

export interface TrialFile {
  readonly file: string
  readonly text: string
}

/** @returns what is wrong with the files, or how each case came out */
export async function runTrials(
  files: readonly TrialFile[],
  prepared: Pick<Prepared, 'inWorld'>,
): Promise<{ readonly problems: readonly Problem[]; readonly trials: readonly Trial[] }> {
  const [problems, trials]: [Problem[], Trial[]] = [[], []]
  const giveWay = createGivingWay()
  for (const { file, text } of files) {
    const read = readYaml(text, TrialsWritten)
    if (read.value === undefined) {
      problems.push(
        ...read.mistakes.map((mistake) => ({
          part: 'tests' as const,
          policy: null,
          column: null,
          ...mistake,
        })),
      )
      continue
    }
    if (read.value === null) continue
    const world = prepared.inWorld(worldOf(read.value), usualMoment)
    for (const [n, one] of read.value.cases.entries()) {
      trials.push({ file, line: read.lineOf(['cases', n]), ...outcomeOf(one, world.decide(questionOf(one))) })
      // Many cases with many policies: whoever waits for a decision comes between.
      await giveWay()
    }
  }
  return { problems, trials }
}

/** Of all the policies of a bundle; `prepare` is the engine's. */
export function createTrials(
  own: readonly TrialFile[],
  prepare: (whole: Compiled) => Pick<Prepared, 'inWorld'>,
) {
  return (whole: Compiled, tests: string) =>
    runTrials([...own, { file: 'tests', text: tests }], prepare(whole))
}

/** As entities/ keeps it: `in` makes the one of the other, whatever else is an attribute of the object. */
function worldOf({ model, relations }: TrialsWritten): Known[] {
  const known = new Map<string, { -readonly [name in keyof Known]: Known[name] }>()
  const at = ({ type, id }: Known['parents'][number]) => {
    const key = JSON.stringify([type, id])
    const one = known.get(key) ?? { type, id, attributes: {}, parents: [], relations: {}, stamp: null }
    known.set(key, one)
    return one
  }
  for (const { properties, ...one } of model) at(one).attributes = properties
  for (const { subject, relation, object } of relations) {
    at(subject)
    if (relation === 'in') at(subject).parents.push(object)
    else (at(object).relations[relation] ??= []).push(subject)
    at(object)
  }
  // A role stands in the policies already, with what is below it.
  return [...known.values()].filter(({ type }) => type !== 'Role')
}

const refOf = ({ type, id }: Known['parents'][number]) => ({ type, id })

function questionOf({ subject, action, resource, context }: Case): Question {
  const { now, ...others } = context ?? {}
  const moment = typeof now === 'string' ? datetimeOf(now) : null
  return {
    principal: { ...refOf(subject), attributes: recordOf(subject.properties) },
    action,
    resource: { ...refOf(resource), attributes: recordOf(resource.properties) },
    context: recordOf(others),
    ...(moment === null ? {} : { now: moment }),
  }
}

function outcomeOf(
  one: Case,
  ruling: Omit<Ruling, 'seen'>,
): Pick<Trial, 'name' | 'passed' | 'instead' | 'outcome'> {
  const { decision } = ruling
  const reason = reasonOf(ruling)
  const by = [...ruling.determining].sort()
  const passed =
    decision === (one.decision === 'allow') &&
    (one.reason === undefined || one.reason === reason) &&
    (one.policies === undefined || JSON.stringify([...one.policies].sort()) === JSON.stringify(by))
  if (passed) return { name: one.name, passed, instead: null, outcome: null }
  const errors = ruling.errors.map(({ policy, message }) => ({ policy, message }))
  const named = [...by, ...errors.map(({ policy, message }) => `${policy} (${message})`)]
  const instead = `${decision ? 'allow' : 'deny'}, ${reason}${named.length === 0 ? '' : `: ${named.join(', ')}`}`
  return { name: one.name, passed, instead, outcome: { decision, reason, policies: by, errors } }
}

function reasonOf({ decision, determining, errors }: Omit<Ruling, 'seen'>): Reason {
  if (decision) return 'permitted'
  if (errors.length > 0) return 'cannot-be-evaluated'
  return determining.length > 0 ? 'forbidden' : 'nothing-permits'
}
