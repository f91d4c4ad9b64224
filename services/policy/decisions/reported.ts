/**
 * Decisions that doors of our other services made by themselves, written into the same log. Each is made again on the way, with the policies that it
 * was made with, from what its caller's token said: so it is known what it was made of, and whether we would have decided so.
 */
import type { DecisionReport } from '@althing/kernel/authz'
import type { Ruling } from '../deciding.ts'
import type { DecisionLog } from './log.ts'
import type { Decision } from './schema.ts'

export interface Remade {
  readonly ruling: Ruling
  readonly digest: string
}

interface Needs {
  readonly log: Pick<DecisionLog, 'keepSafe'>
  /** Null when there are no policies of that revision, or what was decided on is nothing that Cedar can read. */
  readonly remake: (report: DecisionReport) => Promise<Remade | null>
  readonly uuid: () => string
  readonly now: () => Date
  readonly onHeard: (outcome: 'same' | 'other' | 'unknown') => void
  /** As the operator reads it: a service decides otherwise than we do. */
  readonly onOther: (service: string, report: DecisionReport) => void
}

/** For so long somebody may have waited with the telling: what is said to be older, or of the future, is told by our own clock. */
const latestMs = 86_400_000

export function createReported({ log, remake, uuid, now, onHeard, onOther }: Needs) {
  async function lineOf(service: string, report: DecisionReport): Promise<Decision | null> {
    const remade = await remake(report)
    if (remade === null) {
      onHeard('unknown')
      return null
    }
    const isSame = remade.ruling.decision === report.decision
    onHeard(isSame ? 'same' : 'other')
    if (!isSame) onOther(service, report)
    return written(service, { ...report, at: timeOf(report) }, remade, uuid())
  }

  function timeOf({ at }: DecisionReport): string {
    const age = now().getTime() - Date.parse(at)
    return age >= 0 && age <= latestMs ? at : now().toISOString()
  }

  /** What was told is in the log when it is done, as it was decided there. @throws Fault policy.decisions.unwritten */
  return async function hear(service: string, reports: readonly DecisionReport[]): Promise<number> {
    const lines: Decision[] = []
    for (const report of reports) {
      const line = await lineOf(service, report)
      if (line !== null) lines.push(line)
    }
    await log.keepSafe(lines.map((line) => ({ decision: line.decision, isChosen: true, whole: () => line })))
    return lines.length
  }
}
export type HearReports = ReturnType<typeof createReported>

/** The words of what could not be evaluated are ours: the service tells only of which policy. */
function written(
  service: string,
  { at, request, caller, action, resource, ...made }: DecisionReport,
  { ruling, digest }: Remade,
  id: string,
): Decision {
  const messages = new Map(ruling.errors.map(({ policy, message }) => [policy, message]))
  return {
    id,
    at: new Date(at),
    caller: `service:${service}`,
    request: request === '' ? null : request,
    subject: { type: caller.kind === 'machine' ? 'Machine' : 'Person', id: caller.subject },
    action,
    resource: { type: resource.type, id: resource.id },
    seen: ruling.seen(),
    decision: made.decision,
    determining: made.determining,
    errors: made.errors.map((policy) => ({ policy, message: messages.get(policy) ?? '' })),
    policies: made.revision,
    world: 0,
    outside: null,
    digest,
    cached: false,
    microseconds: made.microseconds,
  }
}
