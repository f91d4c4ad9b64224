/** How many have voted is shown in steps of time and number, so that nobody who watches it can tell when a person voted. */
import type { ElectionId } from '../contract.ts'
import type { TurnoutStore } from './store.ts'

interface Needs {
  readonly store: TurnoutStore
  readonly voted: (election: ElectionId) => Promise<number>
  readonly seconds: number
  readonly ballots: number
}

export function createTurnout({ store, voted, seconds, ballots }: Needs) {
  return {
    async tick(): Promise<void> {
      for (const election of await store.unexact())
        await store.grow(election, await voted(election), { seconds, ballots })
    },

    async of(election: ElectionId, entitled: number | null) {
      const { shown, exact } = await store.shown(election)
      return { entitled, voted: shown, exact }
    },
  }
}
export type Turnout = ReturnType<typeof createTurnout>
