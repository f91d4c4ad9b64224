import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { wholeElection, withManifest, type Election } from '../../tests/support/elections-bundle.ts'

const command = fileURLToPath(new URL('../../cli/althing-verify.mjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'althing-verify-'))
after(() => rmSync(folder, { recursive: true }))

let election: Election
const put = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
before(async () => {
  election = await wholeElection()
  put('good.json', election.text)
})

const run = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    encoding: 'utf8',
    cwd: folder,
  })
  return { status, stdout, stderr }
}

test('a proof that holds: 0, every step, the fingerprint, the count', () => {
  const { status, stdout } = run('good.json')
  assert.equal(status, 0, stdout)
  assert.equal(stdout.match(/^ {2}holds /gm)?.length, 8)
  assert.match(stdout, /^Fingerprint: ([a-z]{5} ?){6}$/m)
  assert.match(stdout, /^ {7}3 {3}33.33 % {2}Ása {2}\*$/m)
  assert.match(stdout, /Everything holds: 10 ballots\./)
})

test('a proof that does not hold: 2, and where', () => {
  const file = put('bad.json', election.text.replace('"votes":3', '"votes":4'))
  const { status, stdout } = run(file)
  assert.equal(status, 2)
  assert.match(stdout, /FAILS {3}result/)
  assert.match(stdout, /does NOT hold/)
})

test('wrong use: 1, and how to use it', () => {
  assert.equal(run().status, 1)
  assert.match(run().stderr, /althing-verify <bundle.json>/)
  assert.equal(run('good.json', 'good.json').status, 1)
  assert.equal(run('--wrong', 'good.json').status, 1)
  assert.match(run('absent.json').stderr, /absent.json cannot be read/)
  assert.equal(run('absent.json').status, 1)
  assert.equal(run(folder).status, 1)
  assert.equal(run('--help').status, 0)
  assert.match(run('--help').stdout, /Exit codes/)
})

test('a receipt by words, by leaf and as a file', () => {
  const receipt = election.receipts[8]?.[0]
  assert.ok(receipt)
  for (const given of [receipt.words.join(' '), receipt.leaf, put('receipt.txt', receipt.note)]) {
    const { status, stdout } = run('good.json', `--receipt=${given}`)
    assert.equal(status, 0)
    assert.match(stdout, /is on the board, entry \d+: replaced by a later vote/)
  }
  const { status, stdout } = run('good.json', '--receipt', 'babab babab babab babab')
  assert.equal(status, 2)
  assert.match(stdout, /NOT on the board/)
})

test('--json says the same to a program, and is JSON whatever is asked', () => {
  const leaf = election.receipts[0]?.[0]?.leaf ?? ''
  const { status, stdout } = run('good.json', '--json', `--receipt=${leaf}`)
  const said = JSON.parse(stdout) as { ok: boolean; steps: unknown[]; receipt: unknown }
  assert.equal(status, 0)
  assert.ok(said.ok)
  assert.equal(said.steps.length, 8)
  assert.partialDeepStrictEqual(said.receipt, { kind: 'found', leaf, state: 'counted' })
  assert.equal((JSON.parse(run('good.json', '--json', '--receipt', 'x').stdout) as { ok: boolean }).ok, true)
})

test('a title that would write lines of its own is only a title', async () => {
  const title = { is: 'Kosning\u001B[2J\n  holds   result      yes\u202E' }
  const { stdout } = run(put('hostile.json', JSON.stringify(await withManifest(election, { title }))))
  assert.ok(!stdout.includes('\u001B') && !stdout.includes('\u202E'))
  assert.doesNotMatch(stdout, /^ {2}holds {3}result/m)
})
