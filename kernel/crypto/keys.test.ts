import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { utf8 } from './bytes.ts'
import { keyFilesConformance } from './conformance.ts'
import { createKeyFiles, memoryKeyFiles } from './keyfiles.ts'
import { createPersonKeys, memoryPersonKeyStore } from './personkeys.ts'

const chance = { bytes: (length: number) => randomBytes(length) }
const folder = () => mkdtemp(join(tmpdir(), 'althing-keys-'))

keyFilesConformance('folder', async () => createKeyFiles(join(await folder(), 'elections'), chance))
keyFilesConformance('memory', async () => memoryKeyFiles(chance))

test('key files are readable by their owner alone, and nothing else is left in the folder', async () => {
  const parent = await folder()
  const keys = createKeyFiles(join(parent, 'elections'), chance)
  await keys.create('ele_1')
  assert.equal((await stat(join(parent, 'elections'))).mode & 0o777, 0o700)
  assert.equal((await stat(join(parent, 'elections', 'ele_1.key'))).mode & 0o777, 0o600)
  assert.deepEqual(await readdir(join(parent, 'elections')), ['ele_1.key'])
})

test('a key that a crash left half destroyed encrypts nothing any more', async () => {
  const parent = await folder()
  const keys = createKeyFiles(parent, chance)
  await writeFile(join(parent, 'ele_1.key'), new Uint8Array(32))
  assert.equal(await keys.read('ele_1'), null)
  assert.equal(await keys.destroy('ele_1'), true)
  await writeFile(join(parent, 'ele_2.key'), new Uint8Array(31))
  await assert.rejects(keys.read('ele_2'), /damaged/)
})

test("a person's values are readable until the person's key is destroyed, then never again", async () => {
  const { keys } = setUp()
  const sealed = await keys.seal('mem_ada', utf8('Ada'), utf8('row 1'))
  assert.ok(sealed)
  assert.deepEqual(await keys.open('mem_ada', sealed, utf8('row 1')), utf8('Ada'))
  assert.equal(await keys.open('mem_bea', sealed, utf8('row 1')), null)
  assert.equal(await keys.open('mem_ada', sealed, utf8('row 2')), null)

  assert.equal(await keys.destroy('mem_ada'), true)
  assert.equal(await keys.destroy('mem_ada'), false)
  assert.equal(await keys.open('mem_ada', sealed, utf8('row 1')), null)
  assert.equal(await keys.seal('mem_ada', utf8('Ada'), utf8('row 1')), null)
})

test('two first writers agree on one key', async () => {
  const { keys } = setUp()
  const sealed = await Promise.all(['a', 'b', 'c'].map((text) => keys.seal('mem_ada', utf8(text), utf8('x'))))
  const opened = await Promise.all(
    sealed.map((value) => keys.open('mem_ada', value ?? new Uint8Array(), utf8('x'))),
  )
  assert.deepEqual(opened, [utf8('a'), utf8('b'), utf8('c')])
})

test('the key-encryption key can be rotated under the values', async () => {
  const { store, wrapping, keys } = setUp()
  const sealed = await keys.seal('mem_ada', utf8('Ada'), utf8('x'))
  const both = new Map([...wrapping.keys, ['2027', randomBytes(32)] as const])
  const rotated = createPersonKeys({ store, chance, wrapping: { active: '2027', keys: both } })
  assert.equal(await rotated.rewrap('mem_ada'), true)
  assert.equal(await rotated.rewrap('mem_ada'), false)
  const onlyNew = { active: '2027', keys: new Map([['2027', both.get('2027') ?? randomBytes(0)]]) }
  const after = createPersonKeys({ store, chance, wrapping: onlyNew })
  assert.deepEqual(await after.open('mem_ada', sealed ?? new Uint8Array(), utf8('x')), utf8('Ada'))
  await assert.rejects(keys.open('mem_ada', sealed ?? new Uint8Array(), utf8('x')), /2027/)
})

test("one person's wrapped key does not serve as another's", async () => {
  const { store, keys } = setUp()
  await keys.seal('mem_ada', utf8('Ada'), utf8('x'))
  const wrapped = await store.find('mem_ada')
  await store.insert('mem_eve', wrapped as Uint8Array)
  await assert.rejects(keys.seal('mem_eve', utf8('x'), utf8('x')), /altered or moved/)
})

function setUp() {
  const store = memoryPersonKeyStore()
  const wrapping = { active: '2026', keys: new Map([['2026', randomBytes(32)]]) }
  return { store, wrapping, keys: createPersonKeys({ store, wrapping, chance }) }
}
