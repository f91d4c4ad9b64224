/**
 * The base policies as a signed bundle, for tests of services that decide with it. Compiled here and not by the policy
 * service's own code: a test of the ballot box must not reach the world of persons either.
 * @param beside more policies in Cedar, each with its `@id`
 */
import { createHash, sign, type KeyObject } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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
  const policies = (await asJson(source)).map((json) => {
    const policy = Policy.parse(json)
    return [String(policy.annotations?.['id']), policy] as const
  })
  return Object.fromEntries(policies)
}

const modules = join(import.meta.dirname, '../../node_modules')

/** Cedar's own answers are kept by what was asked and of which Cedar: its parser costs more than most of the files that want a bundle. */
async function asJson(source: string): Promise<unknown[]> {
  const version = readFileSync(join(modules, '@cedar-policy/cedar-wasm/package.json'))
  const digest = createHash('sha256').update(version).update(source).digest('hex')
  const kept = join(modules, '.cache/policies', `${digest}.json`)
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, 'utf8')) as unknown[]
  const answers = await parsed(source)
  mkdirSync(join(kept, '..'), { recursive: true })
  // Many files begin at once; none reads half of what another writes.
  writeFileSync(`${kept}.${process.pid}`, JSON.stringify(answers))
  renameSync(`${kept}.${process.pid}`, kept)
  return answers
}

async function parsed(source: string): Promise<unknown[]> {
  const cedar = await import('@cedar-policy/cedar-wasm/nodejs')
  const parts = cedar.policySetTextToParts(source)
  if (parts.type === 'failure') throw new Error(parts.errors.map(({ message }) => message).join('; '))
  return parts.policies.map((text) => {
    const answer = cedar.policyToJson(text)
    if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join('; '))
    return answer.json
  })
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
