import assert from 'node:assert/strict'
import { test } from 'node:test'
import { race } from '@althing/kernel/testing'
import { electionOf, json, testBox } from '../../../tests/support/elections.ts'
import { Bundle } from '../contract.ts'

test('64 casts of one ticket at once, over two nodes, are one ballot', async () => {
  const first = await testBox()
  const second = await testBox({ like: first })
  const nodes = [first, second]
  const { id } = await first.opened()
  const own = await first.voter(id)
  const papers = await Promise.all(
    Array.from({ length: 64 }, (_, index) => own.ballot({ q1: [`a${(index % 3) + 1}`] })),
  )
  const { won } = await race(64, async (runner, ready) => {
    await ready()
    return nodes[runner % 2]?.cast(id, papers[runner])
  })
  const statuses = won.map((answer) => answer?.status)
  assert.deepEqual(
    [statuses.filter((status) => status === 200).length, statuses.filter((status) => status === 409).length],
    [1, 63],
  )
  await first.close(id)
  await first.tally(id)
  const bundle = Bundle.parse(await json(await second.quiet('GET', `/api/elections/${id}/bundle`)))
  assert.deepEqual([bundle.entries.length, bundle.result.ballots, bundle.result.superseded], [3, 1, 0])
})

test('64 times the same bytes, over two nodes, are one ballot and one receipt', async () => {
  const first = await testBox()
  const second = await testBox({ like: first })
  const { id } = await first.opened()
  const paper = await (await first.voter(id)).ballot({ q1: ['a1'] })
  const answers = await Promise.all(
    Array.from({ length: 64 }, (_, index) => (index % 2 === 0 ? first : second).cast(id, paper)),
  )
  const receipts = new Set(await Promise.all(answers.map((answer) => answer.text())))
  assert.equal(receipts.size, 1)
  assert.deepEqual(await first.service.kit.database.query('select count(*) as n from ballot_intake'), [
    { n: 1 },
  ])
})

test('a button pressed twice takes one place in the queue; another ballot waits its turn', async () => {
  const box = await testBox({ env: { ALTHING_ELECTIONS_CAST_BACKLOG: '1' } })
  const { id } = await box.opened()
  const paper = await (await box.voter(id)).ballot({ q1: ['a1'] })
  const other = await (await box.voter(id)).ballot({ q1: ['a2'] })
  const answers = await Promise.all([paper, paper, paper, other].map((one) => box.cast(id, one)))
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200, 503],
  )
  assert.equal(new Set(await Promise.all(answers.slice(0, 3).map((answer) => answer.text()))).size, 1)
  assert.equal((await box.cast(id, other)).status, 200)
})

test('officers on two nodes close at once: one of them does', async () => {
  const first = await testBox()
  const second = await testBox({ like: first })
  const { id } = await first.opened()
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, index) => (index % 2 === 0 ? first : second).close(id)),
  )
  assert.deepEqual(
    answers.map(({ status }) => status).sort((a, b) => a - b),
    [200, ...Array<number>(7).fill(409)],
  )
  assert.equal((await electionOf(await first.admin('GET', `/${id}`))).status, 'closed')
})
