/**
 * What others may know of elections: questions, dates, the manifest, results; and, for the ballot world alone, how a
 * sealed ballot, its receipt and the public bundle look on the wire. Neutral: it speaks of no person.
 * The bytes that are hashed and signed are made from these shapes below and written down in PROTOCOL.md.
 */
import { z } from 'zod'

/** Fixed number of bytes in unpadded base64url. */
const fixed = (bytes: number) =>
  z
    .string()
    .length(Math.ceil((bytes * 4) / 3))
    .regex(/^[A-Za-z0-9_-]+$/)
const upTo = (bytes: number) =>
  z
    .string()
    .min(1)
    .max(Math.ceil((bytes * 4) / 3))
    .regex(/^[A-Za-z0-9_-]+$/)
const Hash = fixed(32)
const Instant = z.iso.datetime({ offset: true })

export const ElectionId = z.uuid().brand<'ElectionId'>()
export type ElectionId = z.output<typeof ElectionId>

export const Status = z.enum([
  'draft',
  'published',
  'open',
  'paused',
  'closed',
  'tallied',
  'archived',
  'cancelled',
])
export type Status = z.output<typeof Status>
export const VotingType = z.enum(['single-choice', 'multi-choice'])
export const Eligibility = z.enum(['members', 'admins', 'all'])

/** A text in each language of the organisation. One language is enough; a reader without it gets the other. */
export const Text = z
  .strictObject({
    is: z.string().trim().min(1).max(500).optional(),
    en: z.string().trim().min(1).max(500).optional(),
  })
  .refine((text) => text.is !== undefined || text.en !== undefined)
export type Text = z.output<typeof Text>

export const Option = z.strictObject({ id: z.string().regex(/^[a-z0-9-]{1,64}$/), text: Text })
export const Question = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,64}$/),
  text: Text,
  voting_type: VotingType,
  /** Most options that one ballot may name; a blank vote names none. */
  max_selections: z.int().min(1).max(50),
  options: z.array(Option).min(2).max(50),
})
export type Question = z.output<typeof Question>

// ---------------------------------------------------------------------------------------------- administration

const AnswerIn = z.union([
  z.string().trim().min(1).max(200),
  z.strictObject({
    id: z
      .string()
      .regex(/^[a-z0-9-]{1,64}$/)
      .optional(),
    text: z.union([z.string().trim().min(1).max(200), Text]),
  }),
])
const TextIn = z.union([z.string().trim().min(1).max(500), Text])

const QuestionIn = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9-]{1,64}$/)
    .optional(),
  text: TextIn,
  answers: z.array(AnswerIn).min(2).max(50),
  voting_type: VotingType.default('single-choice'),
  max_selections: z.int().min(1).max(50).optional(),
})

/** P-256 public key, raw uncompressed (65 bytes): ballots are sealed to it. Its private part stays with the officer. */
export const SealingKey = fixed(65)

/** The seed's single question form (`question`, `answers`, …) or `questions`; exactly one of the two. */
const create = {
  title: z.union([z.string().trim().min(1).max(255), Text]),
  description: z.union([z.string().trim().max(5000), Text]).optional(),
  question: TextIn.optional(),
  answers: z.array(AnswerIn).min(2).max(50).optional(),
  voting_type: VotingType.optional(),
  max_selections: z.int().min(1).max(50).optional(),
  questions: z.array(QuestionIn).min(1).max(20).optional(),
  eligibility: Eligibility.default('members'),
  scheduled_start: Instant.nullable().optional(),
  scheduled_end: Instant.nullable().optional(),
  sealing_key: SealingKey.optional(),
  /** A class smaller than five is refused unless the officer says in writing why it shall be. */
  small_group_reason: z.string().trim().min(10).max(500).optional(),
} as const
export const CreateElection = z.strictObject(create)
export type CreateElection = z.output<typeof CreateElection>
export const PatchElection = z.strictObject({
  ...create,
  title: create.title.optional(),
  eligibility: Eligibility.optional(),
})
export type PatchElection = z.output<typeof PatchElection>

export const OpenElection = z.strictObject({
  scheduled_start: Instant.optional(),
  scheduled_end: Instant.optional(),
  /** Names of the seed's other interface. */
  voting_starts_at: Instant.optional(),
  voting_ends_at: Instant.optional(),
  sealing_key: SealingKey.optional(),
})
export type OpenElection = z.output<typeof OpenElection>

/** The officer's private scalar (32 bytes): whoever has it can open every ballot, so it is asked for only when all is closed. */
export const Release = z.strictObject({ private_key: fixed(32) })

export const Turnout = z.object({
  entitled: z.int().nonnegative().nullable(),
  /** Grows in steps of at least a minute and five ballots, exact only when closed. */
  voted: z.int().nonnegative(),
  exact: z.boolean(),
})

export const AdminElection = z.object({
  id: ElectionId,
  title: Text,
  description: Text.nullable(),
  questions: z.array(Question),
  eligibility: Eligibility,
  status: Status,
  hidden: z.boolean(),
  publication: z.enum(['none', 'pending', 'done', 'refused']),
  /** Why publication was refused, as a fault code. */
  publication_problem: z.string().nullable(),
  sealing_key: SealingKey.nullable(),
  scheduled_start: Instant.nullable(),
  scheduled_end: Instant.nullable(),
  published_at: Instant.nullable(),
  opened_at: Instant.nullable(),
  closed_at: Instant.nullable(),
  created_at: Instant,
  /** Six words that stand for the manifest: read them from the projector, the booth and the receipt. */
  fingerprint: z.array(z.string()).nullable(),
  turnout: Turnout,
})
export type AdminElection = z.output<typeof AdminElection>

// ------------------------------------------------------------------------------------------------ manifest

export const IssuingKey = z.strictObject({ kty: z.literal('RSA'), n: fixed(384), e: z.literal('AQAB') })
export type IssuingKey = z.output<typeof IssuingKey>

export const VoterClass = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,32}$/),
  weight: z.int().min(1),
  entitled: z.int().nonnegative(),
  issuing_key: IssuingKey,
})
export const Slot = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,32}$/),
  questions: z.array(Question).min(1),
  classes: z.array(VoterClass).min(1),
})

/** Everything that fixes an election before the first ticket. Leaf 0 of its board; its hash is inside every ticket. */
export const Manifest = z.strictObject({
  version: z.literal('althing/manifest/v1'),
  election: ElectionId,
  origin: z.url(),
  organisation: z.string(),
  title: Text,
  slots: z.array(Slot).min(1),
  opens_at: Instant.nullable(),
  closes_at: Instant.nullable(),
  counting_rule: z.literal('plurality/v1'),
  revoting: z.literal('highest-sequence-counts'),
  sealing_key: SealingKey,
  /** Every sealed ballot has this many bytes inside, whatever was chosen. */
  padded_bytes: z.int().min(64).max(16384),
  roll_root: Hash,
  log_key: fixed(32),
  min_class: z.int().min(1),
})
export type Manifest = z.output<typeof Manifest>

export const SignedManifest = z.object({ manifest: Manifest, hash: Hash, note: z.string() })

/** What the booth needs: everybody may read it. */
export const PublicElection = z.object({
  id: ElectionId,
  title: Text,
  description: Text.nullable(),
  status: Status,
  scheduled_start: Instant.nullable(),
  scheduled_end: Instant.nullable(),
  server_time: Instant,
  turnout: Turnout,
})
export const PublicElections = z.object({ elections: z.array(PublicElection) })

// -------------------------------------------------------------------------------------------------- casting

/** A sealed ballot on the wire. Nothing in it is older than the ticket, and nothing of it names a person. */
export const Cast = z.strictObject({
  slot: z.string().regex(/^[a-z0-9-]{1,32}$/),
  class: z.string().regex(/^[a-z0-9-]{1,32}$/),
  /** One-time public key, P-256 raw uncompressed. */
  otk: fixed(65),
  /** The 32 random bytes before the ticket message (RFC 9474, Randomized). */
  prefix: fixed(32),
  /** The issuer's signature, RSA-3072. */
  ticket: fixed(384),
  seq: z.int().min(1).max(1_000_000),
  enc: fixed(65),
  ct: upTo(16384 + 16),
  /** One-time signature over the cast, IEEE P1363. */
  sig: fixed(64),
})
export type Cast = z.output<typeof Cast>

/** Same bytes, same receipt, for ever. `note` is the box's signed promise that the leaf will stand on the board. */
export const Receipt = z.object({
  election: ElectionId,
  leaf: Hash,
  note: z.string(),
  words: z.array(z.string()).length(4),
})
export type Receipt = z.output<typeof Receipt>

// ------------------------------------------------------------------------------------------- result and bundle

export const OptionResult = z.object({ id: z.string(), votes: z.int().nonnegative(), percentage: z.number() })
export const QuestionResult = z.object({
  id: z.string(),
  options: z.array(OptionResult),
  blank: z.int().nonnegative(),
  /** Ballots counted for this question; percentages are of these voters. */
  voters: z.int().nonnegative(),
  winners: z.array(z.string()),
})
export const Result = z.object({
  election: ElectionId,
  ballots: z.int().nonnegative(),
  /** Ballots that could not be opened or named what is not on the paper; listed by leaf. */
  invalid: z.array(z.object({ leaf: Hash, reason: z.string() })),
  superseded: z.int().nonnegative(),
  questions: z.array(QuestionResult),
})
export type Result = z.output<typeof Result>

/** A leaf of the board, as exact text: `manifest`, `ballot` or `close`. What is hashed is the text's bytes (RFC 8785). */
export const BoardEntry = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('manifest'), manifest: Manifest }),
  z.strictObject({ type: z.literal('ballot'), cast: Cast }),
  z.strictObject({ type: z.literal('close'), election: ElectionId, ballots: z.int().nonnegative() }),
])
export type BoardEntry = z.output<typeof BoardEntry>

/** The proof for everybody: with it, and with no server, the election can be recounted. */
export const Bundle = z.object({
  version: z.literal('althing/bundle/v1'),
  manifest: z.string(),
  manifest_note: z.string(),
  /** Canonical JSON of every leaf, in order. */
  entries: z.array(z.string()),
  checkpoint: z.string(),
  issued: z
    .array(z.object({ slot: z.string(), class: z.string(), issued: z.int().nonnegative() }))
    .nullable(),
  private_key: fixed(32),
  result: Result,
})
export type Bundle = z.output<typeof Bundle>

// ----------------------------------------------------------------------------------- messages between services

/** elections → events: make the roll and the issuing keys. */
export const rollRequested = 'elections.roll_requested'
export const RollRequested = z.object({
  election: ElectionId,
  title: Text,
  eligibility: Eligibility,
  slots: z.array(z.string()),
  /** Who was a member at this moment is on the roll. */
  cut_off: Instant,
  small_group_reason: z.string().nullable(),
})
/** elections → events: the manifest stands; tickets may be issued for exactly this hash until it closes. */
export const electionPublished = 'elections.published'
export const ElectionPublished = z.object({
  election: ElectionId,
  title: Text,
  manifest: z.string(),
  hash: Hash,
  opens_at: Instant.nullable(),
  closes_at: Instant.nullable(),
})
export const electionChanged = 'elections.changed'
export const ElectionChanged = z.object({
  election: ElectionId,
  status: Status,
  hidden: z.boolean(),
  opens_at: Instant.nullable(),
  closes_at: Instant.nullable(),
})

/** events → elections: the roll is frozen (PUT /internal/elections/:id/issuance), or cannot be. */
export const Issuance = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('ready'),
    roll_root: Hash,
    slots: z.array(z.strictObject({ id: z.string(), classes: z.array(VoterClass).min(1) })),
  }),
  z.strictObject({ kind: z.literal('refused'), code: z.string().max(100) }),
])
export type Issuance = z.output<typeof Issuance>
/** events → elections, after close: how many tickets were issued, for the bundle. */
export const IssuedCounts = z.object({
  issued: z.array(z.strictObject({ slot: z.string(), class: z.string(), issued: z.int().nonnegative() })),
})

/** Calls for a peer, as data: `peer('elections').call(putIssuance(id, issuance))`. */
export const putIssuance = (election: ElectionId, issuance: Issuance) => ({
  method: 'PUT' as const,
  path: `/internal/elections/${election}/issuance`,
  body: issuance,
  reply: z.object({ accepted: z.boolean() }),
})
export const putIssuedCounts = (election: ElectionId, counts: z.output<typeof IssuedCounts>) => ({
  method: 'PUT' as const,
  path: `/internal/elections/${election}/issued`,
  body: counts,
  reply: z.object({ accepted: z.boolean() }),
})

// ---------------------------------------------------------------------- bytes that are hashed, sealed and signed
// PROTOCOL.md says the same in words; the verifier implements it a second time from there.

const encoder = new TextEncoder()

/** Each part behind its length (32 bits, big-endian), so that no two lists of parts give the same bytes. */
function framed(label: string, ...parts: readonly (Uint8Array | string)[]): Uint8Array<ArrayBuffer> {
  const all = [
    encoder.encode(`${label}\n`),
    ...parts.flatMap((part) => withLength(typeof part === 'string' ? encoder.encode(part) : part)),
  ]
  const bytes = new Uint8Array(all.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of all) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

function withLength(part: Uint8Array): readonly Uint8Array[] {
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, part.length)
  return [length, part]
}

/** SHA-256 of this is the manifest hash. `text` is the canonical JSON (RFC 8785) of the manifest. */
export const manifestInput = (text: string) => framed('althing/manifest/v1', text)

/** HPKE `info`: ties every ballot to its manifest. */
export const sealingInfo = (manifestHash: Uint8Array) => framed('althing/ballot/v1', manifestHash)

/** HPKE `aad`: ties a ballot to its place, so that it cannot be put in another's. */
export const sealingAad = (place: {
  readonly slot: string
  readonly class: string
  readonly nullifier: Uint8Array
  readonly seq: number
}) => framed('althing/place/v1', place.slot, place.class, place.nullifier, String(place.seq))

/** What the one-time key signs. */
export const castInput = (
  manifestHash: Uint8Array,
  cast: {
    readonly slot: string
    readonly class: string
    readonly seq: number
    readonly enc: Uint8Array
    readonly ct: Uint8Array
  },
) => framed('althing/cast/v1', manifestHash, cast.slot, cast.class, String(cast.seq), cast.enc, cast.ct)

/** What a ballot says: for each question of the slot the chosen options in the order of the paper; none is a blank vote. */
export const Choice = z.strictObject({
  answers: z.record(z.string().max(64), z.array(z.string().max(64)).max(50)),
})
export type Choice = z.output<typeof Choice>

/** Canonical JSON (RFC 8785), then zeros up to the election's fixed length, so that the length of a sealed ballot says nothing. @throws RangeError */
export function encodeChoice(choice: Choice, paddedBytes: number): Uint8Array<ArrayBuffer> {
  const text = encoder.encode(choiceText(choice))
  if (text.length > paddedBytes) throw new RangeError('The choice does not fit on the paper.')
  const bytes = new Uint8Array(paddedBytes)
  bytes.set(text)
  return bytes
}

/** Written by hand, because an object would put question ids that look like numbers in an order of its own. */
function choiceText({ answers }: Choice): string {
  const members = Object.keys(answers)
    .sort()
    .map((id) => `${JSON.stringify(id)}:${JSON.stringify(answers[id])}`)
  return `{"answers":{${members.join(',')}}}`
}

/**
 * Null when it is no choice, or not written in the one way there is: otherwise two honest programs could read the same ballot
 * differently (a name that stands twice, something behind the zeros). Whether its options are on the paper is for the count to say.
 */
export function decodeChoice(bytes: Uint8Array): Choice | null {
  const end = bytes.indexOf(0)
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(end === -1 ? bytes : bytes.subarray(0, end))
    const choice = Choice.parse(JSON.parse(text))
    const again = encodeChoice(choice, bytes.length)
    return again.every((byte, index) => byte === bytes[index]) ? choice : null
  } catch {
    return null
  }
}

/** Room for the longest choice that the paper allows, in steps of 64 bytes. */
export function paddedBytesFor(questions: readonly Question[]): number {
  const longest = { answers: Object.fromEntries(questions.map((one) => [one.id, longestAnswer(one)])) }
  return Math.ceil((encoder.encode(JSON.stringify(longest)).length + 1) / 64) * 64
}

function longestAnswer({ options, max_selections }: Question): string[] {
  const ids = options.map(({ id }) => id).sort((a, b) => b.length - a.length)
  return ids.slice(0, max_selections)
}

/** 16 bits of a hash as a word that can be read aloud in any language (proquint: consonant, vowel, …). */
export function words(hash: Uint8Array, count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    word(((hash[index * 2] ?? 0) << 8) | (hash[index * 2 + 1] ?? 0)),
  )
}

function word(bits: number): string {
  const consonant = (shift: number) => 'bdfghjklmnprstvz'.charAt((bits >> shift) & 15)
  const vowel = (shift: number) => 'aiou'.charAt((bits >> shift) & 3)
  return consonant(12) + vowel(10) + consonant(6) + vowel(4) + consonant(0)
}

/** The receipt's promise as it is signed: a note of the box whose text is these three lines. */
export const promiseText = (election: string, leaf: string) => `althing/receipt/v1\n${election}\n${leaf}\n`
/** Names of the box's notes and of its board (C2SP signed-note, tlog-checkpoint): one per election. */
export const boardOrigin = (ballotOriginHost: string, election: string) =>
  `${ballotOriginHost}/board/${election}`
