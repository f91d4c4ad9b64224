/** Nobody holds what is not in the table: what is given is written before the answer leaves, and all of it or nothing. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  addAccount,
  askToken,
  codeFlow,
  createBrowser,
  testIdentity,
} from '../../../tests/support/identity.ts'
import { withoutRoomFor } from '../../../tests/support/no-room.ts'

const service = await testIdentity()
const { database } = service.kit
await addAccount(service)

const counted = async (kind: string) =>
  (await database.query('select from oidc_record where kind = $1', [kind])).length

test('tokens that could not be written are not given, and whoever asks again for the same gets them', async () => {
  const { tokens } = await codeFlow(service, createBrowser(service.origin))
  const refresh = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' }
  const before = [await counted('AccessToken'), await counted('RefreshToken')]
  const refused = await withoutRoomFor(database, 'RefreshToken', () => askToken(service.origin, refresh))
  assert.equal(refused.status, 500)
  const said = (await refused.json()) as Record<string, unknown>
  assert.equal(said['error'], 'server_error')
  assert.deepEqual([said['access_token'], said['refresh_token']], [undefined, undefined])
  assert.doesNotMatch(JSON.stringify(said), /no room|oidc_record/)
  assert.deepEqual([await counted('AccessToken'), await counted('RefreshToken')], before, 'neither is there')

  const again = await askToken(service.origin, refresh)
  assert.equal(again.status, 200)
  const given = (await again.json()) as Record<string, string>
  const next = await askToken(service.origin, {
    grant_type: 'refresh_token',
    refresh_token: given['refresh_token'] ?? '',
  })
  assert.equal(next.status, 200, 'and the family lives')
})

test('an answer is there before it is told: whatever was given can be used at once, at another node too', async () => {
  const other = await testIdentity({ like: service, origin: service.origin })
  let { tokens } = await codeFlow(service, createBrowser(service.origin))
  for (let turn = 0; turn < 20; turn += 1) {
    const { origin } = turn % 2 === 0 ? other : service
    const answer = await askToken(origin, {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token ?? '',
    })
    assert.equal(answer.status, 200, `turn ${turn}`)
    tokens = (await answer.json()) as typeof tokens
  }
})
