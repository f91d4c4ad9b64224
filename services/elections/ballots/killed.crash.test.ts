import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { test } from 'node:test'
import { json, testBox, type TestBox } from '../../../tests/support/elections.ts'
import { BoardEntry, Bundle, Receipt } from '../contract.ts'

test('killed again and again while ballots come in: none that was acknowledged is lost, none counts twice', async () => {
  const box = await testBox()
  const { id } = await box.opened()
  const acknowledged: string[] = []
  for (let round = 0; round < 4; round++) {
    const papers = await Promise.all(
      Array.from({ length: 30 }, async () => (await box.voter(id)).ballot({ q1: ['a1'] })),
    )
    const victim = await start(box)
    const casting = papers.map((paper) => cast(`${victim.url}/api/elections/${id}/ballots`, paper))
    await pause(randomInt(5, 60))
    const gone = once(victim.process, 'exit')
    victim.process.kill('SIGKILL')
    const answers = await Promise.all(casting)
    // Who got no answer asks again, elsewhere, with the same bytes.
    for (const [index, answer] of answers.entries()) {
      acknowledged.push(answer ?? Receipt.parse(await json(await box.cast(id, papers[index]))).leaf)
    }
    await gone
  }
  await box.close(id)
  await box.tally(id)
  const bundle = Bundle.parse(await json(await box.quiet('GET', `/api/elections/${id}/bundle`)))
  assert.deepEqual(
    [bundle.result.ballots, bundle.result.superseded, bundle.result.questions[0]?.options[0]?.votes],
    [120, 0, 120],
  )
  assert.equal(new Set(acknowledged).size, 120)
  for (const leaf of acknowledged)
    assert.equal((await box.quiet('GET', `/board/${id}/proof/${leaf}`)).status, 200)
  assert.equal(
    bundle.entries.filter((entry) => BoardEntry.parse(JSON.parse(entry)).type === 'ballot').length,
    120,
  )
})

async function cast(url: string, paper: unknown): Promise<string | null> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(paper),
    })
    return Receipt.parse(await json(answer)).leaf
  } catch {
    return null
  }
}

async function start(box: TestBox): Promise<{ readonly process: ChildProcess; readonly url: string }> {
  const env = {
    ALTHING_ELECTIONS_DATABASE_URL: box.service.url,
    ALTHING_ELECTIONS_SERVICE_KEY: box.service.seeds['elections'] ?? '',
    ALTHING_ELECTIONS_KEYS: box.folder,
    ALTHING_URL: 'http://localhost:8080',
  }
  const script = fileURLToPath(new URL('../../../tests/support/box-process.ts', import.meta.url))
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, BOX: JSON.stringify(env) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return { process: child, url: line.toString('utf8').trim() }
}
