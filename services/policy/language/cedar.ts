/**
 * Cedar text → the JSON policy format that services evaluate. The parser is Cedar's own (WebAssembly), loaded only
 * when something is published. Its stack can be overrun by deep nesting, so length and depth are capped before it sees text.
 */
import { Policy } from '@althing/kernel/authz'
import { fault } from './faults.ts'

const longest = 200_000
const deepest = 60

/**
 * @returns policies by the name in their `@id`.
 * @throws Fault policy.language.too_long, too_deep, not_cedar, unnamed
 */
export async function parsePolicies(text: string): Promise<Record<string, Policy>> {
  if (text.length > longest) throw fault.too_long()
  if (depthOf(text) > deepest) throw fault.too_deep()
  const cedar = await import('@cedar-policy/cedar-wasm/nodejs')
  const parts = cedar.policySetTextToParts(text)
  if (parts.type === 'failure')
    throw fault.not_cedar(new Error(parts.errors.map(({ message }) => message).join('; ')))
  if (parts.policy_templates.length > 0) throw fault.not_cedar(new Error('Templates are not published.'))
  const named = parts.policies.map((policy) => {
    const answer = cedar.policyToJson(policy)
    if (answer.type === 'failure')
      throw fault.not_cedar(new Error(answer.errors.map(({ message }) => message).join('; ')))
    const parsed = Policy.parse(answer.json)
    const name = parsed.annotations?.['id']
    if (typeof name !== 'string') throw fault.unnamed()
    return [name, parsed] as const
  })
  if (new Set(named.map(([name]) => name)).size !== named.length) throw fault.unnamed()
  return Object.fromEntries(named)
}

/** Brackets that are open at once; those in strings and comments count too, which only makes the cap stricter. */
function depthOf(text: string): number {
  let [depth, most] = [0, 0]
  for (const character of text) {
    if ('([{'.includes(character)) most = Math.max(most, (depth += 1))
    else if (')]}'.includes(character)) depth -= 1
  }
  return most
}
