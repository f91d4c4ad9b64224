/**
 * Cedar's published conformance data: every request decides as recorded, for the recorded reasons and with the recorded errors.
 * The data stays outside of the project: `ALTHING_CEDAR_CORPUS` says where.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, globSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { decideCase } from '../support/cedar-corpus.ts'

const project = fileURLToPath(new URL('../..', import.meta.url))
const corpus = process.env['ALTHING_CEDAR_CORPUS'] ?? join(project, '../shared/data/cedar')
const absent = existsSync(corpus)
  ? false
  : `Cedar’s conformance data is not at ${corpus}: say with ALTHING_CEDAR_CORPUS where it is`

const folder = mkdtempSync(join(tmpdir(), 'cedar-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** What is packed is unpacked, what is not is copied: the cases name their files from one folder. */
function unpack(): void {
  if (statSync(corpus).isFile()) return void execFileSync('tar', ['xzf', corpus, '-C', folder])
  for (const packed of ['corpus-tests.tar.gz', 'corpus-part.tar.gz']) {
    if (existsSync(join(corpus, packed))) execFileSync('tar', ['xzf', join(corpus, packed), '-C', folder])
  }
  for (const name of ['corpus-tests', 'handwritten', 'sample-data']) {
    if (existsSync(join(corpus, name))) cpSync(join(corpus, name), join(folder, name), { recursive: true })
  }
}

function decideAll(context: TestContext, pattern: string): void {
  const files = globSync(pattern, { cwd: folder }).filter((file) => !file.endsWith('.entities.json'))
  if (files.length === 0) return context.skip(`There is nothing like ${pattern} in ${corpus}`)
  const outcomes = files.map((file) => decideCase(folder, file))
  const differences = outcomes.flatMap((one) => one.differences)
  const requests = outcomes.reduce((sum, one) => sum + one.requests, 0)
  console.log(`${files.length} cases, ${requests} requests, ${differences.length} differences`)
  assert.ok(requests > 0, 'there are no requests in the corpus')
  assert.deepEqual(differences.slice(0, 20), [])
}

test('generated cases decide as Cedar recorded it', { skip: absent }, (context) => {
  unpack()
  decideAll(context, 'corpus-tests/*.json')
})

test('handwritten cases decide as Cedar recorded it', { skip: absent }, (context) => {
  decideAll(context, 'handwritten/*/*.json')
})
