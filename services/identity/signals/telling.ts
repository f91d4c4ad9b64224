/** Writes what happened into the streams that it concerns, in the transaction in which it happens. */
import type { Clock, Ids } from '@althing/kernel/context'
import { SignalType, type Signal } from './schema.ts'
import type { DeliveryStore, StreamStore } from './store.ts'

interface Needs {
  readonly clock: Clock
  readonly ids: Ids
  readonly streams: StreamStore
  readonly deliveries: DeliveryStore
  /** An application that is disabled is told nothing. */
  readonly isShut: (client: string) => Promise<boolean>
  /** Whether an application is told somebody's address. */
  readonly knowsAddress: (client: string, account: string) => Promise<boolean>
}

const purged = SignalType.options[4]

export function createTelling({ clock, ids, streams, deliveries, isShut, knowsAddress }: Needs) {
  return async function tell(signal: Signal): Promise<void> {
    const { account, type, details } = signal
    for (const { id: stream, client, subjects } of await streams.concerned(signal)) {
      if (await isShut(client)) continue
      // An address is named only to who has it: by its place among the people of the house, or by a grant.
      if ('email' in details && subjects !== 'all' && !(await knowsAddress(client, account))) continue
      await deliveries.add({ id: ids.create('sgd'), stream, account, type, details, at: clock.now() })
    }
    if (type === purged) await streams.forgetSubject(account)
  }
}
