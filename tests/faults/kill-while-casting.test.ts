import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { fromBase64url } from '@althing/kernel/crypto'
import { leafHash } from '@althing/kernel/merkle'
import { Bundle, Receipt } from '@althing/elections/contract'
import { seedOfThisRun } from '@althing/kernel/testing'
import { boxWorld } from '../support/box.ts'

const kills = 20
const people = 400
/** Every tenth votes a second time: the two ballots may arrive in any order. */
const again = 10

/**
 * The process and its PostgreSQL die together, twenty times, while people vote. A ballot whose receipt somebody holds is never
 * lost; one that was sent and never answered may be there or not, and sending the same bytes again is safe; nobody counts twice.
 */
test(
  'kill -9 during casting, twenty times: what was acknowledged is counted, once',
  { timeout: 180_000 },
  async () => {
    const box = await boxWorld()
    after(() => box.remove())
    await box.start()
    const election = await box.openElection(people)
    const voters = await box.voters(election, people)
    const papers = await Promise.all(
      voters.map(async (voter, index) => {
        const last = { q1: [`a${(index % 3) + 1}`], q2: [] }
        if (index % again !== 0) return [JSON.stringify(await voter.ballot(last))]
        const first = await voter.ballot({ q1: [], q2: ['a1'] }, 1)
        return [JSON.stringify(first), JSON.stringify(await voter.ballot(last, 2))]
      }),
    )
    const waiting = papers.flat()
    const ballots = waiting.length
    const acknowledged = new Map<string, string>() // leaf by ballot text
    const unanswered: string[] = []
    const random = mulberry(seedOfThisRun())

    for (let round = 0; round < kills; round += 1) {
      const batch = [...unanswered.splice(0), ...waiting.splice(0, ballots / kills)]
      const casting = batch.map((text) => one(text))
      await pause(random() * 60) // Somewhere between the first byte and the last commit.
      await box.kill()
      await Promise.all(casting)
      await box.start()
    }
    // Whoever got no answer sends the same bytes again; some of those stand there already.
    for (const text of unanswered.splice(0)) await one(text)
    assert.deepEqual(unanswered, [])
    assert.equal(acknowledged.size, ballots)

    // Every receipt is given again for the same bytes, and says the same.
    for (const [text, leaf] of [...acknowledged].slice(0, 50)) {
      assert.equal(Receipt.parse(JSON.parse((await box.cast(election, text)).text)).leaf, leaf)
    }
    await box.admin('POST', `/${election}/close`, {})
    await box.tally(election)
    const bundle = Bundle.parse(JSON.parse((await box.read(`/api/elections/${election}/bundle`)).text))
    const onBoard = bundle.entries.map((entry) =>
      Buffer.from(leafHash(new TextEncoder().encode(entry))).toString('base64url'),
    )
    for (const leaf of acknowledged.values()) assert.equal(onBoard.filter((one) => one === leaf).length, 1)
    assert.equal(bundle.result.ballots, people)
    assert.equal(bundle.result.superseded, ballots - people)
    assert.equal(bundle.entries.length, ballots + 2) // manifest, ballots, close
    assert.deepEqual(
      bundle.result.questions[0]?.options.map(({ votes }) => votes),
      [0, 1, 2].map((rest) => voters.filter((_, index) => index % 3 === rest).length),
    )
    assert.equal((await box.verifyAudit()).ok, true)
    assert.ok(fromBase64url(bundle.private_key).length === 32)

    async function one(text: string): Promise<void> {
      try {
        const { status, text: said } = await box.cast(election, text)
        if (status !== 200) throw new Error(`${status}`)
        acknowledged.set(text, Receipt.parse(JSON.parse(said)).leaf)
      } catch {
        unanswered.push(text)
      }
    }
  },
)

/** A small seeded generator, so that a failing run can be repeated. */
function mulberry(seed: number) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
