import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ConfigError } from '@althing/kernel/config'
import { startEid } from '../../../run/demo/eid.ts'
import { codeOf, submitCode, turnOnTwoStep } from '../../../tests/support/factors.ts'
import { freePort } from '../../../run/ports.ts'
import { startGithub } from '../../../tests/support/github.ts'
import {
  addAccount,
  createBrowser,
  signIn,
  testIdentity,
  type Browser,
} from '../../../tests/support/identity.ts'
import { refuseStandIns } from '../stand-ins.ts'
import { connectorsOf } from './settings.ts'
import { told } from '../../../tests/support/told.ts'

const secret = 'the-secret-of-our-client-there'
const ada = { national_id: '0101502909', name: 'Ada', email: 'ada@example.org', phone_number: '+3548000001' }
const bea = { national_id: '0201502289', name: 'Bea', email: 'bea@example.org', phone_number: '+3548000002' }

const [port, own, githubPort] = [await freePort(), await freePort(), await freePort()]
const issuer = `http://localhost:${port}`
const github = `http://localhost:${githubPort}`
const origin = `http://localhost:${own}`
after(
  await startEid({
    issuer,
    host: 'localhost',
    port,
    clientId: 'althing',
    clientSecret: secret,
    redirectUris: [`${origin}/sign-in/with/work/callback`],
    people: [ada, bea],
  }),
)
const hub = await startGithub(githubPort, secret)
const service = {
  ...(await testIdentity({
    origin,
    env: {
      ALTHING_URL: origin,
      ALTHING_IDENTITY_PORT: String(own),
      ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT: '1000',
      ALTHING_IDENTITY_CONNECTORS: JSON.stringify([
        { id: 'work', kind: 'oidc', name: 'Work', issuer, clientId: 'althing', clientSecret: secret },
        {
          id: 'github',
          kind: 'github',
          name: 'GitHub',
          issuer: github,
          clientId: 'hub-client',
          clientSecret: secret,
        },
      ]),
    },
  })),
  origin,
}

const failed = '/sign-in: connectorFailed.title'

/** At the other provider somebody chooses who to be, and is sent back. */
async function choose(url: string, { national_id }: typeof ada): Promise<string> {
  const asked = new URL(url)
  const next = new URL('/oidc/continue', asked)
  for (const name of ['redirect_uri', 'state', 'nonce', 'code_challenge'])
    next.searchParams.set(name, asked.searchParams.get(name) ?? '')
  next.searchParams.set('national_id', national_id)
  return (await fetch(next, { redirect: 'manual' })).headers.get('location') ?? ''
}

async function out(browser: Browser, connector: string): Promise<string> {
  const page = await (await browser.go('/sign-in')).text()
  const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? ''
  const answer = await browser.go(`/sign-in/with/${connector}`, {
    method: 'POST',
    headers: { origin },
    body: new URLSearchParams({ csrf, return: '/account' }),
  })
  return answer.headers.get('location') ?? ''
}

const come = async (browser: Browser, person: typeof ada) =>
  browser.go(await choose(await out(browser, 'work'), person))

async function link(browser: Browser, person: typeof ada): Promise<string> {
  const page = await (await browser.go('/account/linked')).text()
  const away = await browser.submit(page, 'link-work', {})
  return told(browser, await browser.go(await choose(away.headers.get('location') ?? '', person)))
}

async function member(email: string) {
  const account = await addAccount(service, { email })
  const browser = createBrowser(origin)
  await signIn(browser, { identifier: email })
  return { account, browser }
}

test('who comes from elsewhere is nobody here until its owner has linked it; no address makes or finds an account', async () => {
  await addAccount(service, { email: ada.email, name: 'The owner of that address' })
  const stranger = createBrowser(origin)
  const answer = await come(stranger, ada)
  assert.equal(answer.status, 403)
  assert.match(await answer.text(), /Your Work account is not linked here/)
  assert.equal((await stranger.go('/account')).status, 303)
  const { browser } = await member('one@example.org')
  assert.equal(await link(browser, ada), '/account/linked: done.linked')
  assert.match(await (await browser.go('/account/linked')).text(), /<strong>Work<\/strong>/)
  const again = createBrowser(origin)
  assert.equal((await come(again, ada)).headers.get('location'), '/account')
  assert.match(await (await again.go('/account')).text(), /one@example\.org/)
})

test('an identity belongs to one account; whoever else wants it is told where to look', async () => {
  const { browser } = await member('two@example.org')
  assert.equal(await link(browser, ada), '/account/linked: problem.conflict')
  assert.equal(await link(browser, bea), '/account/linked: done.linked')
  assert.equal(await link(browser, bea), '/account/linked: done.linked', 'twice is once')
})

test('it is one proof: the second step is asked for, and a closed account stays closed', async () => {
  const [{ account }] = await service.kit.database
    .query<{ account: string }>(`select id as account from account where email = 'two@example.org'`)
    .then((rows) => rows as [{ account: string }])
  const owner = createBrowser(origin)
  await signIn(owner, { identifier: 'two@example.org' })
  const { secret: totp } = await turnOnTwoStep(owner)
  const browser = createBrowser(origin)
  const next = await come(browser, bea)
  assert.match(next.headers.get('location') ?? '', /^\/sign-in\/code\?attempt=/)
  assert.equal((await browser.go('/account')).status, 303)
  const done = await submitCode(browser, next.headers.get('location') ?? '', codeOf(totp))
  assert.equal(done.headers.get('location'), '/account')
  await service.kit.database.query(`update account set status = 'banned' where id = $1`, [account])
  const closed = createBrowser(origin)
  assert.equal(await told(closed, await come(closed, bea)), failed)
})

test('a state is for one browser, one provider, one use and one purpose', async () => {
  const { browser } = await member('three@example.org')
  const visitor = createBrowser(origin)
  const callback = await choose(await out(visitor, 'work'), ada)
  const code = new URL(callback)
  const another = createBrowser(origin)
  assert.equal(await told(another, await another.go(callback)), failed, 'another browser')
  const crossed = callback.replace('/with/work/', '/with/github/')
  assert.equal(await told(visitor, await visitor.go(crossed)), failed, 'another provider')
  assert.equal(await told(visitor, await visitor.go(callback)), failed, 'burned by that')
  code.searchParams.set('state', 'x')
  assert.equal(await told(visitor, await visitor.go(code.href)), failed)
  // A form cannot say that what comes back is to be linked, or to whom.
  const page = await (await browser.go('/account/linked')).text()
  const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? ''
  for (const extra of [{ link: 'acc_1' }, { connector: 'github' }])
    assert.equal(
      (
        await browser.go('/sign-in/with/work', {
          method: 'POST',
          headers: { origin },
          body: new URLSearchParams({ csrf, ...extra }),
        })
      ).status,
      400,
    )
  const nowhere = await browser.go('/sign-in/with/nowhere/callback?state=x&code=y')
  assert.equal(await told(browser, nowhere), '/account/linked: problem.failed')
})

test('2 · what changes while a link is under way moves it to nobody else, whatever addresses say', async () => {
  const victim = await member('victim@example.org')
  const { account, browser } = await member('linker@example.org')
  await service.kit.database.query('delete from external_identity')
  const page = await (await browser.go('/account/linked')).text()
  const away = (await browser.submit(page, 'link-work', {})).headers.get('location') ?? ''
  // The one who links takes the address of the person elsewhere, and the person elsewhere an address here.
  await service.kit.database.query(`update account set email = $2, name = 'Bea' where id = $1`, [
    account,
    bea.email,
  ])
  const moved = { ...bea, email: 'victim@example.org' }
  assert.equal(
    await told(browser, await browser.go(await choose(away, moved))),
    '/account/linked: done.linked',
  )
  const rows = await service.kit.database.query<{ account: string }>('select account from external_identity')
  assert.deepEqual(rows, [{ account }])
  assert.match(await (await victim.browser.go('/account/linked')).text(), /None is linked/)
})

test('3 · what was proven for one identity links no other: a code from elsewhere does not fit', async () => {
  const { browser } = await member('bound@example.org')
  await service.kit.database.query('delete from external_identity')
  const page = await (await browser.go('/account/linked')).text()
  const mine = await choose((await browser.submit(page, 'link-work', {})).headers.get('location') ?? '', ada)
  const theirs = await choose(await out(createBrowser(origin), 'work'), bea)
  const swapped = new URL(mine)
  swapped.searchParams.set('code', new URL(theirs).searchParams.get('code') ?? '')
  const notLinked = '/account/linked: problem.failed'
  assert.equal(await told(browser, await browser.go(swapped.href)), notLinked)
  assert.equal(await told(browser, await browser.go(mine)), notLinked, 'and its own is burned')
  assert.deepEqual(await service.kit.database.query('select from external_identity'), [])
})

test('linking needs a fresh proof at its beginning and the same person at its end', async () => {
  const { account, browser } = await member('four@example.org')
  const page = await (await browser.go('/account/linked')).text()
  const away = (await browser.submit(page, 'link-work', {})).headers.get('location') ?? ''
  await browser.submit(await (await browser.go('/sign-out')).text(), 'sign-out', {})
  await signIn(browser, { identifier: 'three@example.org' })
  const carol = { ...ada, national_id: bea.national_id }
  assert.equal(
    await told(browser, await browser.go(await choose(away, carol))),
    '/account/linked: problem.failed',
  )
  const late = createBrowser(origin)
  await signIn(late, { identifier: 'four@example.org' })
  const form = await (await late.go('/account/linked')).text()
  await service.kit.database.query(
    `update session set auth_time = now() - interval '1 hour' where account = $1`,
    [account],
  )
  assert.equal(
    (await late.submit(form, 'link-work', {})).headers.get('location'),
    '/sign-in/again?return=%2Faccount%2Flinked',
  )
})

test('the last way in cannot be removed; with another it can, and it opens nothing any more', async () => {
  const account = await addAccount(service, { email: 'five@example.org' })
  const browser = createBrowser(origin)
  await signIn(browser, { identifier: 'five@example.org' })
  await service.kit.database.query(`delete from external_identity where account <> $1`, [account])
  assert.equal(await link(browser, ada), '/account/linked: done.linked')
  await service.kit.database.query('delete from password where account = $1', [account])
  let sure = ''
  const remove = async () => {
    const page = await (await browser.go('/account/linked')).text()
    const [, href = ''] = /href="(\/account\/linked\/remove\?[^"]*)"/.exec(page) ?? []
    sure = href.replaceAll('&amp;', '&')
    const asked = await browser.go(sure)
    const to = asked.headers.get('location') ?? ''
    if (asked.status !== 200) return to.startsWith('/account') ? told(browser, asked) : to
    return told(browser, await browser.submit(await asked.text(), 'removal', {}))
  }
  assert.equal(await remove(), '/account/linked: problem.last')
  await service.kit.database.query(`insert into password (account, phc) values ($1, 'x')`, [account])
  await service.kit.database.query(
    `update session set auth_time = now() - interval '3 minutes' where account = $1`,
    [account],
  )
  assert.equal(await remove(), `/sign-in/again?return=${encodeURIComponent(sure)}`, 'a proof made for it')
  await service.kit.database.query('update session set auth_time = now() where account = $1', [account])
  assert.equal(await remove(), '/account/linked: done.unlinked')
  assert.equal((await come(createBrowser(origin), ada)).status, 403)
})

test('GitHub: a code, a token with PKCE, the number of the account, and nothing else', async () => {
  const { account } = await member('six@example.org')
  await service.kit.database.query(
    `insert into external_identity (issuer, subject, account) values ($1, '4711', $2)`,
    [github, account],
  )
  const come = async (code: string) => {
    const visitor = createBrowser(origin)
    const asked = new URL(await out(visitor, 'github'))
    assert.equal(asked.origin + asked.pathname, `${github}/login/oauth/authorize`)
    assert.equal(asked.searchParams.get('code_challenge_method'), 'S256')
    const state = asked.searchParams.get('state') ?? ''
    return told(visitor, await visitor.go(`/sign-in/with/github/callback?state=${state}&code=${code}`))
  }
  assert.equal(await come('right'), '/account: nothing')
  assert.equal(await come('wrong'), failed)
  hub.user = '4711'
  assert.equal(await come('right'), failed, 'an id that is no number is not guessed at')
  hub.user = 4711
  assert.ok(!hub.asked.some((path) => path.includes('emails')))
})

test('settings that are not right stop the start', () => {
  const right = { id: 'a', kind: 'google', name: 'A', clientId: 'x', clientSecret: 'y' }
  assert.equal(connectorsOf(JSON.stringify([right]))?.[0]?.issuer, 'https://accounts.google.com')
  const wrong: unknown[] = [
    'no json',
    {},
    [{ ...right, kind: 'microsoft' }],
    [{ ...right, kind: 'oidc', issuer: 'http://evil.example' }],
    [{ ...right, id: 'A/../b' }],
    [{ ...right, issuer: 'https://accounts.google.example' }],
    [{ ...right, issuer: 'http://192.168.1.5' }],
    [right, right],
    [{ ...right, more: 1 }],
  ]
  for (const one of wrong)
    assert.equal(connectorsOf(typeof one === 'string' ? one : JSON.stringify(one)), null)
  const standIn = [{ ...right, issuer: 'http://localhost:9999' }]
  assert.equal(connectorsOf(JSON.stringify(standIn))?.[0]?.issuer, 'http://localhost:9999')
})

test('an issuer on this machine stands in for a real one where nobody comes from elsewhere, and nowhere else', () => {
  const refuse = (url: string, issuer: string) => refuseStandIns(url, 'X', [{ id: 'google', url: issuer }])
  assert.throws(
    () => refuse('https://vote.example.org', 'http://localhost:9999'),
    /X: google is on this machine/,
  )
  assert.throws(() => refuse('https://vote.example.org', 'https://127.0.0.1'), ConfigError)
  refuse('https://vote.example.org', 'https://accounts.google.com')
  refuse('http://localhost:8080', 'http://localhost:9999')
  refuse('https://localhost:8080', 'http://localhost:9999')
})
