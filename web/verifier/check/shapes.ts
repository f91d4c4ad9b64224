/** The parts of a bundle that are read here, and how they are read: by hand, and anything unexpected is an error with its place. */
export interface Question {
  readonly id: string
  readonly type: 'single-choice' | 'multi-choice'
  readonly most: number
  readonly options: readonly string[]
  readonly text: Record<string, string>
  readonly optionTexts: Readonly<Record<string, Record<string, string>>>
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
  readonly title: Record<string, string>
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

export class Unreadable extends Error {}

type Dictionary = Readonly<Record<string, unknown>>

function dictionary(value: unknown, at: string): Dictionary {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Unreadable(`${at} is not an object`)
  return value as Dictionary
}
function text(value: unknown, at: string): string {
  if (typeof value !== 'string') throw new Unreadable(`${at} is not a text`)
  return value
}
function whole(value: unknown, at: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new Unreadable(`${at} is not a whole number`)
  return value
}
function list<T>(value: unknown, at: string, one: (value: unknown, at: string) => T): T[] {
  if (!Array.isArray(value)) throw new Unreadable(`${at} is not a list`)
  return value.map((item, index) => one(item, `${at}/${index}`))
}
function texts(value: unknown, at: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(dictionary(value, at)).map(([language, one]) => [
      language,
      text(one, `${at}/${language}`),
    ]),
  )
}

export function readJson(source: string, at: string): unknown {
  try {
    return JSON.parse(source)
  } catch {
    throw new Unreadable(`${at} is not JSON`)
  }
}

export function readBundle(source: string): Bundle {
  const bundle = dictionary(readJson(source, 'The bundle'), 'The bundle')
  if (bundle['version'] !== 'althing/bundle/v1')
    throw new Unreadable('The bundle is of another kind or version')
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

function readIssued(value: unknown, at: string): Issued {
  const one = dictionary(value, at)
  return {
    slot: text(one['slot'], `${at}/slot`),
    class: text(one['class'], `${at}/class`),
    issued: whole(one['issued'], `${at}/issued`),
  }
}

export function readManifest(source: string): Manifest {
  const manifest = dictionary(readJson(source, 'The manifest'), 'The manifest')
  if (
    manifest['version'] !== 'althing/manifest/v1' ||
    manifest['counting_rule'] !== 'plurality/v1' ||
    manifest['revoting'] !== 'highest-sequence-counts'
  ) {
    throw new Unreadable(
      'The manifest is of another kind, or its votes are counted by a rule that this verifier does not know',
    )
  }
  return {
    election: text(manifest['election'], 'manifest/election'),
    origin: text(manifest['origin'], 'manifest/origin'),
    title: texts(manifest['title'], 'manifest/title'),
    slots: list(manifest['slots'], 'manifest/slots', readSlot),
    sealingKey: text(manifest['sealing_key'], 'manifest/sealing_key'),
    paddedBytes: whole(manifest['padded_bytes'], 'manifest/padded_bytes'),
    logKey: text(manifest['log_key'], 'manifest/log_key'),
  }
}

function readSlot(value: unknown, at: string): Slot {
  const slot = dictionary(value, at)
  return {
    id: text(slot['id'], `${at}/id`),
    questions: list(slot['questions'], `${at}/questions`, readQuestion),
    classes: list(slot['classes'], `${at}/classes`, readClass),
  }
}

function readQuestion(value: unknown, at: string): Question {
  const question = dictionary(value, at)
  const type = text(question['voting_type'], `${at}/voting_type`)
  if (type !== 'single-choice' && type !== 'multi-choice')
    throw new Unreadable(`${at}/voting_type is not known`)
  const options = list(question['options'], `${at}/options`, (one, place) => {
    const option = dictionary(one, place)
    return { id: text(option['id'], `${place}/id`), text: texts(option['text'], `${place}/text`) }
  })
  return {
    id: text(question['id'], `${at}/id`),
    type,
    most: whole(question['max_selections'], `${at}/max_selections`),
    options: options.map(({ id }) => id),
    text: texts(question['text'], `${at}/text`),
    optionTexts: Object.fromEntries(options.map((one) => [one.id, one.text])),
  }
}

function readClass(value: unknown, at: string): Class {
  const one = dictionary(value, at)
  const key = dictionary(one['issuing_key'], `${at}/issuing_key`)
  if (key['kty'] !== 'RSA' || key['e'] !== 'AQAB')
    throw new Unreadable(`${at}/issuing_key is not an RSA key as expected`)
  return {
    id: text(one['id'], `${at}/id`),
    entitled: whole(one['entitled'], `${at}/entitled`),
    n: text(key['n'], `${at}/issuing_key/n`),
  }
}

export function readCast(value: unknown, at: string): Cast {
  const cast = dictionary(value, at)
  const field = (name: string) => text(cast[name], `${at}/${name}`)
  return {
    slot: field('slot'),
    class: field('class'),
    otk: field('otk'),
    prefix: field('prefix'),
    ticket: field('ticket'),
    seq: whole(cast['seq'], `${at}/seq`),
    enc: field('enc'),
    ct: field('ct'),
    sig: field('sig'),
  }
}

/** What an entry of the board is. */
export function readEntry(source: string, at: string): { readonly type: string; readonly value: Dictionary } {
  const entry = dictionary(readJson(source, at), at)
  return { type: text(entry['type'], `${at}/type`), value: entry }
}
