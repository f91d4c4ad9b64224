import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unbuiltAssets } from '@althing/web-ui/assets.ts'
import type { Chrome } from '@althing/web-ui/document.ts'
import { locales } from '@althing/web-ui/locale.ts'
import { codePage } from './code.ts'
import { consentPage } from './consent.ts'
import { errorPage } from './error.ts'
import { newPasswordPage } from './new-password.ts'
import { passwordPage } from './password.ts'
import { recoverPage } from './recover.ts'
import { signInPage } from './sign-in.ts'

const organisation = { name: 'Félagið', home: '/' }
const chrome = (locale: 'is' | 'en'): Chrome => ({
  locale,
  theme: 'system',
  path: '/sign-in?uid=1',
  organisation,
  assets: unbuiltAssets,
})
const target = { action: '/sign-in', csrf: 'c', hidden: { uid: 'u' } }
const password = { ...target, identifier: 'a@b', again: false, otherHref: '/', forgotHref: '/recover' }
const eid = { action: '/sign-in/eid', csrf: 'c' }

/** What password managers, tests and the service rely on: names, ids and autocomplete of every input, in order. */
function inputs(page: string): string[] {
  const tags = [...page.matchAll(/<(input|button)\b([^>]*)>/g)]
  const value = (tag: string, name: string) => new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1]
  return tags
    .map(([, , tag = '']) => [
      value(tag, 'type'),
      value(tag, 'id'),
      value(tag, 'name'),
      value(tag, 'autocomplete'),
    ])
    .map((parts) => parts.filter((part) => part !== undefined).join(' '))
}

for (const locale of locales) {
  test(`the widget of a challenge (${locale}) stands in its form, before the button, with words for who has no script`, () => {
    const challenge = { siteKey: 'site', action: 'recover', script: 'https://challenges.example/api.js' }
    const data = { ...target, signInHref: '/sign-in' }
    const page = recoverPage(chrome(locale), { ...data, challenge, problem: 'attestation' })
    const [, inside = ''] = /<form[^>]*>(.*?)<\/form>/s.exec(page) ?? []
    assert.match(
      inside,
      /<div class="cf-turnstile"[^]*<noscript>[^]*<script src="https:\/\/challenges.example\/api.js"[^]*<button/,
    )
    assert.match(page, /role="alert"/)
    assert.doesNotMatch(recoverPage(chrome(locale), data), /noscript|cf-turnstile|challenges/)
  })

  test(`sign-in (${locale}): the form that password managers know`, () => {
    assert.deepEqual(inputs(signInPage(chrome(locale), { ...target, eid })), [
      'hidden csrf',
      'submit eid-button',
      'hidden csrf',
      'hidden uid',
      'text identifier identifier username webauthn',
      'password password password current-password',
      'submit sign-in-button',
    ])
    assert.deepEqual(inputs(passwordPage(chrome(locale), password)), [
      'hidden csrf',
      'hidden uid',
      'text username username username',
      'password password password current-password',
      'button',
      'checkbox remember-1 remember',
      'submit password-button',
    ])
    assert.deepEqual(inputs(codePage(chrome(locale), { ...target, otherHref: '/' })), [
      'hidden csrf',
      'hidden uid',
      'text code code one-time-code',
      'submit code-button',
    ])
  })

  test(`activation (${locale}): one new password, and whose it is`, () => {
    assert.deepEqual(
      inputs(
        newPasswordPage(chrome(locale), {
          purpose: 'activate',
          ...target,
          identifier: 'a@b',
          minimumLength: 12,
        }),
      ),
      [
        'hidden csrf',
        'hidden uid',
        'text username username username',
        'password new-password password new-password',
        'button',
        'submit',
      ],
    )
  })
}

test('what was wrong never tells whether there is such an account, and the password does not come back', () => {
  const page = passwordPage(chrome('en'), {
    ...password,
    identifier: '"><script>',
    problem: { kind: 'wrong' },
  })
  assert.match(page, /value="&quot;&gt;&lt;script&gt;"/)
  assert.match(page, /do not go together/)
  assert.doesNotMatch(page, /no such|unknown|not exist/i)
})

test('a lock says when to come back', () => {
  const locked = (seconds: number) =>
    passwordPage(chrome('is'), { ...password, problem: { kind: 'locked', retryAfterSeconds: seconds } })
  assert.match(locked(60 * 21), /eftir 21 mínútu /)
  assert.match(locked(60 * 11 - 5), /eftir 11 mínútur /)
  assert.match(locked(5), /eftir smástund/)
})

test('scopes are said in words; what we do not know is named as it is', () => {
  const page = consentPage(chrome('is'), {
    ...target,
    client: { name: 'Dagatal', host: 'd.example' },
    person: 'Ari',
    scopes: ['openid', 'email', 'x<y'],
    scopeTexts: { email: 'sjá netfang' },
  })
  assert.match(page, /vita að þetta ert þú/)
  assert.match(page, /sjá netfang</)
  assert.match(page, /nota „x&lt;y“/)
})

test('switches lead back to the same page and need no script', () => {
  const page = errorPage(chrome('is'), { kind: 'expired' })
  assert.match(page, /href="\/sign-in\?uid=1&amp;lang=en"/)
  assert.match(page, /href="\/sign-in\?uid=1&amp;theme=dark"/)
  assert.doesNotMatch(page, /<style|style="|<script(?![^>]*src)| on[a-z]+="/)
})
