import assert from 'node:assert/strict'
import { test } from 'node:test'
import { code, json, ok, testBox } from '../../../tests/support/elections.ts'
import { Bundle } from '../contract.ts'

test('the proof is made once when nothing in it can change, and may be kept by everybody for ever', async () => {
  const box = await testBox()
  const { id } = await box.opened()
  const fetched = () => box.quiet('GET', `/api/elections/${id}/bundle`)
  await ok(box.cast(id, await (await box.voter(id)).ballot({ q1: ['a1'] })))
  assert.equal(await code(fetched()), '403 elections.bundle.not_counted')
  await ok(box.close(id))
  await ok(box.tally(id))

  const early = await fetched()
  assert.equal(early.headers.get('cache-control'), 'public, max-age=2')
  assert.equal(Bundle.parse(await json(early)).issued, null)

  const issued = [{ slot: '1', class: 'full', issued: 1 }]
  await ok(box.service.asService('events', 'PUT', `/internal/elections/${id}/issued`, { issued }))
  const [first, second] = await Promise.all([fetched(), fetched()])
  assert.match(first.headers.get('cache-control') ?? '', /immutable/)
  assert.match(first.headers.get('etag') ?? '', /^"[\w-]{43}"$/)
  assert.equal(first.headers.get('etag'), second.headers.get('etag'))
  const text = await first.text()
  assert.deepEqual(Bundle.parse(JSON.parse(text)).issued, issued)

  // From now on it is read, not made.
  const { database } = box.service.kit
  await database.query(`update board_bundle set text = text || ' ' where election = $1`, [id])
  assert.equal(await (await fetched()).text(), `${text} `)
  await ok(box.admin('POST', `/${id}/hide`, {}))
  assert.equal(await code(fetched()), '404 elections.bundle.unknown')
})
