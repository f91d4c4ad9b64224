/**
 * The typed metric registry: each metric is declared once, with a closed set of values for every label, so that
 * no id can ever become a label and the number of series is known beforehand. Text form: Prometheus exposition 0.0.4.
 */
export type Labels = Readonly<Record<string, readonly string[]>>
type Chosen<L extends Labels> = { readonly [name in keyof L]: L[name][number] }

interface Declaration<L extends Labels> {
  readonly name: string
  readonly help: string
  readonly labels: L
}

interface Series {
  readonly labels: Readonly<Record<string, string>>
  value: number
}

interface Metric {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  lines(): Generator<string>
}

export interface Counter<L extends Labels> {
  add(labels: Chosen<L>, amount?: number): void
}
export interface Gauge<L extends Labels> {
  set(labels: Chosen<L>, value: number): void
}
export interface Histogram<L extends Labels> {
  /** Seconds, unless the metric's name says another unit. */
  observe(labels: Chosen<L>, value: number): void
}

/** Advised by OpenTelemetry's HTTP conventions, in seconds. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] as const

export class Registry {
  readonly #metrics = new Map<string, Metric>()

  counter<const L extends Labels>(declared: Declaration<L>): Counter<L> {
    const store = this.#simple('counter', declared)
    return { add: (labels, amount = 1) => void (store.at(labels).value += amount) }
  }

  gauge<const L extends Labels>(declared: Declaration<L>): Gauge<L> {
    const store = this.#simple('gauge', declared)
    return { set: (labels, value) => void (store.at(labels).value = value) }
  }

  histogram<const L extends Labels>(declared: Declaration<L>): Histogram<L> {
    const series = new Map<
      string,
      { labels: Readonly<Record<string, string>>; counts: number[]; sum: number }
    >()
    const names = Object.keys(declared.labels)
    this.#add({
      name: declared.name,
      help: declared.help,
      type: 'histogram',
      *lines() {
        for (const one of series.values()) yield* histogramLines(declared.name, one)
      },
    })
    return {
      observe(labels, value) {
        const key = keyOf(names, labels)
        const found = series.get(key) ?? {
          labels: checked(declared, labels),
          counts: buckets.map(() => 0).concat(0),
          sum: 0,
        }
        series.set(key, found)
        const place = buckets.findIndex((bound) => value <= bound)
        const index = place === -1 ? buckets.length : place
        found.counts[index] = (found.counts[index] ?? 0) + 1
        found.sum += value
      },
    }
  }

  /** The whole registry as text, each line with the labels given (the service's name). */
  render(common: Readonly<Record<string, string>> = {}): string {
    const lines: string[] = []
    for (const metric of this.#metrics.values()) {
      lines.push(`# HELP ${metric.name} ${metric.help}`, `# TYPE ${metric.name} ${metric.type}`)
      for (const line of metric.lines()) lines.push(withCommon(line, common))
    }
    return `${lines.join('\n')}\n`
  }

  /** Name, type and help of everything declared: the manual and the dashboards are made from it. */
  catalogue(): readonly { name: string; type: string; help: string }[] {
    return [...this.#metrics.values()].map(({ name, type, help }) => ({ name, type, help }))
  }

  #simple<L extends Labels>(type: 'counter' | 'gauge', declared: Declaration<L>) {
    const series = new Map<string, Series>()
    const names = Object.keys(declared.labels)
    this.#add({
      name: declared.name,
      help: declared.help,
      type,
      *lines() {
        for (const one of series.values()) yield `${declared.name}${braces(one.labels)} ${one.value}`
      },
    })
    return {
      at(labels: Chosen<L>): Series {
        const key = keyOf(names, labels)
        const found = series.get(key) ?? { labels: checked(declared, labels), value: 0 }
        series.set(key, found)
        return found
      },
    }
  }

  #add(metric: Metric): void {
    if (this.#metrics.has(metric.name)) throw new Error(`The metric ${metric.name} is declared twice.`)
    this.#metrics.set(metric.name, metric)
  }
}

/** Refuses a label outside its closed set at run time too: a type can be cast away, a leak cannot be taken back. */
function checked<L extends Labels>(
  declared: Declaration<L>,
  labels: Chosen<L>,
): Readonly<Record<string, string>> {
  const chosen = labels as Readonly<Record<string, string>>
  for (const [name, allowed] of Object.entries(declared.labels)) {
    const value = chosen[name]
    if (value === undefined || !allowed.includes(value)) {
      throw new Error(`The metric ${declared.name} knows no such value of its label ${name}.`)
    }
  }
  return chosen
}

/** The values in the order of the declaration: each is one of a closed set, and none of those holds a line break. */
function keyOf(names: readonly string[], labels: object): string {
  return names.map((name) => (labels as Readonly<Record<string, string>>)[name]).join('\n')
}

function braces(labels: Readonly<Record<string, string>>): string {
  const inside = Object.entries(labels).map(([name, value]) => `${name}="${value}"`)
  return inside.length === 0 ? '' : `{${inside.join(',')}}`
}

function withCommon(line: string, common: Readonly<Record<string, string>>): string {
  const extra = Object.entries(common).map(([name, value]) => `${name}="${value}"`)
  if (extra.length === 0) return line
  return line.includes('{')
    ? line.replace('{', `{${extra.join(',')},`)
    : line.replace(' ', `{${extra.join(',')}} `)
}

function* histogramLines(
  name: string,
  one: { labels: Readonly<Record<string, string>>; counts: readonly number[]; sum: number },
): Generator<string> {
  let total = 0
  for (const [index, bound] of [...buckets, '+Inf'].entries()) {
    total += one.counts[index] ?? 0
    yield `${name}_bucket${braces({ ...one.labels, le: String(bound) })} ${total}`
  }
  yield `${name}_sum${braces(one.labels)} ${one.sum}`
  yield `${name}_count${braces(one.labels)} ${total}`
}
