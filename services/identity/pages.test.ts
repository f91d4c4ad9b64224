import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addPasskey, turnOnTwoStep } from '../../tests/support/factors.ts'
import {
  addAccount,
  createBrowser,
  formOf,
  signIn,
  testIdentity,
  type Browser,
} from '../../tests/support/identity.ts'
import { saidOn, told } from '../../tests/support/told.ts'
import { withQuery } from './pages.ts'

/** What pages say when something cannot be done: what is true of it, and where to go on. */
const service = await testIdentity()

async function member(email: string) {
  const account = await addAccount(service, { email })
  const browser = createBrowser(service.origin)
  await signIn(browser, { identifier: email })
  return { account, browser }
}

const post = (browser: Browser, path: string, fields: Readonly<Record<string, string>>) =>
  browser.go(path, { method: 'POST', headers: { origin: service.origin }, body: new URLSearchParams(fields) })

const csrfOf = async (browser: Browser) =>
  formOf(await (await browser.go('/account/profile')).text(), 'profile').hidden['csrf'] ?? ''

test('a form that did not arrive whole is not called expired: what was not right is named, and no value is repeated', async () => {
  const { browser } = await member('whole@example.org')
  const csrf = await csrfOf(browser)
  const nul = await post(browser, '/account/profile', { csrf, name: 'Ada\0<b>', phone: '', locale: 'is' })
  const text = await nul.text()
  assert.equal(nul.status, 400)
  assert.match(text, /The form did not arrive whole[^]*<li>Name<\/li>[^]*href="\/account\/profile"/)
  assert.doesNotMatch(text, /expired|Ada/)
  const hidden = await (await post(browser, '/account/codes/off', { csrf, channel: 'pigeon' })).text()
  assert.match(hidden, /A part of the page that is not shown[^]*href="\/account\/security"/)
  const twice = await browser.go('/account/profile', {
    method: 'POST',
    headers: { origin: service.origin, 'content-type': 'application/x-www-form-urlencoded' },
    body: `csrf=${csrf}&phone=1&phone=2&locale=is`,
  })
  assert.match(await twice.text(), /<li>Phone<\/li>/)
})

test('only a page that was open for too long is called expired, and it leads back to its form', async () => {
  const { browser } = await member('stale@example.org')
  const stale = await post(browser, '/account/profile', { csrf: 'x'.repeat(43), phone: '', locale: 'is' })
  assert.equal(stale.status, 403)
  assert.match(await stale.text(), /This page has expired[^]*href="\/account\/profile"/)
})

test('a value that is too long is refused in the words of its field, and the form is there again with all else', async () => {
  const { browser } = await member('long@example.org')
  const page = await (await browser.go('/account/profile')).text()
  const answer = await browser.submit(page, 'profile', {
    name: 'a'.repeat(5000),
    phone: '555 1234',
    locale: 'en',
  })
  const text = await answer.text()
  assert.equal(answer.status, 422)
  assert.match(text, /id="name-error"[^]*value="555 1234"/)
  const front = createBrowser(service.origin)
  const first = await (await front.go('/sign-in')).text()
  const next = await front.submit(first, 'sign-in', { identifier: `${'a'.repeat(9000)}@example.org` })
  assert.equal(next.status, 303)
  const wrong = await front.submit(
    await (await front.go(next.headers.get('location') ?? '')).text(),
    'password-form',
    { password: 'p'.repeat(9000) },
  )
  assert.equal(wrong.status, 422)
  const recover = await (await front.go('/recover')).text()
  const asked = await front.submit(recover, 'recover', { email: `${'a'.repeat(9000)}@example.org` })
  assert.equal(asked.status, 422)
  assert.match(await asked.text(), /Enter your e-mail address/)
})

test('an address that was cut in half is said to be incomplete', async () => {
  const cut = await createBrowser(service.origin).go(`/activate?token=${'x'.repeat(101)}`)
  assert.equal(cut.status, 400)
  assert.match(await cut.text(), /This address is not complete/)
})

test('a link that was used says so, and where the next one comes from', async () => {
  const browser = createBrowser(service.origin)
  for (const [path, href] of [
    ['/activate', '/sign-in'],
    ['/recover/password', '/recover'],
    ['/register/confirm', '/register'],
    ['/register/guardian', '/register'],
    ['/account/address', '/account/profile'],
    ['/sign-in/link', '/sign-in'],
  ] as const) {
    const answer = await browser.go(`${path}?token=${'x'.repeat(43)}`)
    const text = await answer.text()
    assert.equal(answer.status, 410, path)
    assert.match(text, /This link does not work any more/, path)
    assert.ok(text.includes(`href="${href}"`), path)
    assert.doesNotMatch(text, /expired/, path)
  }
  const page = await (await browser.go('/sign-in')).text()
  const { csrf = '' } = formOf(page, 'sign-in').hidden
  const used = await post(browser, '/sign-in/link/use', { csrf, token: 'x'.repeat(43) })
  assert.deepEqual([used.status, /does not work any more/.test(await used.text())], [410, true])
})

test('whose session has ended meanwhile signs in and is back at the form', async () => {
  const { browser } = await member('back@example.org')
  const csrf = await csrfOf(browser)
  browser.jar.delete('althing_id')
  for (const [path, place] of [
    ['/account/profile', '/account/profile'],
    ['/account/address', '/account/profile'],
    ['/account/passkeys/remove', '/account/security'],
    ['/account/two-step/off', '/account/two-step/off'],
    ['/account/sessions/end', '/account'],
    ['/account/connected/sharing', '/account/connected'],
    ['/account/privacy/erase', '/account/privacy/erase'],
  ] as const) {
    const answer = await post(browser, path, { csrf })
    assert.equal(
      answer.headers.get('location'),
      `/sign-in?${new URLSearchParams({ return: place }).toString()}`,
      path,
    )
  }
  const { response } = await browser.follow(await browser.go('/account/profile?lang=en'))
  const done = await browser.submit(await response.text(), 'sign-in', {
    identifier: 'back@example.org',
    password: 'correct horse battery',
  })
  assert.equal(done.headers.get('location'), '/account/profile')
})

test('what is not there, or not any more, is never said to be done', async () => {
  const { browser } = await member('gone@example.org')
  const { passkey } = await addPasskey(browser, service)
  const { browser: other } = await member('gone-other@example.org')
  const { passkey: foreign } = await addPasskey(other, service)
  const csrf = await csrfOf(browser)
  for (const [path, fields, place] of [
    ['/account/passkeys/remove', { id: 'nothing' }, '/account/security: done.gone'],
    ['/account/passkeys/remove', { id: foreign.id }, '/account/security: done.gone'],
    ['/account/passkeys/rename', { id: foreign.id, name: 'Mine' }, '/account/security: done.gone'],
    ['/account/passkeys/rename', { id: passkey.id, name: ' ' }, '/account/security: done.unnamed'],
    ['/account/two-step/off', { code: '123456' }, '/account/security: done.gone'],
    ['/account/codes/off', { channel: 'mail' }, '/account/security: done.gone'],
    ['/account/sessions/end', { session: 'ses_nothing' }, '/account: done.session_gone'],
    ['/account/connected/end', { client: 'nobody' }, '/account/connected: done.gone'],
  ] as const) {
    const answer = await post(browser, path, { csrf, ...fields })
    assert.equal(await told(browser, answer), place, path)
  }
  assert.match(
    await (await other.go('/account/security')).text(),
    /Sími/,
    'the passkey of another is where it was',
  )
})

test('no link tells anybody that something was done, or was not: a word in the address says nothing', async () => {
  const { browser } = await member('believes@example.org')
  const guest = createBrowser(service.origin)
  for (const [path, words] of [
    ['/account', ['session_ended', 'session_gone', 'address']],
    [
      '/account/security',
      ['password', 'passwordAlone', 'on', 'off', 'codes', 'codesOff', 'phone', 'passkey', 'gone'],
    ],
    ['/account/profile', ['saved', 'sent']],
    ['/account/consents', ['saved']],
    ['/account/connected', ['ended', 'gone', 'saved']],
    ['/account/linked', ['linked', 'unlinked', 'unlooked', 'conflict', 'last', 'failed']],
    ['/account/requests', ['allowed', 'refused', 'gone']],
    ['/account/privacy', ['kept', 'erasing', 'often', 'hidden', 'late']],
    ['/sign-in', ['activated', 'password', 'address', 'eid_failed', 'passkey', 'connector']],
  ] as const)
    for (const word of words) {
      const at = withQuery(path, { done: word, problem: word, said: word })
      const page = await (path === '/sign-in' ? guest : browser).go(at)
      assert.deepEqual([page.status, saidOn(await page.text())], [200, undefined], at)
    }
  assert.equal((await browser.go('/sign-out/done')).headers.get('location'), '/sign-out')
  for (const state of ['sent', 'waiting', 'guardian-asked', 'agreed'])
    assert.equal((await guest.go(`/register/${state}`)).headers.get('location'), '/register', state)
})

test('what was done is said once, on the page that it led to, in the browser that did it', async () => {
  const { browser } = await member('once@example.org')
  const save = async () =>
    browser.submit(await (await browser.go('/account/profile')).text(), 'profile', {
      phone: '',
      locale: 'en',
    })
  assert.equal(await told(browser, await save()), '/account/profile: done.saved')
  assert.equal(saidOn(await (await browser.go('/account/profile')).text()), undefined, 'loaded again')
  await save()
  const note = browser.jar.get('althing_told')
  assert.ok(note !== undefined)
  assert.equal(saidOn(await (await browser.go('/account/consents')).text()), undefined, 'of another page')
  assert.equal(saidOn(await (await browser.go('/account/profile')).text()), undefined, 'gone by then')
  const { browser: other } = await member('once-other@example.org')
  other.jar.set('althing_told', note)
  assert.equal(saidOn(await (await other.go('/account/profile')).text()), undefined, 'planted elsewhere')
})

test('the front page where identity stands alone knows who is signed in', async () => {
  const { browser } = await member('front@example.org')
  assert.match(await (await browser.go('/')).text(), /Hello, Ada[^]*href="\/account"/)
  const guest = await (await createBrowser(service.origin).go('/')).text()
  assert.match(guest, /href="\/sign-in"/)
  assert.doesNotMatch(guest, /Hello/)
})

test('a deletion that waits stands first on my account, with the way to call it off', async () => {
  const { account, browser } = await member('waits@example.org')
  await service.kit.database.query(
    `insert into erasure (id, person, state, asked_by, reason, asked_at, due_at) values ('era_1', $1, 'waiting', $2, null, now(), now() + interval '30 days')`,
    [account, `person:${account}`],
  )
  const text = await (await browser.go('/account')).text()
  assert.ok(text.indexOf('Everything will be erased on') < text.indexOf('About me'))
  const kept = await browser.submit(text, 'keep', {})
  assert.equal(await told(browser, kept), '/account/privacy: done.kept')
  assert.doesNotMatch(await (await browser.go('/account')).text(), /Everything will be erased on/)
})

test('the list of sign-ins says what was shown: a recovery code, a code, a passkey', async () => {
  const { browser } = await member('shown@example.org')
  const { codes } = await turnOnTwoStep(browser)
  const back = createBrowser(service.origin)
  const first = await signIn(back, { identifier: 'shown@example.org' })
  const page = await (await back.go(first.headers.get('location') ?? '')).text()
  await back.submit(page, 'code-form', { code: codes[0] ?? '' })
  const list = await (await back.go('/account/security')).text()
  assert.match(list, /Signed in<\/span>\s*with a recovery code/)
  assert.match(list, /First step<\/span>\s*with a password/)
})

test('the address of a form leads to the page on which it stands, not to a page that is said to be missing', async () => {
  const browser = createBrowser(service.origin)
  for (const [form, page] of [
    ['/sign-in/link/use', '/sign-in'],
    ['/account/codes/on', '/account/security'],
  ] as const) {
    const answer = await browser.go(form)
    assert.deepEqual([answer.status, answer.headers.get('location')], [303, page])
  }
})
