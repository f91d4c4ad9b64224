/**
 * The second way to the answer: Cedar's own engine. Random policies, entities and requests decide the same in both, for the same
 * reasons and with the same errors. `ALTHING_CEDAR_PAIRS` says how many pairs of a policy and a request.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import {
  authorize,
  createPolicySet,
  EntityStore,
  readEntity,
  readRecord,
  readUid,
  type Answer,
  type PolicySet,
} from '@althing/kernel/cedar'
import { seedOfThisRun } from '@althing/kernel/testing'
import { createChance, type Chance } from '../support/cedar-chance.ts'
import { randomEntities, randomPolicySet, randomRequest, type PolicySetJson } from '../support/cedar-worlds.ts'

const pairs = Number(process.env['ALTHING_CEDAR_PAIRS'] ?? 100_000)
const [policiesEach, worldsEach, requestsEach] = [20, 3, 12]

type Outcome = readonly [decision: string, reasons: readonly string[], errors: readonly string[]]

test(`${pairs} pairs of a policy and a request decide as they do in Cedar's own engine`, () => {
  const seed = seedOfThisRun()
  console.log(`Seed ${seed}`)
  const chance = createChance(seed)
  const seen = { allow: 0, deny: 0, reasons: 0, errors: 0 }
  for (let done = 0; done < pairs; done += policiesEach * worldsEach * requestsEach) {
    const policies = randomPolicySet(chance, policiesEach)
    preparse(policies)
    const sets = [createPolicySet(policies), createPolicySet(policies, { index: false })] as const
    for (let world = 0; world < worldsEach; world += 1) compareInWorld(chance, policies, sets, seen)
  }
  console.log(seen)
  // A test in which everything is denied, or everything fails, would show nothing.
  for (const [what, count] of Object.entries(seen)) assert.ok(count > pairs / 1000, `${what}: ${count}`)
})

function compareInWorld(
  chance: Chance,
  policies: PolicySetJson,
  [indexed, unindexed]: readonly [PolicySet, PolicySet],
  seen: { allow: number; deny: number; reasons: number; errors: number },
): void {
  const entities = randomEntities(chance)
  const store = new EntityStore()
  for (const one of entities) store.upsert(readEntity(one))
  const written = exact(entities)
  for (let count = 0; count < requestsEach; count += 1) {
    const request = randomRequest(chance)
    const asked = {
      principal: readUid(request.principal),
      action: readUid(request.action),
      resource: readUid(request.resource),
      context: readRecord(request.context),
    }
    const ours = outcome(authorize(indexed, asked, store))
    const theirs = askCedar(request, written)
    const told = () => JSON.stringify(exact({ policies, entities, request }))
    assert.deepEqual(ours, theirs, told())
    assert.deepEqual(outcome(authorize(unindexed, asked, store)), ours, told())
    seen[theirs[0] as 'allow' | 'deny'] += 1
    seen.reasons += theirs[1].length
    seen.errors += theirs[2].length
  }
}

const outcome = ({ decision, reasons, errors }: Answer): Outcome => [
  decision,
  reasons.toSorted(),
  errors.map(({ policy }) => policy).toSorted(),
]

function preparse(policies: PolicySetJson): void {
  const answer = cedar.preparsePolicySet('differential', exact(policies) as never)
  assert.ok(answer.type === 'success', JSON.stringify(answer))
}

function askCedar(request: ReturnType<typeof randomRequest>, entities: unknown): Outcome {
  const answer = cedar.statefulIsAuthorized({
    ...request,
    context: exact(request.context),
    entities,
    preparsedPolicySetId: 'differential',
  } as never)
  assert.ok(answer.type === 'success', JSON.stringify(answer))
  const { decision, diagnostics } = answer.response
  return [decision, diagnostics.reason.toSorted(), diagnostics.errors.map(({ policyId }) => policyId).toSorted()]
}

/** Integers beyond 2^53 reach Cedar as the digits they are: its JavaScript gives it whatever `JSON.stringify` writes. */
function exact(json: unknown): unknown {
  if (typeof json === 'bigint') return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(String(json))
  if (Array.isArray(json)) return json.map(exact)
  if (typeof json !== 'object' || json === null) return json
  return Object.fromEntries(Object.entries(json).map(([name, one]) => [name, exact(one)]))
}
