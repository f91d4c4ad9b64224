import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAuthenticator } from '../support/authenticator.ts'
import { codeOf, optionsOf, addPasskey, submitCode, turnOnTwoStep } from '../support/factors.ts'
import {
  addAccount,
  askToken,
  codeFlow,
  createBrowser,
  formOf,
  password,
  signIn,
  testIdentity,
  type Browser,
} from '../support/identity.ts'
import { linkIn, testMailbox } from '../support/mailbox.ts'
import { told } from '../support/told.ts'

/**
 * Attacks that worked elsewhere, on recovery, enrolment, second factors and sessions (operations-and-ux, section 2). The number is the
 * row of that list; README.md says where each is. Of 8 one half cannot be here: a house has one organisation, so no request can name
 * another; the half about whose question is answered is here.
 */
const { url, because } = await testMailbox()
const loose = {
  ALTHING_IDENTITY_MAIL_URL: url,
  ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT: '100000',
  ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT_EVERYWHERE: '100000',
}
const service = await testIdentity({ env: loose })

/** Sends a form's fields to any address at all, with the proof against other sites that the browser has. */
async function post(browser: Browser, path: string, fields: Record<string, string>): Promise<Response> {
  const page = await (await browser.go('/sign-in')).text()
  const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? ''
  return browser.go(path, {
    method: 'POST',
    headers: { origin: service.origin },
    body: new URLSearchParams({ ...(csrf === '' ? {} : { csrf }), ...fields }),
  })
}

test('1 · no order of steps reaches a new password, or a session, without the proof of each step', async () => {
  const email = 'a1@example.org'
  await addAccount(service, { email })
  const owner = createBrowser(service.origin)
  await signIn(owner, { identifier: email })
  await turnOnTwoStep(owner)
  const steps: ((browser: Browser, attempt: string) => Promise<Response>)[] = [
    (browser) => browser.go('/recover'),
    (browser) => post(browser, '/recover', { email }),
    (browser) => browser.go('/recover/password?token='),
    (browser, attempt) =>
      post(browser, '/recover/password', { token: attempt, password: 'four other words are plenty' }),
    (browser, attempt) =>
      post(browser, '/activate', { token: attempt, password: 'four other words are plenty' }),
    (browser, attempt) => browser.go(`/sign-in/password?attempt=${attempt}`),
    (browser, attempt) => browser.go(`/sign-in/code?attempt=${attempt}`),
    (browser, attempt) => post(browser, '/sign-in/code', { attempt, code: '000000' }),
    (browser, attempt) => browser.go(`/sign-in/ways?attempt=${attempt}`),
    (browser, attempt) => post(browser, '/sign-in/mailed-code/send', { attempt, channel: 'mail' }),
    (browser, attempt) => post(browser, '/sign-in/mailed-code', { attempt, channel: 'mail', code: '000000' }),
    (browser, attempt) => post(browser, '/sign-in/link', { attempt }),
    (browser) => browser.go('/sign-in/link?token='),
    (browser, attempt) => post(browser, '/sign-in/link/use', { token: attempt }),
    (browser, attempt) => post(browser, '/sign-in/passkey', { attempt, credential: '{}' }),
    (browser) => browser.go('/sign-in/again?return=/account/password'),
    (browser) => browser.go('/account/password'),
    (browser) => browser.go('/account/security'),
  ]
  const seed = Math.floor(Math.random() * 2 ** 31)
  let state = seed
  const next = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return state % below
  }
  for (let walk = 0; walk < 12; walk += 1) {
    const browser = createBrowser(service.origin)
    const begun = await browser.submit(await (await browser.go('/sign-in')).text(), 'sign-in', {
      identifier: email,
    })
    const attempt =
      new URL(begun.headers.get('location') ?? '', service.origin).searchParams.get('attempt') ?? ''
    for (let n = 0; n < 8; n += 1) {
      await steps[next(steps.length)]?.(browser, attempt)
      assert.equal(browser.jar.has('althing_id'), false, `seed ${seed}`)
    }
  }
  assert.equal(
    (await signIn(createBrowser(service.origin), { identifier: email })).status,
    303,
    `seed ${seed}: the password stands`,
  )
})

test('6 · a session that is not fresh changes no credential', async () => {
  const account = await addAccount(service, { email: 'a6@example.org' })
  const browser = createBrowser(service.origin)
  await signIn(browser, { identifier: 'a6@example.org' })
  const page = await (await browser.go('/account/passkeys/add')).text()
  await service.kit.database.query(
    `update session set auth_time = now() - interval '1 hour' where account = $1`,
    [account],
  )
  for (const path of ['/account/two-step', '/account/passkeys/add'])
    assert.match((await browser.go(path)).headers.get('location') ?? '', /^\/sign-in\/again/, path)
  for (const path of [
    '/account/two-step',
    '/account/two-step/off',
    '/account/two-step/codes',
    '/account/passkeys/add',
    '/account/passkeys/remove',
    '/account/codes/on',
    '/account/codes/off',
    '/account/phone',
    '/account/phone/send',
  ]) {
    const { hidden } = formOf(page, 'add-passkey')
    const answer = await browser.go(path, {
      method: 'POST',
      headers: { origin: service.origin },
      body: new URLSearchParams({
        csrf: hidden['csrf'] ?? '',
        ...(path.endsWith('remove') ? { id: 'x' } : {}),
        ...(path.endsWith('two-step') || path.endsWith('phone') ? { code: '1' } : {}),
        ...(path.includes('/codes/o') ? { channel: 'mail' } : {}),
        ...(path.endsWith('add') ? { name: 'x', credential: 'x' } : {}),
      }),
    })
    assert.match(answer.headers.get('location') ?? '', /^\/sign-in\/again/, path)
  }
})

test('8 · a passkey that answers the question of one account is made for that account and no other', async () => {
  const [ada, bea] = [createBrowser(service.origin), createBrowser(service.origin)]
  const accounts: string[] = []
  for (const [browser, email] of [
    [ada, 'a8@example.org'],
    [bea, 'b8@example.org'],
  ] as const) {
    accounts.push(await addAccount(service, { email }))
    await signIn(browser, { identifier: email })
  }
  const [hers, theirs] = await Promise.all(
    [ada, bea].map(async (browser) => (await browser.go('/account/passkeys/add')).text()),
  )
  const credential = createAuthenticator(service.origin).make(optionsOf(hers ?? ''))
  assert.equal((await bea.submit(theirs ?? '', 'add-passkey', { name: 'Key', credential })).status, 422)
  assert.equal((await ada.submit(hers ?? '', 'add-passkey', { name: 'Key', credential })).status, 303)
  const rows = await service.kit.database.query('select account from passkey where account = any($1)', [
    accounts,
  ])
  assert.deepEqual(rows, [{ account: accounts[0] }])
})

test('9 · no answer holds the code or the link that it sends', async () => {
  await addAccount(service, { email: 'a9@example.org' })
  const browser = createBrowser(service.origin)
  let answer = ''
  const mail = await because(async () => {
    const response = await post(browser, '/recover', { email: 'a9@example.org' })
    answer = `${[...response.headers].join()}${await response.text()}`
  }, 'a9@example.org')
  const token = new URL(linkIn(mail)).searchParams.get('token') ?? '-'
  assert.ok(token.length > 40 && !answer.includes(token))
})

test('10, 16 · nothing that a browser can make up is a proof: neither an attempt’s cookie nor a device’s opens anything', async () => {
  const email = 'a10@example.org'
  const account = await addAccount(service, { email })
  const owner = createBrowser(service.origin)
  await signIn(owner, { identifier: email })
  const { secret } = await turnOnTwoStep(owner)
  const thief = createBrowser(service.origin)
  const first = await signIn(thief, { identifier: email })
  const attempt = [...thief.jar].find(([name]) => name.startsWith('althing_attempt'))
  for (const value of [attempt?.[1].value ?? '', account, Buffer.from(account).toString('base64url')]) {
    const forged = createBrowser(service.origin)
    for (const name of ['althing_id', 'althing_device', '_session'])
      forged.jar.set(name, { value, path: '/' })
    assert.equal((await forged.go('/account')).status, 303, value.slice(0, 8))
  }
  assert.equal((await thief.go('/account')).status, 303)
  const done = await submitCode(thief, first.headers.get('location') ?? '', codeOf(secret))
  assert.equal(done.headers.get('location'), '/account')
})

test('11 · links are made from our own address, whatever the request calls us', async () => {
  await addAccount(service, { email: 'a11@example.org' })
  const browser = createBrowser(service.origin, (to, init) =>
    fetch(to, {
      ...init,
      headers: new Headers([
        ...new Headers(init?.headers),
        ['x-forwarded-host', 'evil.example'],
        ['x-forwarded-proto', 'https'],
        ['forwarded', 'host=evil.example'],
      ]),
    }),
  )
  const page = await (await browser.go('/recover')).text()
  const mail = await because(
    () => browser.submit(page, 'recover', { email: 'a11@example.org' }),
    'a11@example.org',
  )
  assert.equal(new URL(linkIn(mail)).origin, service.origin)
  assert.doesNotMatch(mail.text, /evil/)
})

test('12, 14 · an invitation is for the mailbox that it went to, and ends by the clock, not by a sweep', async () => {
  const id = await addAccount(service, { email: 'a12@example.org', status: 'pending', withPassword: false })
  const token = service.issuer.token(
    { subject: 'acc_00000000-0000-7000-8000-000000000001', roles: ['administrator'] },
    { iss: service.origin, aud: `${service.origin}/api` },
  )
  const mail = await because(
    () =>
      fetch(`${service.origin}/api/identity/users/${id}/activate`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
      }),
    'a12@example.org',
  )
  await service.kit.database.query(
    `update mailed_link set expires_at = now() - interval '1 millisecond' where account = $1`,
    [id],
  )
  const browser = createBrowser(service.origin)
  assert.equal((await browser.go(linkIn(mail))).status, 410)
  const used = new URL(linkIn(mail)).searchParams.get('token') ?? ''
  assert.equal(
    (await post(browser, '/activate', { token: used, password: 'four other words are plenty' })).status,
    410,
  )
})

test('20 · no grant goes around the lock: none takes a password, a back channel or a device, and the door asks the same counter', async () => {
  // Nobody has the first; the others are an application's only when somebody gave them to it.
  for (const [grant_type, error] of [
    ['password', 'unsupported_grant_type'],
    ['urn:openid:params:grant-type:ciba', 'unauthorized_client'],
    ['urn:ietf:params:oauth:grant-type:device_code', 'unauthorized_client'],
    ['urn:ietf:params:oauth:grant-type:jwt-bearer', 'unauthorized_client'],
  ] as const) {
    const form = { grant_type, username: 'a20@example.org', password, login_hint: 'a20@example.org' }
    const answer = await askToken(service.origin, form)
    assert.equal(answer.status, 400, grant_type)
    assert.equal(((await answer.json()) as { error: string }).error, error, grant_type)
  }
  await addAccount(service, { email: 'a20@example.org' })
  const at = '/sign-in?return=/account'
  for (let n = 0; n < 5; n += 1)
    await signIn(createBrowser(service.origin), { at, identifier: 'a20@example.org', secret: 'wrong' })
  const browser = createBrowser(service.origin)
  assert.equal((await signIn(browser, { at, identifier: 'a20@example.org' })).status, 429)
  await assert.rejects(codeFlow(service, browser), 'an application gets nobody in who is kept out')
})

test('21 · one network is one network, however it is written', async () => {
  const { networkOf } = await import('@althing/kernel/http')
  const same = ['2001:db8:1:2::1', '2001:0db8:0001:0002:ffff::', '2001:DB8:1:2:aaaa:bbbb:cccc:dddd'].map(
    (one) => networkOf(one),
  )
  assert.equal(new Set(same).size, 1)
  assert.equal(networkOf('::ffff:192.0.2.7'), networkOf('192.0.2.7'))
  assert.notEqual(networkOf('2001:db8:1:3::1'), same[0])
})

test('23, 30 · an account that was closed meanwhile gets past no step: code, passkey, link, refresh', async () => {
  const email = 'ada@example.org'
  const account = await addAccount(service, { email })
  const owner = createBrowser(service.origin)
  const { tokens } = await codeFlow(service, owner)
  const { passkey } = await addPasskey(owner, service)
  const { secret } = await turnOnTwoStep(owner)
  const browser = createBrowser(service.origin)
  const first = await signIn(browser, { identifier: email })
  const signInPage = await (await browser.go('/sign-in')).text()
  await service.kit.database.query(`update account set status = 'suspended' where id = $1`, [account])
  assert.equal((await submitCode(browser, first.headers.get('location') ?? '', codeOf(secret))).status, 422)
  const credential = passkey.answer(optionsOf(signInPage))
  assert.equal(
    await told(browser, await browser.submit(signInPage, 'passkey', { credential })),
    '/sign-in: failed.title',
  )
  assert.equal((await owner.go('/account')).status, 303)
  const refresh_token = tokens.refresh_token ?? ''
  assert.notEqual(refresh_token, '')
  const refreshed = await askToken(service.origin, { grant_type: 'refresh_token', refresh_token })
  assert.equal(refreshed.status, 400)
})

test('28, 29 · another person in the same browser gets a session of their own, and nothing of the one before', async () => {
  for (const email of ['a29@example.org', 'b29@example.org'])
    await addAccount(service, { email, name: email })
  const browser = createBrowser(service.origin)
  await signIn(browser, { identifier: 'a29@example.org' })
  const before = browser.jar.get('althing_id')?.value ?? ''
  const fresh = createBrowser(service.origin)
  const begun = await fresh.submit(await (await fresh.go('/sign-in')).text(), 'sign-in', {
    identifier: 'b29@example.org',
  })
  // An attempt that somebody hands over is worth nothing without its cookie.
  const handed = begun.headers.get('location') ?? ''
  assert.equal((await browser.go(handed)).headers.get('location'), '/sign-in')
  fresh.jar.set('althing_id', { value: before, path: '/' })
  const password29 = await (await fresh.go(handed)).text()
  await fresh.submit(password29, 'password-form', { password })
  assert.match(await (await fresh.go('/account')).text(), /b29@example\.org/)
  assert.equal((await browser.go('/account')).status, 303, 'the session of the other ended with it')
})

test('32 · what stands in an address is worth nothing without the browser that it was given to', async () => {
  const email = 'a32@example.org'
  await addAccount(service, { email })
  await addAccount(service, { email: 'b32@example.org' })
  const owner = createBrowser(service.origin)
  await signIn(owner, { identifier: email })
  await turnOnTwoStep(owner)
  const first = createBrowser(service.origin)
  const code = (await signIn(first, { identifier: email })).headers.get('location') ?? ''
  const attempt = new URL(code, service.origin).searchParams.get('attempt') ?? ''
  const asked = createBrowser(service.origin)
  const start = await asked.go(
    `/oauth/authorize?${new URLSearchParams({
      client_id: 'portal',
      response_type: 'code',
      scope: 'openid',
      redirect_uri: `${service.origin}/session/callback`,
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
      state: 's',
    })}`,
  )
  const question = start.headers.get('location') ?? ''
  assert.match(question, /^\S*\/sign-in\?interaction=/)
  const thief = createBrowser(service.origin)
  await signIn(thief, { identifier: 'b32@example.org' })
  for (const path of [code, `/sign-in/ways?attempt=${attempt}`, `/sign-in/password?attempt=${attempt}`])
    assert.equal((await thief.go(path)).headers.get('location'), '/sign-in', path)
  const answer = await thief.go(question)
  assert.doesNotMatch(answer.headers.get('location') ?? '', /code=|resume|oauth\/authorize/)
  assert.equal((await first.go('/account')).status, 303)
})

test('15 · nothing that a caller sends is signed or sealed for them: no state, no way back, no attempt of their making', async () => {
  const browser = createBrowser(service.origin)
  for (const back of ['https://evil.example/', '//evil.example', 'acc_1', '{"account":"acc_1"}']) {
    const answer = await browser.go(`/sign-in?return=${encodeURIComponent(back)}`)
    const page = await answer.text()
    const hidden = formOf(page, 'sign-in').hidden
    assert.ok(!Object.values(hidden).some((value) => value.includes('evil.example')), back)
    assert.ok(!answer.headers.getSetCookie().join().includes(encodeURIComponent(back)), back)
  }
  const forged = await post(browser, '/sign-in/password', { attempt: 'x'.repeat(43), password })
  assert.notEqual(forged.headers.get('location'), '/account')
  assert.equal((await browser.go('/account')).status, 303)
})

test('27 · every way to be put out holds by itself: the end of a grant, the end of a session, the status of the account', async () => {
  for (const [n, end] of [
    `delete from oidc_record where account = $1 and kind <> 'Session'`,
    `delete from session where account = $1`,
    `update account set status = 'suspended' where id = $1`,
  ].entries()) {
    const email = `a27-${n}@example.org`
    const account = await addAccount(service, { email })
    const browser = createBrowser(service.origin)
    await signIn(browser, { identifier: email })
    const { tokens } = await codeFlow(service, browser)
    await service.kit.database.query(end, [account])
    const again = await askToken(service.origin, {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token ?? '',
    })
    assert.notEqual(again.status, 200, end)
  }
})
