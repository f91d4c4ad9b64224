/**
 * What is over leaves the bundle: it decides nothing any more, for the clock sees to that, and only lies there. So does what was erased with its person.
 * And what waits of those who may ask no more falls.
 */
import type { Atomically } from '@althing/kernel/service'
import type { Clock } from '@althing/kernel/context'
import type { Changing, Parts } from './changing.ts'
import { lapse, unasked, type StillMay } from './askers.ts'
import { itself as by, toldOf } from './hanging.ts'
import { endUnheld } from './leaving.ts'
import type { Override } from './schema.ts'
import type { OverrideStore } from './store.ts'

interface Needs {
  readonly clock: Clock
  readonly atomically: Atomically<Settled>
  readonly changing: Changing
  readonly store: Pick<OverrideStore, 'standing' | 'waiting'>
  readonly stillMay: StillMay
  /** As identity said last; null of whoever is not known. */
  readonly rolesOf: (subject: Override['subject']) => Promise<readonly string[] | null>
  /** The ids of those that are in the bundle. */
  readonly inBundle: () => Promise<readonly string[]>
}

type Settled = Pick<Parts, 'record' | 'store' | 'tell'>

/**
 * What the clock has made of them is written down, and whoever asked for what nobody decided about hears of it. Whose loan is over hears that first: they
 * are not told to ask for it again.
 */
export async function settle(parts: Settled, at: Date): Promise<void> {
  const { store, tell } = parts
  await toldOf(parts, await store.fallUnheld('asked', { by, why: null, at }), { by, why: null })
  for (const one of await store.settle(at)) await tell(one, by)
}

/** For so long what identity told of somebody may not have come to this node (askers.ts: it may also not have been told). */
const unseenMs = 60_000

export function createSweeping({ clock, atomically, changing, store, stillMay, rolesOf, inBundle }: Needs) {
  async function loseAskers(now: Date): Promise<void> {
    const waiting = await store.waiting(now, { before: new Date(now.getTime() - unseenMs) })
    for (const one of waiting)
      if ((await stillMay(one)) === 'may-not') await atomically((parts) => lapse(parts, one.id, unasked(now)))
  }

  return async function sweep(): Promise<void> {
    const now = clock.now()
    await atomically(async (parts) => {
      await settle(parts, now)
      // Only of somebody who was erased: all else ends with its loan, or by the clock before it.
      const ended = { by, why: null, at: now }
      await toldOf(parts, await parts.store.fallUnheld('in-force', ended), ended)
    })
    await loseAskers(now)
    await endUnheld({ changing, standing: await store.standing(now) }, rolesOf, { by, why: null, at: now })
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
