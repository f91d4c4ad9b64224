/**
 * The policies of then, kept compiled for those who make decisions again. A number alone says little: after a database was restored, or a version
 * was altered by a hand at it, others stand under it. So each is kept with the mark of its row, which no other has.
 */
import { bundleDigest } from '@althing/kernel/authz'
import { compiled, type Policies } from './engine/policies.ts'
import { createBundleStore } from './publish/store.ts'

/** What is known of those that are meant, as SHA-256 in hex: of the policies among themselves, or of the bundle that a service holds. */
interface Meant {
  readonly policies?: string
  readonly bundle?: string
}

export interface RememberedPolicies {
  /** Null when nothing is there under that number, or others than are meant. */
  of(revision: number, meant: Meant): Promise<Policies | null>
  inForce(): Promise<Policies>
}

interface Remembered {
  readonly policies: Policies
  readonly bundle: string
  readonly mark: string
}

/** So many sets of policies are kept: a log is read from the latest to the earliest, one set after the other. */
const setsAtMost = 4

export function rememberedPolicies({
  database,
}: {
  readonly database: Parameters<typeof createBundleStore>[0]
}): RememberedPolicies {
  const bundles = createBundleStore(database)
  const sets = new Map<number, Remembered>()

  /** The one that was kept longest goes. */
  function kept(set: Remembered): Remembered {
    const { revision } = set.policies
    sets.delete(revision)
    const [oldest] = sets.keys()
    if (sets.size >= setsAtMost && oldest !== undefined) sets.delete(oldest)
    sets.set(revision, set)
    return set
  }

  /** As it stands in the table: it is read only when it is another one than is remembered. */
  async function current(revision: number): Promise<Remembered | null> {
    const before = sets.get(revision)
    if (before !== undefined && before.mark === (await bundles.markOf(revision))) return before
    const found = await bundles.bundleOf(revision)
    if (found === null) return null
    const { bundle, mark } = found
    // Somebody else may have asked for it meanwhile.
    const meanwhile = sets.get(revision)
    if (meanwhile?.mark === mark) return meanwhile
    return kept({ policies: compiled(revision, bundle), bundle: bundleDigest(bundle), mark })
  }

  async function of(revision: number, meant: Meant): Promise<Policies | null> {
    const before = sets.get(revision)
    // What is what was meant is so for ever, whatever became of the number.
    if (before !== undefined && isSaid(meant) && isMeant(before, meant)) return before.policies
    const found = await current(revision)
    return found !== null && isMeant(found, meant) ? found.policies : null
  }

  return {
    of,
    async inForce() {
      const latest = await bundles.latest()
      const found = latest === null ? null : await of(latest.revision, {})
      if (found === null) throw new Error('Nothing is in force yet.')
      return found
    },
  }
}

const isSaid = ({ policies, bundle }: Meant): boolean => policies !== undefined || bundle !== undefined

const isMeant = ({ policies, bundle }: Remembered, meant: Meant): boolean =>
  (meant.policies ?? policies.digest) === policies.digest && (meant.bundle ?? bundle) === bundle
