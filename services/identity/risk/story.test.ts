/** Through the door: what is done about a sign-in that looks dangerous, and to whom nothing is done. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { Registry } from '@althing/kernel/telemetry'
import { addPasskey, codeOf, optionsOf, submitCode, turnOnTwoStep } from '../../../tests/support/factors.ts'
import {
  addAccount,
  askToken,
  codeFlow,
  createBrowser,
  password,
  signIn,
  testIdentity,
} from '../../../tests/support/identity.ts'
import { testMailbox } from '../../../tests/support/mailbox.ts'
import {
  addLines,
  breachList,
  browserFrom,
  placesFile,
  sha1,
  silence,
  strangerId,
  type Line,
} from '../../../tests/support/risk.ts'
import { until } from '@althing/kernel/testing'
import { compose, type IdentityKit } from '../compose.ts'
import { createMetrics } from '../metrics.ts'

const box = await testMailbox()
const breaches = await breachList()
const service = await testIdentity({
  env: {
    ALTHING_IDENTITY_MAIL_URL: box.url,
    ALTHING_IDENTITY_PLACES_FILE: placesFile(),
    ALTHING_IDENTITY_BREACH_URL: breaches.url,
    ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT: '1000',
    ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT_EVERYWHERE: '1000',
    // A chat that never answers: nobody who signs in may notice.
    ALTHING_IDENTITY_ALERT_CHAT_URL: await silence(),
  },
})
/** The features as a command has them, with counters of their own. */
const parts = () => compose(service.kit as unknown as IdentityKit, createMetrics(new Registry()))
const [reykjavik, tokyo] = ['192.0.2.10', '198.51.100.10']

test('a stranger with the right password is refused and told why; the owner hears of it, and their own device gets in', async () => {
  const { email, account, owner } = await setUp('blocked@example.org')
  const thief = from(tokyo)
  let refused = ''
  const mail = await box.because(async () => {
    await attack(account, 12)
    await markBreached(account)
    const began = performance.now()
    const answer = await signIn(thief, { identifier: email })
    assert.ok(
      performance.now() - began < 4_500,
      'the place for alerts that does not answer keeps nobody waiting',
    )
    refused = answer.headers.get('location') ?? ''
  }, email)
  assert.match(mail.subject, /Við höfnuðum innskráningu/)
  assert.match(refused, /^\/sign-in\?said=[\w-]+$/)
  const wordsAt = async (browser: typeof thief, place: string) => (await browser.go(place)).text()
  assert.match(await wordsAt(thief, refused), /We did not let this sign-in through/)
  for (const place of [refused, '/sign-in?problem=unusual'])
    assert.doesNotMatch(
      await wordsAt(createBrowser(service.origin), place),
      /did not let this sign-in through/,
      'nobody else is told so by a link',
    )
  assert.equal((await thief.go('/account')).status, 303, 'no session')
  assert.match(
    (await signIn(thief, { identifier: email })).headers.get('location') ?? '',
    /^\/sign-in\?said=/,
  )

  owner.jar.delete('althing_id')
  assert.equal((await signIn(owner, { identifier: email })).headers.get('location'), '/account')
  const [alert] = await alertsOf(account)
  assert.deepEqual(alert, {
    kind: 'blocked-sign-in',
    severity: 'high',
    network: '198.51.100.0/24',
    signals: ['breached-password', 'impossible-travel', 'new-device', 'velocity'],
    count: 2,
  })
  const [line] = await service.kit.database.query<{ reason: string }>(
    `select reason from login_event where account = $1 and network = $2 order by id desc limit 1`,
    [account, tokyo],
  )
  assert.equal(line?.reason, 'risk')
})

test('a stranger who does not know the password gets the same answer as ever, whatever speaks against the account', async () => {
  const { email, account } = await setUp('same@example.org')
  await attack(account, 12)
  const answers = await Promise.all(
    [email, 'nobody-at-all@example.org'].map(async (identifier) => {
      const answer = await signIn(from(tokyo), { identifier, secret: 'not the password' })
      const text = (await answer.text())
        .replaceAll(identifier, '')
        .replaceAll(/"[\w.-]{12,}"|attempt=[\w-]+|said=[\w-]+|data-passkey="[^"]*"/g, '')
      return [answer.status, answer.headers.get('location'), text]
    }),
  )
  assert.deepEqual(answers[0], answers[1])
})

test('too far to have come: who has a passkey is asked for it, though nobody would have asked for a second step', async () => {
  const { email, owner } = await setUp('step@example.org')
  const { passkey } = await addPasskey(owner, service)
  const away = from(tokyo)
  const answer = await signIn(away, { identifier: email })
  const at = answer.headers.get('location') ?? ''
  assert.match(at, /^\/sign-in\/code\?attempt=/)
  assert.equal((await away.go('/account')).status, 303, 'no session yet')
  const page = await (await away.go(at)).text()
  assert.match(page, /Show your passkey/)
  assert.doesNotMatch(page, /id="code-form"/, 'no field for a code that they cannot have')
  const done = await away.submit(page, 'passkey', { credential: passkey.answer(optionsOf(page)) })
  assert.equal(done.headers.get('location'), '/account')
})

test('a remembered device spares nobody the second factor, whether a code or a passkey', async () => {
  for (const way of ['code', 'passkey'] as const) {
    const { email, account, owner } = await setUp(`remembered-${way}@example.org`)
    if (way === 'code') await turnOnTwoStep(owner)
    else await addPasskey(owner, service)
    await markBreached(account)
    const carried = from(tokyo)
    const device = owner.jar.get('althing_device')
    assert.ok(device)
    carried.jar.set('althing_device', device)
    const at = (await signIn(carried, { identifier: email })).headers.get('location') ?? ''
    assert.match(at, /^\/sign-in\/code/, way)
    assert.equal((await carried.go('/account')).status, 303, way)
    const page = await (await carried.go(at)).text()
    assert.equal(page.includes('id="code-form"'), way === 'code')
    if (way === 'code') assert.equal((await submitCode(carried, at, '000000')).status, 422)
  }
})

test('who has no second factor is let in and told: nobody is locked out of their own account by a journey', async () => {
  const { email, account } = await setUp('journey@example.org')
  const mails = box.mails.length
  assert.equal((await signIn(from(tokyo), { identifier: email })).headers.get('location'), '/account')
  await until(() =>
    box.mails.slice(mails).some(({ to, subject }) => to === email && /Óvenjuleg innskráning/.test(subject)),
  )
  assert.deepEqual(
    (await alertsOf(account)).map(({ kind, severity }) => [kind, severity]),
    [['unusual-sign-in', 'medium']],
  )
  await pause(500)
  const told = box.mails.slice(mails).filter(({ to }) => to === email)
  assert.equal(told.length, 1, 'one sign-in, one letter: it speaks of the device as well')
  assert.match(told[0]?.text ?? '', /úr tæki/)
  // Within the hour the owner is not told again that it is unusual; so of a device they do hear.
  await signIn(from(tokyo), { identifier: email })
  await until(() => box.mails.slice(mails).filter(({ to }) => to === email).length === 2)
  assert.match(
    box.mails.slice(mails).filter(({ to }) => to === email)[1]?.subject ?? '',
    /Innskráning úr nýju tæki/,
  )
})

test('strangers who guess, and an application with a fault, keep no owner out: on a new device in the same town they get in', async () => {
  for (const way of ['password', 'code'] as const) {
    const { email, account, owner } = await setUp(`same-town-${way}@example.org`)
    const totp = way === 'code' ? await turnOnTwoStep(owner) : null
    await attack(account, 12)
    await mark(account, 'refresh-reuse')
    const next = from(reykjavik)
    const answer = await signIn(next, { identifier: email })
    const at = answer.headers.get('location') ?? ''
    if (totp === null) assert.equal(at, '/account')
    else {
      assert.match(at, /^\/sign-in\/code/)
      assert.equal((await submitCode(next, at, codeOf(totp.secret))).headers.get('location'), '/account')
    }
    assert.equal((await next.go('/account')).status, 200, way)
    assert.equal((await owner.go('/account')).status, 200, 'and nothing of theirs has ended')
  }
})

test('a thief who has only the password ends no session of an owner with a second factor, who ends the thief’s by showing it', async () => {
  const { email, account, owner } = await setUp('two-factors@example.org')
  const totp = await turnOnTwoStep(owner)
  const bad = '203.0.113.200'
  await lines(25, (n) => [strangerId(n), bad, 'refused', 'wrong'])
  await markBreached(account)
  const thief = from(bad)
  assert.match((await signIn(thief, { identifier: email })).headers.get('location') ?? '', /^\/sign-in\/code/)
  assert.equal((await thief.go('/account')).status, 303)
  assert.equal((await owner.go('/account')).status, 200, 'their session has not ended')
  const next = from(bad)
  const at = (await signIn(next, { identifier: email })).headers.get('location') ?? ''
  assert.equal((await submitCode(next, at, codeOf(totp.secret))).headers.get('location'), '/account')
  assert.equal((await owner.go('/account')).status, 303)
  assert.equal((await next.go('/account')).status, 200)
})

test('from 75 on every session ends that was open before, and the new one is not among them', async () => {
  const { email, account, owner } = await setUp('ended@example.org')
  const crowd = '203.0.113.201'
  await lines(25, (n) => [strangerId(n), crowd, 'refused', 'wrong'])
  await markBreached(account)
  const next = from(crowd)
  assert.equal((await signIn(next, { identifier: email })).headers.get('location'), '/account')
  assert.equal((await owner.go('/account')).status, 303)
  assert.equal((await next.go('/account')).status, 200)
})

test('accounts that are tried in vain from one network are an alert of that network, and a hall that signs in is none', async () => {
  const [hall, attacker] = ['203.0.113.50', '203.0.113.99']
  await lines(500, (n) => [strangerId(n), hall, 'in', null])
  await lines(30, (n) => [strangerId(n), hall, 'refused', 'wrong'])
  await lines(15, () => [null, hall, 'refused', 'wrong'])
  await lines(16, (n) => [strangerId(n), attacker, 'refused', 'wrong'])
  await lines(16, () => [null, attacker, 'refused', 'wrong'])
  await service.kit.database.query(`delete from security_alert where kind = 'many-accounts'`)
  await parts().watch()
  await parts().watch()
  const alerts = await service.kit.database.query<{ network: string; count: number }>(
    `select network, count from security_alert where kind = 'many-accounts'`,
  )
  // A neighbourhood is named, and looking again finds nothing that is new.
  assert.deepEqual(alerts, [{ network: '203.0.113.0/24', count: 1 }])

  const { email } = await setUp('in-the-hall@example.org')
  assert.equal((await signIn(from(hall), { identifier: email })).headers.get('location'), '/account')
  assert.doesNotMatch(
    (await parts().risk.assess(lookedAt(strangerId(1), hall))).findings.map(said).join(),
    /many-accounts/,
  )
  assert.match(
    (await parts().risk.assess(lookedAt(strangerId(1), attacker))).findings.map(said).join(),
    /many-accounts/,
  )
})

test('a password from a breach lets in at once; its owner hears of it afterwards, and another password settles it', async () => {
  const email = 'breached@example.org'
  const account = await addAccount(service, { email })
  breaches.listed.add(password)
  const mail = await box.because(async () => {
    assert.equal((await signIn(from(reykjavik), { identifier: email })).headers.get('location'), '/account')
  }, email)
  assert.match(mail.subject, /Lykilorðið þitt er ekki lengur öruggt/)
  assert.match(mail.text, /Veldu nýtt lykilorð núna/)
  assert.doesNotMatch(JSON.stringify(mail), new RegExp(password))
  const counts = async () =>
    (await parts().risk.assess(lookedAt(account, reykjavik))).findings.map(said).includes('breached-password')
  assert.equal(await counts(), true)
  assert.deepEqual(
    (await alertsOf(account)).map(({ kind, severity }) => [kind, severity]),
    [['breached-password', 'low']],
  )
  await service.kit.database.query(
    `update password set changed_at = now() + interval '1 second' where account = $1`,
    [account],
  )
  assert.equal(await counts(), false)
  breaches.listed.clear()
})

test('a list that does not answer is counted, keeps nobody out, and no hash of a password lies in a table as it is', async () => {
  const email = 'unlisted@example.org'
  await addAccount(service, { email })
  breaches.fails = true
  const before = await metric('id_risk_breach_unanswered_total')
  assert.equal((await signIn(from(reykjavik), { identifier: email })).headers.get('location'), '/account')
  const [{ everything } = { everything: '' }] = await service.kit.database.query<{ everything: string }>(
    `select coalesce(string_agg(payload::text, ' '), '') as everything from graphile_worker._private_jobs`,
  )
  assert.doesNotMatch(everything, new RegExp(sha1(password), 'i'))
  await until(async () => (await metric('id_risk_breach_unanswered_total')) > before)
  breaches.fails = false
})

test('a refresh token shown twice is an alert, and speaks against the account from then on', async () => {
  const quiet = await testIdentity()
  const account = await addAccount(quiet)
  const { tokens } = await codeFlow(quiet, createBrowser(quiet.origin))
  const refresh = (token = '') =>
    askToken(quiet.origin, { grant_type: 'refresh_token', refresh_token: token })
  const next = (await (await refresh(tokens.refresh_token)).json()) as { refresh_token: string }
  assert.equal((await refresh(next.refresh_token)).status, 200)
  assert.equal((await refresh(tokens.refresh_token)).status, 400)
  const alerts = () => quiet.kit.database.query('select kind, severity, account from security_alert')
  await until(async () => (await alerts()).length > 0)
  assert.deepEqual(await alerts(), [{ kind: 'refresh-reuse', severity: 'high', account }])
  const marks = await quiet.kit.database.query('select account, kind from risk_mark')
  assert.deepEqual(marks, [{ account, kind: 'refresh-reuse' }])
  const text = await (await quiet.fetchManagement(new Request('http://x/metrics'))).text()
  assert.match(text, /id_security_alerts_total\{service="identity",kind="refresh-reuse"\} 1/)
})

test('what counts and what is done is counted under names of a closed list', async () => {
  const text = await (await service.fetchManagement(new Request('http://x/metrics'))).text()
  for (const line of [
    /id_risk_signals_total\{service="identity",signal="impossible-travel"\} [1-9]/,
    /id_risk_signals_total\{service="identity",signal="new-device"\} [1-9]/,
    /id_risk_actions_total\{service="identity",action="block"\} [1-9]/,
    /id_risk_actions_total\{service="identity",action="step-up"\} [1-9]/,
    /id_security_alert_deliveries_total\{service="identity",sink="chat",outcome="failed"\} [1-9]/,
  ])
    assert.match(text, line)
  assert.doesNotMatch(text, /acc_|192\.0\.2|198\.51\.100/)
})

// ---- the scene ----

/** Somebody who has signed in from Reykjavík just now, in a browser that keeps its cookies. */
async function setUp(email: string) {
  const account = await addAccount(service, { email })
  const owner = from(reykjavik)
  await signIn(owner, { identifier: email })
  return { email, account, owner }
}

const from = (address: string) => browserFrom(service, address)
const lines = (count: number, line: Line) => addLines(service, count, line)

const attack = (target: string, tries: number) =>
  lines(tries, (n) => [target, `203.0.113.${n}`, 'refused', 'wrong'])

const mark = (target: string, kind: 'breached-password' | 'refresh-reuse') =>
  service.kit.database.query('insert into risk_mark (account, kind, at) values ($1, $2, now())', [
    target,
    kind,
  ])
const markBreached = (target: string) => mark(target, 'breached-password')

const alertsOf = (target: string) =>
  service.kit.database.query<{ kind: string; severity: string }>(
    'select kind, severity, network, signals, count from security_alert where account = $1 order by id',
    [target],
  )

const lookedAt = (target: string, network: string) => ({
  account: target,
  network,
  isKnown: false,
  isWhole: false,
})
const said = ({ signal, counts }: { signal: string; counts: boolean }) => (counts ? signal : '')

async function metric(name: string): Promise<number> {
  const text = await (await service.fetchManagement(new Request('http://x/metrics'))).text()
  return Number(new RegExp(`^${name}\\{[^}]*\\} (\\d+)`, 'm').exec(text)?.[1] ?? 0)
}
