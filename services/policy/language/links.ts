/** Templates whose slots are filled: each link becomes a policy like any other, so that whoever decides needs to know of neither. */
import { longestBundle } from '@althing/kernel/authz'
import { writeJson } from '@althing/kernel/cedar'
import { z } from 'zod'
import { policyId, reservedPrefixOf, type PoliciesJson, type Problem } from '../authored.ts'
import { complaint } from '../complaints.ts'
import type { Complaint } from '../contract.ts'
import { Written } from '../reference.ts'
import { readYaml } from '../yaml.ts'
import type { Statement } from './statements.ts'

const Link = z.strictObject({
  id: z.string().regex(policyId),
  template: z.string(),
  principal: Written.optional(),
  resource: Written.optional(),
})
type Link = z.output<typeof Link>
const Links = z.array(Link).max(10_000).nullable()

export function readLinks(
  text: string,
  statements: readonly Statement[],
): { readonly links: readonly Link[]; readonly problems: readonly Problem[] } {
  const read = readYaml(text, Links)
  if (read.value === undefined)
    return { links: [], problems: read.mistakes.map(({ line, ...wrong }) => linkProblem(line, null, wrong)) }
  const links = read.value ?? []
  const templates = new Map(statements.filter(({ isTemplate }) => isTemplate).map((one) => [one.id, one]))
  const taken = new Set(statements.map(({ id }) => id))
  const problems = links.flatMap((link, n) => {
    const wrong = wrongIn(link, templates, taken)
    taken.add(link.id)
    return wrong === null ? [] : [linkProblem(read.lineOf([n]), link.id, wrong)]
  })
  if (problems.length === 0 && sizeOf(links, templates) > longestBundle)
    return { links: [], problems: [linkProblem(1, null, complaint('too-large'))] }
  return { links, problems: problems.slice(0, 50) }
}

/** A link is a policy of its own by the time that a service holds it: in characters, and told before any of them is made. */
function sizeOf(links: readonly Link[], templates: ReadonlyMap<string, Statement>): number {
  const sizes = new Map([...templates].map(([id, { json }]) => [id, writeJson(json).length]))
  return links.reduce((sum, { template }) => sum + (sizes.get(template) ?? 0), 0)
}

const linkProblem = (line: number, policy: string | null, wrong: Complaint): Problem => ({
  part: 'links',
  policy,
  line,
  column: null,
  ...wrong,
})

function wrongIn(
  link: Link,
  templates: ReadonlyMap<string, Statement>,
  taken: ReadonlySet<string>,
): Complaint | null {
  if (taken.has(link.id)) return complaint('link-id-taken')
  const prefix = reservedPrefixOf(link.id)
  if (prefix !== undefined) return complaint('id-reserved', { prefix })
  const { template: name } = link
  const template = templates.get(name)
  if (template === undefined) return complaint('link-template', { template: name })
  for (const slot of ['principal', 'resource'] as const) {
    const isOpen = slotOf(template.json[slot]) !== undefined
    if (isOpen && link[slot] === undefined) return complaint('link-needs', { template: name, slot })
    if (!isOpen && link[slot] !== undefined) return complaint('link-has-no', { template: name, slot })
  }
  return null
}

interface Scope {
  readonly slot?: string
  readonly in?: { readonly slot?: string }
}
const slotOf = (scope: unknown) => (scope as Scope).slot ?? (scope as Scope).in?.slot

/** Only of links without problems. */
export function filled(links: readonly Link[], statements: readonly Statement[]): PoliciesJson {
  const templates = new Map(statements.map(({ id, json }) => [id, json]))
  return Object.fromEntries(
    links.map(({ id, template, principal, resource }) => {
      const json = templates.get(template) ?? {}
      const scopes = {
        principal: fill(json['principal'], principal),
        resource: fill(json['resource'], resource),
      }
      return [id, { ...json, ...scopes }]
    }),
  )
}

function fill(scope: unknown, entity: Link['principal']): unknown {
  const { slot, in: within, ...rest } = scope as Scope
  if (slot !== undefined) return { ...rest, entity }
  if (within?.slot !== undefined) return { ...rest, in: { entity } }
  return scope
}
