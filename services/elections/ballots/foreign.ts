/**
 * Whether a ticket that is none here belongs to another election of this box. Only a kinder word for a refusal that stands
 * already: so it is looked for last, by few at a time, and whoever finds no room is told that the ticket is forged.
 */
import type { Clock } from '@althing/kernel/context'
import { fromBase64url } from '@althing/kernel/crypto'
import { createBulkhead } from '@althing/kernel/resilience'
import { briefly } from '../brief.ts'
import { Manifest, type ElectionId } from '../contract.ts'
import type { Election } from '../record.ts'
import { createChecks, type Checks, type Opened } from './check.ts'

interface Needs {
  readonly clock: Clock
  readonly listPublic: (limit: number) => Promise<Election[]>
}

const keptMs = 2_000
const most = 20
const atOnce = 2

export function createForeign({ clock, listPublic }: Needs) {
  const made = new Map<ElectionId, Checks>()
  const others = briefly(clock, keptMs, async () =>
    (await listPublic(most)).filter(({ status }) => ['published', 'open', 'paused'].includes(status)),
  )
  const bulkhead = createBulkhead({ limit: atOnce, queue: 0 })

  async function look(election: ElectionId, cast: Opened): Promise<boolean> {
    for (const other of await others())
      if (other.id !== election && (await checksOf(other)?.isTicket(cast)) === true) return true
    return false
  }

  /** A manifest never changes, so they may be kept; forgetting them only costs time. */
  function checksOf({ id, manifest, manifestHash }: Election): Checks | null {
    const known = made.get(id)
    if (known !== undefined || manifest === null || manifestHash === null) return known ?? null
    if (made.size >= most * 2) made.clear()
    const checks = createChecks(Manifest.parse(JSON.parse(manifest)), fromBase64url(manifestHash))
    made.set(id, checks)
    return checks
  }

  return (election: ElectionId, cast: Opened): Promise<boolean> =>
    bulkhead.run(() => look(election, cast)).catch(() => false)
}
export type Foreign = ReturnType<typeof createForeign>
