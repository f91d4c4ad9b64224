/**
 * A hall of 500 people who all press "vote" at once, twice; and one of 1,000 who press once, where no two ballots are the same.
 * One process with its PostgreSQL (fsync on) against a generator on the same two cores; every receipt is checked, and the count
 * is compared with who voted.
 */
import { fromBase64url } from '@althing/kernel/crypto'
import { openNote } from '@althing/kernel/merkle'
import { boardOrigin, promiseText, Receipt, type SignedManifest } from '@althing/elections/contract'
import type { z } from 'zod'
import { boxWorld, type BoxWorld } from '../support/box.ts'

const halls = { twice: { people: 500, castsEach: 2 }, once: { people: 1000, castsEach: 1 } }
const rounds = 5

type Hall = (typeof halls)[keyof typeof halls]

export async function hall() {
  const box = await boxWorld()
  try {
    await box.start()
    return {
      twice: await inRounds(box, halls.twice),
      once: await inRounds(box, halls.once),
      limitAllDurableSeconds: 1,
      limitCastsPerSecond: 1000,
    }
  } finally {
    await box.remove()
  }
}

async function inRounds(box: BoxWorld, one: Hall) {
  const runs: Awaited<ReturnType<typeof vote>>[] = []
  for (let round = 0; round < rounds; round += 1) runs.push(await vote(box, one))
  const median = (pick: (run: (typeof runs)[number]) => number) =>
    runs.map(pick).sort((a, b) => a - b)[Math.floor(runs.length / 2)]
  return {
    ...one,
    medianAllDurableSeconds: median((run) => run.allDurableSeconds),
    medianCastsPerSecond: median((run) => run.castsPerSecond),
    medianP50Ms: median((run) => run.p50Ms),
    medianP99Ms: median((run) => run.p99Ms),
    runs,
  }
}

async function vote(box: BoxWorld, { people, castsEach }: Hall) {
  const election = await box.openElection(people)
  const signed = await box.manifest(election)
  const voters = await box.voters(election, people)
  const texts = await Promise.all(
    voters.map(async (voter, index) =>
      JSON.stringify(await voter.ballot({ q1: [`a${(index % 3) + 1}`], q2: [] })),
    ),
  )
  await Promise.all(texts.slice(0, 64).map(() => box.read(`/api/elections/${election}`))) // Connections and code are warm.
  const began = performance.now()
  const casts = await Promise.all(
    texts.flatMap((text) =>
      Array.from({ length: castsEach }, async () => {
        const answer = await box.cast(election, text)
        return { ...answer, ms: performance.now() - began }
      }),
    ),
  )
  const seconds = (performance.now() - began) / 1000
  const valid = await validReceipts(election, signed, casts)
  await box.admin('POST', `/${election}/close`, {})
  await box.tally(election)
  const bundle = JSON.parse((await box.read(`/api/elections/${election}/bundle`)).text) as {
    result: { ballots: number }
  }
  if (valid !== people * castsEach || bundle.result.ballots !== people)
    throw new Error(`Wrong: ${valid} valid receipts, ${bundle.result.ballots} ballots.`)
  const times = casts.map(({ ms }) => ms).sort((a, b) => a - b)
  const at = (share: number) => Math.round((times[Math.floor(times.length * share)] ?? 0) * 10) / 10
  return {
    ballots: bundle.result.ballots,
    validReceipts: valid,
    allDurableSeconds: round(seconds),
    castsPerSecond: Math.round((people * castsEach) / seconds),
    p50Ms: at(0.5),
    p99Ms: at(0.99),
  }
}

async function validReceipts(
  election: string,
  { manifest }: z.output<typeof SignedManifest>,
  casts: readonly { status: number; text: string }[],
) {
  const name = boardOrigin(new URL(manifest.origin).host, election)
  const keys = [{ name, publicKey: fromBase64url(manifest.log_key) }]
  let valid = 0
  for (const { status, text } of casts) {
    if (status !== 200) throw new Error(`A cast was refused: ${status} ${text.slice(0, 300)}`)
    const receipt = Receipt.parse(JSON.parse(text))
    if ((await openNote(receipt.note, keys))?.text === promiseText(election, receipt.leaf)) valid += 1
  }
  return valid
}

const round = (seconds: number) => Math.round(seconds * 1000) / 1000
