/** From the board's entries to the result: the last ballot of each ticket, opened with the released key, and counted. */
import { setImmediate } from 'node:timers/promises'
import {
  createHpkeOpener,
  fromBase64url,
  sha256,
  toBase64url,
  utf8,
  type HpkeOpener,
} from '@althing/kernel/crypto'
import { leafHash } from '@althing/kernel/merkle'
import type { z } from 'zod'
import {
  BoardEntry,
  decodeChoice,
  manifestInput,
  sealingAad,
  sealingInfo,
  type Cast,
  type Choice,
  type Manifest,
  type Result,
} from '../contract.ts'
import { isVote, plurality } from './plurality.ts'

interface Kept {
  readonly leaf: string
  readonly cast: Cast
}

type Problem = z.output<typeof Result>['invalid'][number]

/** @param entries canonical text of every leaf of the board, in order; the first is the manifest */
export async function countBoard(
  manifest: Manifest,
  manifestText: string,
  entries: readonly string[],
  privateKey: Uint8Array,
): Promise<z.output<typeof Result>> {
  const all = entries.flatMap(ballotOf)
  const kept = lastOfEach(all)
  const open = createHpkeOpener(privateKey, sealingInfo(sha256(manifestInput(manifestText))))
  const valid = new Map<string, Choice[]>(manifest.slots.map(({ id }) => [id, []]))
  const invalid: Problem[] = []
  for (const [index, one] of kept.entries()) {
    const choice = choiceOf(manifest, one.cast, open)
    if (typeof choice === 'string') invalid.push({ leaf: one.leaf, reason: choice })
    else valid.get(one.cast.slot)?.push(choice)
    if (index % 100 === 99) await setImmediate() // Others are served meanwhile.
  }
  return {
    election: manifest.election,
    ballots: kept.length,
    invalid,
    superseded: all.length - kept.length,
    questions: manifest.slots.flatMap(({ id, questions }) => plurality(questions, valid.get(id) ?? [])),
  }
}

function ballotOf(text: string): Kept[] {
  const entry = BoardEntry.parse(JSON.parse(text))
  return entry.type === 'ballot' ? [{ leaf: toBase64url(leafHash(utf8(text))), cast: entry.cast }] : []
}

/** The highest number of each ticket; those that stay keep the order of the board. */
function lastOfEach(all: readonly Kept[]): Kept[] {
  const last = new Map<string, Kept>()
  for (const one of all) {
    const known = last.get(one.cast.otk)
    if (known === undefined || one.cast.seq > known.cast.seq) last.set(one.cast.otk, one)
  }
  return all.filter((one) => last.get(one.cast.otk) === one)
}

/** What the ballot says, or why it does not count. */
function choiceOf(manifest: Manifest, cast: Cast, open: HpkeOpener): Choice | 'unopened' | 'no vote' {
  const nullifier = sha256(fromBase64url(cast.otk))
  const plaintext = open(
    fromBase64url(cast.enc),
    sealingAad({ slot: cast.slot, class: cast.class, seq: cast.seq, nullifier }),
    fromBase64url(cast.ct),
  )
  if (plaintext === null) return 'unopened'
  const choice = decodeChoice(plaintext)
  const questions = manifest.slots.find(({ id }) => id === cast.slot)?.questions ?? []
  return choice === null || !isVote(questions, choice) ? 'no vote' : choice
}
