/**
 * JSON read exactly (RFC 8259, RFC 7493): an integer is what was written or it is refused, a name occurs once, text is well-formed,
 * and depth and length end somewhere. No recursion: ten thousand brackets are refused, not survived by luck.
 */
export type Json = null | boolean | number | bigint | string | JsonList | JsonRecord
export type JsonList = readonly Json[]
/** Without a prototype: `__proto__` is a name like any other. */
export interface JsonRecord {
  readonly [name: string]: Json
}

export interface JsonLimits {
  /** Arrays and objects that are open at once; Cedar's own reader stops at 128. */
  readonly maxDepth?: number
  /** UTF-16 code units. */
  readonly maxLength?: number
  /** Cedar has no fractions: `false` refuses them, and exponents, as its own reader does. */
  readonly fractions?: boolean
}

/** Where and why a text is no JSON, or none that can be kept exactly. */
export class JsonError extends Error {
  readonly position: number
  constructor(message: string, position: number) {
    super(`${message} (at ${position})`)
    this.name = 'JsonError'
    this.position = position
  }
}

type Open = { list: Json[] } | { record: Record<string, Json>; name: string }

/** @throws JsonError with the position of what is wrong */
export function parseJson(text: string, limits: JsonLimits = {}): Json {
  const { maxDepth = 128, maxLength = 4_194_304, fractions = true } = limits
  if (text.length > maxLength) throw new JsonError('The text is too long', maxLength)
  const reader = new Reader(text, fractions)
  const open: Open[] = []
  for (;;) {
    const begun = reader.begin()
    if (begun !== undefined && open.length >= maxDepth) throw reader.wrong('The nesting is too deep')
    if (begun !== undefined && !reader.endsEmpty(begun)) {
      open.push(begun)
      continue
    }
    let value: Json = begun === undefined ? reader.scalar() : contents(begun)
    for (;;) {
      const into = open.at(-1)
      if (into === undefined) return reader.end(value)
      put(into, value)
      if (reader.goesOn(into)) break
      value = contents(into)
      open.pop()
    }
  }
}

/** The other way: bigints as the digits they are. */
export function writeJson(json: unknown): string {
  return JSON.stringify(json, (_name, value: unknown) =>
    typeof value === 'bigint' ? rawJson(value.toString()) : value,
  )
}

/** Not known to the types of this year: text that is written as it stands. */
const rawJson = (digits: string) => (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(digits)

const contents = (one: Open): Json => ('list' in one ? one.list : one.record)

function put(into: Open, value: Json): void {
  if ('list' in into) into.list.push(value)
  else into.record[into.name] = value
}

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}
const numberPattern = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y
const [quote, backslash] = [0x22, 0x5c]

class Reader {
  private at = 0
  private readonly text: string
  private readonly fractions: boolean

  constructor(text: string, fractions: boolean) {
    this.text = text
    this.fractions = fractions
  }

  wrong(message: string): JsonError {
    return new JsonError(message, this.at)
  }

  /** An array or object that begins here, or nothing. */
  begin(): Open | undefined {
    const next = this.peek()
    if (next !== '[' && next !== '{') return undefined
    this.at += 1
    return next === '[' ? { list: [] } : { record: Object.create(null) as Record<string, Json>, name: '' }
  }

  endsEmpty(one: Open): boolean {
    const closes = 'list' in one ? ']' : '}'
    if (this.peek() === closes) {
      this.at += 1
      return true
    }
    if ('record' in one) this.name(one)
    return false
  }

  /** After a value: a comma, and for an object the next name; or the end of what is open. */
  goesOn(one: Open): boolean {
    const next = this.peek()
    if (next === ',') {
      this.at += 1
      if ('record' in one) this.name(one)
      return true
    }
    if (next !== ('list' in one ? ']' : '}')) throw this.wrong('A comma or the end was expected')
    this.at += 1
    return false
  }

  end(value: Json): Json {
    if (this.peek() !== undefined) throw this.wrong('There is something after the end')
    return value
  }

  scalar(): Json {
    const next = this.peek()
    if (next === '"') return this.string()
    if (next === 't') return this.word('true', true)
    if (next === 'f') return this.word('false', false)
    if (next === 'n') return this.word('null', null)
    return this.number()
  }

  private peek(): string | undefined {
    for (;;) {
      const code = this.text.charCodeAt(this.at)
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return this.text[this.at]
      this.at += 1
    }
  }

  private name(one: { record: Record<string, Json>; name: string }): void {
    if (this.peek() !== '"') throw this.wrong('A name was expected')
    const begin = this.at
    one.name = this.string()
    if (Object.hasOwn(one.record, one.name))
      throw new JsonError(`The name ${JSON.stringify(one.name.slice(0, 100))} occurs twice`, begin)
    if (this.peek() !== ':') throw this.wrong('A colon was expected')
    this.at += 1
  }

  private word<T extends Json>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) throw this.wrong('A value was expected')
    this.at += word.length
    return value
  }

  private string(): string {
    const begin = this.at
    let [result, from] = ['', begin + 1]
    for (let at = from; ; at += 1) {
      const code = this.text.charCodeAt(at)
      this.at = at
      if (code === quote) {
        result += this.text.slice(from, at)
        this.at += 1
        if (!result.isWellFormed()) throw new JsonError('Half of a surrogate pair stands alone', begin)
        return result
      }
      if (Number.isNaN(code)) throw this.wrong('The text ends within a string')
      if (code < 0x20) throw this.wrong('A control character must be escaped')
      if (code === backslash) {
        result += this.text.slice(from, at) + this.escape()
        from = this.at
        at = from - 1
      }
    }
  }

  private escape(): string {
    const letter = this.text[this.at + 1] ?? ''
    if (letter === 'u') {
      const digits = this.text.slice(this.at + 2, this.at + 6)
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.wrong('Four hexadecimal digits were expected')
      this.at += 6
      return String.fromCharCode(Number.parseInt(digits, 16))
    }
    const meant = Object.hasOwn(escapes, letter) ? escapes[letter] : undefined
    if (meant === undefined) throw this.wrong('This escape is not known')
    this.at += 2
    return meant
  }

  private number(): number | bigint {
    numberPattern.lastIndex = this.at
    const found = numberPattern.exec(this.text)
    if (found === null) throw this.wrong('A value was expected')
    const [written, fraction, exponent] = found
    const isInteger = fraction === undefined && exponent === undefined
    const value = isInteger ? exactInteger(written) : this.fractions ? exactFraction(written) : undefined
    if (value === undefined) throw this.wrong('This number cannot be kept exactly')
    this.at += written.length
    return value
  }
}

/** A number while that is exact, a bigint up to 64 bits, and nothing beyond. */
function exactInteger(written: string): number | bigint | undefined {
  if (written.length <= 15) return Number(written) + 0 // `-0` is nothing but zero.
  if (written.length > 20) return undefined
  const value = BigInt(written)
  if (BigInt.asIntN(64, value) !== value) return undefined
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}

/** A true fraction is rounded like everywhere; but no integer may come of it that was not written. */
function exactFraction(written: string): number | undefined {
  const value = Number(written)
  if (!Number.isInteger(value)) return Number.isFinite(value) ? value : undefined
  const zeros = /^(-?[0-9]+)\.0+$/.exec(written)
  const short = /^-?[0-9]{1,15}(?:\.[0-9]{1,15})?(?:[eE][+-]?[0-9]{1,2})?$/.test(written)
  if (!Number.isSafeInteger(value) || (zeros === null && !short)) return undefined
  return zeros !== null && BigInt(zeros[1] ?? '0') !== BigInt(value) ? undefined : value + 0
}
