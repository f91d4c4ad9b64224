import assert from 'node:assert/strict'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openAssets } from '../web/ui/assets.ts'
import { buildWeb } from './web.ts'

let dist = ''
before(async () => {
  dist = await mkdtemp(join(tmpdir(), 'althing-web-'))
})
after(() => rm(dist, { recursive: true }))

const build = async (force = false) =>
  (await buildWeb({ only: ['ui', 'signin'], dist, force })).map(({ outcome }) => outcome)

test('what did not change is not built again, and what is built again is the same', async () => {
  assert.deepEqual(await build(), ['built', 'built'])
  const manifest = await readFile(join(dist, 'ui/manifest.json'), 'utf8')
  assert.deepEqual(await build(), ['unchanged', 'unchanged'])
  assert.deepEqual(await build(true), ['built', 'built'])
  assert.equal(await readFile(join(dist, 'ui/manifest.json'), 'utf8'), manifest)
})

test('a build that was made of other files is made again', async () => {
  const inputs = JSON.parse(await readFile(join(dist, 'signin/inputs.json'), 'utf8')) as Record<
    string,
    string
  >
  await writeFile(
    join(dist, 'signin/inputs.json'),
    JSON.stringify({ ...inputs, 'web/signin/main.ts': 'other' }),
  )
  assert.deepEqual(await build(), ['unchanged', 'built'])
})

test('every file is named by its content, and its integrity is known', async () => {
  const assets = openAssets(dist)
  assert.match(assets.find('ui/ui.css').path, /^\/assets\/ui\/ui-[\w-]{8}\.css$/)
  assert.match(assets.find('signin/main.js').integrity ?? '', /^sha384-[\w+/]{64}$/)
  const files = await readdir(join(dist, 'ui'))
  assert.ok(files.some((file) => /^source-sans-3-latin-wght-normal-[\w-]+\.woff2$/.test(file)))
})

test('nothing built speaks to another origin', async () => {
  for (const app of ['ui', 'signin'])
    for (const file of (await readdir(join(dist, app))).filter((name) => /\.(css|js)$/.test(name)))
      // Names of namespaces, and the words of one warning in a library: nobody goes there.
      assert.doesNotMatch(
        await readFile(join(dist, app, file), 'utf8'),
        /https?:\/\/(?!www\.w3\.org|simplewebauthn\.dev\/docs)/,
      )
})
