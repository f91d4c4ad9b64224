/**
 * How long the verifier takes: a real election with so many ballots, its proof downloaded and checked.
 *
 *   node tests/load/verify.ts [ballots …]
 */
import { verifyBundle } from '@althing/web-verifier/check/verify.ts'
import { boxWorld } from '../support/box.ts'

async function proofOf(ballots: number): Promise<Uint8Array> {
  const box = await boxWorld()
  try {
    await box.start()
    const id = await box.openElection(ballots)
    for (let done = 0; done < ballots; done += 100) {
      const some = await box.voters(id, Math.min(100, ballots - done))
      const answers = await Promise.all(
        some.map(async ({ ballot }, index) =>
          box.cast(id, JSON.stringify(await ballot({ q1: [`a${(index % 3) + 1}`], q2: [] }))),
        ),
      )
      const refused = answers.find(({ status }) => status !== 200)
      if (refused !== undefined) throw new Error(refused.text)
    }
    await box.admin('POST', `/${id}/close`, {})
    await box.tally(id)
    return new TextEncoder().encode((await box.read(`/api/elections/${id}/bundle`)).text)
  } finally {
    await box.remove()
  }
}

for (const ballots of process.argv.slice(2).map(Number)) {
  const file = await proofOf(ballots)
  const before = performance.now()
  const { ok, steps } = await verifyBundle(file)
  const seconds = (performance.now() - before) / 1000
  console.log(
    `${ballots} ballots, ${(file.length / 1e6).toFixed(1)} MB: ${ok ? 'holds' : JSON.stringify(steps.at(-1))}, ${seconds.toFixed(2)} s`,
  )
}
