import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { testBox } from '../../../tests/support/elections.ts'

test('a wrong address is a page for a person and a problem for a program', async () => {
  const { quiet } = await testBox({ env: { ALTHING_ELECTIONS_WEB: builtBooth() } })
  for (const path of ['/nowhere', '/vote/x/y', '/apis', '/boardroom/1', '/result']) {
    const answer = await quiet('GET', path)
    assert.deepEqual([answer.status, answer.headers.get('content-type')], [404, 'text/html; charset=utf-8'])
    assert.match(await answer.text(), /The booth/)
  }
  for (const path of [
    '/api',
    '/api/elections/x/nowhere',
    '/board/nowhere',
    '/internal/x',
    '/assets/booth/x',
  ]) {
    const answer = await quiet('GET', path)
    assert.deepEqual([answer.status, answer.headers.get('content-type')], [404, 'application/problem+json'])
  }
  for (const method of ['POST', 'PUT', 'DELETE']) assert.equal((await quiet(method, '/nowhere')).status, 404)
})

test('pages that nobody has built are said to be missing, and by whom', async () => {
  const { quiet } = await testBox({ env: { ALTHING_ELECTIONS_WEB: emptyFolder() } })
  const answer = await quiet('GET', '/vote')
  assert.equal(answer.status, 503)
  assert.match(await answer.text(), /elections\.pages\.not_built/)
})

test('the description of the API names no page that is not there', async () => {
  const { quiet } = await testBox()
  const { paths } = (await (await quiet('GET', '/openapi.json')).json()) as { paths: object }
  assert.deepEqual(
    Object.keys(paths).filter((path) => path.includes('*')),
    [],
  )
})

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'althing-pages-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function builtBooth(): string {
  const folder = emptyFolder()
  mkdirSync(join(folder, 'booth'))
  writeFileSync(join(folder, 'booth', 'index.html'), '<title>The booth</title>')
  writeFileSync(join(folder, 'booth', 'manifest.json'), '{}')
  return folder
}
