/** Of a set the policies whose head can fit an action: what the others read is nothing to a question about it. */
import type { FixedEntity, PoliciesJson } from '../authored.ts'

export function fittingFor(
  action: string,
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

function canFit(action: string, { action: head }: Headed, hasGroups: boolean): boolean {
  if (head.op === 'All' || (head.op === 'in' && hasGroups)) return true
  return [head.entity, ...(head.entities ?? [])].some((one) => one?.id === action)
}
