/**
 * Every try to sign in leaves a line: when, how, from where, and why not. Its person sees their own, and an administrator sees all,
 * for ninety days. The audit log has what was done; this is for whoever asks "was that me?".
 */
import type { Clock, Ids } from '@althing/kernel/context'
import type { NewLoginEvent } from './schema.ts'
import type { LoginEventStore } from './store.ts'

interface Needs {
  readonly clock: Clock
  readonly ids: Ids
  readonly store: LoginEventStore
  readonly keepDays: number
}

export function createLoginEvents({ clock, ids, store, keepDays }: Needs) {
  const daysAgo = (days: number) => new Date(clock.now().getTime() - days * 86_400_000)
  return {
    note: (event: NewLoginEvent) => store.add(ids.create('lgn'), clock.now(), event),
    list: store.list,
    reasons: (days: number) => store.reasons(daysAgo(days)),
    /** From where whom was tried in the last hour, the latest first: for whoever looks up what a limit has counted. */
    recentPlaces: () => store.recentPlaces(daysAgo(1 / 24)),
    hasBeenIn: store.hasBeenIn,
    guessedAt: store.guessedAt,
    crowded: store.crowded,
    sweep: () => store.sweep(daysAgo(keepDays)),
  }
}
export type LoginEvents = ReturnType<typeof createLoginEvents>
