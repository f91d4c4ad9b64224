/**
 * What looks dangerous stands in one feed until somebody says why it is not any more. The same thing seen again is the same line,
 * counted. Each alert is told once in every place that the settings name, by a job: a place that does not answer is tried for days,
 * delays nobody, and loses nothing. Of more than a ceiling in an hour one line says how many there are: who could fill a mailbox
 * with alerts would hide the one that matters.
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
  type Digest,
  type NewAlert,
  type Severity,
  type SinkKind,
  type Telling,
  type Untold,
} from './schema.ts'
import type { AlertStore } from './store.ts'

/** A place where alerts are told. `send` may be called again for the same alert: it carries the alert's own id. */
export interface Sink {
  readonly kind: SinkKind
  readonly send: (alert: Alert) => Promise<void>
  /** The same of what was too much. */
  readonly sendUntold: (untold: Untold) => Promise<void>
}

interface Parts {
  readonly store: AlertStore
  readonly enqueue: (telling: Telling) => Promise<void>
  /** Of any number for one place and hour, one. */
  readonly enqueueDigest: (digest: Digest, at: Date) => Promise<void>
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
  /** How many alerts one place is told within an hour. */
  readonly mostPerHour: number
  readonly keepDays: number
  readonly onRaised: (kind: AlertKind) => void
  readonly onTold: (sink: SinkKind, outcome: 'delivered' | 'failed') => void
}

export function createAlerts(needs: Needs) {
  const { clock, ids, store, atomically, sinks, tellFrom, keepDays, onRaised, onTold } = needs
  const ago = (days: number) => new Date(clock.now().getTime() - days * 86_400_000)
  const told = severities.slice(severities.indexOf(tellFrom))
  const ceiling = () => ({ most: needs.mostPerHour, since: new Date(clock.now().getTime() - hourMs) })

  /** The network is made coarse here, whoever names it. */
  async function raise({ network, ...more }: NewAlert): Promise<void> {
    const raised = { ...more, network: network === null ? null : coarse(network) }
    const alert = await atomically(async (parts) => {
      const seen = await parts.store.raise(ids.create('alr'), raised)
      if (seen !== null && told.includes(seen.severity)) await ask(parts, seen)
      return seen
    })
    if (alert !== null) onRaised(alert.kind)
  }

  /** At every sighting: it may have become graver, or there is room now; a sink that was asked before is not asked again. */
  async function ask({ store: kept, enqueue, enqueueDigest }: Parts, { id, lastSeen }: Alert): Promise<void> {
    const names = [...sinks.keys()]
    const asked = await kept.ask(id, names, clock.now(), ceiling())
    for (const sink of asked) await enqueue({ alert: id, sink })
    if (asked.length === names.length) return
    // When the hour is over: then it is known how many there are.
    const at = new Date(hourOf(clock.now()).getTime() + hourMs)
    for (const sink of await kept.unasked(id, names))
      await enqueueDigest({ sink, since: hourOf(lastSeen).toISOString() }, at)
  }

  /** The job. A crash after the sending sends once more, under the same id. */
  async function tell({ alert: id, sink: name }: Telling): Promise<void> {
    const [alert, sink] = [await store.byId(id), sinks.get(name)]
    const asked = (await store.deliveriesOf(id)).find((delivery) => delivery.sink === name)
    // Gone with its account, delivered before, or no place of ours any more.
    if (alert === null || sink === undefined || asked === undefined || asked.deliveredAt !== null) return
    await counted(sink, () => sink.send(alert))
    await store.delivered({ alert: id, sink: name }, clock.now())
    onTold(sink.kind, 'delivered')
  }

  /** The job at the end of an hour in which there was too much. What was settled or told since is not counted. */
  async function tellUntold({ sink: name, since: from }: Digest): Promise<void> {
    const [sink, since] = [sinks.get(name), new Date(from)]
    if (sink === undefined) return
    const count = await store.countUntold(name, told, since, new Date(since.getTime() + hourMs))
    if (count === 0) return
    await counted(sink, () => sink.sendUntold({ since, count }))
    onTold(sink.kind, 'delivered')
  }

  const counted = ({ kind }: Sink, send: () => Promise<void>): Promise<void> =>
    send().catch((error: unknown) => {
      onTold(kind, 'failed')
      throw error
    })

  async function resolve(id: string, reason: string, actor: string): Promise<Alert> {
    return atomically(async (parts) => {
      const resolved = await parts.store.resolve(id, actor, reason, clock.now())
      if (resolved === null)
        throw (await parts.store.byId(id)) === null ? fault.not_found() : fault.resolved()
      await parts.record(resolvedBy(id, actor))
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
    await closeUnseen()
    await atomically(async (parts) => {
      for (const telling of await parts.store.askAgain(ago(retryDays), clock.now(), ceiling()))
        await parts.enqueue(telling)
    })
  }

  /** What nobody settled and nobody saw again for so long would otherwise stay for ever. */
  async function closeUnseen(): Promise<void> {
    const [by, reason] = ['service:identity', `Not seen again for ${keepDays} days`]
    await atomically(async ({ store: kept, record }) => {
      for (const id of await kept.closeUnseen(ago(keepDays), by, reason, clock.now()))
        await record(resolvedBy(id, by))
    })
  }

  const list = (filter: AlertFilter, before: string, most: number) => store.list(filter, before, most)

  return { raise, tell, tellUntold, resolve, show, list, sweep }
}
export type Alerts = ReturnType<typeof createAlerts>

const resolvedBy = (id: string, actor: string): AuditEntry => ({
  action: 'alerts.resolved',
  actor,
  target: { type: 'SecurityAlert', id },
  outcome: 'done',
})

const hourMs = 3_600_000
const hourOf = (time: Date): Date => new Date(Math.floor(time.getTime() / hourMs) * hourMs)

/** Longer than all the tries of a job take together. */
const retryDays = 3
