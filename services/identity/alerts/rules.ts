/**
 * What looks dangerous stands in one feed until somebody says why it is not any more. The same thing seen again is the same line,
 * counted. Each alert is told once in every place that the settings name, by a job: a place that does not answer is tried for days,
 * delays nobody, and loses nothing.
 */
import type { AuditEntry } from '@althing/kernel/audit'
import type { Clock, Ids } from '@althing/kernel/context'
import type { Atomically } from '@althing/kernel/service'
import { coarse } from './coarse.ts'
import { fault } from './faults.ts'
import {
  severities,
  type Alert,
  type AlertFilter,
  type AlertKind,
  type NewAlert,
  type Severity,
  type SinkKind,
  type Telling,
} from './schema.ts'
import type { AlertStore } from './store.ts'

/** A place where alerts are told. `send` may be called again for the same alert: it carries the alert's own id. */
export interface Sink {
  readonly kind: SinkKind
  readonly send: (alert: Alert) => Promise<void>
}

interface Parts {
  readonly store: AlertStore
  readonly enqueue: (telling: Telling) => Promise<void>
  readonly record: (entry: AuditEntry) => Promise<void>
}

interface Needs {
  readonly clock: Clock
  readonly ids: Ids
  readonly store: AlertStore
  readonly atomically: Atomically<Parts>
  /** By their names, which stay the same as long as the place does. */
  readonly sinks: ReadonlyMap<string, Sink>
  /** What is milder stands in the feed and is told nobody. */
  readonly tellFrom: Severity
  readonly keepDays: number
  readonly onRaised: (kind: AlertKind) => void
  readonly onTold: (sink: SinkKind, outcome: 'delivered' | 'failed') => void
}

export function createAlerts(needs: Needs) {
  const { clock, ids, store, atomically, sinks, tellFrom, keepDays, onRaised, onTold } = needs
  const ago = (days: number) => new Date(clock.now().getTime() - days * 86_400_000)
  const isTold = (severity: Severity) => severities.indexOf(severity) >= severities.indexOf(tellFrom)

  /** The network is made coarse here, whoever names it. */
  async function raise({ network, ...more }: NewAlert): Promise<void> {
    const raised = { ...more, network: network === null ? null : coarse(network) }
    const alert = await atomically(async (parts) => {
      const seen = await parts.store.raise(ids.create('alr'), raised)
      if (seen === null || !isTold(seen.severity)) return seen
      // Asked for at every sighting: it may have become graver, and a sink that was asked before is not asked again.
      for (const sink of await parts.store.ask(seen.id, [...sinks.keys()], clock.now()))
        await parts.enqueue({ alert: seen.id, sink })
      return seen
    })
    if (alert !== null) onRaised(alert.kind)
  }

  /** The job. A crash after the sending sends once more, under the same id. */
  async function tell({ alert: id, sink: name }: Telling): Promise<void> {
    const [alert, sink] = [await store.byId(id), sinks.get(name)]
    const asked = (await store.deliveriesOf(id)).find((delivery) => delivery.sink === name)
    // Gone with its account, delivered before, or no place of ours any more.
    if (alert === null || sink === undefined || asked === undefined || asked.deliveredAt !== null) return
    await sink.send(alert).catch((error: unknown) => {
      onTold(sink.kind, 'failed')
      throw error
    })
    await store.delivered({ alert: id, sink: name }, clock.now())
    onTold(sink.kind, 'delivered')
  }

  async function resolve(id: string, reason: string, actor: string): Promise<Alert> {
    return atomically(async (parts) => {
      const resolved = await parts.store.resolve(id, actor, reason, clock.now())
      if (resolved === null)
        throw (await parts.store.byId(id)) === null ? fault.not_found() : fault.resolved()
      await parts.record({
        action: 'alerts.resolved',
        actor,
        target: { type: 'SecurityAlert', id },
        outcome: 'done',
      })
      return resolved
    })
  }

  /** With where it was told; a place of mail is not said by its address. @throws Fault not_found */
  async function show(id: string) {
    const alert = await store.byId(id)
    if (alert === null) throw fault.not_found()
    const deliveries = (await store.deliveriesOf(id)).flatMap(({ sink: name, deliveredAt }) => {
      const sink = sinks.get(name)
      return sink === undefined ? [] : [{ sink: sink.kind, deliveredAt }]
    })
    return { alert, deliveries }
  }

  /** Jobs give up after some days; a place that was away for longer is told then, whenever it comes back. */
  async function sweep(): Promise<void> {
    await store.sweep(ago(keepDays))
    await atomically(async (parts) => {
      for (const telling of await parts.store.askAgain(ago(retryDays), clock.now()))
        await parts.enqueue(telling)
    })
  }

  const list = (filter: AlertFilter, before: string, most: number) => store.list(filter, before, most)

  return { raise, tell, resolve, show, list, sweep }
}
export type Alerts = ReturnType<typeof createAlerts>

/** Longer than all the tries of a job take together. */
const retryDays = 3
