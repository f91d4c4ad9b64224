/**
 * What a draft would have decided otherwise, of the last decisions that were written down. Each is made again from what it was made of. What was not
 * written down nobody can know, and so it is counted and said: a report that guesses would be believed.
 */
import type { Prepared, Replayed, ReplayedRuling } from '../deciding.ts'
import { createGivingWay } from '../giving-way.ts'
import type { Seen } from '../known.ts'
import { isMoment, momentSeen } from '../moment.ts'
import { fault } from './faults.ts'
import { missingIn } from './reads.ts'
import type { Impact } from './schema.ts'

export interface Line extends Omit<Replayed, 'seen'> {
  readonly id: string
  readonly at: Date
  readonly seen: Seen | null
  readonly decision: boolean
  readonly determining: readonly string[]
  readonly errors: readonly { readonly policy: string }[]
  /** The revision of the policies of then. */
  readonly policies: number
}

interface Needs {
  readonly isLogged: boolean
  /** Null when there is no such draft; without `prepared` it is not right. */
  readonly draft: (
    id: string,
  ) => Promise<{ readonly version: number; readonly prepared: Prepared | null } | null>
  readonly inForce: () => Promise<number>
  readonly ofRevision: (revision: number) => Promise<Prepared>
  /** The newest first, page by page. */
  readonly lines: (last: number) => AsyncIterable<readonly Line[]>
}

const mostFlips = 100
/** Those with the most; anybody can ask about an action of any name. */
const mostActions = 200
/** Lines come from the newest on, and so do the sets that they were made with: of two nodes two may take turns. */
const setsAtMost = 4

export function createImpact({ isLogged, draft, inForce, ofRevision, lines }: Needs) {
  async function report(id: string, last: number): Promise<Impact> {
    if (!isLogged) throw fault.nothing_logged()
    const found = await draft(id)
    if (found === null) throw fault.no_draft()
    if (found.prepared === null) throw fault.unfit()
    const current = await inForce()
    const counted = createCount({ draft: id, version: found.version, inForce: current })
    const sets = createSets(ofRevision)
    const now = await ofRevision(current)
    const giveWay = createGivingWay()
    for await (const page of lines(last)) {
      for (const line of page) {
        const atTheTime = line.policies === current ? now : await sets(line.policies)
        counted.add(line, compare(line, { draft: found.prepared, now, atTheTime }))
        await giveWay()
      }
    }
    return counted.done()
  }
  return { report }
}
export type ImpactReports = ReturnType<typeof createImpact>

/** Each revision is made ready once, and the one that was longest not asked for goes. */
function createSets(ofRevision: Needs['ofRevision']) {
  const known = new Map<number, Prepared>()
  return async (revision: number) => {
    const set = known.get(revision) ?? (await ofRevision(revision))
    known.delete(revision)
    known.set(revision, set)
    const [oldest] = known.keys()
    if (known.size > setsAtMost && oldest !== undefined) known.delete(oldest)
    return set
  }
}

interface Sets {
  readonly draft: Prepared
  readonly now: Prepared
  readonly atTheTime: Prepared
}

type Compared =
  | { readonly kind: 'unknown'; readonly why: 'notKept' | 'readsMore'; readonly reads: readonly string[] }
  | { readonly kind: 'same' | 'already' }
  | { readonly kind: 'flip'; readonly after: ReplayedRuling }

function compare({ seen, ...line }: Line, { draft, now, atTheTime }: Sets): Compared {
  if (seen === null) return { kind: 'unknown', why: 'notKept', reads: [] }
  // Of the moment nobody had to look, and it stands in the line all the same.
  const whole = { ...line, seen: { ...seen, context: { ...momentSeen(line.at), ...seen.context } } }
  const missing = missingIn(draft.reads(line.action), atTheTime.allReads).filter((one) => !isMoment(one))
  if (missing.length > 0) return { kind: 'unknown', why: 'readsMore', reads: missing }
  const after = draft.replay(whole)
  const before = atTheTime.replay(whole)
  // Somebody whom nobody looked at then: whether there is such a one was not written down.
  if ([...after.missed].some((key) => !before.missed.has(key)))
    return { kind: 'unknown', why: 'readsMore', reads: ['somebody or something that nobody looked at'] }
  if (after.decision === line.decision) return { kind: 'same' }
  const isAlready = now !== atTheTime && now.replay(whole).decision === after.decision
  return isAlready ? { kind: 'already' } : { kind: 'flip', after }
}

function createCount(of: Pick<Impact, 'draft' | 'version' | 'inForce'>) {
  const counts = { looked: 0, replayed: 0, wouldAllow: 0, wouldDeny: 0, changedAlready: 0 }
  const unknown = { notKept: 0, readsMore: 0 }
  const reads = new Set<string>()
  const byAction = new Map<string, { wouldAllow: number; wouldDeny: number }>()
  const flips: Impact['flips'] = []
  let oldest: Date | null = null

  function flip(line: Line, after: ReplayedRuling): void {
    const way = after.decision ? 'wouldAllow' : 'wouldDeny'
    counts[way] += 1
    const ofAction = byAction.get(line.action) ?? { wouldAllow: 0, wouldDeny: 0 }
    ofAction[way] += 1
    byAction.set(line.action, ofAction)
    if (flips.length < mostFlips) flips.push(flipOf(line, after))
  }

  return {
    add(line: Line, compared: Compared): void {
      counts.looked += 1
      oldest = line.at
      if (compared.kind === 'unknown') {
        unknown[compared.why] += 1
        for (const name of compared.reads) reads.add(name)
        return
      }
      counts.replayed += 1
      if (compared.kind === 'already') counts.changedAlready += 1
      if (compared.kind === 'flip') flip(line, compared.after)
    },
    done: (): Impact => ({
      ...of,
      ...counts,
      unknown,
      readsMore: [...reads].sort().slice(0, 50),
      byAction: [...byAction]
        .map(([action, both]) => ({ action, ...both }))
        .sort((a, b) => b.wouldAllow + b.wouldDeny - a.wouldAllow - a.wouldDeny)
        .slice(0, mostActions),
      flips,
      oldest: oldest?.toISOString() ?? null,
    }),
  }
}

const flipOf = (line: Line, after: ReplayedRuling): Impact['flips'][number] => ({
  id: line.id,
  at: line.at.toISOString(),
  subject: line.subject,
  action: line.action,
  resource: line.resource,
  before: {
    decision: line.decision,
    policies: [...line.determining],
    errors: line.errors.map(({ policy }) => policy),
  },
  after: {
    decision: after.decision,
    policies: [...after.determining],
    errors: after.errors.map(({ policy }) => policy),
  },
})
