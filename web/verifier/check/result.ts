/** Every ballot opened with the released key, and counted again. */
import { canonical, framed, type Bytes } from './bytes.ts'
import type { Ballot } from './board.ts'
import { count, isVote, readChoice, type Answers, type Counted } from './count.ts'
import { createOpener, type Opener } from './seal.ts'
import type { Bundle, Manifest } from './shapes.ts'
import { bytesOf, eachOf, must, pointOf } from './step.ts'

export interface Outcome {
  readonly questions: readonly Counted[]
  /** Counted, invalid ones among them. */
  readonly ballots: number
  readonly invalid: readonly { readonly leaf: string; readonly reason: string }[]
  readonly superseded: number
}

export async function checkKey(
  { privateKey }: Bundle,
  { sealingKey }: Manifest,
  hash: Bytes,
): Promise<readonly [Opener, string]> {
  const opener = await createOpener(
    bytesOf(privateKey, 32, 'the released key'),
    pointOf(sealingKey, 'the sealing key'),
    framed('althing/ballot/v1', hash),
  )
  must(opener !== null, 'the released key does not belong to the key that ballots were sealed to')
  return [opener, 'the released key belongs to the sealing key of the manifest']
}

export async function checkResult(
  { bundle, manifest, ballots }: { bundle: Bundle; manifest: Manifest; ballots: readonly Ballot[] },
  opener: Opener,
  progress: (done: number) => void | Promise<void>,
): Promise<readonly [Outcome, string]> {
  const kept = lastOfEach(ballots)
  const choices = await eachOf(kept, (ballot) => choiceOf(ballot, manifest, opener), progress)
  const invalid = kept.flatMap(({ leaf }, index) => {
    const reason = choices[index]
    return typeof reason === 'string' ? [{ leaf, reason }] : []
  })
  const validIn = (slot: string) =>
    kept.flatMap(({ cast }, index) => {
      const choice = choices[index]
      return cast.slot !== slot || choice === undefined || typeof choice === 'string' ? [] : [choice]
    })
  const questions = manifest.slots.flatMap((slot) => {
    const votes = validIn(slot.id)
    return slot.questions.map((question) => count(question, votes))
  })
  const superseded = ballots.length - kept.length
  const outcome = { ballots: kept.length, invalid, superseded, questions }
  must(
    canonical({ election: manifest.election, ...outcome }) === canonical(bundle.result),
    'the published result is not what the ballots say',
  )
  return [
    outcome,
    `${kept.length} ballots counted, ${invalid.length} invalid, ${superseded} replaced by a later vote`,
  ]
}

/** The highest number of each one-time key, in the order of the board. */
function lastOfEach(ballots: readonly Ballot[]): Ballot[] {
  const last = new Map<string, Ballot>()
  for (const one of ballots)
    if (one.cast.seq > (last.get(one.cast.otk)?.cast.seq ?? 0)) last.set(one.cast.otk, one)
  return ballots.filter((one) => last.get(one.cast.otk) === one)
}

/** What a ballot says, or why it does not count. */
async function choiceOf(
  { cast, bytes, nullifier }: Ballot,
  { slots }: Manifest,
  opener: Opener,
): Promise<Answers | 'unopened' | 'no vote'> {
  const aad = framed('althing/place/v1', cast.slot, cast.class, nullifier, String(cast.seq))
  const plaintext = await opener.open(bytes.enc, aad, bytes.ct)
  if (plaintext === null) return 'unopened'
  const answers = readChoice(plaintext)
  const questions = slots.find(({ id }) => id === cast.slot)?.questions ?? []
  return answers === null || !isVote(answers, questions) ? 'no vote' : answers
}
