/** A whole election, and its proof as the box hands it out; and what a box could do that has the log key and no conscience. */
import { canonicalJson, fromBase64url, sha256, signingKey, toBase64url, utf8 } from '@althing/kernel/crypto'
import { leafHash, rootOfLeaves, signCheckpoint, signNote } from '@althing/kernel/merkle'
import { boardOrigin, Bundle, Manifest, manifestInput, Receipt, type Cast } from '@althing/elections/contract'
import type { z } from 'zod'
import { countBoard } from '../../services/elections/tally/count.ts'
import { electionOf, json, ok, testBox } from './elections.ts'

export type Proof = z.output<typeof Bundle>

export const paper = {
  title: { is: 'Aðalfundur', en: 'Annual meeting' },
  questions: [
    { text: { is: 'Hver á að vera formaður?', en: 'Who shall chair?' }, answers: ['Ása', 'Björn', 'Þóra'] },
    {
      text: { is: 'Hverjir eiga að sitja í stjórn?', en: 'Who shall sit on the board?' },
      answers: ['Dagur', 'Edda', 'Finnur', 'Guðrún'],
      voting_type: 'multi-choice',
      max_selections: 2,
    },
  ],
}

type Answers = Record<string, string[]>

/** Ten voters: votes, blanks, two who vote again, and one whose ballot names what is not on the paper. */
const choices: readonly (readonly Answers[])[] = [
  [{ q1: ['a1'], q2: ['a1', 'a2'] }],
  [{ q1: ['a1'], q2: ['a2'] }],
  [{ q1: ['a2'], q2: [] }],
  [{ q1: ['a1'], q2: ['a4', 'a2'] }],
  [{ q1: [], q2: [] }],
  [{ q1: ['a3'], q2: ['a3'] }],
  [{}],
  [
    { q1: ['a3'], q2: ['a3'] },
    { q1: ['a2'], q2: ['a4'] },
  ],
  [{ q1: ['a3'] }, { q1: ['a1'] }, { q1: ['a2'], q2: ['a1'] }],
  [{ q1: ['nobody'] }],
]

export async function wholeElection(votes = choices) {
  const box = await testBox()
  const { id } = await box.draft({ ...paper, question: undefined, answers: undefined })
  await box.admin('POST', `/${id}/open`, {})
  // As many as vote: then no other number of tickets is possible, and a change of it is always found.
  await ok(box.issue(id, votes.length))
  const signed = await box.manifestOf(id)
  const receipts: z.output<typeof Receipt>[][] = []
  for (const mine of votes) {
    const { ballot } = await box.voter(id)
    const kept = []
    for (const [index, answers] of mine.entries())
      kept.push(Receipt.parse(await json(await box.cast(id, await ballot(answers, index + 1)))))
    receipts.push(kept)
  }
  await electionOf(await box.close(id))
  const issued = [{ slot: '1', class: 'full', issued: votes.length }]
  await ok(box.service.asService('events', 'PUT', `/internal/elections/${id}/issued`, { issued }))
  await ok(box.tally(id))
  const text = await (await box.quiet('GET', `/api/elections/${id}/bundle`)).text()
  const key = signingKey(box.service.kit.derivedKey(`board:${id}`))
  const signer = { name: boardOrigin('localhost:8081', id), ...key }
  return { box, id, signed, receipts, text, signer, proof: Bundle.parse(JSON.parse(text)) }
}
export type Election = Awaited<ReturnType<typeof wholeElection>>

export const fileOf = (proof: unknown) => utf8(typeof proof === 'string' ? proof : JSON.stringify(proof))

export const ballotEntry = (cast: Cast): string => canonicalJson({ type: 'ballot', cast })

export const castIn = (entry: string): Cast => (JSON.parse(entry) as { cast: Cast }).cast

/** The checkpoint over these entries, with the true key. */
export async function signedHead({ signer }: Election, entries: readonly string[]): Promise<string> {
  const root = await rootOfLeaves(entries.map((entry) => leafHash(utf8(entry))))
  return signCheckpoint({ origin: signer.name, size: entries.length, root }, signer)
}

/** Other ballots on the board, and everything that the box makes itself made again to fit: counts, head, result. */
export async function rebuilt(election: Election, ballots: readonly string[]): Promise<Proof> {
  const { proof, id } = election
  const close = canonicalJson({ type: 'close', election: id, ballots: ballots.length })
  const entries = [proof.entries[0] ?? '', ...ballots, close]
  const manifest = Manifest.parse(JSON.parse(proof.manifest))
  const result = await countBoard(manifest, proof.manifest, entries, fromBase64url(proof.private_key)).catch(
    () => proof.result,
  )
  return { ...proof, entries, result, checkpoint: await signedHead(election, entries) }
}

/** Another manifest, signed with the true key, at the head of the same ballots. */
export async function withManifest(election: Election, change: object): Promise<Proof> {
  const { proof, signer, id } = election
  const value = { ...(JSON.parse(proof.manifest) as object), ...change }
  const manifest = canonicalJson(value)
  const hash = toBase64url(sha256(manifestInput(manifest)))
  const entries = [canonicalJson({ type: 'manifest', manifest: value }), ...proof.entries.slice(1)]
  return {
    ...proof,
    manifest,
    entries,
    manifest_note: await signNote(`althing/manifest/v1\n${id}\n${hash}\n`, signer),
    checkpoint: await signedHead(election, entries),
  }
}
