/** Policies are remembered by what they are: a number under which others stand by now answers with those, and nobody is told of what was. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { decisionPoint } from '../../tests/support/decision-point.ts'
import { rememberedPolicies } from './compose-remembered.ts'

const point = await decisionPoint({
  policies: '@id("readers") permit (principal is user, action == Action::"read", resource);',
})
const { database } = point.kit
const [row] = await database.query<{ revision: number; bundle: string }>(
  'select revision, bundle from policy_bundle order by revision desc limit 1',
)
const { revision, bundle } = row ?? { revision: 0, bundle: '' }
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** What a node remembers, and how often it has read a bundle. */
function setUp() {
  const read: string[] = []
  const remembered = rememberedPolicies({
    database: {
      query(text, ...more) {
        if (/select bundle/.test(text)) read.push(text)
        return database.query(text, ...more)
      },
    },
  })
  return { ...remembered, read }
}

/** As when a database was restored: another one under the number. */
async function other(
  change: (text: string) => string,
  work: (bundle: string) => Promise<void>,
): Promise<void> {
  const put = (text: string) =>
    database.query('update policy_bundle set bundle = $2 where revision = $1', [revision, text])
  const changed = change(bundle)
  assert.notEqual(changed, bundle)
  await put(changed)
  try {
    await work(changed)
  } finally {
    await put(bundle)
  }
}
const otherRoles = (text: string) =>
  text.replace(/\]\}$/, ',{"uid":{"type":"Role","id":"stranger"},"parents":[],"attrs":{}}]}')
const otherPolicies = (text: string) => text.replace('"readers"', '"writers"')

test('what is remembered answers for no other bundle, and be the policies in it the same', async () => {
  const { of } = setUp()
  const before = await of(revision, { bundle: sha256(bundle) })
  assert.ok(before !== null)
  await other(otherRoles, async (text) => {
    assert.equal(await of(revision, {}).then((set) => set?.fixed.at(-1)?.uid.id), 'stranger')
    assert.equal(await of(revision, { bundle: sha256(bundle) }), null)
    const now = await of(revision, { bundle: sha256(text) })
    assert.deepEqual([now?.digest, now?.fixed.at(-1)?.uid.id], [before.digest, 'stranger'])
  })
  assert.deepEqual((await of(revision, {}))?.fixed, before.fixed)
})

test('what is in force is what stands in the table, with what comes with the policies', async () => {
  const { inForce } = setUp()
  const before = await inForce()
  await other(otherRoles, async () => {
    assert.equal((await inForce()).fixed.at(-1)?.uid.id, 'stranger')
  })
  assert.deepEqual((await inForce()).fixed, before.fixed)
})

test('where others stand under the number, the table is read once, however many decisions were made with those of then', async () => {
  const { of, read } = setUp()
  const digest = (await of(revision, {}))?.digest ?? ''
  await other(otherPolicies, async () => {
    const { of: ofAnother, read: readThere } = setUp()
    for (let n = 0; n < 20; n += 1) assert.equal(await ofAnother(revision, { policies: digest }), null)
    assert.equal(readThere.length, 1)
    assert.equal(
      (await of(revision, { policies: digest }))?.digest,
      digest,
      'what is remembered is what was meant',
    )
  })
  assert.equal(read.length, 1)
  assert.equal(await of(revision + 1000, { policies: digest }), null)
})
