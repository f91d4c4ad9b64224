/**
 * The base policies as a signed bundle, for tests of services that decide with it. Compiled here and not by the policy
 * service's own code: a test of the ballot box must not reach the world of persons either.
 * @param beside more policies in Cedar, each with its `@id`
 */
import { readFileSync } from 'node:fs'
import { sign, type KeyObject } from 'node:crypto'
import { Policy, type Entity, type SignedBundle } from '@althing/kernel/authz'
import { duties, ranks } from '@althing/policy/contract'

export async function baseBundle(key: KeyObject, revision = 1, beside = ''): Promise<SignedBundle> {
  const source = readFileSync(new URL('../../services/policy/language/base.cedar', import.meta.url), 'utf8')
  const bundle = JSON.stringify({ revision, policies: await compiled(source + beside), entities: hierarchy })
  return {
    bundle,
    signature: sign(null, Buffer.from(`althing/bundle/v1\n${bundle}`), key).toString('base64url'),
  }
}

async function compiled(source: string): Promise<Record<string, Policy>> {
  const cedar = await import('@cedar-policy/cedar-wasm/nodejs')
  const parts = cedar.policySetTextToParts(source)
  if (parts.type === 'failure') throw new Error(parts.errors.map(({ message }) => message).join('; '))
  const policies = parts.policies.map((text) => {
    const answer = cedar.policyToJson(text)
    if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join('; '))
    const policy = Policy.parse(answer.json)
    return [String(policy.annotations?.['id']), policy] as const
  })
  return Object.fromEntries(policies)
}

/** As publish/world.ts has it: each role may what the ones below it may. */
const hierarchy: readonly Entity[] = [...ranks, ...duties].map((id, place) => {
  const below = place < ranks.length ? ranks[place - 1] : undefined
  return {
    uid: { type: 'Role', id },
    parents: below === undefined ? [] : [{ type: 'Role', id: below }],
    attrs: {},
  }
})
