import { randomBytes } from 'node:crypto'
import {
  boardOrigin,
  CreateElection,
  decodeChoice,
  manifestInput,
  paddedBytesFor,
  promiseText,
  sealingAad,
  sealingInfo,
  words,
} from '@althing/elections/contract'
import type { AdminElection, Cast, Choice, Manifest, Question, Result } from '@althing/elections/contract'
import {
  canonicalJson,
  fromBase64url,
  hpkeOpen,
  p256PublicKey,
  sha256,
  signingKey,
  toBase64url,
  utf8,
} from '@althing/kernel/crypto'
import { createMemoryTree, formatTlogProof, leafHash, signCheckpoint, signNote } from '@althing/kernel/merkle'
import { createBlindSigner, generateIssuingKey, nullifierOf, verifyTicket } from '@althing/kernel/tickets'
import type { z } from 'zod'

/** One made-up election with real cryptography: what the services do, without their promises about crashes and races. */
export type FakeElection = Awaited<ReturnType<typeof createFakeElection>>

const issuing = generateIssuingKey()

export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly errors: readonly { pointer: string; message: string }[]

  constructor(
    status: number,
    code: string,
    title: string,
    errors: readonly { pointer: string; message: string }[] = [],
  ) {
    super(title)
    this.status = status
    this.code = code
    this.errors = errors
  }
}

type Text = { is?: string; en?: string }
const textOf = (given: string | Text): Text => (typeof given === 'string' ? { is: given } : given)

function questionsOf(input: CreateElection): Question[] {
  return (input.questions ?? []).map((one, index) => ({
    id: `q${index + 1}`,
    text: textOf(one.text as Text),
    voting_type: one.voting_type,
    max_selections: one.voting_type === 'single-choice' ? 1 : (one.max_selections ?? one.answers.length),
    options: one.answers.map((answer, at) => ({
      id: `a${at + 1}`,
      text: textOf((typeof answer === 'string' ? answer : answer.text) as Text),
    })),
  }))
}

export async function createFakeElection(input: CreateElection, id: string, ballotUrl: () => string) {
  const key = await issuing
  const signer = createBlindSigner(key.pkcs8)
  const log = signingKey(randomBytes(32))
  const admin: AdminElection = {
    id: id as AdminElection['id'],
    title: textOf(input.title as Text),
    description: input.description ? textOf(input.description as Text) : null,
    questions: questionsOf(input),
    eligibility: input.eligibility ?? 'members',
    status: 'draft',
    hidden: false,
    publication: 'none',
    publication_problem: null,
    sealing_key: input.sealing_key ?? null,
    scheduled_start: input.scheduled_start ?? null,
    scheduled_end: input.scheduled_end ?? null,
    published_at: null,
    opened_at: null,
    closed_at: null,
    created_at: new Date().toISOString(),
    fingerprint: null,
    turnout: { entitled: null, voted: 0, exact: false },
  }
  let manifest: Manifest | null = null
  let hash = new Uint8Array()
  let note = ''
  let result: z.output<typeof Result> | null = null
  const issued = new Map<string, string>()
  const entries: string[] = []
  const burned = new Map<string, string>()
  const keyName = () => boardOrigin(new URL(ballotUrl()).host, id)
  const noteSigner = () => ({ name: keyName(), publicKey: log.publicKey, sign: log.sign })

  async function publish(entitled: number): Promise<void> {
    if (admin.sealing_key === null)
      throw new Problem(400, 'elections.lifecycle.no_sealing_key', 'Make the key first.')
    manifest = {
      version: 'althing/manifest/v1',
      election: admin.id,
      origin: ballotUrl(),
      organisation: 'Almenna félagið',
      title: admin.title,
      slots: [
        {
          id: '1',
          questions: admin.questions,
          classes: [{ id: 'full', weight: 1, entitled, issuing_key: key.publicKey as never }],
        },
      ],
      opens_at: admin.scheduled_start,
      closes_at: admin.scheduled_end,
      counting_rule: 'plurality/v1',
      revoting: 'highest-sequence-counts',
      sealing_key: admin.sealing_key,
      padded_bytes: paddedBytesFor(admin.questions),
      roll_root: toBase64url(randomBytes(32)),
      log_key: toBase64url(log.publicKey),
      min_class: 1,
    }
    hash = sha256(manifestInput(canonicalJson(manifest)))
    note = await signNote(`althing/manifest/v1\n${id}\n${toBase64url(hash)}\n`, noteSigner())
    entries.push(canonicalJson({ type: 'manifest', manifest }))
    const later = admin.scheduled_start !== null && new Date(admin.scheduled_start) > new Date()
    Object.assign(admin, {
      status: later ? 'published' : 'open',
      publication: 'done',
      published_at: new Date().toISOString(),
      opened_at: later ? null : new Date().toISOString(),
      fingerprint: words(hash, 6),
      turnout: { entitled, voted: 0, exact: false },
    })
  }

  function issue(subject: string, blinded: string): string {
    const before = issued.get(subject)
    if (before !== undefined && before !== blinded)
      throw new Problem(409, 'events.tickets.issued', 'Your ticket was fetched on another device.')
    issued.set(subject, blinded)
    return toBase64url(signer.blindSign(fromBase64url(blinded)))
  }

  async function cast(wire: Cast) {
    if (manifest === null) throw new Problem(404, 'elections.ballots.unknown', 'No such election.')
    if (admin.status !== 'open') throw new Problem(403, `elections.ballots.${stateWord()}`, 'Not open.')
    const ticket = {
      slot: wire.slot,
      class: wire.class,
      otk: fromBase64url(wire.otk),
      prefix: fromBase64url(wire.prefix),
      signature: fromBase64url(wire.ticket),
    }
    if (!(await verifyTicket(key.publicKey, hash, ticket)))
      throw new Problem(403, 'elections.ballots.forged', 'Not issued for this election.')
    const entry = canonicalJson({ type: 'ballot', cast: wire })
    const place = `${wire.otk}/${wire.seq}`
    const before = burned.get(place)
    if (before !== undefined && before !== entry)
      throw new Problem(409, 'elections.ballots.conflict', 'Another ballot has this number.')
    if (before === undefined) entries.push(entry)
    burned.set(place, entry)
    const leaf = leafHash(utf8(entry))
    const text = promiseText(id, toBase64url(leaf))
    return {
      election: id,
      leaf: toBase64url(leaf),
      note: await signNote(text, noteSigner()),
      words: words(leaf, 4),
    }
  }

  const stateWord = () =>
    ({
      published: 'not_open',
      draft: 'not_open',
      paused: 'paused',
      cancelled: 'cancelled',
      tallied: 'tallied',
    })[admin.status as 'paused'] ?? 'closed'

  const casts = () =>
    entries.flatMap((text) => {
      const entry = JSON.parse(text) as { type: string; cast?: Cast }
      return entry.cast === undefined ? [] : [entry.cast]
    })

  const distinct = () => new Set(casts().map(({ otk }) => otk)).size

  function close(): void {
    admin.status = 'closed'
    admin.closed_at = new Date().toISOString()
    entries.push(canonicalJson({ type: 'close', election: id, ballots: casts().length }))
    admin.turnout = { ...admin.turnout, voted: distinct(), exact: true }
  }

  async function tally(privateKey: string): Promise<void> {
    const secret = fromBase64url(privateKey)
    if (toBase64url(p256PublicKey(secret)) !== admin.sealing_key)
      throw new Problem(422, 'elections.tally.wrong_key', 'This is not the key of this election.', [
        { pointer: '/private_key', message: 'Does not belong to the sealing key.' },
      ])
    const last = new Map<string, Cast>()
    for (const one of casts()) if ((last.get(one.otk)?.seq ?? 0) < one.seq) last.set(one.otk, one)
    const opened = await Promise.all([...last.values()].map((one) => open(one, secret)))
    result = {
      election: admin.id,
      ballots: opened.length,
      invalid: [],
      superseded: casts().length - last.size,
      questions: admin.questions.map((question) => count(question, opened)),
    }
    admin.status = 'tallied'
  }

  async function open({ slot, class: name, otk, seq, enc, ct }: Cast, privateKey: Uint8Array) {
    const nullifier = await nullifierOf(fromBase64url(otk))
    const plain = await hpkeOpen({
      privateKey,
      info: sealingInfo(hash),
      aad: sealingAad({ slot, class: name, nullifier, seq }),
      enc: fromBase64url(enc),
      ciphertext: fromBase64url(ct),
    })
    const choice = plain === null ? null : decodeChoice(plain)
    if (choice === null) throw new Error('A ballot does not open.')
    return choice
  }

  async function proof(leaf: string): Promise<string | null> {
    if (!['closed', 'tallied'].includes(admin.status)) return null
    const leaves = entries.map((entry) => leafHash(utf8(entry)))
    const index = leaves.findIndex((one) => toBase64url(one) === leaf)
    if (index < 0) return null
    const tree = createMemoryTree(leaves)
    const checkpoint = await signCheckpoint(
      { origin: keyName(), size: tree.size, root: tree.root() },
      noteSigner(),
    )
    return formatTlogProof({ index, proof: tree.inclusion(index), checkpoint })
  }

  return {
    admin,
    publish,
    issue,
    cast,
    close,
    tally,
    proof,
    casts,
    distinct,
    hasIssued: (subject: string) => issued.has(subject),
    async change(body: unknown) {
      const given = CreateElection.partial().parse(body)
      if (given.questions) admin.questions = questionsOf(given as CreateElection)
      if (given.sealing_key) admin.sealing_key = given.sealing_key
      if (given.title) admin.title = textOf(given.title as Text)
      if (given.description !== undefined)
        admin.description = given.description === '' ? null : textOf(given.description as Text)
      if (given.scheduled_start !== undefined) admin.scheduled_start = given.scheduled_start
      if (given.scheduled_end !== undefined) admin.scheduled_end = given.scheduled_end
    },
    manifest: () => ({ manifest, hash: toBase64url(hash), note }),
    manifestText: () => canonicalJson(manifest),
    result: () => result,
    entries,
  }
}

function count(question: Question, choices: readonly Choice[]) {
  const ballots = choices.map(({ answers }) => answers[question.id] ?? [])
  const options = question.options.map(({ id }) => {
    const votes = ballots.filter((chosen) => chosen.includes(id)).length
    return { id, votes, percentage: ballots.length === 0 ? 0 : (votes / ballots.length) * 100 }
  })
  const needed = Math.max(
    [...options].sort((a, b) => b.votes - a.votes)[question.max_selections - 1]?.votes ?? 0,
    1,
  )
  return {
    id: question.id,
    options,
    blank: ballots.filter((chosen) => chosen.length === 0).length,
    voters: ballots.length,
    winners: options.filter(({ votes }) => votes >= needed).map(({ id }) => id),
  }
}
