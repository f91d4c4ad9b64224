/**
 * What doors of ours decide is told to the policy service, whose log is of all decisions: of what was allowed a part, of what was denied
 * everything (which stands in the service's own audit log too, in the moment it happens). Nobody waits for it, and nothing is denied because
 * it cannot be told: what has no room is counted. An answer that got lost means that something stands there twice.
 */
import type { DecisionReport } from '../authz/report.ts'

interface Needs {
  /** Only what is denied, or of what is allowed a share as well (1 is all), or nothing. */
  readonly told: 'off' | 'denied' | number
  /** Between 0 and 1. */
  readonly random: () => number
  readonly send: (decisions: readonly DecisionReport[]) => Promise<void>
  readonly count: (outcome: 'told' | 'dropped', decisions: number) => void
}

const waitingAtMost = 5000
const atOnce = 200

export function createDecisionReports({ told, random, send, count }: Needs) {
  let waiting: DecisionReport[] = []
  let sending: Promise<void> | undefined

  async function sendAll(): Promise<void> {
    while (waiting.length > 0) {
      const some = waiting.slice(0, atOnce)
      await send(some)
      waiting = waiting.slice(some.length)
      count('told', some.length)
    }
  }

  return {
    /** The rest of it is put together only when it is told. */
    note(decision: boolean, whole: () => DecisionReport): void {
      if (told === 'off' || (decision && (told === 'denied' || random() >= told))) return
      if (waiting.length >= waitingAtMost) return count('dropped', 1)
      waiting.push(whole())
    },
    /** @throws whatever the policy service answers; what could not be told waits for the next time */
    flush: (): Promise<void> => (sending ??= sendAll().finally(() => (sending = undefined))),
  }
}
export type DecisionReports = ReturnType<typeof createDecisionReports>
