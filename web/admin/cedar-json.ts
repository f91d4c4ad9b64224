/** What a decision was made of, for people: Cedar writes a moment as its distance from the first of January 1970. */
const moment = /^(-?\d+)ms$/

export const writtenOut = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) => momentIn(one) ?? one, 2)

function momentIn(value: unknown): string | null {
  const { fn, args } = partsOf(partsOf(value)['__extn'])
  if (fn !== 'offset' || !Array.isArray(args)) return null
  const [from, by] = args.map((one: unknown) => partsOf(partsOf(one)['__extn'])['arg'])
  const [, ms] = moment.exec(String(by)) ?? []
  const at = new Date(Number(ms))
  return from === '1970-01-01' && !Number.isNaN(at.getTime()) ? at.toISOString() : null
}

const partsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

const inText =
  /(?:datetime\("1970-01-01"\)\.offset\(duration\("(-?\d+)ms"\)\)|offset\(datetime\("?1970-01-01"?\), ?duration\("?(-?\d+)ms"?\)\))/g

/** The same in a sentence or a line of Cedar. */
export const momentsIn = (text: string): string =>
  text.replace(inText, (whole: string, a: string | undefined, b: string | undefined) => {
    const at = new Date(Number(a ?? b))
    return Number.isNaN(at.getTime()) ? whole : at.toISOString()
  })
