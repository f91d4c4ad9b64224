/** Of a set the policies whose head can fit an action: what the others read is nothing to a question about it. */
import type { FixedEntity, PoliciesJson } from '../authored.ts'

/**
 * What is read of those that fit an action, once for each action that a policy names; all others have one answer in common, so that made-up names
 * cost nothing and leave nothing behind.
 */
export function forActions<T>(
  policies: PoliciesJson,
  entities: readonly FixedEntity[],
  read: (fitting: PoliciesJson) => T,
): (action: string) => T {
  const named = new Set(Object.values(policies).flatMap((policy) => idsIn(policy as Headed)))
  const known = new Map<string | null, { readonly found: T }>()
  return (action) => {
    const name = named.has(action) ? action : null
    const one = known.get(name) ?? { found: read(fittingFor(name, policies, entities)) }
    known.set(name, one)
    return one.found
  }
}

function fittingFor(
  action: string | null,
  policies: PoliciesJson,
  entities: readonly FixedEntity[],
): PoliciesJson {
  const hasGroups = entities.some(({ uid }) => uid.type.endsWith('Action'))
  const fitting = Object.entries(policies).filter(([, policy]) => canFit(action, policy as Headed, hasGroups))
  return Object.fromEntries(fitting)
}

interface Headed {
  readonly action: { readonly op: string; readonly entity?: Named; readonly entities?: readonly Named[] }
}
interface Named {
  readonly type: string
  readonly id: string
}

function canFit(action: string | null, policy: Headed, hasGroups: boolean): boolean {
  const { op } = policy.action
  if (op === 'All' || (op === 'in' && hasGroups)) return true
  return action !== null && idsIn(policy).includes(action)
}

const idsIn = ({ action: { entity, entities = [] } }: Headed): readonly string[] =>
  [entity, ...entities].flatMap((one) => (one === undefined ? [] : [one.id]))
