/**
 * What doors of ours decide is told to the policy service, whose log is of all decisions: of what was allowed a part, of what was denied
 * everything (which stands in the service's own audit log too, in the moment it happens). Nobody waits for it, and nothing is denied because
 * it cannot be told: what has no room is counted. What is told once more because an answer got lost has the same id, and stands there once.
 */
import { z } from 'zod'
import type { DecisionReport, DecisionReports as Body } from '../authz/report.ts'
import { fraction, type Chance } from '../context/index.ts'
import { Fault } from '../errors/index.ts'
import type { Assembled, Kit } from './define.ts'
import { quietly } from './feeds.ts'
import type { createServiceMetrics } from './metrics.ts'
import type { ServiceSettings } from './settings.ts'

interface Needs {
  /** Only what is denied, or of what is allowed a share as well (1 is all), or nothing. */
  readonly told: 'off' | 'denied' | number
  /** Between 0 and 1. */
  readonly random: () => number
  readonly send: (decisions: readonly DecisionReport[]) => Promise<void>
  readonly count: (outcome: 'told' | 'dropped' | 'refused', decisions: number) => void
}

interface Waiting {
  readonly report: DecisionReport
  readonly bytes: number
}

const waitingAtMost = 5000
const atOnce = 200
/** Of the body that is taken there a half: what is counted here are characters. */
const bytesAtOnce = 2 ** 19

export function createDecisionReports({ told, random, send, count }: Needs) {
  let waiting: Waiting[] = []
  let sending: Promise<void> | undefined
  let most = atOnce

  async function sendAll(): Promise<void> {
    while (waiting.length > 0) {
      const some = within(waiting, most)
      try {
        await send(some.map(({ report }) => report))
        count('told', some.length)
        most = atOnce
      } catch (error) {
        if (!isRefusal(error)) throw error
        // One of them is not taken, and will not be the next time: it must not hold back the others.
        most = Math.ceil(some.length / 2)
        if (some.length > 1) continue
        count('refused', 1)
      }
      waiting = waiting.slice(some.length)
    }
  }

  return {
    /** The rest of it is put together only when it is told. */
    note(decision: boolean, whole: () => DecisionReport): void {
      if (told === 'off' || (decision && (told === 'denied' || random() >= told))) return
      if (waiting.length >= waitingAtMost) return count('dropped', 1)
      const report = whole()
      waiting.push({ report, bytes: JSON.stringify(report).length })
    },
    /** @throws whatever the policy service answers; what could not be told waits for the next time */
    flush: (): Promise<void> => (sending ??= sendAll().finally(() => (sending = undefined))),
  }
}
export type DecisionReports = ReturnType<typeof createDecisionReports>

/** One at least, and of more no more than fit. */
function within(waiting: readonly Waiting[], most: number): readonly Waiting[] {
  let [size, bytes] = [0, 0]
  while (size < Math.min(most, waiting.length)) {
    bytes += waiting[size]?.bytes ?? 0
    if (size > 0 && bytes > bytesAtOnce) break
    size += 1
  }
  return waiting.slice(0, size)
}

/** It was heard, and what was said is not right: another time it would not be either. */
const isRefusal = (error: unknown): boolean =>
  error instanceof Fault && [400, 413, 415, 422].includes(error.status)

interface Parts {
  readonly settings: Pick<ServiceSettings, 'decisionsTold'>
  readonly chance: Chance
  readonly kit: Pick<Kit<Record<string, unknown>>, 'peers'>
  readonly assembled: Assembled
  readonly metrics: Pick<ReturnType<typeof createServiceMetrics>, 'decisionsTold'>
}

/** The policy service hears of its own decisions without a call. */
export function decisionReportsOf({ settings, chance, kit, assembled, metrics }: Parts): DecisionReports {
  async function tell(decisions: readonly DecisionReport[]): Promise<void> {
    const path = '/internal/policy/decisions'
    const body: z.input<typeof Body> = { decisions: [...decisions] }
    const reply = z.object({ heard: z.int() })
    await kit.peers.peer('policy').call({ method: 'POST', path, body, reply, ...quietly })
  }
  return createDecisionReports({
    told: settings.decisionsTold,
    random: () => fraction(chance),
    count: metrics.decisionsTold,
    send: assembled.heardDecisions ?? tell,
  })
}
