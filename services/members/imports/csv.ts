/**
 * Bytes → rows of cells, as they come: UTF-8 with or without a mark, commas, semicolons or tabs, any line ends, line breaks
 * inside quotation marks. Nothing is held but the row at hand.
 */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CsvError, parse } from 'csv-parse'
import { fault } from './faults.ts'

/** Longer than any honest row, and short enough that an unclosed quotation mark is noticed soon. */
const longestRowBytes = 32 * 1024

/** @throws Fault members.imports.empty, not_utf8, malformed */
export async function* readCsv(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  const texts = decoded(bytes)[Symbol.asyncIterator]()
  const head = await headOf(texts)
  if (head.trim() === '') throw fault.empty()
  const parser = parse({
    delimiter: delimiterOf(head),
    relax_column_count: true,
    max_record_size: longestRowBytes,
    record_delimiter: ['\r\n', '\n', '\r'],
  })
  // The failure of the source reaches the parser, which throws it to whoever reads the rows below.
  const fed = pipeline(Readable.from(rest(head, texts)), parser).catch(() => {})
  try {
    for await (const row of parser as AsyncIterable<string[]>) yield row
  } catch (error) {
    throw error instanceof CsvError ? malformed(error) : error
  } finally {
    parser.destroy()
    await fed
  }
}

/** Fatal: half the letters of a name would otherwise become question marks without a word. */
async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const decode = (chunk?: Uint8Array) => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true })
    } catch (error) {
      throw fault.not_utf8(error)
    }
  }
  for await (const chunk of bytes) yield decode(chunk)
  yield decode()
}

/** Text until the first row is surely in it: its separators tell those of the file. */
async function headOf(texts: AsyncIterator<string>): Promise<string> {
  let head = ''
  while (!/[\r\n]/.test(head.trimStart()) && head.length < longestRowBytes) {
    const next = await texts.next()
    if (next.done === true) break
    head += next.value
  }
  return head
}

async function* rest(head: string, texts: AsyncIterator<string>): AsyncGenerator<string> {
  yield head
  for (let next = await texts.next(); next.done !== true; next = await texts.next()) yield next.value
}

function delimiterOf(head: string): string {
  const first = head.trimStart().split(/[\r\n]/, 1)[0] ?? ''
  const count = (one: string) => first.split(one).length
  return [',', ';', '\t'].reduce((best, one) => (count(one) > count(best) ? one : best))
}

function malformed(error: CsvError) {
  const row: unknown = error['records']
  const pointer = `/rows/${typeof row === 'number' ? row + 1 : 1}`
  return fault.malformed(new Error(error.code), { fields: [{ pointer, message: 'From here on.' }] })
}
