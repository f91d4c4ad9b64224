import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemChance } from '@althing/kernel/context'
import { codeOf, submitCode, turnOnTwoStep } from '../../../tests/support/factors.ts'
import {
  addAccount,
  createBrowser,
  password,
  signIn,
  testIdentity,
  type Browser,
  type TestIdentity,
} from '../../../tests/support/identity.ts'
import { newCode, readCode } from '../codes.ts'
import { told } from '../../../tests/support/told.ts'

async function setUp(service: TestIdentity, email: string) {
  const account = await addAccount(service, { email })
  const owner = createBrowser(service.origin)
  await signIn(owner, { identifier: email })
  const { secret, codes } = await turnOnTwoStep(owner)
  const first = async (browser = createBrowser(service.origin)) => {
    const answer = await signIn(browser, { identifier: email })
    return { browser, answer, at: answer.headers.get('location') ?? '' }
  }
  return { account, owner, secret, codes, first }
}

const service = await testIdentity({
  env: {
    ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT: '1000',
    ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT_EVERYWHERE: '1000',
  },
})

test('once it is on, a password alone opens nothing: the next step asks for a code, and its cookie is no session', async () => {
  const { first, secret, account } = await setUp(service, 'one@example.org')
  const { browser, answer, at } = await first()
  assert.equal(answer.status, 303)
  assert.match(at, /^\/sign-in\/code\?attempt=/)
  assert.equal(browser.jar.has('althing_id'), false)
  assert.equal((await browser.go('/account')).status, 303)
  const stolen = createBrowser(service.origin)
  for (const [, cookie] of browser.jar) stolen.jar.set('althing_id', { ...cookie, path: '/' })
  assert.equal((await stolen.go('/account')).status, 303, 'the cookie of an attempt is another thing')
  const done = await submitCode(browser, at, codeOf(secret).replace(/^(...)/, '$1 '))
  assert.equal(done.headers.get('location'), '/account')
  const [session] = await service.kit.database.query<{ acr: string; amr: string[] }>(
    'select acr, amr from session where account = $1 order by started_at desc limit 1',
    [account],
  )
  assert.deepEqual(session, { acr: 'urn:althing:acr:mfa', amr: ['pwd', 'otp', 'mfa'] })
})

test('whoever stands at the second step when it is reset is told so and begins again, and is asked for no passkey', async () => {
  const { first, secret, account } = await setUp(service, 'reset@example.org')
  const [reading, sending] = [await first(), await first()]
  const page = await (await sending.browser.go(sending.at)).text()
  const office = { subject: 'acc_00000000-0000-7000-8000-000000000001', roles: ['superadmin'] }
  const { status } = await service.asPerson(office, 'POST', `/api/identity/users/${account}/reset-factors`, {
    reason: 'The telephone is lost',
  })
  assert.equal(status, 200)
  const [told = '', sent = ''] = [
    await reading.browser.go(reading.at),
    await sending.browser.submit(page, 'code-form', { code: codeOf(secret) }),
  ].map(({ headers }) => headers.get('location') ?? '')
  for (const place of [told, sent]) assert.match(place, /^\/sign-in\?said=[\w-]+$/)
  const begun = await (await reading.browser.go(`${told}&lang=en`)).text()
  assert.match(begun, /Your second step was reset[^]*Begin again/)
  assert.doesNotMatch(begun, /Show your passkey/)
  for (const place of [told, '/sign-in?problem=reset'])
    assert.doesNotMatch(
      await (await createBrowser(service.origin).go(`${place}&lang=en`)).text(),
      /was reset/,
      'nobody else is told so by a link',
    )
  assert.equal((await reading.browser.go(reading.at)).headers.get('location'), '/sign-in', 'it is over')
  assert.equal((await first()).at, '/account')
})

test('a code works once, even for two at one moment, and never one from before', async () => {
  const { first, secret } = await setUp(service, 'two@example.org')
  const attempts = [await first(), await first()]
  const code = codeOf(secret)
  const answers = await Promise.all(attempts.map(({ browser, at }) => submitCode(browser, at, code)))
  assert.deepEqual(
    answers.map(({ status }) => status).sort((a, b) => a - b),
    [303, 422],
  )
  const later = await first()
  assert.equal((await submitCode(later.browser, later.at, code)).status, 422)
  const old = await first()
  assert.equal((await submitCode(old.browser, old.at, codeOf(secret, -3))).status, 422)
})

test('the phone is lost: a recovery code lets in once, and says how many are left', async () => {
  const { first, codes, account } = await setUp(service, 'three@example.org')
  assert.equal(codes.length, 10)
  assert.equal(new Set(codes).size, 10)
  const one = await first()
  assert.equal(
    (await submitCode(one.browser, one.at, (codes[0] ?? '').toUpperCase().replaceAll('-', ' '))).status,
    303,
  )
  const again = await first()
  assert.equal((await submitCode(again.browser, again.at, codes[0] ?? '')).status, 422)
  const page = await (await one.browser.go('/account/security')).text()
  assert.match(page, /You have 9 recovery codes left/)
  const [kept] = await service.kit.database.query<{ plain: number }>(
    `select count(*) filter (where encode(code_hash, 'escape') like '%' || $2 || '%')::int as plain from recovery_code where account = $1`,
    [account, readCode(codes[1] ?? '')],
  )
  assert.equal(kept?.plain, 0)
})

test('wrong codes are counted with wrong passwords, and the right password in between forgives none of them', async () => {
  const { first } = await setUp(service, 'four@example.org')
  const wrongPassword = { identifier: 'four@example.org', secret: 'not the password' }
  assert.equal((await signIn(createBrowser(service.origin), wrongPassword)).status, 422)
  for (let n = 0; n < 4; n += 1) {
    const { browser, at } = await first()
    assert.equal((await submitCode(browser, at, '000000')).status, 422)
  }
  assert.equal((await first()).answer.status, 429, 'the right password waits now as well')
})

test('200 wrong codes at one moment: five are looked at', async () => {
  const { first } = await setUp(service, 'five@example.org')
  const { browser, at } = await first()
  const page = await (await browser.go(at)).text()
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, n) => browser.submit(page, 'code-form', { code: String(100_000 + n) })),
  )
  assert.equal(answers.filter(({ status }) => status === 422).length, 5)
  assert.equal(answers.filter(({ status }) => status === 429).length, 195)
})

test('a link by mail, a reload, another tab: no way leads around the second step', async () => {
  const { first } = await setUp(service, 'six@example.org')
  const { browser, at } = await first()
  const name = new URL(at, service.origin).searchParams.get('attempt') ?? ''
  // The page of the password again, then the account: nothing has changed.
  assert.equal((await browser.go(`/sign-in/password?attempt=${name}`)).status, 200)
  assert.equal((await browser.go('/sign-in/link')).headers.get('location'), '/sign-in')
  assert.equal((await browser.go('/account')).status, 303)
  // Somebody else's browser with the address alone.
  const other = createBrowser(service.origin)
  assert.equal((await other.go(at)).headers.get('location'), '/sign-in')
  // An attempt without a first proof shows no second step.
  const fresh = createBrowser(service.origin)
  const page = await (await fresh.go('/sign-in')).text()
  const begun = await fresh.submit(page, 'sign-in', { identifier: 'six@example.org' })
  const early = new URL(begun.headers.get('location') ?? '', service.origin).searchParams.get('attempt') ?? ''
  assert.equal((await fresh.go(`/sign-in/code?attempt=${early}`)).headers.get('location'), '/sign-in')
})

test('turning it on needs a code that is right, and beginning alone asks nobody for anything', async () => {
  await addAccount(service, { email: 'seven@example.org' })
  const owner = createBrowser(service.origin)
  await signIn(owner, { identifier: 'seven@example.org' })
  const page = await (await owner.go('/account/two-step')).text()
  const secret = /<code class="code-block">([^<]+)</.exec(page)?.[1]
  assert.equal((await owner.submit(page, 'enrol', { code: '000000' })).status, 422)
  assert.equal((await owner.submit(page, 'enrol', { code: '' })).status, 422)
  const again = await (await owner.go('/account/two-step')).text()
  assert.equal(
    /<code class="code-block">([^<]+)</.exec(again)?.[1],
    secret,
    'loading it twice makes nothing wrong',
  )
  const other = createBrowser(service.origin)
  assert.equal((await signIn(other, { identifier: 'seven@example.org' })).headers.get('location'), '/account')
})

const shownIn = (page: string) => /<code class="code-block">([^<]+)</.exec(page)?.[1]?.replaceAll(' ', '')

test('a secret that waits is shown to the session that began it, and never to the next one or after a quarter of an hour', async () => {
  const account = await addAccount(service, { email: 'waits@example.org' })
  const [thief, owner] = [createBrowser(service.origin), createBrowser(service.origin)]
  for (const browser of [thief, owner]) await signIn(browser, { identifier: 'waits@example.org' })
  const look = async (browser: Browser) => (await browser.go('/account/two-step')).text()
  const stolen = await look(thief)
  const own = await look(owner)
  const [seen = '', secret = ''] = [stolen, own].map(shownIn)
  assert.notEqual(seen, secret)
  for (const code of [codeOf(seen), codeOf(secret)]) {
    const refused = await thief.submit(stolen, 'enrol', { code })
    assert.deepEqual([refused.status, shownIn(await refused.text()) === seen], [422, false])
  }
  const late = await owner.submit(own, 'enrol', { code: codeOf(secret) })
  assert.equal(late.status, 422, 'the other session began anew')
  const again = await late.text()
  assert.match(again, /begun somewhere else as well/)
  await service.kit.database.query(
    `update totp set created_at = now() - interval '16 minutes' where account = $1`,
    [account],
  )
  const next = shownIn(again) ?? ''
  const old = await owner.submit(again, 'enrol', { code: codeOf(next) })
  assert.deepEqual([old.status, shownIn(await old.text()) === next], [422, false])
  const { codes } = await turnOnTwoStep(owner)
  assert.equal(codes.length, 10)
})

test('a page that is loaded twice at one moment shows one secret', async () => {
  await addAccount(service, { email: 'twice@example.org' })
  const owner = createBrowser(service.origin)
  await signIn(owner, { identifier: 'twice@example.org' })
  const seen = await Promise.all(
    Array.from({ length: 8 }, async () => shownIn(await (await owner.go('/account/two-step')).text())),
  )
  assert.equal(new Set(seen).size, 1)
})

test('turning it on twice at one moment shows the codes once; the other is told where new ones are made', async () => {
  await addAccount(service, { email: 'pressed@example.org' })
  const owner = createBrowser(service.origin)
  await signIn(owner, { identifier: 'pressed@example.org' })
  const page = await (await owner.go('/account/two-step')).text()
  const code = codeOf(shownIn(page) ?? '')
  const answers = await Promise.all([1, 2].map(() => owner.submit(page, 'enrol', { code })))
  assert.deepEqual(
    answers.map(({ status }) => status).sort((a, b) => a - b),
    [200, 303],
  )
  const other = answers.find(({ status }) => status === 303) as Response
  assert.equal(await told(owner, other), '/account/security: done.on')
})

test('whoever was sent to turn it on goes back to what they were doing, by way of a fresh proof too, and nowhere else', async () => {
  const account = await addAccount(service, { email: 'sent@example.org' })
  const owner = createBrowser(service.origin)
  await signIn(owner, { identifier: 'sent@example.org' })
  const there = '/account/two-step?return=%2Fadmin%2Femergency%2Fnew'
  await service.kit.database.query(
    `update session set auth_time = auth_time - interval '16 minutes' where account = $1`,
    [account],
  )
  const { response: asked } = await owner.follow(await owner.go(there))
  const proven = await owner.submit(await asked.text(), 'password-form', { password })
  assert.equal(proven.headers.get('location'), there)
  for (const wrong of ['//elsewhere.example', 'https://elsewhere.example'])
    assert.doesNotMatch(
      await (await owner.go(`/account/two-step?return=${encodeURIComponent(wrong)}`)).text(),
      /href="[^"]*elsewhere/,
    )
  const page = await (await owner.go(there)).text()
  const again = await owner.submit(page, 'enrol', { code: '' })
  assert.equal(again.status, 422)
  const secret = /<code class="code-block">([^<]+)</.exec(page)?.[1]?.replaceAll(' ', '') ?? ''
  const done = await owner.submit(await again.text(), 'enrol', { code: codeOf(secret) })
  assert.match(await done.text(), /<a[^>]*href="\/admin\/emergency\/new\?second=on"/)
  const back = (await owner.go(there)).headers.get('location')
  assert.equal(back, '/admin/emergency/new?second=on', 'whoever has it is told so there')
})

test('turning it on ends the sessions that were opened without it, but not this one', async () => {
  await addAccount(service, { email: 'eight@example.org' })
  const [here, there] = [createBrowser(service.origin), createBrowser(service.origin)]
  for (const browser of [here, there]) await signIn(browser, { identifier: 'eight@example.org' })
  await turnOnTwoStep(here)
  assert.deepEqual([(await here.go('/account')).status, (await there.go('/account')).status], [200, 303])
})

test('what matters needs a fresh proof: a session of an hour is asked again, by every factor it has', async () => {
  const { owner, account, secret } = await setUp(service, 'nine@example.org')
  await service.kit.database.query(
    `update session set auth_time = auth_time - interval '16 minutes' where account = $1`,
    [account],
  )
  const refused = await owner.go('/account/two-step/off')
  assert.equal(refused.headers.get('location'), '/sign-in/again?return=%2Faccount%2Ftwo-step%2Foff')
  const { response: page } = await owner.follow(refused)
  const next = await owner.submit(await page.text(), 'password-form', { password })
  assert.match(next.headers.get('location') ?? '', /^\/sign-in\/code/)
  const done = await submitCode(owner, next.headers.get('location') ?? '', codeOf(secret))
  assert.equal(done.headers.get('location'), '/account/two-step/off')
  const asked = await (await owner.go('/account/two-step/off')).text()
  assert.doesNotMatch(asked, /name="code"/, 'it was shown a moment ago')
  const off = await owner.submit(asked, 'confirm-second', {})
  assert.equal(await told(owner, off), '/account/security: done.off')
  const [left] = await service.kit.database.query<{ count: number }>(
    'select count(*)::int as count from recovery_code where account = $1',
    [account],
  )
  assert.equal(left?.count, 0)
})

test('turning it off, and making new recovery codes, ask for the factor itself, however fresh the session is', async () => {
  const { owner, account, secret, codes } = await setUp(service, 'ten@example.org')
  await service.kit.database.query(
    `update session set auth_time = auth_time - interval '3 minutes' where account = $1`,
    [account],
  )
  for (const path of ['/account/two-step/off', '/account/two-step/codes']) {
    const page = await (await owner.go(path)).text()
    assert.match(page, /name="code"/)
    const wrong = path.endsWith('off') ? ['', '000000', codeOf(secret, -3)] : ['', '1', 'aaaa-aaaa-aaaa-aaaa']
    for (const code of wrong)
      assert.equal((await owner.submit(page, 'confirm-second', { code })).status, 422, `${path} ${code}`)
  }
  const [kept] = await service.kit.database.query<{ codes: number }>(
    'select count(*)::int as codes from recovery_code where account = $1',
    [account],
  )
  assert.equal(kept?.codes, 10)
  const made = await owner.submit(
    await (await owner.go('/account/two-step/codes')).text(),
    'confirm-second',
    { code: codes[0] ?? '' },
  )
  const fresh = [...(await made.text()).matchAll(/<li><code>([^<]+)</g)].map(([, code = '']) => code)
  assert.equal(fresh.filter((code) => !codes.includes(code)).length, 10)
  // What was wrong stays counted in this session; the right one in between took back itself alone.
  await service.kit.database.query('delete from guess')
  const again = await (await owner.go('/account/two-step/off')).text()
  assert.equal((await owner.submit(again, 'confirm-second', { code: codes[1] ?? '' })).status, 422)
  const off = await owner.submit(again, 'confirm-second', { code: fresh[0] ?? '' })
  assert.equal(await told(owner, off), '/account/security: done.off')
})

test('recovery codes are read as people write them', () => {
  const code = newCode(systemChance)
  assert.match(code, /^[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){3}$/)
  assert.equal(readCode(` ${code.toUpperCase().replaceAll('-', '')} `), readCode(code))
  assert.equal(readCode('OIL0-1'), '01101')
})
