/** Cedar text, statement by statement, in Cedar's JSON: each with its `@id` and its place. What is wrong is said with both. */
import type { DetailedError, PolicyToJsonAnswer } from '@cedar-policy/cedar-wasm/nodejs'
import { JsonError, parseJson } from '@althing/kernel/cedar'
import { policyId, reservedPrefixOf, type Problem } from '../authored.ts'
import { complaint } from '../complaints.ts'
import type { Complaint } from '../contract.ts'
import { cedarSaid } from './cedar-says.ts'
import { exactly } from './exact.ts'
import { indexOfByte, placeOf } from './places.ts'
import { deepest, scan } from './scan.ts'

export interface Cedar {
  policyToJson(text: string): PolicyToJsonAnswer
  templateToJson(text: string): PolicyToJsonAnswer
}

export interface Statement {
  readonly id: string
  readonly isTemplate: boolean
  readonly text: string
  /** Where its text begins in the whole, as a character. */
  readonly start: number
  readonly json: Readonly<Record<string, unknown>>
}

const mostPolicies = 10_000
const mostProblems = 50

export function readStatements(
  cedar: Cedar,
  policies: string,
): { readonly statements: readonly Statement[]; readonly problems: readonly Problem[] } {
  const scanned = scan(policies)
  const tooMuch = boundsOf(scanned.depth, scanned.statements.length)
  if (tooMuch !== null) return { statements: [], problems: [problem(policies, 0, null, tooMuch)] }
  const [statements, problems]: [Statement[], Problem[]] = [[], []]
  const taken = new Set<string>()
  let start = 0
  for (const text of scanned.statements) {
    const read = statementOf(cedar, text, start, policies)
    if ('message' in read) problems.push(read)
    else if (taken.has(read.id))
      problems.push(problem(policies, firstWord(text, start), read.id, complaint('id-twice')))
    else {
      taken.add(read.id)
      statements.push(read)
    }
    if (problems.length >= mostProblems) break
    start += text.length + 1
  }
  return { statements, problems }
}

function boundsOf(depth: number, count: number): Complaint | null {
  if (depth > deepest) return complaint('too-deep', { most: deepest })
  return count > mostPolicies ? complaint('too-many-policies', { most: mostPolicies }) : null
}

function statementOf(cedar: Cedar, text: string, start: number, whole: string): Statement | Problem {
  const isTemplate = /\?(principal|resource)\b/.test(withoutWords(text))
  const { answer, text: said } = exactly(() =>
    isTemplate ? cedar.templateToJson(`${text};`) : cedar.policyToJson(`${text};`),
  )
  if (answer.type === 'failure') return syntaxProblem(answer.errors, text, start, whole)
  const json = jsonIn(said)
  if (json === null) return problem(whole, firstWord(text, start), null, complaint('chain-too-long'))
  const id = (json['annotations'] as Readonly<Record<string, unknown>> | undefined)?.['id']
  const at = firstWord(text, start)
  if (typeof id !== 'string') return problem(whole, at, null, complaint('id-missing'))
  if (!policyId.test(id)) return problem(whole, at, null, complaint('id-form'))
  const prefix = reservedPrefixOf(id)
  if (prefix !== undefined) return problem(whole, at, id, complaint('id-reserved', { prefix }))
  return { id, isTemplate, text: `${text};`, start, json }
}

/** Cedar's answer, exactly. A chain of `&&` is two levels of JSON for each link; what is deeper nobody writes as text again. */
function jsonIn(said: string): Statement['json'] | null {
  try {
    return (parseJson(said, { maxDepth: 2000 }) as unknown as { json: Statement['json'] }).json
  } catch (error) {
    if (error instanceof JsonError) return null
    throw error
  }
}

/** Strings and comments say nothing about slots. */
const withoutWords = (text: string) => text.replaceAll(/"(?:[^"\\]|\\.?)*(?:"|$)|\/\/[^\n]*/gs, '')

function syntaxProblem(
  errors: readonly DetailedError[],
  text: string,
  start: number,
  whole: string,
): Problem {
  const [first] = errors
  const [label] = first?.sourceLocations ?? []
  const index = start + (label === undefined ? 0 : indexOfByte(text, label.start))
  return problem(whole, index, null, cedarSaid(first))
}

/** Of the comments before it nobody is told. */
export function firstWord(text: string, start: number): number {
  const before = /^(?:\s+|\/\/[^\n]*)*/.exec(text)?.[0] ?? ''
  return start + before.length
}

export function problem(
  whole: string,
  index: number,
  policy: string | null,
  wrong: Complaint,
  part: Problem['part'] = 'policies',
): Problem {
  return { part, policy, ...placeOf(whole, index), ...wrong }
}
