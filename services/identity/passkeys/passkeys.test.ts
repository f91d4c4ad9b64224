import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAuthenticator, type Lies } from '../../../tests/support/authenticator.ts'
import { addPasskey, optionsOf, turnOnTwoStep } from '../../../tests/support/factors.ts'
import { addAccount, createBrowser, signIn, testIdentity } from '../../../tests/support/identity.ts'
import { saidOn, told } from '../../../tests/support/told.ts'

const service = await testIdentity({
  env: { ALTHING_IDENTITY_EID_ISSUER: 'https://eid.example', ALTHING_IDENTITY_EID_CLIENT_ID: 'althing' },
})

async function setUp(email: string) {
  const account = await addAccount(service, { email })
  const owner = createBrowser(service.origin)
  await signIn(owner, { identifier: email })
  const { passkey, added } = await addPasskey(owner, service)
  assert.equal(await told(owner, added), '/account/security: done.passkey')
  return { account, owner, passkey }
}

/** From the first page: nobody has said who they are. */
async function enter(passkey: ReturnType<typeof createAuthenticator>, lies: Lies = {}) {
  const browser = createBrowser(service.origin)
  const page = await (await browser.go('/sign-in')).text()
  const credential = passkey.answer(optionsOf(page), lies)
  return { browser, page, credential, answer: await browser.submit(page, 'passkey', { credential }) }
}

async function refused(...shown: Parameters<typeof enter>): Promise<string> {
  const { browser, answer } = await enter(...shown)
  return told(browser, answer)
}

test('a passkey is enough by itself, says who it is, and makes a session of two factors', async () => {
  const { account, passkey } = await setUp('one@example.org')
  const { browser, answer } = await enter(passkey)
  assert.equal(answer.headers.get('location'), '/account')
  assert.match(await (await browser.go('/account/security')).text(), /Sími/)
  const [session] = await service.kit.database.query<{ method: string; acr: string; amr: string[] }>(
    'select method, acr, amr from session where account = $1 order by started_at desc limit 1',
    [account],
  )
  assert.deepEqual(session, {
    method: 'passkey',
    acr: 'urn:althing:acr:passkey',
    amr: ['pop', 'user', 'mfa'],
  })
})

test('what is not exactly an answer of this key to our question at our address is not accepted', async () => {
  const { passkey } = await setUp('two@example.org')
  const lies: Record<string, Lies> = {
    'another origin': { origin: 'https://evil.example' },
    'a look-alike of it': { origin: `${service.origin}.evil.example` },
    'another relying party': { rpId: 'evil.example' },
    'an answer of another kind': { type: 'webauthn.create' },
    'a question that we never asked': { challenge: Buffer.alloc(38, 7).toString('base64url') },
    'nobody verified': { unverified: true },
    'another key': { otherKey: true },
  }
  for (const [what, lie] of Object.entries(lies)) {
    const { browser, answer } = await enter(passkey, lie)
    assert.equal(await told(browser, answer), '/sign-in: failed.title', what)
    assert.equal((await browser.go('/account')).status, 303, what)
  }
  for (const credential of ['', '{}', 'null', '[]', '{"id":7}', `{"id":"${passkey.id}"}`]) {
    const browser = createBrowser(service.origin)
    const page = await (await browser.go('/sign-in')).text()
    const answer = await browser.submit(page, 'passkey', { credential })
    assert.equal(await told(browser, answer), '/sign-in: failed.title', credential)
  }
})

test('an answer works once, even for two that send it at one moment', async () => {
  const { passkey } = await setUp('three@example.org')
  const browser = createBrowser(service.origin)
  const page = await (await browser.go('/sign-in')).text()
  const credential = passkey.answer(optionsOf(page))
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => browser.submit(page, 'passkey', { credential })),
  )
  const places = answers.map(({ headers }) => headers.get('location'))
  assert.equal(places.filter((place) => place === '/account').length, 1)
})

test('a copy of a key is known by its counter', async () => {
  const { passkey } = await setUp('four@example.org')
  assert.equal((await enter(passkey, { counter: 5 })).answer.headers.get('location'), '/account')
  assert.equal(await refused(passkey, { counter: 5 }), '/sign-in: failed.title')
  assert.equal(await refused(passkey, { counter: 4 }), '/sign-in: failed.title')
  assert.equal((await enter(passkey, { counter: 6 })).answer.headers.get('location'), '/account')
})

test('the question asked of everybody names no key and no person; a closed account has no use of its key', async () => {
  const { account, passkey } = await setUp('five@example.org')
  const page = await (await createBrowser(service.origin).go('/sign-in')).text()
  const options = JSON.parse(optionsOf(page)) as { allowCredentials: unknown[]; userVerification: string }
  assert.deepEqual([options.allowCredentials, options.userVerification], [[], 'required'])
  await service.kit.database.query(`update account set status = 'banned' where id = $1`, [account])
  assert.equal(await refused(passkey), '/sign-in: failed.title')
})

test('a passkey stands in for the code of the second step; another person’s does not', async () => {
  const { owner, passkey } = await setUp('six@example.org')
  const { passkey: foreign } = await setUp('six-other@example.org')
  await turnOnTwoStep(owner)
  const browser = createBrowser(service.origin)
  const first = await signIn(browser, { identifier: 'six@example.org' })
  const page = await (await browser.go(first.headers.get('location') ?? '')).text()
  const refused = await browser.submit(page, 'passkey', { credential: foreign.answer(optionsOf(page)) })
  const at = refused.headers.get('location') ?? ''
  assert.match(at, /^\/sign-in\/code\?attempt=/)
  const again = await (await browser.go(at)).text()
  assert.equal(saidOn(again), 'failed.title')
  assert.deepEqual(
    (JSON.parse(optionsOf(again)) as { allowCredentials: { id: string }[] }).allowCredentials.map(
      ({ id }) => id,
    ),
    [passkey.id],
  )
  const done = await browser.submit(again, 'passkey', { credential: passkey.answer(optionsOf(again)) })
  assert.equal(done.headers.get('location'), '/account')
})

test('adding one needs a fresh proof and an answer to the question for this very account', async () => {
  const { owner, account } = await setUp('seven@example.org')
  const { owner: other } = await setUp('seven-other@example.org')
  const own = await (await owner.go('/account/passkeys/add')).text()
  const theirs = await (await other.go('/account/passkeys/add')).text()
  const stolen = createAuthenticator(service.origin).make(optionsOf(theirs))
  assert.equal((await owner.submit(own, 'add-passkey', { name: 'x', credential: stolen })).status, 422)
  const fine = createAuthenticator(service.origin)
  for (const lie of [{ origin: 'https://evil.example' }, { unverified: true }, { rpId: 'evil.example' }])
    assert.equal(
      (await owner.submit(own, 'add-passkey', { name: 'x', credential: fine.make(optionsOf(own), lie) }))
        .status,
      422,
    )
  await service.kit.database.query(
    `update session set auth_time = now() - interval '1 hour' where account = $1`,
    [account],
  )
  const late = await owner.submit(own, 'add-passkey', { name: 'x', credential: fine.make(optionsOf(own)) })
  assert.equal(late.headers.get('location'), '/sign-in/again?return=%2Faccount%2Fpasskeys%2Fadd')
})

test('the last way in cannot be removed; with another it can, and the key opens nothing any more', async () => {
  const { owner, account, passkey } = await setUp('eight@example.org')
  const remove = async () =>
    owner.go('/account/passkeys/remove', {
      method: 'POST',
      headers: { origin: service.origin },
      body: new URLSearchParams({ id: passkey.id, csrf: await csrfOf(owner) }),
    })
  await service.kit.database.query('delete from password where account = $1', [account])
  assert.equal(await told(owner, await remove()), '/account/security: done.last')
  await service.kit.database.query(
    `insert into external_identity (issuer, subject, account) values ('https://eid.example', 's', $1)`,
    [account],
  )
  assert.equal(await told(owner, await remove()), '/account/security: done.removed')
  assert.equal(await refused(passkey), '/sign-in: failed.title')
})

test('removing a passkey takes a proof that was made for it: a quarter of an hour ago is not enough', async () => {
  const { owner, account, passkey } = await setUp('nine@example.org')
  const csrf = await csrfOf(owner)
  const remove = () =>
    owner.go('/account/passkeys/remove', {
      method: 'POST',
      headers: { origin: service.origin },
      body: new URLSearchParams({ id: passkey.id, csrf }),
    })
  await service.kit.database.query(
    `update session set auth_time = now() - interval '3 minutes' where account = $1`,
    [account],
  )
  const sure = `/account/passkeys/remove?id=${passkey.id}`
  const wanted = `/sign-in/again?return=${encodeURIComponent(sure)}`
  assert.equal((await remove()).headers.get('location'), wanted)
  assert.equal((await owner.go(sure)).headers.get('location'), wanted)
  const again = await owner.go(wanted)
  const proof = await (await owner.go(again.headers.get('location') ?? '')).text()
  const shown = await owner.submit(proof, 'passkey', { credential: passkey.answer(optionsOf(proof)) })
  assert.equal(shown.headers.get('location'), sure, 'and on to what was begun')
  const page = await (await owner.go(sure)).text()
  assert.equal(await told(owner, await owner.submit(page, 'removal', {})), '/account/security: done.removed')
})

test('before a passkey goes its owner reads what follows and what is left; looking removes nothing, and another’s is not shown', async () => {
  const { owner, account, passkey } = await setUp('ten@example.org')
  const { owner: other } = await setUp('ten-other@example.org')
  await addPasskey(owner, service, 'Tölvan heima')
  const list = await (await owner.go('/account/security')).text()
  const sure = `/account/passkeys/remove?id=${passkey.id}`
  assert.ok(list.includes(`href="${sure}"`))
  const page = await (await owner.go(`${sure}&lang=en`)).text()
  assert.match(
    page,
    /“Sími” will not sign you in here any more[^]*Wherever else you are signed in, that ends now/,
  )
  assert.match(page, /The passkey: Tölvan heima[^]*Your password[^]*A link by e-mail to: ten@example\.org/)
  assert.equal(await told(other, await other.go(sure)), '/account/security: done.gone')
  assert.equal(await told(owner, await owner.go('/account/passkeys/remove')), '/account/security: done.gone')
  assert.equal(
    (await createBrowser(service.origin).go(sure)).headers.get('location'),
    '/sign-in?return=%2Faccount%2Fsecurity',
  )
  const left = await service.kit.database.query('select id from passkey where account = $1', [account])
  assert.equal(left.length, 2)
  await service.kit.database.query('delete from password where account = $1', [account])
  await service.kit.database.query('delete from passkey where account = $1 and id <> $2', [
    account,
    passkey.id,
  ])
  assert.equal(
    await told(owner, await owner.go(sure)),
    '/account/security: done.last',
    'a link alone is no way to be left with',
  )
})

const csrfOf = async (browser: ReturnType<typeof createBrowser>) =>
  /name="csrf" value="([^"]+)"/.exec(await (await browser.go('/account/password')).text())?.[1] ??
  /name="csrf" value="([^"]+)"/.exec(await (await browser.go('/account')).text())?.[1] ??
  ''
