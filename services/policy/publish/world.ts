/** The fixed part of the world that policies speak of: how the roles stand one above the other. */
import type { Entity } from '@althing/kernel/authz'
import { roles } from '../contract.ts'

/** `superadmin in administrator in election-manager in member`: `in Role::"member"` is true for all of them. */
export const roleHierarchy: readonly Entity[] = roles.map((id, index) => {
  const below = roles[index - 1]
  return {
    uid: { type: 'Role', id },
    parents: below === undefined ? [] : [{ type: 'Role', id: below }],
    attrs: {},
  }
})
