/** The fixed part of the world that policies speak of: how the roles stand one above the other, and which beside. */
import type { Entity } from '@althing/kernel/authz'
import { duties, ranks } from '../contract.ts'

/**
 * `superadmin in administrator in election-manager in member`: `in Role::"member"` is true for all of them. A duty has nobody below it: whoever
 * looks at the books is no administrator by that.
 */
export const roleHierarchy: readonly Entity[] = [
  ...ranks.map((id, index) => {
    const below = ranks[index - 1]
    return {
      uid: { type: 'Role', id },
      parents: below === undefined ? [] : [{ type: 'Role', id: below }],
      attrs: {},
    }
  }),
  ...duties.map((id) => ({ uid: { type: 'Role', id }, parents: [], attrs: {} })),
]
