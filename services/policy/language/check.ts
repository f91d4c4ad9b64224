/**
 * All that can be said of a source without asking anybody: it is Cedar, each policy has a name, it fits what it speaks of, and our evaluators
 * understand it. Without a schema of the organisation's own nobody can say what is right about its own kinds: that much is told as a warning.
 */
import type {
  SchemaJson,
  ValidationAnswer,
  ValidationCall,
  SchemaToJsonAnswer,
  ValidationError,
} from '@cedar-policy/cedar-wasm/nodejs'
import { createEvaluator, Policy } from '@althing/kernel/authz'
import { createPolicySet, readSchema, writeJson } from '@althing/kernel/cedar'
import { z } from 'zod'
import type { Checked, PoliciesJson, Problem, Source } from '../authored.ts'
import { complaint } from '../complaints.ts'
import type { Complaint } from '../contract.ts'
import { NotTheirs, wholeSchema, withOwnNames } from './althing-schema.ts'
import { cedarSaid } from './cedar-says.ts'
import { filled, readLinks } from './links.ts'
import { combinations, mostCombinations } from './combinations.ts'
import { expansion, mostExpanded } from './expansion.ts'
import { indexOfByte } from './places.ts'
import { deepest, scan } from './scan.ts'
import { firstWord, problem, readStatements, type Cedar, type Statement } from './statements.ts'

export interface Validating extends Cedar {
  schemaToJson(schema: string): SchemaToJsonAnswer
  validate(call: ValidationCall): ValidationAnswer
}

const most = 50

export function checkSource(cedar: Validating, source: Omit<Source, 'tests'>): Checked {
  const { statements, problems } = readStatements(cedar, source.policies)
  const { links, problems: wrongLinks } = readLinks(source.links, statements)
  const schema = readTheirSchema(cedar, source.schema)
  const found = [...problems, ...wrongLinks, ...schema.problems]
  if (found.length > 0) return refused(found)
  const policies = {
    ...Object.fromEntries(
      statements.filter(({ isTemplate }) => !isTemplate).map(({ id, json }) => [id, json]),
    ),
    ...filled(links, statements),
  }
  const validated = validate(cedar, statements, {
    schema: schema.json,
    isTheirs: source.schema.trim() !== '',
    source,
  })
  const understood = validated.problems.length > 0 ? [] : misunderstood(policies, statements, source.policies)
  if (validated.problems.length > 0 || understood.length > 0)
    return refused([...validated.problems, ...understood], validated.warnings)
  return {
    problems: [],
    warnings: validated.warnings.slice(0, most),
    compiled: writeJson({ policies, entities: groupsIn(schema.json) }),
  }
}

const refused = (problems: readonly Problem[], warnings: readonly Problem[] = []): Checked => ({
  problems: problems.slice(0, most),
  warnings: warnings.slice(0, most),
  compiled: '{}',
})

function readTheirSchema(
  cedar: Validating,
  text: string,
): { readonly json: SchemaJson<string>; readonly problems: readonly Problem[] } {
  const wrong = (what: Complaint, index: number) => ({
    json: {},
    problems: [problem(text, index, null, what, 'schema')],
  })
  if (scan(text).depth > deepest) return wrong(complaint('too-deep', { most: deepest }), 0)
  if (expansion(text) > mostExpanded) return wrong(complaint('types-too-large'), 0)
  const answer = cedar.schemaToJson(withOwnNames(text))
  if (answer.type === 'failure') {
    const [first] = answer.errors
    const [label] = first?.sourceLocations ?? []
    return wrong(cedarSaid(first), label === undefined ? 0 : indexOfByte(text, label.start))
  }
  try {
    const json = wholeSchema(answer.json)
    return combinations(json) > mostCombinations
      ? wrong(complaint('too-many-kinds'), 0)
      : { json, problems: [] }
  } catch (error) {
    if (error instanceof NotTheirs) return wrong(error.wrong, 0)
    throw error
  }
}

/** Which action is one of which: part of the world, and said by nobody else. */
function groupsIn(schema: SchemaJson<string>) {
  return readSchema(schema)
    .actions.filter(({ groups }) => groups.length > 0)
    .map(({ type, id, groups }) => ({ uid: { type, id }, parents: groups, attrs: {} }))
}

interface Against {
  readonly schema: SchemaJson<string>
  readonly isTheirs: boolean
  readonly source: Pick<Source, 'policies' | 'schema'>
}

function validate(
  cedar: Validating,
  statements: readonly Statement[],
  { schema, isTheirs, source }: Against,
) {
  const texts = (isTemplate: boolean) =>
    Object.fromEntries(
      statements.filter((one) => one.isTemplate === isTemplate).map(({ id, text }) => [id, text]),
    )
  const policies = { staticPolicies: texts(false), templates: texts(true), templateLinks: [] }
  const answer = cedar.validate({ schema, policies })
  if (answer.type === 'failure') {
    return {
      problems: [problem(source.schema, 0, null, cedarSaid(answer.errors[0]), 'schema')],
      warnings: [],
    }
  }
  const byId = new Map(statements.map((one) => [one.id, one]))
  const said = (one: ValidationError) => validationProblem(one, byId, source.policies)
  const unknown = unknownTo(isTheirs ? [] : answer.validationErrors)
  const inOrder = (problems: Problem[]) => problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
  return {
    problems: inOrder(answer.validationErrors.filter(({ policyId }) => !unknown.has(policyId)).map(said)),
    warnings: inOrder([
      ...answer.validationErrors.filter(({ policyId }) => unknown.has(policyId)).map(said),
      // That it applies to nothing follows from what is not known.
      ...answer.validationWarnings.filter(({ policyId }) => !unknown.has(policyId)).map(said),
    ]),
  }
}

/** Policies about kinds and actions that no schema declares. */
function unknownTo(errors: readonly ValidationError[]): ReadonlySet<string> {
  return new Set(
    errors
      .filter(({ error }) => / unrecognized (entity type|action) /.test(error.message))
      .map(({ policyId }) => policyId),
  )
}

function validationProblem(
  { policyId, error }: ValidationError,
  byId: ReadonlyMap<string, Statement>,
  whole: string,
): Problem {
  const statement = byId.get(policyId)
  const [label] = error.sourceLocations ?? []
  const within = statement === undefined || label === undefined ? 0 : indexOfByte(statement.text, label.start)
  return problem(whole, (statement?.start ?? 0) + within, policyId, cedarSaid(error))
}

/** What one of the two that decide does not understand is refused here, and not where somebody depends on it. */
function misunderstood(policies: PoliciesJson, statements: readonly Statement[], whole: string): Problem[] {
  if (complaintAbout(policies) === null) return []
  const starts = new Map(statements.map(({ id, text, start }) => [id, firstWord(text, start)]))
  return Object.entries(policies).flatMap(([id, policy]) => {
    const detail = complaintAbout({ [id]: policy })
    return detail === null
      ? []
      : [problem(whole, starts.get(id) ?? 0, id, complaint('not-decided', { detail }))]
  })
}

/** As it is compiled for the decision point, and as a bundle for the doors of services. */
function complaintAbout(policies: PoliciesJson): string | null {
  try {
    createPolicySet({ staticPolicies: policies })
    createEvaluator({ revision: 1, policies: z.record(z.string(), Policy).parse(policies), entities: [] })
    return null
  } catch (error) {
    if (error instanceof Error) return error.message.slice(0, 500)
    throw error
  }
}
