/** Fetching, RFC 8936: what waits is given in order and as often as it is asked for, until the receiver says that it has it. */
import type { Clock } from '@althing/kernel/context'
import { fault } from './faults.ts'
import type { Signals } from './rules.ts'
import type { Poll } from './schema.ts'
import { knownAs, setOf, type NamesFor, type SetNeeds } from './set.ts'
import type { DeliveryStore } from './store.ts'

interface Needs extends SetNeeds {
  readonly namesFor: NamesFor
  readonly clock: Clock
  readonly signals: Pick<Signals, 'streamOf'>
  readonly deliveries: DeliveryStore
  readonly onOutcome: (method: 'poll', outcome: 'delivered' | 'dead', count: number) => void
}

const mostAtOnce = 100

export function createPolling({ clock, signals, deliveries, onOutcome, namesFor, ...making }: Needs) {
  /** Nobody is kept waiting for what is not there yet: section 2.4 leaves that to us. */
  return async function poll(client: string, id: string, { maxEvents = mostAtOnce, ack, setErrs }: Poll) {
    const stream = await signals.streamOf(client, id)
    if (stream.method !== 'poll') throw fault.not_polled()
    const now = clock.now()
    const done = await deliveries.settle(id, ack, 'delivered', null, now)
    onOutcome('poll', 'delivered', done)
    for (const [jti, { err }] of Object.entries(setErrs))
      onOutcome(
        'poll',
        'dead',
        await deliveries.settle(id, [jti], 'dead', `refused ${/^\w{1,40}$/.test(err) ? err : 'it'}`, now),
      )
    // A paused stream keeps what it has; a disabled one has nothing more.
    const most = stream.status === 'enabled' ? Math.min(maxEvents, mostAtOnce) : 0
    const due = most === 0 ? [] : await deliveries.waiting(id, most, now)
    const names = await namesFor(client)
    const sets = Object.fromEntries(due.map((one) => [one.id, setOf(knownAs(one, names.of), stream, making)]))
    return {
      sets,
      moreAvailable: stream.status === 'enabled' && (await deliveries.countWaiting(id)) > due.length,
    }
  }
}
export type Polling = ReturnType<typeof createPolling>
