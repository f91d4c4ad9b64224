import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startEid } from '../../run/demo/eid.ts'
import { freePort } from '../../run/ports.ts'
import {
  addAccount,
  createBrowser,
  password,
  signIn,
  testIdentity,
  type Browser,
} from '../../tests/support/identity.ts'
import { linkIn, testMailbox, type Mail } from '../../tests/support/mailbox.ts'
import { compose, type IdentityKit } from './compose.ts'
import { createMetrics } from './metrics.ts'
import { Registry } from '@althing/kernel/telemetry'
import { emergencyDetail, overrideDetail } from './lent-details.ts'
import { NoticeKind } from './notices/schema.ts'

/**
 * Whoever is written to reads their own language: that of their profile, or, before there is one, that of the page on which it was asked
 * for. Every letter there is, once in each language, through the carrier; the browser that causes it reads the other language.
 */
const [port, own] = [await freePort(), await freePort()]
const issuer = `http://localhost:${port}`
const origin = `http://localhost:${own}`
const eva = { national_id: '0101502909', name: 'Eva', email: '', phone_number: '' }
const finnur = { national_id: '0201502289', name: 'Finnur', email: '', phone_number: '' }
after(
  await startEid({
    issuer,
    host: 'localhost',
    port,
    clientId: 'althing',
    clientSecret: 'a-secret-of-the-eid',
    redirectUris: [`${origin}/sign-in/eid/callback`],
    people: [eva, finnur],
  }),
)
const { url, because } = await testMailbox()
const running = await testIdentity({
  origin,
  env: {
    ALTHING_IDENTITY_PORT: String(own),
    ALTHING_IDENTITY_MAIL_URL: url,
    ALTHING_IDENTITY_SMS_URL: url,
    ALTHING_IDENTITY_EID_ISSUER: issuer,
    ALTHING_IDENTITY_EID_CLIENT_ID: 'althing',
    ALTHING_IDENTITY_EID_CLIENT_SECRET: 'a-secret-of-the-eid',
  },
})
const service = { ...running, origin }
const { database } = service.kit

/** Its door is where its address says. */
function office(method: string, path: string, body?: unknown): Promise<Response> {
  const token = service.issuer.token(admin, { iss: origin, aud: `${origin}/api` })
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  return fetch(`${origin}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}
const parts = compose(service.kit as unknown as IdentityKit, createMetrics(new Registry()))
const admin = { subject: 'acc_00000000-0000-7000-8000-000000000001', roles: ['superadmin'] }

type Locale = 'is' | 'en'
const other = { is: 'en', en: 'is' } as const
const words = {
  is: /(?:^|\s)(þú|þig|þér|þinn|þitt|það|þetta|hefur|fyrir|slóð\S*|hjá|aðgang\S*)(?=[\s.,:]|$)/iu,
  en: /\b(you|your|the|this|with|from|has|works|was)\b/iu,
}

function speaks({ subject, text }: Mail, locale: Locale, what: string) {
  const said = `${subject ?? ''}\n${text}`.replaceAll(/https?:\S+|@\S+/g, '')
  assert.match(said, words[locale], `${what} in ${locale}`)
  assert.doesNotMatch(said, words[other[locale]], `${what} in ${locale}`)
}

async function person(email: string, locale: Locale) {
  const account = await addAccount(service, { email, name: 'Ada Jónsdóttir' })
  await database.query('update account set locale = $2 where id = $1', [account, locale])
  const browser = createBrowser(origin)
  await browser.go(`/sign-in?lang=${other[locale]}`)
  await signIn(browser, { identifier: email })
  return { account, browser, email }
}

/** A first page in that language; the switch is remembered. */
async function reading(locale: Locale): Promise<Browser> {
  const browser = createBrowser(origin)
  await browser.go(`/register?lang=${locale}`)
  return browser
}

/** As whatever causes it would say it. */
function detailOf(kind: NoticeKind): string {
  const [id, until, by] = ['ovr_1', '2126-12-24T22:15:00.000Z', { is: 'machine', name: '' } as const]
  if (kind.startsWith('override-')) {
    const answer = { by, why: 'Ada' }
    const what = { actions: ['a.b'], words: {}, more: 2, on: null }
    return overrideDetail({ id, until, decideBy: until, ...what, kind: 'other', answer })
  }
  if (kind.startsWith('emergency-'))
    return emergencyDetail({ id, role: 'administrator', name: 'Ada', until, decideBy: until, by })
  return kind === 'code-used' ? '3' : 'Firefox, Linux'
}

for (const locale of ['is', 'en'] as const) {
  test(`${locale}: to somebody who has an account every notice, link, code and confirmation is written in the language of their profile`, async () => {
    const { account, email: old, browser } = await person(`own-${locale}@example.org`, locale)
    for (const kind of NoticeKind.options)
      speaks(await because(() => parts.notify(account, kind, detailOf(kind)), old), locale, kind)
    const sends: readonly (readonly [what: string, send: () => Promise<unknown>])[] = [
      ['recover', () => parts.recovery.deliver(account)],
      ['password-changed', () => parts.recovery.tell(account)],
      ['magic-link', () => parts.magicLinks.deliver(account, null)],
      [
        'export',
        async () => {
          await database.query(
            `insert into data_export (id, account, state, asked_at, ends_at, parts, done) values ($1, $2, 'ready', now(), now() + interval '7 days', 5, 5)`,
            [`exp_${locale}`, account],
          )
          await parts.exports.tellReady(account)
        },
      ],
      ['erasure cancelled', () => parts.erasures.tell(account, 'cancelled')],
      [
        'erasure asked',
        async () => {
          await database.query(
            `insert into erasure (id, person, state, asked_by, reason, asked_at, due_at) values ($1, $2, 'waiting', $3, null, now(), now() + interval '30 days')`,
            [`era_${locale}`, account, `person:${account}`],
          )
          await parts.erasures.tell(account, 'asked')
        },
      ],
    ]
    for (const [what, send] of sends) speaks(await because(send, old), locale, what)

    // By what somebody does, in a browser that reads the other language.
    const register = { name: 'Eve', birth_date: '1990-05-17', email: old }
    const stranger = await reading(other[locale])
    const known = await (await stranger.go('/register')).text()
    speaks(await because(() => stranger.submit(known, 'register', register), old), locale, 'known')
    const form = await (await browser.go('/account/profile')).text()
    const email = `next-${locale}@example.org`
    const proof = await because(() => browser.submit(form, 'address-form', { email }), email)
    speaks(proof, locale, 'address')
    const page = await (await browser.go(linkIn(proof))).text()
    speaks(await because(() => browser.submit(page, 'confirm', {}), old), locale, 'address changed')

    await database.query(`insert into mailed_code_factor values ($1, 'mail', now()), ($1, 'sms', now())`, [
      account,
    ])
    const phone = locale === 'is' ? '+3545551111' : '+3545552222'
    await database.query('insert into proven_phone (account, phone, proven_at) values ($1, $2, now())', [
      account,
      phone,
    ])
    for (const [channel, to] of [
      ['mail', email],
      ['sms', phone],
    ] as const) {
      const visitor = await reading(other[locale])
      const at = (await signIn(visitor, { identifier: email })).headers.get('location') ?? ''
      const attempt = new URL(at, origin).searchParams.get('attempt') ?? ''
      const ways = await (await visitor.go(`/sign-in/ways?attempt=${attempt}`)).text()
      speaks(
        await because(() => visitor.submit(ways, `send-${channel}`, {}), to),
        locale,
        `code by ${channel}`,
      )
    }
    const profile = await (await browser.go('/account/profile')).text()
    const changed = { name: 'Ada Jónsdóttir', phone: '+354 555 9999', locale }
    speaks(await because(() => browser.submit(profile, 'profile', changed), phone), locale, 'phone changed')
  })

  test(`${locale}: to who has no account yet, in the language of the page on which it was asked for; and so ever after`, async () => {
    const email = `new-${locale}@example.org`
    const browser = await reading(locale)
    const ask = async (fields: Record<string, string>) =>
      browser.submit(await (await browser.go('/register')).text(), 'register', {
        name: 'Óli Jónsson',
        birth_date: '1990-05-17',
        ...fields,
      })
    const confirm = await because(() => ask({ email }), email)
    speaks(confirm, locale, 'confirm')
    await browser.submit(await (await browser.go(linkIn(confirm))).text(), 'confirm', {})
    const child = `child-${locale}@example.org`
    const guardian = `guardian-${locale}@example.org`
    const asked = await because(
      () => ask({ email: child, birth_date: '2015-01-01', guardian_email: guardian }),
      child,
    )
    const told = await because(async () => {
      await browser.submit(await (await browser.go(linkIn(asked))).text(), 'confirm', {})
    }, guardian)
    speaks(told, locale, 'guardian')

    const refused = `refused-${locale}@example.org`
    const third = await because(() => ask({ email: refused }), refused)
    await browser.submit(await (await browser.go(linkIn(third))).text(), 'confirm', {})
    const idOf = async (address: string) =>
      (await database.query<{ id: string }>('select id from application where email = $1', [address]))[0]?.id
    const path = (id: string | undefined, verb: string) => `/api/identity/applications/${id}/${verb}`
    const rejected = await idOf(refused)
    speaks(await because(() => office('POST', path(rejected, 'reject'), {}), refused), locale, 'rejected')
    const approved = await idOf(email)
    const invited = await because(() => office('POST', path(approved, 'approve')), email)
    speaks(invited, locale, 'activation')
    // Its page is opened in another browser, and another language: the profile keeps its own.
    const late = await reading(other[locale])
    await late.submit(await (await late.go(linkIn(invited))).text(), 'activate', { password })
    const [account] = await database.query<{ id: string; locale: string }>(
      'select id, locale from account where email = $1',
      [email],
    )
    assert.equal(account?.locale, locale)

    const made = await office('POST', '/api/identity/users', {
      name: 'Made',
      email: `made-${locale}@example.org`,
      locale,
    })
    const { id } = (await made.json()) as { id: string }
    const first = () => office('POST', `/api/identity/users/${id}/activate`)
    speaks(await because(first, `made-${locale}@example.org`), locale, 'invitation')
  })
}

test('whom the electronic ID brings for the first time is written to in the language in which they came', async () => {
  for (const [locale, { national_id }] of [
    ['en', eva],
    ['is', finnur],
  ] as const) {
    const browser = await reading(locale)
    const out = await browser.submit(await (await browser.go('/sign-in')).text(), 'eid', {})
    const asked = new URL(out.headers.get('location') ?? '')
    const chosen = new URL('/oidc/continue', asked)
    for (const name of ['redirect_uri', 'state', 'nonce', 'code_challenge'])
      chosen.searchParams.set(name, asked.searchParams.get(name) ?? '')
    chosen.searchParams.set('national_id', national_id)
    const back = await fetch(chosen, { redirect: 'manual' })
    const arrived = await browser.go(back.headers.get('location') ?? '')
    assert.equal(arrived.headers.get('location'), '/account')
    const [made] = await database.query<{ locale: string }>(
      'select locale from account where national_id = $1',
      [national_id],
    )
    assert.equal(made?.locale, locale)
  }
})

test('the last letter of all is in their language too', async () => {
  for (const locale of ['is', 'en'] as const) {
    const { account, email } = await person(`last-${locale}@example.org`, locale)
    await database.query(
      `insert into erasure (id, person, state, asked_by, reason, asked_at, due_at) values ($1, $2, 'waiting', $3, null, now() - interval '31 days', now() - interval '1 day')`,
      [`era_last_${locale}`, account, `person:${account}`],
    )
    speaks(await because(() => parts.erasures.work(), email), locale, 'erased')
  }
})
