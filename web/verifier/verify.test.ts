import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { before, test } from 'node:test'
import { signingKey, toBase64url } from '@althing/kernel/crypto'
import { addSignature, signCheckpoint, openCheckpoint } from '@althing/kernel/merkle'
import { generateIssuingKey } from '@althing/kernel/tickets'
import { IssuingKey } from '@althing/elections/contract'
import {
  ballotEntry,
  castIn,
  fileOf,
  rebuilt,
  signedHead,
  wholeElection,
  withManifest,
  type Election,
  type Proof,
} from '../../tests/support/elections-bundle.ts'
import { voter } from '../../tests/support/elections.ts'
import { verifyBundle, type Verdict } from './check/verify.ts'

let election: Election
let ballots: string[]
before(async () => {
  election = await wholeElection()
  ballots = election.proof.entries.slice(1, -1)
})

const verdictOf = (proof: unknown): Promise<Verdict> => verifyBundle(fileOf(proof))
const failedStep = ({ steps }: Verdict) => steps.find(({ outcome }) => outcome === 'fails')?.name
const clone = (): Proof => structuredClone(election.proof)

test('a whole election holds: two questions, blanks, votes cast again, one ballot that is no vote', async () => {
  const { ok, steps, outcome, fingerprint, manifestHash } = await verdictOf(election.text)
  assert.deepEqual(
    steps.filter((step) => step.outcome !== 'holds'),
    [],
  )
  assert.ok(ok)
  assert.deepEqual([outcome?.ballots, outcome?.superseded, outcome?.invalid.length], [10, 3, 1])
  assert.deepEqual(outcome?.questions, election.proof.result.questions)
  assert.deepEqual(outcome?.questions[0]?.winners, ['a1', 'a2'])
  assert.equal(outcome?.questions[0]?.options[0]?.percentage, 33.33)
  assert.equal(manifestHash, election.signed.hash)
  assert.equal(fingerprint?.length, 6)
})

test('white space between the parts of the file means nothing; the signature of a witness may stand beside', async () => {
  assert.ok((await verdictOf(`${JSON.stringify(election.proof, null, 2)}\n`)).ok)
  const witness = { name: 'vitni.example.org', ...signingKey(randomBytes(32)) }
  const { checkpoint, manifest_note } = election.proof
  const seen = {
    ...clone(),
    checkpoint: await addSignature(checkpoint, witness),
    manifest_note: await addSignature(manifest_note, witness),
  }
  assert.ok((await verdictOf(seen)).ok)
})

test('without the numbers of tickets it says that they are missing', async () => {
  const { ok, steps } = await verdictOf({ ...clone(), issued: null })
  assert.ok(ok)
  assert.equal(steps.find(({ name }) => name === 'issued')?.outcome, 'untold')
})

/** What somebody could do with the file, and what the box could do that signs whatever it likes. */
const forgeries: readonly (readonly [
  what: string,
  step: string,
  forge: () => Promise<unknown> | object | string,
])[] = [
  ['a ballot dropped', 'board', () => withEntries(without(2))],
  [
    'a ballot dropped and the close adjusted',
    'checkpoint',
    async () => onOldHead(await rebuilt(election, ballots.slice(1))),
  ],
  ['the last entry dropped', 'board', () => withEntries(election.proof.entries.slice(0, -1))],
  ['two ballots swapped', 'checkpoint', () => withEntries(swapped(1, 2))],
  [
    'all ballots in another order',
    'checkpoint',
    async () => onOldHead(await rebuilt(election, ballots.toReversed())),
  ],
  ['a ballot twice', 'board', () => rebuilt(election, [...ballots, ballots[0] ?? ''])],
  [
    'a ballot stuffed without a ticket',
    'tickets',
    async () =>
      rebuilt(election, [
        ...ballots,
        await stuffed({ ticket: toBase64url(randomBytes(384)).replace(/^./, 'A') }),
      ]),
  ],
  [
    'a ballot stuffed with the ticket of another issuer',
    'tickets',
    async () => rebuilt(election, [...ballots, await foreign()]),
  ],
  [
    "a ballot stuffed with somebody's ticket, under a key of one's own",
    'tickets',
    async () => rebuilt(election, [...ballots, await stuffed({ ticket: castIn(ballots[0] ?? '').ticket })]),
  ],
  [
    'a ballot with the signature of another',
    'tickets',
    () => rebuilt(election, altered(0, { sig: castIn(ballots[1] ?? '').sig })),
  ],
  [
    'a ballot with another seal',
    'tickets',
    () => rebuilt(election, altered(0, { ct: castIn(ballots[1] ?? '').ct })),
  ],
  [
    'a ballot for a place that is not there',
    'tickets',
    async () => rebuilt(election, [...ballots, await stuffed({ class: 'half' })]),
  ],
  [
    'a ballot of another length',
    'tickets',
    () => rebuilt(election, altered(0, { ct: `${castIn(ballots[0] ?? '').ct}AAAA` })),
  ],
  [
    'a one-time key in two places',
    'board',
    () =>
      rebuilt(election, [...ballots, ballotEntry({ ...castIn(ballots[0] ?? ''), class: 'half', seq: 9 })]),
  ],
  [
    'two ballots of one key with the same number',
    'board',
    async () => rebuilt(election, [...ballots, ...(await twice())]),
  ],
  ['a ballot with the number nought', 'board', () => rebuilt(election, altered(0, { seq: 0 }))],
  ['a ballot after the close', 'board', async () => resigned([...election.proof.entries, await stuffed({})])],
  ['the key released before the close', 'board', () => resigned(election.proof.entries.slice(0, -1))],
  ['something more in a ballot', 'board', () => rebuilt(election, altered(0, { hidden: 'x' }))],
  [
    'something said twice in a ballot',
    'board',
    () =>
      rebuilt(election, [(ballots[0] ?? '').replace('{"cast":', '{"cast":{},"cast":'), ...ballots.slice(1)]),
  ],
  [
    'a prototype in a ballot',
    'board',
    () =>
      rebuilt(election, [
        (ballots[0] ?? '').replace('{"cast":{', '{"cast":{"__proto__":{},'),
        ...ballots.slice(1),
      ]),
  ],
  [
    'a key in another spelling',
    'board',
    () => rebuilt(election, altered(0, { otk: hybrid(castIn(ballots[0] ?? '').otk) })),
  ],
  [
    'bytes in another spelling',
    'board',
    () => rebuilt(election, altered(0, { prefix: loose(castIn(ballots[0] ?? '').prefix) })),
  ],
  [
    'the key of another election',
    'key',
    () => ({ ...clone(), private_key: toBase64url(new Uint8Array(32).fill(9)) }),
  ],
  ['a rule that nobody knows', 'readable', () => withManifest(election, { counting_rule: 'plurality/v2' })],
  ['one more rule', 'readable', () => withManifest(election, { threshold: 0.6 })],
  ['a weight', 'readable', () => withManifest(election, { slots: heavier() })],
  ['another rule of the paper, signed anew', 'tickets', () => withManifest(election, { min_class: 9 })],
  [
    'another manifest under the old signature',
    'manifest',
    async () => ({
      ...(await withManifest(election, { min_class: 9 })),
      manifest_note: election.proof.manifest_note,
    }),
  ],
  [
    'another manifest at the head of the board',
    'board',
    async () => ({ ...clone(), entries: (await withManifest(election, { min_class: 9 })).entries }),
  ],
  [
    'a manifest in another spelling',
    'readable',
    () => ({ ...clone(), manifest: election.proof.manifest.replace('{', '{ ') }),
  ],
  [
    'a manifest note with a line more',
    'manifest',
    () => ({ ...clone(), manifest_note: `${election.proof.manifest_note}and more\n` }),
  ],
  ['a checkpoint of a key of its own', 'checkpoint', () => forgedHead()],
  [
    'a checkpoint with a line more',
    'checkpoint',
    () => ({ ...clone(), checkpoint: `${election.proof.checkpoint}and more\n` }),
  ],
  [
    'two boards: the signed head of another tree',
    'checkpoint',
    async () => ({
      ...clone(),
      checkpoint: (await rebuilt(election, [...ballots.slice(1), ballots[0] ?? ''])).checkpoint,
    }),
  ],
  [
    'two boards: the signed head of an earlier one',
    'checkpoint',
    async () => ({
      ...clone(),
      checkpoint: await signedHead(election, election.proof.entries.slice(0, 5)),
    }),
  ],
  [
    'one vote more in the result',
    'result',
    () => withResult((result) => (first(first(result.questions).options).votes += 1)),
  ],
  ['another winner', 'result', () => withResult((result) => first(result.questions).winners.pop())],
  [
    'another share',
    'result',
    () => withResult((result) => (first(first(result.questions).options).percentage = 33.34)),
  ],
  ['a ballot less that was not valid', 'result', () => withResult((result) => result.invalid.pop())],
  [
    'another reason why a ballot was not valid',
    'result',
    () => withResult((result) => (first(result.invalid).reason = 'unopened')),
  ],
  [
    'something more in the result',
    'result',
    () => withResult((result) => Object.assign(result, { note: 'x' })),
  ],
  ['fewer tickets than ballots', 'issued', () => withIssued([{ slot: '1', class: 'full', issued: 9 }])],
  ['more tickets than entitled', 'issued', () => withIssued([{ slot: '1', class: 'full', issued: 11 }])],
  ['tickets of another class', 'issued', () => withIssued([{ slot: '1', class: 'half', issued: 10 }])],
  [
    'tickets of one class twice',
    'issued',
    () => withIssued([1, 2].map(() => ({ slot: '1', class: 'full', issued: 10 }))),
  ],
  ['something more in the file', 'readable', () => ({ ...clone(), comment: 'trust me' })],
  ['a result that stands twice in the file', 'readable', () => `{"result":{},${election.text.slice(1)}`],
  ['a byte order mark', 'readable', () => `\uFEFF${election.text}`],
  [
    'letters in another spelling',
    'readable',
    () => election.text.replace('althing/bundle', String.raw`althing\/bundle`),
  ],
]

for (const [what, step, forge] of forgeries)
  test(`${what}: refused at "${step}"`, async () => {
    const verdict = await verdictOf(await forge())
    assert.equal(failedStep(verdict), step, JSON.stringify(verdict.steps.at(-1)))
    assert.deepEqual([verdict.ok, verdict.outcome, verdict.places], [false, null, null])
  })

test('a box that has all keys still cannot have more ballots than tickets', async () => {
  const stuffing = await Promise.all([1, 2].map(() => stuffed({})))
  const verdict = await verdictOf(await rebuilt(election, [...ballots, ...stuffing]))
  assert.equal(failedStep(verdict), 'issued')
})

test('one changed byte, anywhere, is found', async () => {
  const file = fileOf(election.text)
  const random = seeded(20_261_122)
  const accepted: string[] = []
  for (let time = 0; time < 200; time += 1) {
    const [at, change] = [Math.floor(random() * file.length), 1 + Math.floor(random() * 255)]
    const changed = file.slice()
    changed[at] = (changed[at] ?? 0) ^ change
    if ((await verifyBundle(changed)).ok) accepted.push(`byte ${at} xor ${change}`)
  }
  assert.deepEqual(accepted, [], 'seed 20261122')
})

test('a file cut short, and a file of something else, are no proof', async () => {
  const random = seeded(7)
  const cuts = Array.from({ length: 20 }, () =>
    election.text.slice(0, Math.floor(random() * election.text.length)),
  )
  const others = [
    '',
    '{}',
    '[]',
    'null',
    '0',
    '"althing/bundle/v1"',
    '{"version":"althing/bundle/v1"}',
    '['.repeat(100_000),
  ]
  for (const text of [...cuts, ...others])
    assert.equal(failedStep(await verdictOf(text)), 'readable', text.slice(0, 40))
  assert.equal(failedStep(await verifyBundle(Uint8Array.of(0xff, 0xfe))), 'readable')
})

test('whoever waits hears how far it is', async () => {
  const heard: [number, number][] = []
  await verifyBundle(fileOf(election.text), (done, of) => void heard.push([done, of]))
  assert.deepEqual(heard, [
    [13, 26],
    [23, 26],
  ])
})

const first = <T>(list: readonly T[]): T => list[0] as T
const withEntries = (entries: readonly string[]) => ({ ...clone(), entries })
const without = (at: number) => election.proof.entries.filter((_, index) => index !== at)
const onOldHead = (proof: Proof) => ({ ...proof, checkpoint: election.proof.checkpoint })
const resigned = async (entries: readonly string[]) => ({
  ...withEntries(entries),
  checkpoint: await signedHead(election, entries),
})
const withIssued = (issued: unknown) => ({ ...clone(), issued })

function swapped(a: number, b: number): string[] {
  const entries = [...election.proof.entries]
  ;[entries[a], entries[b]] = [entries[b] ?? '', entries[a] ?? '']
  return entries
}

const altered = (at: number, change: object) =>
  ballots.map((entry, index) => (index === at ? ballotEntry({ ...castIn(entry), ...change }) : entry))

function withResult(change: (result: Proof['result']) => unknown): Proof {
  const proof = clone()
  change(proof.result)
  return proof
}

async function stuffed(change: object): Promise<string> {
  const { ballot } = await voter(election.signed)
  return ballotEntry({ ...(await ballot({ q1: ['a3'] })), ...change })
}

/** Everything right, but signed by a key that the manifest does not name. */
async function foreign(): Promise<string> {
  const { publicKey, pkcs8 } = await generateIssuingKey()
  const signed = structuredClone(election.signed)
  for (const one of signed.manifest.slots.flatMap(({ classes }) => classes))
    one.issuing_key = IssuingKey.parse(publicKey)
  const { ballot } = await voter(signed, pkcs8)
  return ballotEntry(await ballot({ q1: ['a3'] }))
}

async function twice(): Promise<string[]> {
  const { ballot } = await voter(election.signed)
  return [ballotEntry(await ballot({ q1: ['a1'] })), ballotEntry(await ballot({ q1: ['a2'] }))]
}

async function forgedHead() {
  const { checkpoint } = election.proof
  const head = await openCheckpoint(checkpoint, election.signer.name, [election.signer])
  assert.ok(head)
  return {
    ...clone(),
    checkpoint: await signCheckpoint(head, { name: election.signer.name, ...signingKey(randomBytes(32)) }),
  }
}

function heavier() {
  const [slot] = election.signed.manifest.slots
  return [{ ...slot, classes: slot?.classes.map((one) => ({ ...one, weight: 2 })) }]
}

/** The same point as OpenSSL would read it too: 6 or 7 in front for its sign. */
function hybrid(otk: string): string {
  const bytes = Buffer.from(otk, 'base64url')
  bytes[0] = 6 + ((bytes[64] ?? 0) & 1)
  return toBase64url(bytes)
}

/** The last letter of 32 bytes has two bits that nobody reads. */
const loose = (text: string) => text.slice(0, -1) + String.fromCharCode(text.charCodeAt(text.length - 1) + 1)

/** mulberry32 */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
