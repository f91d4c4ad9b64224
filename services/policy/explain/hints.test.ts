/** What is told beside a denial is a courtesy: whoever is denied a thousand times must not cost the others what it costs. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Caller } from '@althing/kernel/http'
import { parsePolicies } from '../../../tests/support/cedar-text.ts'
import { engineOn } from '../../../tests/support/policy-engine.ts'
import { createAccess } from '../access/rules.ts'
import { nobodyElse } from '../deciding.ts'
import { createHints } from './hints.ts'

const caller: Caller = { kind: 'machine', subject: 'svc_1', roles: [] }
const isStrong = 'principal has acr && principal.acr == "urn:althing:acr:mfa"'
const permits = Array.from(
  { length: 300 },
  (_, n) =>
    `@id("v${n}") permit (principal, action == Action::"vault", resource) when { ${isStrong} && resource has level && resource.level == ${n} && context has c${n} };`,
)
const policies = await parsePolicies(`${permits.join('\n')}
@id("safe") permit (principal, action == Action::"safe", resource) when { ${isStrong} };
@id("night") @reason("Not at night.") forbid (principal, action == Action::"safe", resource) unless { ${isStrong} };
`)
const { evaluateAll } = createAccess({
  engine: engineOn(() => ({ world: [], policies })),
  others: nobodyElse,
  verify: async () => caller,
  decided: async () => {},
  isLogged: true,
  beside: () => {},
  hintsFor: createHints(),
})

async function denied(type: string, name: string, count: number): Promise<readonly object[]> {
  const answer = await evaluateAll(
    {
      subject: { type, id: 'p' },
      action: { name },
      resource: { type: 'd', id: 'd' },
      evaluations: Array.from({ length: count }, () => ({})),
    },
    { caller, request: undefined },
  )
  assert.ok('evaluations' in answer)
  return answer.evaluations.map(({ decision, context }) => {
    assert.equal(decision, false)
    return context ?? {}
  })
}

test('a denial of a person costs no more than some decisions, however many policies look at how they signed in', async () => {
  const fastest = async (type: string) => {
    await denied(type, 'vault', 20)
    const times = []
    for (let round = 0; round < 5; round += 1) {
      const begun = performance.now()
      await denied(type, 'vault', 20)
      times.push(performance.now() - begun)
    }
    return Math.min(...times)
  }
  const [without, withHints] = [await fastest('user'), await fastest('Person')]
  assert.ok(withHints < 20 * without, `${withHints} ms of 20 persons, ${without} ms of 20 others`)
})

test('of many denials it is tried for the first twenty what would turn them round; what authors wrote is told of all', async () => {
  const contexts = await denied('Person', 'safe', 50)
  assert.equal(contexts.filter((one) => 'acr_values' in one).length, 20)
  assert.equal(contexts.filter((one) => 'reason_user' in one).length, 50)
})
