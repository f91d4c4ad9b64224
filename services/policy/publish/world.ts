/** The fixed part of the world that policies speak of: how the roles stand one above the other. */
import type { Entity } from '@althing/kernel/authz'
import { duties, ranks } from '../contract.ts'

/** `superadmin in administrator in election-manager in member`: `in Role::"member"` is true for all of them. A duty stands by itself. */
export const roleHierarchy: readonly Entity[] = [
  ...ranks.map((id, place) => roleAbove(id, ranks[place - 1])),
  ...duties.map((id) => roleAbove(id, undefined)),
]

function roleAbove(id: string, below: string | undefined): Entity {
  return {
    uid: { type: 'Role', id },
    parents: below === undefined ? [] : [{ type: 'Role', id: below }],
    attrs: {},
  }
}
