import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openAssets } from './assets.ts'

let dist = ''

before(async () => {
  dist = await mkdtemp(join(tmpdir(), 'althing-assets-'))
  await mkdir(join(dist, 'ui'))
  await writeFile(join(dist, 'ui/ui-abc.css'), 'body{}')
  await writeFile(join(dist, 'ui/inputs.json'), '{}')
  await writeFile(join(dist, 'ui/manifest.json'), '{"ui.css":{"file":"ui-abc.css","integrity":"sha384-x"}}')
})

after(() => rm(dist, { recursive: true }))

test('a built file is found by its name, and its path never changes its content', async () => {
  const assets = openAssets(dist)
  assert.deepEqual(assets.find('ui/ui.css'), { path: '/assets/ui/ui-abc.css', integrity: 'sha384-x' })
  const served = assets.serve('/assets/ui/ui-abc.css')
  assert.equal(await readFile(served?.file ?? '', 'utf8'), 'body{}')
  assert.match(served?.headers['cache-control'] ?? '', /immutable/)
  assert.equal(served?.contentType, 'text/css; charset=utf-8')
})

test('a file that is not built is named in the error', () => {
  assert.throws(() => openAssets(dist).find('booth/main.js'), /no built file booth\/main\.js/)
})

for (const path of [
  '/assets/ui/manifest.json',
  '/assets/ui/inputs.json',
  '/assets/ui/../ui/ui-abc.css',
  '/assets/ui/%2e%2e',
  '/assets/no/x.js',
  '/assets/ui/',
])
  test(`only what a manifest names is served: not ${path}`, () => {
    assert.equal(openAssets(dist).serve(path), null)
  })
