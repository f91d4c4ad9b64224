/** A bundle as it is decided with: compiled, with its digest and the actions that it names. */
import { createHash } from 'node:crypto'
import { bundleLimits } from '@althing/kernel/authz'
import { createPolicySet, parseJson, readsOfContext, type PolicySet } from '@althing/kernel/cedar'
import type { FixedEntity, PoliciesJson } from '../authored.ts'
import { forActions } from './fitting.ts'

export interface Policies {
  readonly revision: number
  readonly digest: string
  readonly set: PolicySet
  readonly json: PoliciesJson
  readonly fixed: readonly FixedEntity[]
  readonly actions: readonly string[]
  /** What its policies are about, as far as their heads say it. */
  readonly kinds: readonly string[]
  readonly readsClock: (action: string) => boolean
}

interface BundleJson {
  readonly policies: PoliciesJson
  readonly entities: readonly FixedEntity[]
}

/** Of our own making, and so what it says it is; its numbers are read exactly. @throws Refused */
export function compiled(revision: number, text: string): Policies {
  const { policies, entities } = readBundle(text)
  const set = createPolicySet({ staticPolicies: policies })
  return {
    revision,
    digest: digestOf(policies),
    set,
    json: policies,
    fixed: entities,
    actions: actionsIn(Object.values(policies)),
    kinds: kindsIn(Object.values(policies)),
    readsClock: readsOfContext(set, 'now') ? clockReadersIn(policies, entities) : () => false,
  }
}

const clockReadersIn = (policies: PoliciesJson, entities: readonly FixedEntity[]) =>
  forActions(policies, entities, (fitting) =>
    readsOfContext(createPolicySet({ staticPolicies: fitting }), 'now'),
  )

function readBundle(text: string): BundleJson {
  return parseJson(text, bundleLimits) as unknown as BundleJson
}

/** Whatever order they came in. */
export function digestOf(policies: PoliciesJson): string {
  const hash = createHash('sha256')
  for (const id of Object.keys(policies).sort()) hash.update(JSON.stringify([id, policies[id]], exactly))
  return hash.digest('hex')
}

const exactly = (_name: string, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)

/** What stands in the heads of the policies: what nobody wrote down nobody can look for. */
export function actionsIn(policies: readonly unknown[]): readonly string[] {
  const names = new Set<string>()
  for (const policy of policies) {
    const { action } = policy as { action: { entity?: Named; entities?: readonly Named[] } }
    for (const one of [action.entity, ...(action.entities ?? [])])
      if (one?.type === 'Action') names.add(one.id)
  }
  return [...names].sort()
}

function kindsIn(policies: readonly unknown[]): readonly string[] {
  const names = new Set<string>()
  for (const policy of policies) {
    const { principal, resource } = policy as { principal: Scope; resource: Scope }
    for (const { entity, entity_type, in: group } of [principal, resource])
      for (const one of [entity?.type, entity_type, group?.entity?.type])
        if (one !== undefined) names.add(one)
  }
  return [...names]
}

interface Scope {
  readonly entity?: Named
  readonly entity_type?: string
  readonly in?: { readonly entity?: Named }
}
interface Named {
  readonly type: string
  readonly id: string
}
