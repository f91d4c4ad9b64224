import assert from 'node:assert/strict'
import { test } from 'node:test'
import { turnstileAttester, until } from '@althing/kernel/testing'
import {
  addAccount,
  createBrowser,
  formOf,
  password,
  signIn,
  testIdentity,
} from '../../tests/support/identity.ts'
import { testMailbox } from '../../tests/support/mailbox.ts'

const attester = await turnstileAttester()
const { url: mailUrl, mails, because } = await testMailbox()
const env = {
  ALTHING_IDENTITY_MAIL_URL: mailUrl,
  ALTHING_IDENTITY_ATTESTATION: 'turnstile',
  ALTHING_IDENTITY_TURNSTILE_SITE_KEY: '0x4AAAAAAAsite',
  ALTHING_IDENTITY_TURNSTILE_SECRET: attester.secret,
  ALTHING_IDENTITY_TURNSTILE_URL: attester.url,
}
const service = await testIdentity({ env })
await addAccount(service)
const plain = await testIdentity({ env: { ALTHING_IDENTITY_MAIL_URL: mailUrl } })

const field = 'cf-turnstile-response'
const solve = (action: string) => attester.solve({ hostname: 'localhost', action })

interface Form {
  readonly path: string
  readonly id: string
  readonly action: string
  readonly fields: Readonly<Record<string, string>>
  /** Where somebody goes whose form was taken. */
  readonly onward: RegExp
}
const forms: readonly Form[] = [
  {
    path: '/register',
    id: 'register',
    action: 'register',
    fields: { name: 'Eva', email: 'eva@example.org', birth_date: '1990-05-17', terms: 'on' },
    onward: /^\/register\/sent\?said=/,
  },
  {
    path: '/recover',
    id: 'recover',
    action: 'recover',
    fields: { email: 'ada@example.org' },
    onward: /^\/recover\/sent$/,
  },
  {
    path: '/sign-in',
    id: 'sign-in',
    action: 'sign-in',
    fields: { identifier: 'ada@example.org' },
    onward: /^\/sign-in\/password\?attempt=/,
  },
]

const send = async ({ path, id, fields }: Form, evidence?: string, browser = createBrowser(service.origin)) =>
  browser.submit(await (await browser.go(path)).text(), id, {
    ...fields,
    ...(evidence === undefined ? {} : { [field]: evidence }),
  })

for (const form of forms) {
  const { path, action } = form

  test(`${path}: what comes from a browser is taken; what shows nothing, or something used or made for another form, is not`, async () => {
    const response = solve(action)
    assert.match((await send(form, response)).headers.get('location') ?? '', form.onward)
    const refused: [what: string, evidence: string | undefined][] = [
      ['nothing', undefined],
      ['emptiness', ''],
      ['a response that was used', response],
      ['one that nobody solved', '0.made-up'],
      ['one for another form', solve('another')],
      ['one from another site', attester.solve({ hostname: 'evil.example', action })],
    ]
    for (const [what, evidence] of refused) {
      const answer = await send(form, evidence)
      assert.equal(answer.status, 403, what)
      const page = await answer.text()
      assert.match(page, /We could not see that this comes from a browser/, what)
      assert.match(page, /class="cf-turnstile"/, 'and it can be tried again')
      assert.ok(evidence === undefined || evidence === '' || !page.includes(evidence), 'never shown again')
    }
    assert.match((await send(form, solve(action))).headers.get('location') ?? '', form.onward)
  })

  test(`${path}: the page carries the widget, says what to do without script, and allows this one origin and nothing else`, async () => {
    const answer = await createBrowser(service.origin).go(path)
    const page = await answer.text()
    assert.match(page, new RegExp(`data-sitekey="0x4AAAAAAAsite" data-action="${action}"`))
    assert.match(page, /<noscript><p class="notice">This form needs JavaScript/)
    assert.ok(
      page.includes('<script src="https://challenges.cloudflare.com/turnstile/v0/api.js" async defer>'),
    )
    assert.doesNotMatch(page, /<script(?![^>]* src=)/, 'nothing inline')
    const without = await createBrowser(plain.origin).go(path)
    const [strict, loosened] = [without, answer].map(policyOf)
    assert.deepEqual(
      loosened?.filter((rule) => !strict?.includes(rule)),
      ["script-src 'self' https://challenges.cloudflare.com", 'frame-src https://challenges.cloudflare.com'],
    )
    assert.deepEqual(
      strict?.filter((rule) => !loosened?.includes(rule)),
      ["script-src 'self'"],
    )
    assert.doesNotMatch(await without.text(), /cloudflare|turnstile/)
  })
}

const due = 'select count(*)::int as rows from graphile_worker._private_jobs where run_at <= now()'

test('a known and an unknown address are refused alike, before anybody looks for them', async () => {
  const answers = new Map<string, Set<string>>()
  // What stories before this one have asked for is on its way still.
  await until(async () => (await countsOf(due)).rows === 0)
  const before = mails.length
  for (const form of forms.slice(1))
    for (const address of ['ada@example.org', 'nobody@example.org', 'not an address']) {
      const fields = { [Object.keys(form.fields)[0] ?? '']: address }
      const answer = await send({ ...form, fields }, '0.made-up')
      const headers = [...answer.headers].filter(
        ([name]) => !/^(date|x-correlation-id|content-length)$/.test(name),
      )
      answers.set(
        form.path,
        (answers.get(form.path) ?? new Set()).add(
          JSON.stringify([answer.status, headers, comparable(await answer.text(), address)]),
        ),
      )
    }
  for (const [path, different] of answers)
    assert.equal(different.size, 1, `${path}: ${[...different].join('\n')}`)
  assert.equal((await countsOf(due)).rows, 0, 'and nothing is on its way')
  assert.equal(mails.length, before)
  const { rows } = await countsOf('select count(*)::int as rows from sign_in_attempt')
  await send(forms[2] as Form, '0.made-up')
  assert.equal(
    (await countsOf('select count(*)::int as rows from sign_in_attempt')).rows,
    rows,
    'no attempt begins',
  )
})

test('a link by mail is sent for an attempt only, and no attempt begins without attestation', async () => {
  const browser = createBrowser(service.origin)
  const { hidden } = formOf(await (await browser.go('/sign-in')).text(), 'sign-in')
  const direct = await browser.go('/sign-in/link', {
    method: 'POST',
    body: new URLSearchParams({ csrf: hidden['csrf'] ?? '', attempt: 'made-up' }),
    headers: { origin: service.origin },
  })
  assert.equal(direct.status, 410)
  const begun = await send(forms[2] as Form, solve('sign-in'), browser)
  const mail = await because(
    async () =>
      browser.submit(await (await browser.go(begun.headers.get('location') ?? '')).text(), 'link', {}),
    'ada@example.org',
  )
  assert.match(mail.text, /\/sign-in\/link\?token=/)
})

test('it opens nothing by itself: with the best evidence a wrong password stays wrong', async () => {
  const form = {
    ...(forms[2] as Form),
    fields: { identifier: 'ada@example.org', password: 'wrong words here' },
  }
  assert.equal((await send(form, solve('sign-in'))).status, 422)
  const right = { ...form, fields: { identifier: 'ada@example.org', password } }
  assert.equal((await send(right)).status, 403)
  assert.equal((await send(right, solve('sign-in'))).headers.get('location'), '/account')
})

test('who is signed in on this device is not asked, and their page carries no script from elsewhere', async () => {
  const browser = createBrowser(service.origin)
  const right = { ...(forms[2] as Form), fields: { identifier: 'ada@example.org', password } }
  await send(right, solve('sign-in'), browser)
  const fresh = createBrowser(service.origin)
  const page = await (await fresh.go('/sign-in')).text()
  const asked = attester.asked()
  for (const [name, cookie] of browser.jar) if (name === 'althing_id') fresh.jar.set(name, cookie)
  const again = await fresh.submit(page, 'sign-in', right.fields)
  assert.equal(again.headers.get('location'), '/account')
  assert.equal(attester.asked(), asked)
  const made = createBrowser(service.origin)
  made.jar.set('althing_id', { value: 'x'.repeat(43), path: '/' })
  assert.equal((await send(right, undefined, made)).status, 403, 'a cookie that is no session excuses nobody')
})

test('while the provider is away public forms stay open and it is counted; where the setting says so they are shut', async () => {
  const strict = await testIdentity({ env: { ...env, ALTHING_IDENTITY_ATTESTATION_WHEN_AWAY: 'refuse' } })
  const recover = forms[1] as Form
  const ask = async (origin: string, evidence?: string) => send(recover, evidence, createBrowser(origin))
  try {
    attester.behave('failing')
    assert.equal((await ask(service.origin, solve('recover'))).headers.get('location'), '/recover/sent')
    assert.equal(
      (await ask(service.origin)).headers.get('location'),
      '/recover/sent',
      'the widget is away as well',
    )
    const shut = await ask(strict.origin, solve('recover'))
    assert.equal(shut.status, 503)
    assert.match(await shut.text(), /The check does not answer at the moment/)
    assert.equal((await ask(strict.origin)).status, 403)
  } finally {
    attester.behave('well')
    service.kit.breakers.reset()
  }
  assert.equal((await ask(service.origin)).status, 403)
  const metrics = service.kit.metrics.render()
  assert.match(metrics, /id_attestation_demands_total\{[^}]*outcome="let_in"[^}]*\} 2/)
})

test('of what a browser brings nothing is written down, and a provider that is away fills no log', async () => {
  const lines: string[] = []
  const note = (...said: unknown[]) =>
    void lines.push(said.map((one) => JSON.stringify(one) ?? String(one)).join(' '))
  const log = { info: note, warn: note, error: note }
  const watched = await testIdentity({ env, log })
  const responses = Array.from({ length: 3 }, () => solve('recover'))
  const ask = (evidence: string) => send(forms[1] as Form, evidence, createBrowser(watched.origin))
  try {
    attester.behave('garbage')
    for (const response of responses) assert.equal((await ask(response)).status, 303)
  } finally {
    attester.behave('well')
  }
  for (const response of responses) assert.equal((await ask(response)).status, 303)
  const told = lines.filter((line) => line.includes('attestation cannot be verified'))
  assert.equal(told.length, 1, lines.join('\n'))
  assert.match(told[0] ?? '', /an answer that cannot be read/)
  for (const secret of [...responses, attester.secret, 'doctype'])
    assert.ok(!lines.some((line) => line.includes(secret)), secret)
})

test('one network cannot make us ask as often as it likes', async () => {
  const few = await testIdentity({ env: { ...env, ALTHING_IDENTITY_SIGN_IN_PER_NETWORK: '2' } })
  const asked = attester.asked()
  const statuses: number[] = []
  for (let time = 0; time < 4; time += 1)
    statuses.push((await send(forms[1] as Form, '0.made-up', createBrowser(few.origin))).status)
  assert.deepEqual([statuses, attester.asked() - asked], [[403, 403, 429, 429], 2])
})

test('a start without what the way needs says which settings are missing, and the electronic ways of apps are none for pages', async () => {
  const start = (more: Record<string, string>) => testIdentity({ env: { ...env, ...more } })
  await assert.rejects(
    start({ ALTHING_IDENTITY_TURNSTILE_SECRET: '' }),
    /ALTHING_IDENTITY_TURNSTILE_SECRET is missing/,
  )
  await assert.rejects(
    start({ ALTHING_IDENTITY_TURNSTILE_SITE_KEY: '' }),
    /ALTHING_IDENTITY_TURNSTILE_SITE_KEY is missing/,
  )
  await assert.rejects(
    start({ ALTHING_IDENTITY_ATTESTATION: 'app-check' }),
    /ALTHING_IDENTITY_ATTESTATION is not right/,
  )
  await assert.rejects(
    start({ ALTHING_IDENTITY_TURNSTILE_URL: 'https://evil.example' }),
    /ALTHING_IDENTITY_TURNSTILE_URL is not right/,
  )
})

test('where nothing is demanded nobody is asked, whatever a form brings along', async () => {
  const browser = createBrowser(plain.origin)
  const asked = attester.asked()
  assert.equal((await send(forms[1] as Form, 'x', browser)).headers.get('location'), '/recover/sent')
  assert.equal((await signIn(browser, { identifier: 'nobody@example.org' })).status, 422)
  assert.equal(attester.asked(), asked)
})

const policyOf = (answer: Response) => (answer.headers.get('content-security-policy') ?? '').split('; ')

/** Without what is another one every time (the form's token, the question to a passkey) and what the person wrote. */
const comparable = (page: string, address: string) =>
  page
    .replaceAll(address, '')
    .replaceAll(/name="csrf" value="[^"]*"/g, '')
    .replaceAll(/challenge&quot;:&quot;[^&]*/g, '')
    // What comes along to the other language is sealed anew each time; it is of what was written, which whoever wrote it knows.
    .replaceAll(/said=[\w-]+/g, '')

async function countsOf(sql: string): Promise<{ rows: number }> {
  const [row] = await service.kit.database.query<{ rows: number }>(sql)
  return row ?? { rows: -1 }
}
