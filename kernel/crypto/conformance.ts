/** What every KeyFiles promises. The folder and the memory twin run this very suite. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KeyExists, type KeyFiles } from './keyfiles.ts'

export function keyFilesConformance(adapter: string, open: () => Promise<KeyFiles>) {
  test(`${adapter}: a created key reads back the same, and every key is another`, async () => {
    const keys = await open()
    const first = await keys.create('ele_1')
    assert.equal(first.length, 32)
    assert.deepEqual(await keys.read('ele_1'), first)
    assert.notDeepEqual(await keys.create('ele_2'), first)
    assert.deepEqual(await keys.names(), ['ele_1', 'ele_2'])
  })

  test(`${adapter}: a key that exists is never replaced, not even by two at once`, async () => {
    const keys = await open()
    const both = await Promise.allSettled([keys.create('ele_1'), keys.create('ele_1')])
    const [won] = both.filter((outcome) => outcome.status === 'fulfilled')
    const [lost] = both.filter((outcome) => outcome.status === 'rejected')
    assert.ok(lost?.reason instanceof KeyExists)
    assert.deepEqual(await keys.read('ele_1'), won?.value)
  })

  test(`${adapter}: a destroyed key is gone, and destroying it again says so`, async () => {
    const keys = await open()
    await keys.create('ele_1')
    assert.equal(await keys.destroy('ele_1'), true)
    assert.equal(await keys.read('ele_1'), null)
    assert.equal(await keys.destroy('ele_1'), false)
    assert.deepEqual(await keys.names(), [])
  })

  test(`${adapter}: a name cannot leave the folder`, async () => {
    const keys = await open()
    for (const name of ['', '.', '../x', 'a/b', 'a\0b', '.hidden', 'x'.repeat(101)]) {
      await assert.rejects(keys.create(name), TypeError)
      await assert.rejects(keys.read(name), TypeError)
      await assert.rejects(keys.destroy(name), TypeError)
    }
  })

  test(`${adapter}: what a reader does to its copy does not change the key`, async () => {
    const keys = await open()
    const created = await keys.create('ele_1')
    const copy = new Uint8Array(created)
    created.fill(0)
    assert.deepEqual(await keys.read('ele_1'), copy)
  })
}
