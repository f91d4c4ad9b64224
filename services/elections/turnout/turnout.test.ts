import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testBox } from '../../../tests/support/elections.ts'
import { createTurnout } from './rules.ts'
import { createTurnoutStore } from './store.ts'

test('the turnout grows in steps of number and time, whoever counts', async () => {
  const { opened, service } = await testBox({ env: { ALTHING_ELECTIONS_TURNOUT_SECONDS: '3600' } })
  const { id } = await opened()
  let voted = 4
  const store = createTurnoutStore(service.kit.database)
  const [one, other] = [60, 60].map((seconds) =>
    createTurnout({ store, voted: async () => voted, seconds, ballots: 5 }),
  )
  const shown = async () => {
    await one?.tick()
    await other?.tick()
    return (await one?.of(id, 20))?.voted
  }
  assert.equal(await shown(), 0) // Fewer than five.
  voted = 7
  assert.equal(await shown(), 7)
  voted = 19
  assert.equal(await shown(), 7) // Five more, but not a minute later.
  await service.kit.database.query('update turnout set step = step - 2 where election = $1', [id])
  assert.equal(await shown(), 19)
})
