/**
 * One person, written in two ways: by two spellings of a kennitala, or by a kennitala and an address. What is refused, and when, must be the
 * same as for names that are nobody's, or it tells who has an account here, and which address belongs to which kennitala.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addAccount, createBrowser, password, testIdentity } from '../support/identity.ts'
import { addClient, basic } from '../support/protocol.ts'

const service = await testIdentity({
  env: { ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT: '1000', ALTHING_IDENTITY_SIGN_IN_PER_NETWORK: '10000' },
})
const known = { email: 'known@example.org', nationalId: '0101302989' }
const account = await addAccount(service, { email: known.email })
await service.kit.database.query('update account set national_id = $2 where id = $1', [
  account,
  known.nationalId,
])
const nobody = { email: 'nobody@example.org', nationalId: '0202402989' }

const spelled = (id: string) =>
  [id, `${id.slice(0, 6)}-${id.slice(6)}`, ` ${id.slice(0, 6)} ${id.slice(6)} `] as const

async function tries(identifiers: readonly string[], word = 'wrong') {
  const statuses: number[] = []
  for (const identifier of identifiers) {
    const browser = createBrowser(service.origin)
    const page = await (await browser.go('/sign-in')).text()
    const answer = await browser.submit(page, 'sign-in', { identifier, password: word })
    statuses.push(answer.status)
  }
  return statuses
}

const five = (identifier: string) => Array.from({ length: 5 }, () => identifier)

test('spellings of one kennitala are one name, also when it is nobody’s', async () => {
  for (const { nationalId } of [known, nobody]) {
    const [plain, dashed, spaced] = spelled(nationalId)
    assert.deepEqual(
      await tries([...five(dashed), plain, spaced]),
      [422, 422, 422, 422, 422, 429, 429],
      nationalId,
    )
  }
})

test('an address and the kennitala of the same person are counted as two that have nothing to do with each other', async () => {
  for (const one of [known, nobody]) {
    await service.kit.database.query('delete from guess')
    const seen = await tries([...five(one.email), one.nationalId, one.nationalId, one.email.toUpperCase()])
    assert.deepEqual(seen, [422, 422, 422, 422, 422, 422, 422, 429], one.email)
  }
})

test('and yet two names are not twice as many tries: the right password opens nothing after five wrong ones under the other name', async () => {
  await service.kit.database.query('delete from guess')
  assert.deepEqual(await tries(five(known.email)), [422, 422, 422, 422, 422])
  assert.deepEqual(await tries([known.nationalId], password), [422])
  await service.kit.database.query('delete from guess')
  assert.deepEqual(
    await tries([...five(known.email).slice(1), known.nationalId], password),
    [303, 303, 303, 303, 303],
  )
})

test('whoever comes in by one name has settled what was wrong under it', async () => {
  await service.kit.database.query('delete from guess')
  assert.deepEqual(await tries(five(known.email).slice(1)), [422, 422, 422, 422])
  assert.deepEqual(await tries([known.email], password), [303])
  assert.deepEqual(await tries(five(known.email)), [422, 422, 422, 422, 422])
})

test('an application that asks for somebody elsewhere learns as little by two names, and cannot ask them twice as often', async () => {
  const secret = await addClient(service, 'calls', {
    grant_types: ['urn:openid:params:grant-type:ciba'],
    backchannel_token_delivery_mode: 'poll',
    scope: 'openid',
  })
  const ask = async (hint: string) => {
    const answer = await fetch(`${service.origin}/oauth/backchannel`, {
      method: 'POST',
      headers: basic('calls', secret),
      body: new URLSearchParams({ scope: 'openid', login_hint: hint }),
    })
    return answer.status
  }
  for (const one of [known, nobody]) {
    const [plain, dashed] = spelled(one.nationalId)
    const seen: number[] = []
    for (const hint of [...five(dashed), plain, ...five(one.email), one.email]) seen.push(await ask(hint))
    assert.deepEqual(seen, [200, 200, 200, 200, 200, 403, 200, 200, 200, 200, 200, 403], one.email)
  }
  const [waiting] = await service.kit.database.query(
    'select count(*)::int as n from backchannel_request where account = $1',
    [account],
  )
  assert.equal(waiting?.['n'], 5, 'they were asked as often as one name allows')
})
