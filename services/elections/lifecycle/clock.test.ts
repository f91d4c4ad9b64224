import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { test } from 'node:test'
import { code, electionOf, json, testBox } from '../../../tests/support/elections.ts'
import { until } from '@althing/kernel/testing'
import { Bundle } from '../contract.ts'

const inMs = (milliseconds: number) => new Date(Date.now() + milliseconds).toISOString()

test('voting begins and ends by the clock of the database while ballots come in, and every ballot that was accepted counts', async () => {
  const { opened, admin, voter, cast, tally, quiet } = await testBox()
  const beginsAt = inMs(7_000)
  const { id, status } = await opened({ scheduled_start: beginsAt, scheduled_end: inMs(9_000) })
  assert.equal(status, 'published')
  const voters = await Promise.all(Array.from({ length: 40 }, () => voter(id)))
  const papers = await Promise.all(voters.map(({ ballot }) => ballot({ q1: ['a2'] })))
  const answers: string[] = []
  await pause(Math.max(Date.parse(beginsAt) - Date.now() - 700, 0))
  for (const paper of papers) {
    const answer = await cast(id, paper)
    answers.push(answer.ok ? 'accepted' : await code(answer))
    await pause(90)
  }
  const order = answers.filter((answer, index) => answer !== answers[index - 1])
  assert.deepEqual(order, ['403 elections.ballots.not_open', 'accepted', '403 elections.ballots.closed'])
  await until(async () => (await electionOf(await admin('GET', `/${id}`))).turnout.exact)
  await tally(id)
  const { result } = Bundle.parse(await json(await quiet('GET', `/api/elections/${id}/bundle`)))
  assert.equal(result.ballots, answers.filter((answer) => answer === 'accepted').length)
})

test('a ballot one moment late is refused although nobody has closed the election yet', async () => {
  const { opened, service } = await testBox()
  const { id } = await opened({ scheduled_end: inMs(60_000) })
  const { database } = service.kit
  const accepts = async (change: string) => {
    const rows: unknown[] = []
    await database
      .transaction(async (db) => {
        await db.query(`update election set ${change} where id = '${id}'`)
        rows.push(
          ...(await db.query(
            `select election_accepts('${id}') as open, status from election where id = '${id}'`,
          )),
        )
        throw new Error('undone')
      })
      .catch(() => {})
    return rows[0]
  }
  assert.deepEqual(await accepts(`title = title`), { open: true, status: 'open' })
  assert.deepEqual(await accepts(`scheduled_end = clock_timestamp()`), { open: false, status: 'open' })
  assert.deepEqual(await accepts(`scheduled_start = clock_timestamp() + interval '1 second'`), {
    open: false,
    status: 'open',
  })
  assert.deepEqual(await accepts(`hidden = true`), { open: false, status: 'open' })
})

test('who closes waits for the ballots in hand, and none comes after them', async () => {
  const { opened, service, close } = await testBox()
  const { id } = await opened()
  const done: string[] = []
  let closing: Promise<unknown> | undefined
  await service.kit.database.transaction(async (db) => {
    await db.query('select election_accepts($1)', [id])
    closing = close(id).then(() => done.push('closed'))
    await pause(300)
    done.push('stored')
  })
  await closing
  assert.deepEqual(done, ['stored', 'closed'])
})
