/** What is different between two texts, line by line (Myers, “An O(ND) difference algorithm”, 1986). */
export interface Line {
  readonly is: 'same' | 'gone' | 'new'
  readonly text: string
}

export interface Hunk {
  /** The numbers of its first line in the one text and in the other. */
  readonly from: number
  readonly to: number
  readonly lines: readonly Line[]
}

/** Texts that have less in common than this are shown as one that is gone and one that is new. */
const mostEdits = 1000
const around = 3

export function diff(before: string, after: string): Hunk[] {
  if (before === after) return []
  return hunksOf(linesOf(split(before), split(after)))
}

const split = (text: string): readonly string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'))

function linesOf(before: readonly string[], after: readonly string[]): Line[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1
  let end = 0
  while (
    end < before.length - start &&
    end < after.length - start &&
    before.at(-1 - end) === after.at(-1 - end)
  )
    end += 1
  const same = (text: string): Line => ({ is: 'same', text })
  const [a, b] = [before.slice(start, before.length - end), after.slice(start, after.length - end)]
  return [
    ...before.slice(0, start).map(same),
    ...middle(a, b),
    ...before.slice(before.length - end).map(same),
  ]
}

function middle(a: readonly string[], b: readonly string[]): Line[] {
  const trace = furthest(a, b)
  if (trace === null)
    return [
      ...a.map((text) => ({ is: 'gone' as const, text })),
      ...b.map((text) => ({ is: 'new' as const, text })),
    ]
  const lines: Line[] = []
  let [x, y] = [a.length, b.length]
  for (let edits = trace.length - 1; edits > 0; edits -= 1) {
    const reach = trace[edits - 1] as ReadonlyMap<number, number>
    const k = x - y
    const isNew = k === -edits || (k !== edits && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1))
    const fromX = reach.get(isNew ? k + 1 : k - 1) ?? 0
    const fromY = fromX - (isNew ? k + 1 : k - 1)
    while (x > fromX + (isNew ? 0 : 1) && y > fromY + (isNew ? 1 : 0)) {
      lines.push({ is: 'same', text: a[--x] as string })
      y -= 1
    }
    if (isNew) lines.push({ is: 'new', text: b[--y] as string })
    else lines.push({ is: 'gone', text: a[--x] as string })
  }
  while (x > 0) lines.push({ is: 'same', text: a[--x] as string })
  return lines.reverse()
}

/** How far one gets along each diagonal with 0, 1, 2 … edits; null when there are too many. */
function furthest(a: readonly string[], b: readonly string[]): ReadonlyMap<number, number>[] | null {
  const trace: Map<number, number>[] = []
  for (let edits = 0; edits <= Math.min(a.length + b.length, mostEdits); edits += 1) {
    const before = trace.at(-1)
    const reach = new Map<number, number>()
    trace.push(reach)
    for (let k = -edits; k <= edits; k += 2) {
      const isDown = k === -edits || (k !== edits && (before?.get(k - 1) ?? -1) < (before?.get(k + 1) ?? -1))
      let x = edits === 0 ? 0 : isDown ? (before?.get(k + 1) ?? 0) : (before?.get(k - 1) ?? 0) + 1
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1
      reach.set(k, x)
      if (x >= a.length && x - k >= b.length) return trace
    }
  }
  return null
}

/** Three lines around whatever is different; between them nothing is shown. */
function hunksOf(lines: readonly Line[]): Hunk[] {
  const hunks: { from: number; to: number; lines: Line[]; last: number }[] = []
  let [from, to] = [1, 1]
  const starts = lines.map((line) => {
    const at = { from, to }
    if (line.is !== 'new') from += 1
    if (line.is !== 'gone') to += 1
    return at
  })
  for (const [n, line] of lines.entries()) {
    if (line.is === 'same') continue
    const open = hunks.at(-1)
    const first = Math.max(0, n - around)
    if (open === undefined || first > open.last + 1) {
      const at = starts[first] as { from: number; to: number }
      hunks.push({
        ...at,
        lines: lines.slice(first, n + around + 1),
        last: Math.min(lines.length - 1, n + around),
      })
    } else {
      open.lines.push(...lines.slice(open.last + 1, n + around + 1))
      open.last = Math.min(lines.length - 1, n + around)
    }
  }
  return hunks.map(({ from: before, to: after, lines: shown }) => ({ from: before, to: after, lines: shown }))
}
