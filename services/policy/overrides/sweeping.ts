/**
 * What is over leaves the bundle: it decides nothing any more, for the clock sees to that, and only lies there. So does what was erased with its person.
 */
import type { Atomically } from '@althing/kernel/service'
import type { Clock } from '@althing/kernel/context'
import type { Changing, Parts } from './changing.ts'
import type { OverrideStore } from './store.ts'

interface Needs {
  readonly clock: Clock
  readonly atomically: Atomically<Pick<Parts, 'store' | 'tell'>>
  readonly changing: Changing
  readonly store: Pick<OverrideStore, 'standing'>
  /** The ids of those that are in the bundle. */
  readonly inBundle: () => Promise<readonly string[]>
}

const by = 'service:policy'

/** What the clock has made of them is written down, and whoever asked for what nobody decided about hears of it. */
export async function settle({ store, tell }: Pick<Parts, 'store' | 'tell'>, now: Date): Promise<void> {
  for (const one of await store.settle(now)) await tell(one, by)
}

export function createSweeping({ clock, atomically, changing, store, inBundle }: Needs) {
  return async function sweep(): Promise<void> {
    const now = clock.now()
    await atomically((parts) => settle(parts, now))
    const [standing, published] = [await store.standing(now), await inBundle()]
    if (standing.map(({ id }) => id).join() === published.join()) return
    await changing(by, ({ record }) =>
      record({
        action: 'overrides.swept',
        actor: by,
        target: { type: 'Service', id: 'policy' },
        outcome: 'done',
        fields: published.filter((id) => standing.every((one) => one.id !== id)),
      }),
    )
  }
}
