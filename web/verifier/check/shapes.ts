/**
 * The parts of a bundle that are read here, and how they are read: by hand. Anything unexpected is an error with its place; a name
 * that is not known is one too, because it could be a rule that is not followed here.
 */
import { canonical, fromUtf8 } from './bytes.ts'
import { Failed } from './step.ts'

export interface Question {
  readonly id: string
  readonly type: 'single-choice' | 'multi-choice'
  readonly most: number
  readonly options: readonly string[]
  readonly text: Readonly<Record<string, string>>
  readonly optionTexts: Readonly<Record<string, Readonly<Record<string, string>>>>
}
export interface Class {
  readonly id: string
  readonly entitled: number
  /** RSA modulus. */
  readonly n: string
}
export interface Slot {
  readonly id: string
  readonly questions: readonly Question[]
  readonly classes: readonly Class[]
}
export interface Manifest {
  readonly election: string
  readonly origin: string
  readonly organisation: string
  readonly title: Readonly<Record<string, string>>
  readonly slots: readonly Slot[]
  readonly sealingKey: string
  readonly paddedBytes: number
  readonly logKey: string
}
export interface Cast {
  readonly slot: string
  readonly class: string
  readonly otk: string
  readonly prefix: string
  readonly ticket: string
  readonly seq: number
  readonly enc: string
  readonly ct: string
  readonly sig: string
}
export interface Issued {
  readonly slot: string
  readonly class: string
  readonly issued: number
}
export interface Bundle {
  readonly manifest: string
  readonly manifestNote: string
  readonly entries: readonly string[]
  readonly checkpoint: string
  readonly issued: readonly Issued[] | null
  readonly privateKey: string
  readonly result: unknown
}

export function readBundle(file: Uint8Array): Bundle {
  const source = decode(file)
  const value = json(source, 'The file')
  if (!isObject(value) || value['version'] !== 'althing/bundle/v1')
    throw new Failed('The file is not the proof of an election, or of another version')
  if (!isPlain(source, value))
    throw new Failed('The file says something twice, or was written again by another program')
  const bundle = object(
    value,
    'The file',
    'version manifest manifest_note entries checkpoint issued private_key result',
  )
  return {
    manifest: text(bundle['manifest'], '/manifest'),
    manifestNote: text(bundle['manifest_note'], '/manifest_note'),
    entries: list(bundle['entries'], '/entries', text),
    checkpoint: text(bundle['checkpoint'], '/checkpoint'),
    issued: bundle['issued'] === null ? null : list(bundle['issued'], '/issued', readIssued),
    privateKey: text(bundle['private_key'], '/private_key'),
    result: bundle['result'],
  }
}

function decode(file: Uint8Array): string {
  try {
    return fromUtf8(file)
  } catch {
    throw new Failed('The file is not text in UTF-8')
  }
}

/** No name twice, no number or letter in a second spelling: so every byte but white space means something. */
function isPlain(source: string, value: unknown): boolean {
  const again = JSON.stringify(value)
  return again === source || again === source.replaceAll(/("[^"\\]*(?:\\.[^"\\]*)*")|[ \t\r\n]+/g, '$1')
}

function readIssued(value: unknown, at: string): Issued {
  const one = object(value, at, 'slot class issued')
  return {
    slot: id(one['slot'], `${at}/slot`),
    class: id(one['class'], `${at}/class`),
    issued: whole(one['issued'], `${at}/issued`),
  }
}

export function readManifest(source: string): Manifest {
  const value = json(source, 'The manifest')
  if (canonical(value) !== source) throw new Failed('The manifest is not written in its one form')
  const manifest = object(
    value,
    'The manifest',
    'version election origin organisation title slots opens_at closes_at counting_rule revoting sealing_key padded_bytes roll_root log_key min_class',
  )
  const rules = [manifest['version'], manifest['counting_rule'], manifest['revoting']].join(' ')
  if (rules !== 'althing/manifest/v1 plurality/v1 highest-sequence-counts')
    throw new Failed('The votes are to be counted by a rule that this verifier does not know')
  return {
    election: text(manifest['election'], 'manifest/election'),
    origin: text(manifest['origin'], 'manifest/origin'),
    organisation: text(manifest['organisation'], 'manifest/organisation'),
    title: texts(manifest['title'], 'manifest/title'),
    slots: unique(manifest['slots'], 'manifest/slots', readSlot),
    sealingKey: text(manifest['sealing_key'], 'manifest/sealing_key'),
    paddedBytes: whole(manifest['padded_bytes'], 'manifest/padded_bytes'),
    logKey: text(manifest['log_key'], 'manifest/log_key'),
  }
}

function readSlot(value: unknown, at: string): Slot {
  const slot = object(value, at, 'id questions classes')
  return {
    id: id(slot['id'], `${at}/id`),
    questions: unique(slot['questions'], `${at}/questions`, readQuestion),
    classes: unique(slot['classes'], `${at}/classes`, readClass),
  }
}

function readQuestion(value: unknown, at: string): Question {
  const question = object(value, at, 'id text voting_type max_selections options')
  const type = question['voting_type']
  const most = whole(question['max_selections'], `${at}/max_selections`)
  if (type !== 'single-choice' && type !== 'multi-choice')
    throw new Failed(`${at}/voting_type is a rule that this verifier does not know`)
  if (most < 1 || (type === 'single-choice' && most !== 1))
    throw new Failed(`${at}/max_selections is no number of choices for this question`)
  const options = unique(question['options'], `${at}/options`, (one, place) => {
    const option = object(one, place, 'id text')
    return { id: id(option['id'], `${place}/id`), text: texts(option['text'], `${place}/text`) }
  })
  return {
    id: id(question['id'], `${at}/id`),
    type,
    most,
    options: options.map((one) => one.id),
    text: texts(question['text'], `${at}/text`),
    optionTexts: Object.fromEntries(options.map((one) => [one.id, one.text])),
  }
}

function readClass(value: unknown, at: string): Class {
  const one = object(value, at, 'id weight entitled issuing_key')
  const key = object(one['issuing_key'], `${at}/issuing_key`, 'kty n e')
  if (key['kty'] !== 'RSA' || key['e'] !== 'AQAB')
    throw new Failed(`${at}/issuing_key is not an RSA key as expected`)
  if (one['weight'] !== 1) throw new Failed(`${at}/weight is not 1, and the counting rule knows no weights`)
  return {
    id: id(one['id'], `${at}/id`),
    entitled: whole(one['entitled'], `${at}/entitled`),
    n: text(key['n'], `${at}/issuing_key/n`),
  }
}

/** Written back, it must give the very entry: so nothing else stands in it, and nothing twice. */
export function readBallotEntry(entry: string, at: string): Cast {
  const value = json(entry, at)
  const cast = isObject(value) && isObject(value['cast']) ? value['cast'] : {}
  const field = (name: string) => text(cast[name], `${at}, ${name}`)
  const read: Cast = {
    slot: field('slot'),
    class: field('class'),
    otk: field('otk'),
    prefix: field('prefix'),
    ticket: field('ticket'),
    seq: whole(cast['seq'], `${at}, seq`),
    enc: field('enc'),
    ct: field('ct'),
    sig: field('sig'),
  }
  if (canonical({ type: 'ballot', cast: read }) !== entry)
    throw new Failed(`${at} is not a ballot in its one form`)
  if (read.seq < 1 || read.seq > 1_000_000) throw new Failed(`${at}, seq is no number of a ballot`)
  return read
}

type Dictionary = Readonly<Record<string, unknown>>
type Read<T> = (value: unknown, at: string) => T

const isObject = (value: unknown): value is Dictionary =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** With exactly these names. */
function object(value: unknown, at: string, names: string): Dictionary {
  if (!isObject(value)) throw new Failed(`${at} is not an object`)
  if (Object.keys(value).sort().join(' ') !== names.split(' ').sort().join(' '))
    throw new Failed(`${at} does not have the parts that it should: ${names}`)
  return value
}
function text(value: unknown, at: string): string {
  if (typeof value !== 'string' || !value.isWellFormed()) throw new Failed(`${at} is not a text`)
  return value
}
function id(value: unknown, at: string): string {
  if (!/^[a-z0-9-]{1,64}$/.test(text(value, at))) throw new Failed(`${at} is not an id`)
  return value as string
}
function whole(value: unknown, at: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new Failed(`${at} is not a whole number`)
  return value
}
function list<T>(value: unknown, at: string, one: Read<T>): T[] {
  if (!Array.isArray(value)) throw new Failed(`${at} is not a list`)
  return value.map((item, index) => one(item, `${at}/${index}`))
}
/** Two with one id, and two honest programs would count differently. */
function unique<T extends { readonly id: string }>(value: unknown, at: string, one: Read<T>): T[] {
  const all = list(value, at, one)
  if (all.length === 0 || new Set(all.map((item) => item.id)).size !== all.length)
    throw new Failed(`${at} is empty, or an id stands twice in it`)
  return all
}
function texts(value: unknown, at: string): Record<string, string> {
  if (!isObject(value)) throw new Failed(`${at} is not an object`)
  return Object.fromEntries(
    Object.entries(value).map(([language, one]) => [language, text(one, `${at}/${language}`)]),
  )
}
function json(source: string, at: string): unknown {
  try {
    return JSON.parse(source)
  } catch {
    throw new Failed(`${at} is not JSON`)
  }
}
