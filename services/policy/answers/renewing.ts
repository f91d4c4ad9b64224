/**
 * To have all that is kept forgotten, at every node, the world is given its next number: as after any change, every node looks again, and
 * reads anew what is named. It takes nothing away that would not come back with the next question.
 */
import type { AuditEntry } from '@althing/kernel/audit'
import type { Atomically } from '@althing/kernel/service'
import type { Ref } from '../known.ts'

interface Needs {
  readonly atomically: Atomically<{
    /** @returns the new number of the world */
    readonly renew: (entities: readonly Ref[]) => Promise<number>
    readonly record: (entry: AuditEntry) => Promise<void>
  }>
}

export function createRenewing({ atomically }: Needs) {
  return {
    renew(entities: readonly Ref[], by: string): Promise<{ revision: number }> {
      return atomically(async ({ renew, record }) => {
        const revision = await renew(entities)
        await record({
          action: entities.length === 0 ? 'cache.cleared' : 'cache.invalidated',
          actor: by,
          target: { type: 'PolicyWorld', id: String(revision) },
          outcome: 'done',
          fields: entities.length === 0 ? [] : [`entities ${entities.length}`],
        })
        return { revision }
      })
    },
  }
}
export type Renewing = ReturnType<typeof createRenewing>
