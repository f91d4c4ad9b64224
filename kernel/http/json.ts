/**
 * JSON as the edge accepts it: RFC 8259, and I-JSON's stricter words (RFC 7493): no name twice in one object,
 * no integer beyond 2^53 that would be rounded silently, no nesting without end. The place of a mistake is a JSON Pointer.
 */
import { faults } from '../errors/index.ts'

const jsonFault = faults('kernel.http', {
  malformed: [400, 'The request is not valid JSON in UTF-8.'],
  duplicate_name: [400, 'A name stands twice in the same object.'],
  too_deep: [400, 'The request is nested too deeply.'],
  number_too_large: [400, 'A whole number is too large to be read exactly.'],
})

const deepest = 32
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const space = /[ \t\n\r]*/y

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Bytes as the text they must be (RFC 8259, section 8.1): read leniently, a wrong byte would become another word than was sent.
 * @throws Fault kernel.http.malformed
 */
export function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch (cause) {
    throw jsonFault.malformed(cause)
  }
}

/**
 * The engine's own parser is ten times as fast as any other, and forgives three things. So what it made is counted: a name that stood twice
 * is one name less than the text has. Where anything is wrong the text is read again, slowly, for the place of it.
 * @throws Fault kernel.http.malformed, duplicate_name, too_deep or number_too_large, with the pointer of the place.
 */
export function parseJson(text: string): unknown {
  const names = namesIn(text)
  const value = names === null ? undefined : forgiving(text)
  return value !== undefined && namesOf(value) === names ? value : readSlowly(text)
}

/**
 * How many names stand in it, as far as a text that may be no JSON can say; null where it is read slowly whatever it says: when it is deeper than
 * we go, or a name is written with a backslash. After an object with the name `x\`, V8 13.6 (Node 24) takes `x"` and `x` with a line end, in an
 * object of the same shape, for that one.
 */
function namesIn(text: string): number | null {
  let [names, depth, isEscaped] = [0, 0, false]
  let slash = text.indexOf('\\')
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 0x22) {
      at = endOfString(text, at)
      if (at < 0) return null
      isEscaped = slash >= 0 && slash < at
      if (isEscaped) slash = text.indexOf('\\', at)
    } else if (code === 0x3a) {
      if (isEscaped) return null
      names += 1
    } else if (code === 0x7b || code === 0x5b) {
      depth += 1
      if (depth > deepest) return null
    } else if (code === 0x7d || code === 0x5d) depth -= 1
  }
  return names
}

/** Where the string ends that begins here: at a quotation mark before which stands an even number of backslashes. */
function endOfString(text: string, from: number): number {
  for (let end = text.indexOf('"', from + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0
    while (text.charCodeAt(end - 1 - slashes) === 0x5c) slashes += 1
    if (slashes % 2 === 0) return end
  }
  return -1
}

function forgiving(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** NaN where a number was rounded: it is equal to no number of names. */
function namesOf(value: unknown): number {
  if (typeof value === 'number') return isExact(value) ? 0 : Number.NaN
  if (typeof value !== 'object' || value === null) return 0
  let names = 0
  if (Array.isArray(value)) {
    for (const one of value) names += namesOf(one)
    return names
  }
  for (const name in value) names += 1 + namesOf((value as Readonly<Record<string, unknown>>)[name])
  return names
}

const isExact = (value: number): boolean =>
  Number.isFinite(value) && (Number.isSafeInteger(value) || !Number.isInteger(value))

function readSlowly(text: string): unknown {
  const reader = createReader(text)
  const value = readValue(reader, '', 0)
  reader.skipSpace()
  if (!reader.atEnd()) throw jsonFault.malformed()
  return value
}

type Reader = ReturnType<typeof createReader>

function createReader(text: string) {
  let at = 0
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found === null) return null
    at += found[0].length
    return found[0]
  }
  return {
    take,
    skipSpace: () => void take(space),
    peek: () => text[at],
    atEnd: () => at >= text.length,
    /** Takes exactly this, or says that the text is malformed. */
    expect(word: string): void {
      if (!text.startsWith(word, at)) throw jsonFault.malformed()
      at += word.length
    },
    accept(word: string): boolean {
      if (!text.startsWith(word, at)) return false
      at += word.length
      return true
    },
  }
}

function readValue(reader: Reader, pointer: string, depth: number): unknown {
  if (depth > deepest) throw jsonFault.too_deep()
  reader.skipSpace()
  switch (reader.peek()) {
    case '{':
      return readObject(reader, pointer, depth)
    case '[':
      return readArray(reader, pointer, depth)
    case '"':
      return readString(reader)
    case 't':
      return (reader.expect('true'), true)
    case 'f':
      return (reader.expect('false'), false)
    case 'n':
      return (reader.expect('null'), null)
    default:
      return readNumber(reader, pointer)
  }
}

function readString(reader: Reader): string {
  const token = reader.take(string)
  if (token === null) throw jsonFault.malformed()
  return JSON.parse(token) as string
}

function readNumber(reader: Reader, pointer: string): number {
  const token = reader.take(number)
  if (token === null) throw jsonFault.malformed()
  const value = Number(token)
  if (!isExact(value)) throw jsonFault.number_too_large(undefined, at(pointer))
  return value
}

function readArray(reader: Reader, pointer: string, depth: number): unknown[] {
  reader.expect('[')
  const items: unknown[] = []
  reader.skipSpace()
  if (reader.accept(']')) return items
  do items.push(readValue(reader, `${pointer}/${items.length}`, depth + 1))
  while (goesOn(reader, ']'))
  return items
}

function readObject(reader: Reader, pointer: string, depth: number): Record<string, unknown> {
  reader.expect('{')
  const members = new Map<string, unknown>()
  reader.skipSpace()
  if (reader.accept('}')) return {}
  do {
    reader.skipSpace()
    const name = readString(reader)
    const place = `${pointer}/${escapePointer(name)}`
    if (members.has(name)) throw jsonFault.duplicate_name(undefined, at(place))
    reader.skipSpace()
    reader.expect(':')
    members.set(name, readValue(reader, place, depth + 1))
  } while (goesOn(reader, '}'))
  // fromEntries defines own members, so that "__proto__" is a name like any other.
  return Object.fromEntries(members)
}

function goesOn(reader: Reader, end: string): boolean {
  reader.skipSpace()
  if (reader.accept(',')) return true
  reader.expect(end)
  return false
}

function at(pointer: string) {
  return {
    fields: [{ pointer: pointer.length > 200 ? pointer.slice(0, 200) : pointer, message: 'Look here.' }],
  }
}

/** RFC 6901, section 3. */
export function escapePointer(name: string): string {
  return name.slice(0, 60).replaceAll('~', '~0').replaceAll('/', '~1')
}
