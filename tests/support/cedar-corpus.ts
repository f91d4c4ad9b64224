/** Cedar's published conformance data, decided by our evaluator: what differs, in words. */
import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  actionEntities,
  authorize,
  createPolicySet,
  EntityStore,
  parseJson,
  readEntity,
  readRecord,
  readSchema,
  readUid,
  type Json,
  type JsonRecord,
  type Schema,
} from '@althing/kernel/cedar'
import { exactly } from '../../services/policy/language/exact.ts'
import { scan } from '../../services/policy/language/scan.ts'

interface Case {
  readonly policies: string
  readonly entities: string
  readonly schema: string
  readonly requests: readonly JsonRecord[]
}

/** Deeper than data: an expression takes two or three levels of JSON for each of its own. */
const policyDepth = 20_000

/** Cedar text → the policies by the ids that the corpus uses. */
export function policiesOf(text: string): Record<string, Json> {
  const named = scan(text).statements.map((one, index) => {
    const { answer, text } = exactly(() => cedar.policyToJson(`${one};`))
    if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join('; '))
    return [`policy${index}`, (parseJson(text, { maxDepth: policyDepth }) as { json: Json }).json] as const
  })
  return Object.fromEntries(named)
}

export function schemaOf(text: string): Schema {
  const { answer, text: json } = exactly(() => cedar.schemaToJson(text))
  if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join('; '))
  return readSchema((parseJson(json) as { json: Json }).json)
}

/** @returns how many requests there were, and what was not as recorded */
export function decideCase(folder: string, file: string): { requests: number; differences: string[] } {
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  const one = parseJson(read(file)) as unknown as Case
  const schema = schemaOf(read(one.schema))
  const set = createPolicySet({
    staticPolicies: policiesOf(read(one.policies.replace(/^tests\//, 'handwritten/'))),
  })
  const store = new EntityStore()
  for (const action of actionEntities(schema)) store.upsert(action)
  for (const entity of parseJson(read(one.entities), { fractions: false }) as readonly Json[])
    store.upsert(readEntity(entity, schema))
  const differences = one.requests.flatMap((request) => {
    const action = readUid(request['action'])
    const answer = authorize(
      set,
      {
        principal: readUid(request['principal']),
        action,
        resource: readUid(request['resource']),
        context: readRecord(request['context'], schema.contextOf(action)),
      },
      store,
    )
    const ours = [answer.decision, sorted(answer.reasons), sorted(answer.errors.map(({ policy }) => policy))]
    const recorded = [request['decision'], sorted(request['reason']), sorted(request['errors'])]
    const same = JSON.stringify(ours) === JSON.stringify(recorded)
    return same
      ? []
      : [
          `${file}, ${String(request['description'])}: ${JSON.stringify({ ours, recorded, told: answer.errors })}`,
        ]
  })
  return { requests: one.requests.length, differences }
}

const sorted = (names: unknown) => (names as string[]).toSorted()
