import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startEid } from '../../../run/demo/eid.ts'
import { demoPeople } from '../../../run/demo/people.ts'
import { freePort } from '../../../run/ports.ts'
import { createBrowser, testIdentity, type Browser } from '../../../tests/support/identity.ts'

test('a hall of 500 behind one address signs in by electronic ID within a minute, none refused; one who tries too often is slowed', async (story) => {
  const people = demoPeople().slice(0, 500)
  const [port, own] = [await freePort(), await freePort()]
  const [issuer, origin] = [`http://localhost:${port}`, `http://localhost:${own}`]
  const client = { clientId: 'althing', clientSecret: 'the-secret-of-our-client-at-the-eID' }
  after(
    await startEid({
      issuer,
      host: 'localhost',
      port,
      ...client,
      redirectUris: [`${origin}/sign-in/eid/callback`],
      people,
    }),
  )
  const service = await testIdentity({
    origin,
    env: {
      ALTHING_URL: origin,
      ALTHING_IDENTITY_PORT: String(own),
      ALTHING_IDENTITY_EID_ISSUER: issuer,
      ALTHING_IDENTITY_EID_CLIENT_ID: client.clientId,
      ALTHING_IDENTITY_EID_CLIENT_SECRET: client.clientSecret,
    },
  })

  async function signIn(nationalId: string): Promise<string | null> {
    const browser = createBrowser(origin)
    const page = await (await browser.go('/sign-in')).text()
    const asked = new URL((await browser.submit(page, 'eid', {})).headers.get('location') ?? '')
    const next = new URL('/oidc/continue', asked)
    for (const name of ['redirect_uri', 'state', 'nonce', 'code_challenge'])
      next.searchParams.set(name, asked.searchParams.get(name) ?? '')
    next.searchParams.set('national_id', nationalId)
    const back = (await fetch(next, { redirect: 'manual' })).headers.get('location') ?? ''
    return (await browser.go(back)).headers.get('location')
  }

  /** Comes back again and again with what nobody gave them. */
  async function guess(browser: Browser): Promise<number> {
    let slowed = 0
    for (let n = 0; n < 30; n += 1)
      if ((await browser.go(`/sign-in/eid/callback?state=guess${n}&code=x`)).status === 429) slowed += 1
    return slowed
  }

  const attacker = createBrowser(origin)
  await attacker.submit(await (await attacker.go('/sign-in')).text(), 'eid', {})
  const began = performance.now()
  const waiting = people.map(({ national_id }) => national_id)
  const places: (string | null)[] = []
  const door = async () => {
    for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) places.push(await signIn(one))
  }
  const [slowed] = await Promise.all([guess(attacker), ...Array.from({ length: 20 }, door)])
  const seconds = (performance.now() - began) / 1000
  story.diagnostic(`500 signed in within ${seconds.toFixed(1)} s`)
  assert.deepEqual([places.length, new Set(places)], [500, new Set(['/account'])])
  assert.ok(seconds < 60, `${seconds} s`)
  assert.equal(slowed, 20, 'ten in ten minutes for one browser')
  const alerts = await service.kit.database.query('select kind from security_alert')
  assert.deepEqual(alerts, [], 'a hall is no attack')
})
