import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import { startEid } from '../../run/demo/eid.ts'
import { freePorts } from '../../run/ports.ts'
import { startGithub } from '../support/github.ts'
import { heading, peopleOverAlthing, press } from './people-at-devices.ts'

/** Members link accounts elsewhere and sign in with them: each kind of provider stands over the wire, and people click through it. */
const secret = 'the-secret-of-our-client-there'
const [
  workPort = 0,
  tenantPort = 0,
  googlePort = 0,
  githubPort = 0,
  main = 0,
  ballots = 0,
  management = 0,
  eid = 0,
] = await freePorts(8)
const url = `http://localhost:${main}`
const ada = { national_id: '0101502909', name: 'Ada', email: 'ada@work.example', phone_number: '+3548000001' }

async function standIn(port: number, connector: string): Promise<string> {
  const issuer = `http://localhost:${port}`
  const redirectUris = [`${url}/sign-in/with/${connector}/callback`]
  after(
    await startEid({
      issuer,
      host: 'localhost',
      port,
      clientId: 'althing',
      clientSecret: secret,
      redirectUris,
      people: [ada],
    }),
  )
  return issuer
}

const client = { clientId: 'althing', clientSecret: secret }
await startGithub(githubPort, secret)
const connectors = [
  { id: 'work', kind: 'oidc', name: 'Work', issuer: await standIn(workPort, 'work'), ...client },
  {
    id: 'tenant',
    kind: 'microsoft',
    name: 'Microsoft',
    issuer: await standIn(tenantPort, 'tenant'),
    ...client,
  },
  {
    id: 'google',
    kind: 'google',
    name: 'Google',
    issuer: await standIn(googlePort, 'google'),
    ...client,
  },
  { id: 'github', kind: 'github', name: 'GitHub', issuer: `http://localhost:${githubPort}`, ...client },
]

const { device, signIn, mailTo } = await peopleOverAlthing({
  env: { ALTHING_IDENTITY_CONNECTORS: JSON.stringify(connectors) },
  like: {
    url,
    ballotUrl: `http://localhost:${ballots}`,
    managementUrl: `http://127.0.0.1:${management}`,
    eidUrl: `http://localhost:${eid}`,
  },
})

/** At the stand-in somebody chooses who to be; GitHub knows already. */
async function there(page: Page, name: string): Promise<void> {
  if (name === 'GitHub') return
  await page.getByLabel('Kennitala', { exact: true }).fill(ada.national_id)
  await page.getByRole('button', { name: /Áfram með þessa/ }).click()
}

for (const [n, name] of ['Work', 'Microsoft', 'Google', 'GitHub'].entries())
  test(`${name}: a stranger is nobody; linked by its owner it signs in; removed it opens nothing`, async () => {
    const email = `member${40 + n}@example.org`
    const stranger = await device()
    await stranger.goto(`${url}/session/login?return=/account`)
    await press(stranger, new RegExp(`${name}$`))
    await there(stranger, name)
    await stranger.getByText(`Your ${name} account is not linked here`).waitFor()

    const page = await device()
    await signIn(page, email)
    await page.goto(`${url}/account/linked`)
    await press(page, name)
    await there(page, name)
    await page.getByText('It is linked, and signs you in from now on.').waitFor()
    await mailTo(email, 'Annar aðgangur')

    const phone = await device()
    await phone.goto(`${url}/session/login?return=/account`)
    await press(phone, new RegExp(`${name}$`))
    await there(phone, name)
    await heading(phone, 'My account')
    assert.match((await phone.locator('main').textContent()) ?? '', new RegExp(email.replace('.', '\\.')))

    await page.goto(`${url}/account/linked`)
    await page.getByRole('link', { name: new RegExp(`^Remove ${name}`) }).click()
    await press(page, 'Unlink it')
    await page.getByText('It does not sign you in any more.').waitFor()
    const again = await device()
    await again.goto(`${url}/session/login?return=/account`)
    await press(again, new RegExp(`${name}$`))
    await there(again, name)
    await again.getByText(`Your ${name} account is not linked here`).waitFor()
  })
