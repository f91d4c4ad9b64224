/**
 * The attacker: given all dumps, who cast which ballot? It knows everybody's ids and every ballot on the board, and tries every
 * order that anything lies in, on both sides, forwards and backwards: heap, transaction, write-ahead log, every column. For each
 * pair of orders it says "the n-th person cast the n-th ballot", exactly and within five places.
 */
import type { DumpedRow } from './dumps.ts'

export interface Known {
  /** For each person everything by which a dump could name them: ids of account and member, kennitala, e-mail. */
  readonly people: readonly (readonly string[])[]
  /** For each ballot everything by which a dump could name it: its leaf, parts of its entry, in their spellings. */
  readonly ballots: readonly (readonly string[])[]
  /** Which ballot each person cast: index by index. Only to score the attacker. */
  readonly truth: readonly number[]
}

export interface Attempt {
  readonly person: string
  readonly ballot: string
  readonly reversed: boolean
  readonly exact: number
  readonly near: number
}

interface Order {
  readonly name: string
  /** Rank of each subject in this order; only orders that know all of them are tried. */
  readonly ranks: readonly number[]
}

const nearPlaces = 5

export function attack(known: Known, rows: readonly DumpedRow[], wal: Buffer): Attempt[] {
  const people = [...ordersOf(known.people, rows), ...walOrders(known.people, wal)]
  const ballots = [...ordersOf(known.ballots, rows), ...walOrders(known.ballots, wal)]
  return people.flatMap((person) =>
    ballots.flatMap((ballot) =>
      [false, true].map((reversed) => score(known.truth, person, ballot, reversed)),
    ),
  )
}

/** By chance: exact hits are Poisson(1) for a random permutation; near hits have mean (2k+1). */
export function bounds(size: number, attempts: number) {
  // Three sigmas of one try are 0.27 %; with many tries that share is divided among them (Bonferroni).
  const allowed = 0.0027 / Math.max(1, attempts)
  const nearMean = (size * (2 * nearPlaces + 1)) / size
  return { exact: poissonBound(1, allowed), near: poissonBound(nearMean, allowed) }
}

/** The largest count that chance exceeds less often than allowed. */
function poissonBound(mean: number, allowed: number): number {
  let [term, sum, count] = [Math.exp(-mean), Math.exp(-mean), 0]
  while (1 - sum > allowed && count < 1000) {
    count += 1
    term = (term * mean) / count
    sum += term
  }
  return count
}

/** Every column of every table in whose rows all the subjects are named: sorted by that column, they are in an order. */
function ordersOf(subjects: Known['people'], rows: readonly DumpedRow[]): Order[] {
  const byName = new Map(subjects.flatMap((names, index) => names.map((name) => [name, index] as const)))
  const tables = new Map<string, { readonly index: number; readonly row: DumpedRow }[]>()
  for (const row of rows) {
    for (const index of new Set(namedIn(row, byName)))
      tables.set(row.table, [...(tables.get(row.table) ?? []), { index, row }])
  }
  return [...tables].flatMap(([table, found]) => {
    const first = new Map<number, DumpedRow>()
    const last = new Map<number, DumpedRow>()
    for (const { index, row } of found) {
      if (!first.has(index)) first.set(index, row)
      last.set(index, row)
    }
    if (first.size < subjects.length) return []
    const columns = Object.keys(found[0]?.row.values ?? {})
    return [first, last].flatMap((chosen, place) =>
      columns.map((column) => ({
        name: `${table}.${column}${place === 0 ? '' : ' (last)'}`,
        ranks: ranksOf(subjects.map((_, index) => chosen.get(index)?.values[column] ?? null)),
      })),
    )
  })
}

function namedIn(row: DumpedRow, byName: ReadonlyMap<string, number>): number[] {
  return Object.values(row.values).flatMap((value) => {
    if (value === null) return []
    const whole = byName.get(value)
    if (whole !== undefined) return [whole]
    // Inside a longer text: ids and hashes stand between quotes, spaces or other marks.
    return value.length > 40_000
      ? []
      : value.split(/[^A-Za-z0-9_@.+/=\\-]+/).flatMap((part) => byName.get(part) ?? [])
  })
}

/** Where each subject first and last stands in the log, raw or as text. */
function walOrders(subjects: Known['people'], wal: Buffer): Order[] {
  const needles = subjects.flatMap((names, index) =>
    names.flatMap((name) => [Buffer.from(name), ...rawOf(name)].map((bytes) => ({ bytes, index }))),
  )
  const { first, last } = findAll(needles, wal)
  const named = { 'write-ahead log (first)': first, 'write-ahead log (last)': last }
  return Object.entries(named).flatMap(([name, places]) =>
    places.size < subjects.length
      ? []
      : [
          {
            name,
            ranks: ranksOf(
              subjects.map((_, index) => String(places.get(index))),
              true,
            ),
          },
        ],
  )
}

/** One pass over the log for all needles at once: by their first two bytes, then in full. */
function findAll(needles: readonly { readonly bytes: Buffer; readonly index: number }[], wal: Buffer) {
  const [first, last] = [new Map<number, number>(), new Map<number, number>()]
  const byStart = new Map<number, (typeof needles)[number][]>()
  const starts = new Uint8Array(65_536)
  for (const needle of needles.filter(({ bytes }) => bytes.length >= 8)) {
    const start = needle.bytes.readUInt16BE(0)
    starts[start] = 1
    byStart.set(needle.bytes.readUInt32BE(0), [...(byStart.get(needle.bytes.readUInt32BE(0)) ?? []), needle])
  }
  for (let at = 0; at < wal.length - 8; at += 1) {
    if (starts[((wal[at] ?? 0) << 8) | (wal[at + 1] ?? 0)] !== 1) continue
    for (const { bytes, index } of byStart.get(wal.readUInt32BE(at)) ?? []) {
      if (wal.compare(bytes, 0, bytes.length, at, at + bytes.length) !== 0) continue
      if (!first.has(index)) first.set(index, at)
      last.set(index, at)
    }
  }
  return { first, last }
}

/** The bytes behind a hex or base64url spelling, as a binary column keeps them. */
function rawOf(name: string): Buffer[] {
  if (/^\\x[0-9a-f]+$/.test(name)) return [Buffer.from(name.slice(2), 'hex')]
  return /^[A-Za-z0-9_-]{43,}$/.test(name) ? [Buffer.from(name, 'base64url')] : []
}

/** Equal values are in no order: chance puts them in one, lest the order of our own list, which is the truth, speak for them. */
function ranksOf(
  values: readonly (string | null)[],
  numeric = values.every((one) => one !== null && /^-?\d+(\.\d+)?$/.test(one)),
): number[] {
  const mixed = values.map((value, index) => ({
    value: value ?? '',
    number: numeric ? Number(value) : 0,
    index,
    chance: Math.random(),
  }))
  mixed.sort(
    (a, b) =>
      (numeric ? a.number - b.number : a.value < b.value ? -1 : a.value > b.value ? 1 : 0) ||
      a.chance - b.chance,
  )
  const ranks: number[] = []
  for (const [rank, { index }] of mixed.entries()) ranks[index] = rank
  return ranks
}

function score(truth: readonly number[], person: Order, ballot: Order, reversed: boolean): Attempt {
  const last = truth.length - 1
  let [exact, near] = [0, 0]
  for (const [index, cast] of truth.entries()) {
    const expected = reversed ? last - (person.ranks[index] ?? 0) : (person.ranks[index] ?? 0)
    const distance = Math.abs(expected - (ballot.ranks[cast] ?? 0))
    if (distance === 0) exact += 1
    if (distance <= nearPlaces) near += 1
  }
  return { person: person.name, ballot: ballot.name, reversed, exact, near }
}

/** Values of one side that stand literally in what the other side keeps: there must be none at all. */
export function literalLeaks(needles: readonly (readonly string[])[], haystack: string): string[] {
  // Thousands of needles in a hundred megabytes: one pass, in which a table of the first eight bytes says where to look closely.
  const text = Buffer.from(haystack)
  const wanted = new Map<number, Buffer[]>()
  for (const needle of needles.flat().map((one) => Buffer.from(one))) {
    if (needle.length < windowBytes) continue
    const key = windowAt(needle, 0)
    wanted.set(key, [...(wanted.get(key) ?? []), needle])
  }
  const isWanted = new Uint8Array(keys)
  for (const key of wanted.keys()) isWanted[key] = 1
  const found = new Set<string>()
  for (let at = 0; at + windowBytes <= text.length; at += 1) {
    const key = windowAt(text, at)
    if (isWanted[key] === 0) continue
    for (const needle of wanted.get(key) ?? [])
      if (text.subarray(at, at + needle.length).equals(needle)) found.add(needle.toString())
  }
  return [...found]
}

const windowBytes = 8
const keys = 2 ** 22

/** Eight bytes as one of so many keys. */
function windowAt(text: Buffer, at: number): number {
  const first = text.readInt32LE(at)
  return (Math.imul(first, 0x9e3779b1) ^ Math.imul(text.readInt32LE(at + 4), 0x85ebca6b)) >>> 10
}
