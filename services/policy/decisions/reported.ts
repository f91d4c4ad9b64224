/**
 * Decisions that doors of our other services made by themselves, written into the same log. Each is made again on the way, with the policies that it
 * was made with, from what its caller's token said: so it is known what it was made of, and whether we would have decided so. What is told again
 * is made again and counted once: what the log has is asked first, and what it would not take is kept at hand, for while it refuses, each service
 * tells the same again each second.
 */
import { hash } from 'node:crypto'
import type { DecisionReport } from '@althing/kernel/authz'
import type { Ruling } from '../deciding.ts'
import { createGivingWay } from '../giving-way.ts'
import { fault } from './faults.ts'
import type { DecisionLog } from './log.ts'
import type { Decision } from './schema.ts'

export interface Remade {
  readonly ruling: Ruling
  readonly digest: string
}

interface Needs {
  readonly log: Pick<DecisionLog, 'keepSafe'>
  /** Which of these the log has. */
  readonly known: (ids: readonly string[]) => Promise<readonly string[]>
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
/** Each node of a service tells the same two hundred until they are heard: so many are those of twenty-five. */
const atHandAtMost = 5_000

export function createReported({ log, known, remake, uuid, now, onHeard, onOther }: Needs) {
  /** What was counted and is not in the log so far, the oldest first; null is what cannot be made again. */
  const atHand = new Map<string, Decision | null>()

  async function lineOf(service: string, report: DecisionReport, id: string | null) {
    const before = id === null ? undefined : atHand.get(id)
    if (before !== undefined) return before
    const line = await madeAgain(service, report, id ?? uuid())
    if (id !== null) atHand.set(id, line)
    const [oldest] = atHand.size > atHandAtMost ? atHand.keys() : []
    if (oldest !== undefined) atHand.delete(oldest)
    return line
  }

  /** Counted here and not when it is written: of what is written after all, when its teller has been refused, nobody would hear. */
  async function madeAgain(service: string, report: DecisionReport, id: string): Promise<Decision | null> {
    const remade = await remake(report)
    if (remade === null) {
      onHeard('unknown')
      return null
    }
    const isSame = remade.ruling.decision === report.decision
    onHeard(isSame ? 'same' : 'other')
    if (!isSame) onOther(service, report)
    return written(service, { ...report, at: timeOf(report) }, remade, id)
  }

  /** Asked before there is any work: a log that is away costs no more than this. @throws Fault policy.decisions.unwritten */
  async function inLog(ids: readonly string[]): Promise<ReadonlySet<string | null>> {
    try {
      return new Set(ids.length === 0 ? [] : await known(ids))
    } catch (error) {
      throw fault.unwritten(error)
    }
  }

  function timeOf({ at }: DecisionReport): string {
    const age = now().getTime() - Date.parse(at)
    return age >= 0 && age <= latestMs ? at : now().toISOString()
  }

  /** What was told is in the log when it is done, once, as it was decided there. @throws Fault policy.decisions.unwritten */
  return async function hear(service: string, reports: readonly DecisionReport[]): Promise<number> {
    const named = reports.map((report) => ({ report, id: idOf(service, report) }))
    const ids = named.flatMap(({ id }) => id ?? [])
    const there = await inLog(ids)
    const others = named.filter(({ id }) => !there.has(id))
    const lines: Decision[] = []
    const giveWay = createGivingWay()
    for (const { report, id } of others) {
      const line = await lineOf(service, report, id)
      if (line !== null) lines.push(line)
      await giveWay()
    }
    await log.keepSafe(lines.map((line) => ({ decision: line.decision, isTold: true, whole: () => line })))
    for (const id of ids) atHand.delete(id)
    return named.length - others.length + lines.length
  }
}
export type HearReports = ReturnType<typeof createReported>

/** The same whenever it is told, and none that another service could say (RFC 9562, section 5.8). Of a service of the version before there is none. */
function idOf(service: string, { id }: DecisionReport): string | null {
  if (id === undefined) return null
  const hex = hash('sha256', `althing/decision/v1\n${service}\n${id}`, 'hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

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
