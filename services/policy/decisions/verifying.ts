/**
 * Whether the log is what was written: each row against its hash, and the rows of each batch against the digest that stands in the audit log.
 * Whoever changes, takes away, adds or moves a row here would have to change that as well, and cannot. Rows that are past their time go in
 * whole batches, and the audit log says up to which.
 */
import { batchDigest, hexOf, isIntact } from './sealing.ts'
import type { Finding, Stored, Verdict } from './schema.ts'
import type { DecisionStore } from './store.ts'

/** What the audit log says of a batch. */
export interface TellsOfBatch {
  readonly at: Date
  readonly rows: number
  readonly digest: string
}

/** What the audit log says of what is gone. */
interface Swept {
  readonly at: Date
  readonly through: number
  readonly days: number
}

export interface Ledger {
  /** Each batch with every line about it. */
  told(first: number, last: number): Promise<ReadonlyMap<number, readonly TellsOfBatch[]>>
  swept(): Promise<Swept | null>
  /** The highest batch that it knows. */
  last(): Promise<number>
}

interface Needs {
  readonly store: Pick<DecisionStore, 'ofBatches' | 'outside'>
  readonly ledger: Ledger
  /** Which of these people were erased. */
  readonly erased: (persons: readonly string[]) => Promise<ReadonlySet<string>>
}

const batchesAtOnce = 20
/** What one call looks at: whoever wants all of it goes on. */
const rowsAtMost = 20_000
const batchesAtMost = 2_000
const findingsAtMost = 100
/** A batch may have waited for the database before it was written. */
const slackMs = 86_400_000

interface Looked {
  readonly findings: Finding[]
  readonly rows: number
  readonly erased: number
}

export function createVerifying({ store, ledger, erased }: Needs) {
  /** @param through where to end; with one nobody looks for what stands beyond */
  async function verify(after: number, through?: number): Promise<Verdict> {
    const known = await ledger.last()
    const last = Math.min(known, through ?? known)
    const found: Looked[] = []
    const sum = (what: 'rows' | 'erased') => found.reduce((all, one) => all + one[what], 0)
    let at = after
    while (at < last && sum('rows') < rowsAtMost && at - after < batchesAtMost) {
      const to = Math.min(at + batchesAtOnce, last)
      found.push(...(await lookAt(at + 1, to)))
      at = to
    }
    const beyond = at >= known && through === undefined ? await strangers() : []
    const findings = [...found.flatMap((one) => one.findings), ...beyond]
    return {
      batches: found.length,
      rows: sum('rows'),
      erased: sum('erased'),
      intact: findings.length === 0,
      findings: findings.slice(0, findingsAtMost),
      next: at < last ? at : null,
    }
  }

  /** What does not fit is looked at once more by itself: it may have been written, or swept, between two looks. */
  async function lookAt(first: number, last: number): Promise<Looked[]> {
    const looked = await judgeAll(first, last)
    const again = looked.map(async ({ number, ...one }) =>
      one.findings.length === 0 ? one : ((await judgeAll(number, number))[0] ?? one),
    )
    return Promise.all(again)
  }

  async function judgeAll(first: number, last: number): Promise<(Looked & { number: number })[]> {
    const told = await ledger.told(first, last)
    const rows = Map.groupBy(await store.ofBatches(first, last), ({ batch }) => batch)
    const swept = await ledger.swept()
    const gone = await erased(personsOfEmptied([...rows.values()].flat()))
    const numbers = [...new Set([...told.keys(), ...rows.keys()])].sort((left, right) => left - right)
    return numbers.map((number) => {
      const own = rows.get(number) ?? []
      const findings = judge(number, told.get(number) ?? [], own, swept)
      findings.push(...emptiedIn(own, gone))
      return { number, findings, rows: own.length, erased: own.filter(({ seen }) => seen === null).length }
    })
  }

  async function strangers(): Promise<Finding[]> {
    const rows = await store.outside(await ledger.last(), findingsAtMost)
    // What was written since is known by now.
    const last = await ledger.last()
    return rows.filter(({ batch }) => batch < 1 || batch > last).map((row) => findingOf(row, 'added'))
  }

  return { verify }
}
export type Verifying = ReturnType<typeof createVerifying>

function judge(
  batch: number,
  told: readonly TellsOfBatch[],
  rows: readonly Stored[],
  swept: Swept | null,
): Finding[] {
  const [one, ...others] = told
  if (one === undefined) return rows.map((row) => findingOf(row, 'added'))
  const whole = (what: Finding['what']): Finding => ({ batch, place: null, decision: null, what })
  if (others.length > 0) return [whole('told twice')]
  if (swept !== null && batch <= swept.through) {
    const isEarly = one.at.getTime() + swept.days * 86_400_000 > swept.at.getTime() + slackMs
    if (isEarly && rows.length === 0) return [whole('swept too early')]
    return rows.map((row) => findingOf(row, 'added'))
  }
  return judgeRows(batch, one, rows)
}

function judgeRows(batch: number, told: TellsOfBatch, rows: readonly Stored[]): Finding[] {
  const places = new Set(rows.map(({ place }) => place))
  const findings: Finding[] = []
  for (let place = 0; place < told.rows; place += 1)
    if (!places.has(place)) findings.push({ batch, place, decision: null, what: 'deleted' })
  for (const row of rows) {
    if (row.place < 0 || row.place >= told.rows) findings.push(findingOf(row, 'added'))
    else if (!isIntact(row)) findings.push(findingOf(row, 'altered'))
  }
  // All are there, and each is as its hash says: then one stands where another stood, or came with a hash of its own.
  if (findings.length === 0 && batchDigest(rows.map(({ hash }) => hexOf(hash))) !== told.digest)
    findings.push({ batch, place: null, decision: null, what: 'moved' })
  return findings
}

const findingOf = ({ batch, place, id }: Stored, what: Finding['what']): Finding => ({
  batch,
  place,
  decision: id,
  what,
})

const personsOfEmptied = (rows: readonly Stored[]): string[] => [
  ...new Set(rows.flatMap(({ seen, persons }) => (seen === null ? persons : []))),
]

/** Emptied without anybody having been erased from it: what it was made of was to be hidden. */
function emptiedIn(rows: readonly Stored[], erased: ReadonlySet<string>): Finding[] {
  return rows
    .filter(({ seen, persons }) => seen === null && !persons.some((one) => erased.has(one)))
    .map((row) => findingOf(row, 'emptied'))
}
