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

/** @throws Fault kernel.http.malformed, duplicate_name, too_deep or number_too_large, with the pointer of the place. */
export function parseJson(text: string): unknown {
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
  const rounded = Number.isInteger(value) && !Number.isSafeInteger(value)
  if (rounded || !Number.isFinite(value)) throw jsonFault.number_too_large(undefined, at(pointer))
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
