import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  addAccount,
  createBrowser,
  formOf,
  password as chosen,
  signIn,
  testIdentity,
} from '../../../tests/support/identity.ts'

/** Somebody changes the language half-way: the same step, with what they wrote and with what was wrong, and no secret on the way. */
const service = await testIdentity({ env: { ALTHING_IDENTITY_REGISTRATION: 'approval' } })

type Browser = ReturnType<typeof createBrowser>

const hrefOf = (html: string, words: string) =>
  (new RegExp(`(?:href|value)="([^"]*)"[^>]*>${words}<`).exec(html)?.[1] ?? '').replaceAll('&amp;', '&')

/** Presses the switch of a page, as a button of the form that somebody writes on. */
async function turn(browser: Browser, html: string, form: string, fields: Record<string, string>) {
  const { hidden } = formOf(html, form)
  const answer = await browser.go('/sign-in/language', {
    method: 'POST',
    headers: { origin: service.origin },
    body: new URLSearchParams({ ...hidden, ...fields, to: hrefOf(html, 'Íslenska') }),
  })
  return { answer, location: answer.headers.get('location') ?? '' }
}

const wish = { name: 'Ada Óð', email: 'ada', birth_date: '1990-05-17', guardian_email: '', phone: '555' }

test('what was written for an account, and what was wrong with it, is there again in the other language; none of it is read in the address', async () => {
  const browser = createBrowser(service.origin)
  const page = await (await browser.go('/register?lang=en')).text()
  const wrong = await (await browser.submit(page, 'register', wish)).text()
  assert.match(wrong, /Enter (an|your) e-mail address/)
  const { answer, location } = await turn(browser, wrong, 'register', { ...wish, phone: '556' })
  assert.equal(answer.status, 303)
  assert.doesNotMatch(decodeURIComponent(location), /Ada|1990|556/)
  const again = await (await browser.go(location)).text()
  assert.match(again, /lang="is"/)
  for (const value of ['Ada Óð', 'ada', '1990-05-17', '556'])
    assert.ok(again.includes(`value="${value}"`), value)
  assert.match(again, /class="summary"/, 'and what was wrong, in the new language')
  assert.doesNotMatch(again, /Enter (an|your) e-mail address/)
})

test('the address of somebody who signs in comes along; a password that was written beside it does not', async () => {
  const browser = createBrowser(service.origin)
  const page = await (await browser.go('/sign-in?lang=en&return=%2Faccount%2Fprofile')).text()
  const fields = { identifier: 'ada@example.org', password: chosen }
  const { answer, location } = await turn(browser, page, 'sign-in', fields)
  const again = await (await browser.go(location)).text()
  assert.match(again, /value="ada@example\.org"/)
  assert.match(again, /name="return" value="\/account\/profile"/)
  assert.doesNotMatch(`${location} ${again} ${answer.headers.getSetCookie().join()}`, new RegExp(chosen))
})

test('a wrong password is still said to be wrong, in the new language', async () => {
  await addAccount(service, { email: 'wrong@example.org' })
  const browser = createBrowser(service.origin)
  const first = await (await browser.go('/sign-in?lang=en')).text()
  const next = await browser.submit(first, 'sign-in', { identifier: 'wrong@example.org', password: '' })
  const form = await (await browser.go(next.headers.get('location') ?? '')).text()
  const refused = await (
    await browser.submit(form, 'password-form', { password: 'not this one at all' })
  ).text()
  const there = hrefOf(refused, 'Íslenska')
  const again = await (await browser.go(there)).text()
  assert.match(again, /lang="is"/)
  assert.match(again, /class="summary"|aria-invalid="true"/)
})

test('somebody who is signed in changes the language of a form about themselves', async () => {
  await addAccount(service, { email: 'profile@example.org' })
  const browser = createBrowser(service.origin)
  await signIn(browser, { identifier: 'profile@example.org' })
  const page = await (await browser.go('/account/profile?lang=en')).text()
  const { location } = await turn(browser, page, 'profile', { name: 'Ný Nafn', phone: '', locale: 'en' })
  assert.match(await (await browser.go(location)).text(), /value="Ný Nafn"/)
})

test('what was sealed opens for nobody else, on no other page, and leads nowhere but to our own', async () => {
  const browser = createBrowser(service.origin)
  const page = await (await browser.go('/register?lang=en')).text()
  const { location } = await turn(browser, page, 'register', wish)
  assert.match(await (await browser.go(location)).text(), /value="Ada Óð"/)
  const stranger = createBrowser(service.origin)
  await stranger.go('/register')
  assert.doesNotMatch(await (await stranger.go(location)).text(), /Ada Óð/)
  assert.doesNotMatch(await (await browser.go(location.replace('/register', '/recover'))).text(), /Ada|"ada"/)
  assert.equal((await browser.go(location.replace(/said=.*$/, 'said=AAAA'))).status, 200)
  const { hidden } = formOf(page, 'register')
  const post = (fields: Record<string, string>) =>
    browser.go('/sign-in/language', {
      method: 'POST',
      headers: { origin: service.origin },
      body: new URLSearchParams(fields),
    })
  for (const to of ['https://evil.example/', '//evil.example', '/\\evil.example', ''])
    assert.match((await post({ ...hidden, to })).headers.get('location') ?? '', /^\/sign-in/, to)
  assert.equal((await post({ to: '/register' })).status, 403, 'another site sends nobody there')
})
