/**
 * Checks a bundle from the first byte to the last, without a server and without believing anybody: manifest, tickets, signatures,
 * log, key, seals, count. Every step says what it found; the first that fails says where.
 */
import { canonical, framed, fromB64u, join, length, same, sha256, toB64u, utf8, type Bytes } from './bytes.ts'
import { count, isVote, readChoice, type Answers, type Counted } from './count.ts'
import { leafOf, openNote, readHead, rootOf } from './log.ts'
import { createOpener, type Opener } from './seal.ts'
import {
  readBundle,
  readCast,
  readEntry,
  readJson,
  readManifest,
  Unreadable,
  type Bundle,
  type Cast,
  type Class,
  type Manifest,
} from './shapes.ts'

export type StepName =
  | 'readable'
  | 'manifest'
  | 'board'
  | 'checkpoint'
  | 'tickets'
  | 'issued'
  | 'key'
  | 'result'

export interface Step {
  readonly name: StepName
  readonly ok: boolean
  /** What was checked, in numbers, or where and why it failed. In English, for whoever looks closer. */
  readonly detail: string
}

export interface Verdict {
  readonly ok: boolean
  readonly steps: readonly Step[]
  /** There when the manifest could be read. */
  readonly manifest: Manifest | null
  readonly manifestHash: string | null
  readonly fingerprint: readonly string[] | null
  /** Our own count; there when everything before it held. */
  readonly questions: readonly Counted[] | null
  readonly ballots: number | null
}

class Failed extends Error {}
function must(condition: boolean, why: string): asserts condition {
  if (!condition) throw new Failed(why)
}

interface Ballot {
  readonly at: number
  readonly leaf: string
  readonly cast: Cast
  readonly bytes: { readonly [name in 'otk' | 'prefix' | 'ticket' | 'enc' | 'ct' | 'sig']: Bytes }
  readonly nullifier: Bytes
}

/** @param progress hears how many of how many ballots are done: a large election takes a while */
export async function verifyBundle(
  source: string,
  progress: (done: number, of: number) => void = () => {},
): Promise<Verdict> {
  const steps: Step[] = []
  const found: { manifest?: Manifest; hash?: Bytes; questions?: readonly Counted[]; ballots?: number } = {}
  async function step<T>(name: StepName, work: () => Promise<readonly [T, string]>): Promise<T> {
    try {
      const [value, detail] = await work()
      steps.push({ name, ok: true, detail })
      return value
    } catch (error) {
      const expected = error instanceof Failed || error instanceof Unreadable
      steps.push({
        name,
        ok: false,
        detail: expected ? error.message : `this could not be checked (${String(error)})`,
      })
      throw new Failed('stopped')
    }
  }
  try {
    const { bundle, manifest } = await step('readable', async () => readAll(source))
    found.manifest = manifest
    const hash = await step('manifest', () => checkManifest(bundle, manifest))
    found.hash = hash
    const { leaves, ballots } = await step('board', () => checkBoard(bundle, manifest))
    await step('checkpoint', () => checkCheckpoint(bundle, manifest, leaves))
    await step('tickets', () => checkTickets(ballots, manifest, hash, progress))
    await step('issued', async () => checkIssued(bundle, manifest, ballots))
    const opener = await step('key', () => checkKey(bundle, manifest))
    const counted = await step('result', () => checkResult({ bundle, manifest, hash, ballots, opener }))
    found.questions = counted.questions
    found.ballots = counted.ballots
  } catch (error) {
    if (!(error instanceof Failed)) throw error
  }
  return {
    ok: steps.length === 8 && steps.every(({ ok }) => ok),
    steps,
    manifest: found.manifest ?? null,
    manifestHash: found.hash === undefined ? null : toB64u(found.hash),
    fingerprint: found.hash === undefined ? null : words(found.hash, 6),
    questions: found.questions ?? null,
    ballots: found.ballots ?? null,
  }
}

async function readAll(source: string): Promise<readonly [{ bundle: Bundle; manifest: Manifest }, string]> {
  const bundle = readBundle(source)
  const manifest = readManifest(bundle.manifest)
  return [{ bundle, manifest }, `${source.length} characters, ${bundle.entries.length} entries`]
}

const originOf = ({ origin, election }: Manifest) => `${new URL(origin).host}/board/${election}`

async function checkManifest(bundle: Bundle, manifest: Manifest): Promise<readonly [Bytes, string]> {
  must(
    canonical(readJson(bundle.manifest, 'The manifest')) === bundle.manifest,
    'the manifest is not written in its one form',
  )
  const hash = await sha256(framed('althing/manifest/v1', bundle.manifest))
  const key = bytesOf(manifest.logKey, 32, 'the log key')
  const text = await openNote(bundle.manifestNote, originOf(manifest), key)
  must(text !== null, 'the manifest is not signed by the key of its log')
  must(
    text === `althing/manifest/v1\n${manifest.election}\n${toB64u(hash)}\n`,
    'the signature is over another manifest',
  )
  return [hash, `hash ${toB64u(hash)}`]
}

async function checkBoard(
  bundle: Bundle,
  manifest: Manifest,
): Promise<readonly [{ leaves: Bytes[]; ballots: Ballot[] }, string]> {
  const { entries } = bundle
  must(entries.length >= 2, 'the board has no end')
  must(
    entries[0] === canonical({ type: 'manifest', manifest: readJson(bundle.manifest, 'The manifest') }),
    'the first entry is not the manifest',
  )
  const leaves = await Promise.all(entries.map(leafOf))
  const ballots: Ballot[] = []
  for (const [at, entry] of entries.entries()) {
    if (at === 0 || at === entries.length - 1) continue
    must(canonical(readJson(entry, `entry ${at}`)) === entry, `entry ${at} is not written in its one form`)
    const { type, value } = readEntry(entry, `entry ${at}`)
    must(type === 'ballot', `entry ${at} is neither first nor last and no ballot`)
    ballots.push(await readBallot(at, toB64u(leaves[at] as Bytes), readCast(value['cast'], `entry ${at}`)))
  }
  const close = canonical({ ballots: ballots.length, election: manifest.election, type: 'close' })
  must(entries.at(-1) === close, 'the last entry does not close this board with the right number of ballots')
  const places = new Set(ballots.map(({ cast }) => `${cast.otk} ${cast.seq}`))
  must(places.size === ballots.length, 'a one-time key has two ballots with the same number')
  const keys = new Map<string, string>()
  for (const { cast, at } of ballots) {
    const place = `${cast.slot} ${cast.class}`
    must((keys.get(cast.otk) ?? place) === place, `entry ${at}: a one-time key is used in two places`)
    keys.set(cast.otk, place)
  }
  return [{ leaves, ballots }, `${ballots.length} ballots between manifest and close`]
}

async function readBallot(at: number, leaf: string, cast: Cast): Promise<Ballot> {
  const sizes = { otk: 65, prefix: 32, ticket: 384, enc: 65, sig: 64 } as const
  const fixed = Object.fromEntries(
    Object.entries(sizes).map(([name, size]) => [
      name,
      bytesOf(cast[name as keyof typeof sizes], size, `entry ${at}, ${name}`),
    ]),
  )
  const bytes = { ...fixed, ct: bytesOf(cast.ct, null, `entry ${at}, ct`) } as Ballot['bytes']
  return { at, leaf, cast, bytes, nullifier: await sha256(bytes.otk) }
}

function bytesOf(text: string, size: number | null, what: string): Bytes {
  const bytes = fromB64u(text)
  must(bytes !== null && (size === null || bytes.length === size), `${what} is not what it should be`)
  return bytes
}

async function checkCheckpoint(
  bundle: Bundle,
  manifest: Manifest,
  leaves: readonly Bytes[],
): Promise<readonly [null, string]> {
  const origin = originOf(manifest)
  const text = await openNote(bundle.checkpoint, origin, bytesOf(manifest.logKey, 32, 'the log key'))
  must(text !== null, 'the checkpoint is not signed by the key of the log')
  const head = readHead(text, origin)
  must(head !== null, 'the checkpoint is of another log')
  must(
    head.size === leaves.length,
    `the checkpoint speaks of ${head.size} entries, the bundle has ${leaves.length}`,
  )
  must(same(head.root, await rootOf(leaves)), 'the entries do not give the root that was signed')
  return [null, `${head.size} entries under the signed root`]
}

async function checkTickets(
  ballots: readonly Ballot[],
  manifest: Manifest,
  hash: Bytes,
  progress: (done: number, of: number) => void,
): Promise<readonly [null, string]> {
  const keys = new Map<string, { readonly key: CryptoKey; readonly scope: Bytes }>()
  for (const slot of manifest.slots) {
    for (const one of slot.classes)
      keys.set(`${slot.id} ${one.id}`, {
        key: await issuingKey(one),
        scope: await scopeOf(hash, slot.id, one.id),
      })
  }
  for (const [index, ballot] of ballots.entries()) {
    const place = keys.get(`${ballot.cast.slot} ${ballot.cast.class}`)
    must(place !== undefined, `entry ${ballot.at} is for a place that the manifest does not know`)
    must(
      ballot.bytes.ct.length === manifest.paddedBytes + 16,
      `entry ${ballot.at} does not have the length of all others`,
    )
    must(await isTicket(place.key, place.scope, ballot), `entry ${ballot.at} has no valid ticket`)
    must(await isSigned(ballot, hash), `entry ${ballot.at} is not signed by the key of its ticket`)
    if (index % 25 === 24) progress(index + 1, ballots.length)
  }
  progress(ballots.length, ballots.length)
  return [null, `${ballots.length} tickets and as many one-time signatures`]
}

function issuingKey({ n }: Class): Promise<CryptoKey> {
  const jwk = { kty: 'RSA', n, e: 'AQAB', alg: 'PS384', ext: true }
  return crypto.subtle.importKey('jwk', jwk, { name: 'RSA-PSS', hash: 'SHA-384' }, false, ['verify'])
}

/** First half of the ticket message. */
const scopeOf = (hash: Bytes, slot: string, one: string) => {
  const [slotBytes, classBytes] = [utf8(slot), utf8(one)]
  return sha256(utf8('althing/ticket/v1'), hash, length(slotBytes), slotBytes, length(classBytes), classBytes)
}

/** RFC 9474, section 4.5, for PSSZERO: salt length 0. */
function isTicket(key: CryptoKey, scope: Bytes, { bytes, nullifier }: Ballot): Promise<boolean> {
  return crypto.subtle.verify(
    { name: 'RSA-PSS', saltLength: 0 },
    key,
    bytes.ticket,
    join(bytes.prefix, scope, nullifier),
  )
}

async function isSigned({ cast, bytes }: Ballot, hash: Bytes): Promise<boolean> {
  const key = await crypto.subtle.importKey('raw', bytes.otk, { name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'verify',
  ])
  const message = framed(
    'althing/cast/v1',
    hash,
    cast.slot,
    cast.class,
    String(cast.seq),
    bytes.enc,
    bytes.ct,
  )
  return crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, bytes.sig, message)
}

/** Who voted ≤ who fetched a ticket ≤ who was entitled, in every place. */
function checkIssued(
  bundle: Bundle,
  manifest: Manifest,
  ballots: readonly Ballot[],
): readonly [null, string] {
  const told: string[] = []
  for (const slot of manifest.slots) {
    for (const { id, entitled } of slot.classes) {
      const voted = new Set(
        ballots.filter(({ cast }) => cast.slot === slot.id && cast.class === id).map(({ cast }) => cast.otk),
      ).size
      const issued = bundle.issued?.find((one) => one.slot === slot.id && one.class === id)?.issued
      must(
        voted <= (issued ?? entitled),
        `slot ${slot.id}, class ${id}: more voted (${voted}) than tickets were issued (${issued ?? entitled})`,
      )
      must(
        (issued ?? 0) <= entitled,
        `slot ${slot.id}, class ${id}: more tickets (${issued}) than entitled (${entitled})`,
      )
      told.push(`${voted} voted, ${issued ?? 'an unknown number of'} tickets, ${entitled} entitled`)
    }
  }
  return [null, told.join('; ')]
}

async function checkKey(bundle: Bundle, manifest: Manifest): Promise<readonly [Opener, string]> {
  const opener = await createOpener(
    bytesOf(bundle.privateKey, 32, 'the released key'),
    bytesOf(manifest.sealingKey, 65, 'the sealing key'),
  )
  must(opener !== null, 'the released key does not belong to the key that ballots were sealed to')
  return [opener, 'the released key belongs to the sealing key of the manifest']
}

interface ForCount {
  readonly bundle: Bundle
  readonly manifest: Manifest
  readonly hash: Bytes
  readonly ballots: readonly Ballot[]
  readonly opener: Opener
}

async function checkResult({
  bundle,
  manifest,
  hash,
  ballots,
  opener,
}: ForCount): Promise<readonly [{ questions: Counted[]; ballots: number }, string]> {
  const last = new Map<string, Ballot>()
  for (const one of ballots)
    if (one.cast.seq > (last.get(one.cast.otk)?.cast.seq ?? 0)) last.set(one.cast.otk, one)
  const kept = ballots.filter((one) => last.get(one.cast.otk) === one)
  const valid = new Map<string, Answers[]>(manifest.slots.map(({ id }) => [id, []]))
  const invalid: { leaf: string; reason: string }[] = []
  const info = framed('althing/ballot/v1', hash)
  for (const one of kept) {
    const aad = framed('althing/place/v1', one.cast.slot, one.cast.class, one.nullifier, String(one.cast.seq))
    const plaintext = await opener.open(one.bytes.enc, info, aad, one.bytes.ct)
    const answers = plaintext === null ? null : readChoice(plaintext)
    const questions = manifest.slots.find(({ id }) => id === one.cast.slot)?.questions ?? []
    if (plaintext === null) invalid.push({ leaf: one.leaf, reason: 'unopened' })
    else if (answers === null || !isVote(answers, questions))
      invalid.push({ leaf: one.leaf, reason: 'no vote' })
    else valid.get(one.cast.slot)?.push(answers)
  }
  const questions = manifest.slots.flatMap((slot) =>
    slot.questions.map((question) => count(question, valid.get(slot.id) ?? [])),
  )
  const result = {
    election: manifest.election,
    ballots: kept.length,
    invalid,
    superseded: ballots.length - kept.length,
    questions,
  }
  must(canonical(result) === canonical(bundle.result), 'the published result is not what the ballots say')
  return [
    { questions, ballots: kept.length },
    `${kept.length} ballots counted, ${invalid.length} invalid, ${ballots.length - kept.length} replaced by a later vote`,
  ]
}

/** The words of PROTOCOL.md: 16 bits each, consonant and vowel in turn. */
function words(hash: Uint8Array, many: number): string[] {
  return Array.from({ length: many }, (_, index) => {
    const bits = ((hash[index * 2] ?? 0) << 8) | (hash[index * 2 + 1] ?? 0)
    return [12, 10, 6, 4, 0]
      .map((shift, place) =>
        place % 2 === 0
          ? 'bdfghjklmnprstvz'.charAt((bits >> shift) & 15)
          : 'aiou'.charAt((bits >> shift) & 3),
      )
      .join('')
  })
}

/** Does a receipt stand on this board? The four words or the leaf, as the voter kept it. */
export async function findReceipt(
  source: string,
  receipt: string,
): Promise<{ readonly at: number; readonly leaf: string } | null> {
  const wanted = receipt
    .trim()
    .toLowerCase()
    .split(/[\s,-]+/)
  const { entries } = readBundle(source)
  for (const [at, entry] of entries.entries()) {
    const leaf = await leafOf(entry)
    if (toB64u(leaf) === receipt.trim() || words(leaf, 4).join(' ') === wanted.join(' '))
      return { at, leaf: toB64u(leaf) }
  }
  return null
}
