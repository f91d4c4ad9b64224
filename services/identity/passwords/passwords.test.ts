import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { addAccount, createBrowser, password, signIn, testIdentity } from '../../../tests/support/identity.ts'
import { turnOnTwoStep } from '../../../tests/support/factors.ts'
import { verifierOf } from './foreign.ts'
import { told } from '../../../tests/support/told.ts'

const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64')

/** Hashes that others made, with the passwords they made them of. */
const vectors: readonly (readonly [name: string, password: string, hash: string])[] = [
  ['bcrypt (crypt_blowfish)', 'U*U', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  ['bcrypt of PHP', 'U*U', '$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  [
    'PBKDF2 (RFC 6070), as Django writes it',
    'password',
    `pbkdf2_sha1$4096$salt$${base64('4b007901b765489abead49d926f721d065a429c1')}`,
  ],
  [
    'PBKDF2 (RFC 6070), PHC',
    'password',
    `$pbkdf2-sha1$4096$${base64(Buffer.from('salt').toString('hex'))}$${base64('4b007901b765489abead49d926f721d065a429c1')}`,
  ],
  [
    'scrypt (RFC 7914)',
    'password',
    `$scrypt$ln=10,r=8,p=16$${base64(Buffer.from('NaCl').toString('hex'))}$${base64(
      'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640',
    )}`,
  ],
  [
    'Argon2i (reference implementation)',
    'password',
    '$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA',
  ],
]

for (const [name, right, hash] of vectors)
  test(`a hash of ${name} opens with its password and no other`, async () => {
    const verify = verifierOf(hash)
    assert.ok(verify !== null)
    assert.deepEqual([await verify(right), await verify(`${right}x`), await verify('')], [true, false, false])
  })

test('what is no hash that we know, or costs more than we give, is verified by nothing', () => {
  const odd = [
    'correct horse battery',
    '',
    '$1$salt$md5crypt',
    'pbkdf2_sha256$99999999999$salt$aaaa',
    '$scrypt$ln=30,r=8,p=1$c2FsdA$aGFzaA',
    '$argon2id$v=19$m=99999999,t=1,p=1$c2FsdHNhbHQ$aGFzaA',
    '$argon2id$v=19$m=65536,t=4000000000,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    '$argon2id$v=19$m=64,t=99999999999999999999,p=1$c2FsdHNhbHQ$aGFzaA',
    '$argon2id$v=19$m=65536,t=3,p=16777215$c2FsdHNhbHQ$aGFzaA',
    '$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
  ]
  assert.deepEqual(
    odd.map((hash) => verifierOf(hash)),
    odd.map(() => null),
  )
  // What PHP, Python and libsodium make when nobody tells them otherwise, and the heaviest that libsodium names.
  for (const cost of ['m=65536,t=4,p=1', 'm=65536,t=3,p=4', 'm=102400,t=2,p=8', 'm=262144,t=3,p=1'])
    assert.notEqual(verifierOf(`$argon2id$v=19$${cost}$c2FsdHNhbHQ$aGFzaA`), null, cost)
})

test('an imported hash opens its account once: at that sign-in it becomes one of ours', async () => {
  const service = await testIdentity()
  const account = await addAccount(service, { withPassword: false })
  await service.kit.database.query('insert into password (account, phc) values ($1, $2)', [
    account,
    '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
  ])
  const phc = async () =>
    (await service.kit.database.query<{ phc: string }>('select phc from password'))[0]?.phc ?? ''
  assert.equal((await signIn(createBrowser(service.origin), { secret: 'wrong' })).status, 422)
  assert.match(await phc(), /^\$2a/)
  assert.equal((await signIn(createBrowser(service.origin), { secret: 'U*U' })).status, 303)
  assert.match(await phc(), /^\$argon2id\$/)
  assert.equal((await signIn(createBrowser(service.origin), { secret: 'U*U' })).status, 303)
})

/** A list of breached passwords over the wire, with padding and a habit of failing. */
async function breachList(breached: string) {
  const hash = createHash('sha1').update(breached).digest('hex').toUpperCase()
  const asked: string[] = []
  const list = { works: true }
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    if (!list.works) return response.writeHead(503).end()
    const lines = [`${'0'.repeat(35)}:0`, `${hash.slice(5)}:42`, `${'F'.repeat(35)}:3`]
    return response.end(request.url === `/range/${hash.slice(0, 5)}` ? lines.join('\r\n') : lines[0])
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => server.close())
  server.unref()
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/range/`, asked, hash, list }
}

test('a new password is judged: length, lists, strength, the own address and name, breaches; and the reason is said', async () => {
  const breached = 'sjaldgæf orð á stangli 7'
  const { url, asked, hash, list } = await breachList(breached)
  const service = await testIdentity({ env: { ALTHING_IDENTITY_BREACH_URL: url } })
  await addAccount(service, { email: 'gudmundur@example.org' })
  const browser = createBrowser(service.origin)
  await signIn(browser, { identifier: 'gudmundur@example.org' })
  const change = async (next: string, current = password) => {
    const page = await (await browser.go('/account/password')).text()
    const answer = await browser.submit(page, 'change-password', { current, password: next })
    return answer.status === 303
      ? 'taken'
      : (/class="error"[^>]*>([^<]+)</.exec(await answer.text())?.[1] ?? '?')
  }
  assert.match(await change('elleftu bok'), /at least 12/)
  assert.match(await change('x'.repeat(129)), /at most 128/)
  assert.match(await change('gudmundur er bestur hér'), /contains your e-mail address/)
  assert.match(await change('passwordpassword'), /too easy|lists/)
  assert.match(await change('aaaaaaaaaaaaaaaaaaaa'), /too easy|lists/)
  assert.match(await change(breached), /data breach/)
  assert.match(await change('some words that are fine', 'not the present one'), /not your present password/)
  assert.match(await change(password), /used this password before/)
  assert.ok(
    asked.every((path) => /^\/range\/[0-9A-F]{5}$/.test(path)),
    'five characters go out and nothing else',
  )
  assert.ok(!asked.join().includes(hash.slice(5)))

  list.works = false
  assert.equal(await change('some words that are fine'), 'taken', 'nobody waits for a list that is down')
  const metrics = await (await service.fetchManagement(new Request('http://x/metrics'))).text()
  assert.match(metrics, /id_password_breach_unanswered_total\{service="identity"\} 1/)
})

test('whoever changes the password stays; everybody else who was in is out; and the old one opens nothing', async () => {
  const service = await testIdentity()
  await addAccount(service)
  const [here, there] = [createBrowser(service.origin), createBrowser(service.origin)]
  for (const browser of [here, there]) await signIn(browser)
  const page = await (await here.go('/account/password')).text()
  const fields = { current: password, password: 'some words that are fine' }
  assert.equal((await here.submit(page, 'change-password', fields)).status, 303)
  assert.deepEqual([(await here.go('/account')).status, (await there.go('/account')).status], [200, 303])
  assert.equal((await signIn(createBrowser(service.origin))).status, 422)
  const guesses = await Promise.all(
    Array.from({ length: 12 }, () => here.submit(page, 'change-password', { ...fields, current: 'guess' })),
  )
  assert.equal(guesses.filter(({ status }) => status === 422).length, 4, 'the fifth ends the session')
  assert.equal((await here.go('/account')).status, 303)
})

test('the preset of the older rule books asks for four kinds of characters and refuses the last five', async () => {
  const service = await testIdentity({ env: { ALTHING_IDENTITY_PRESET: 'suma' } })
  await addAccount(service)
  const browser = createBrowser(service.origin)
  await signIn(browser)
  let current = password
  const change = async (next: string) => {
    const page = await (await browser.go('/account/password')).text()
    const answer = await browser.submit(page, 'change-password', { current, password: next })
    if (answer.status === 303) current = next
    return answer.status
  }
  assert.equal(await change('fjögur orð í runu hér'), 422)
  const taken = [
    'Fjögur orð í runu 1',
    'Blár hestur á túni 2',
    'Gamalt skip í höfn 3',
    'Rautt epli á borði 4',
  ]
  for (const next of taken) assert.equal(await change(next), 303, next)
  assert.equal(await change(taken[0] ?? ''), 422)
})

test('a password that stands alone is asked to be longer, and one beside a second step is not', async () => {
  const service = await testIdentity()
  await addAccount(service)
  const browser = createBrowser(service.origin)
  await signIn(browser)
  const change = async (current: string, next: string) => {
    const page = await (await browser.go('/account/password')).text()
    const answer = await browser.submit(page, 'change-password', { current, password: next })
    return { page, at: await told(browser, answer) }
  }
  const short = await change(password, 'blár hestur 7')
  assert.match(short.page, /take 15 characters or more/)
  assert.equal(short.at, '/account/security: done.passwordAlone', 'taken, and told')
  const long = await change('blár hestur 7', 'blár hestur á túni 2')
  assert.equal(long.at, '/account/security: done.password')
  await turnOnTwoStep(browser)
  const beside = await change('blár hestur á túni 2', 'rautt epli 44')
  assert.doesNotMatch(beside.page, /or more/)
  assert.equal(beside.at, '/account/security: done.password')

  const strict = await testIdentity({ env: { ALTHING_IDENTITY_PRESET: 'nist-aal3' } })
  await addAccount(strict)
  const other = createBrowser(strict.origin)
  await signIn(other)
  const page = await (await other.go('/account/password')).text()
  const refused = await other.submit(page, 'change-password', {
    current: password,
    password: 'blár hestur 7',
  })
  assert.equal(refused.status, 422, 'refused where the preset says so')
})

test('password managers find where a password is changed and passkeys are made, and nothing answers where nothing is', async () => {
  const service = await testIdentity()
  const at = (path: string) => fetch(`${service.origin}${path}`, { redirect: 'manual' })
  const change = await at('/.well-known/change-password')
  assert.deepEqual([change.status, change.headers.get('location')], [303, '/account/password'])
  assert.deepEqual(await (await at('/.well-known/passkey-endpoints')).json(), {
    enroll: `${service.origin}/account/passkeys/add`,
    manage: `${service.origin}/account/security`,
  })
  // A manager asks this first: who answers everything with 200 cannot be trusted with the other.
  assert.equal(
    (await at('/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200')).status,
    404,
  )
})
