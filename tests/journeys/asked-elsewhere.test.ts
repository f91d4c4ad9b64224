import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { demoPeople } from '../../run/demo/people.ts'
import { lookedPage } from './looking.ts'
import { heading, linkIn, peopleOverAlthing, press } from './people-at-devices.ts'

/** The office's telephone asks somebody to confirm who they are: the letter, the page, the answer, and what the office then knows. */
const { althing, anew, writePassword, mailTo } = await peopleOverAlthing({
  pages: ['ui', 'signin', 'account'],
})
const person = demoPeople(60)[12]
assert.ok(person !== undefined)

test('who is asked from elsewhere signs in where the letter leads, reads what is asked, and allows it', async () => {
  const secret = register('telephone')
  const asked = await post('backchannel', secret, {
    scope: 'openid email',
    login_hint: person.email,
    binding_message: 'Símtal 4711',
  })
  assert.equal(asked.status, 200, JSON.stringify(asked.body))
  const fetchTokens = () =>
    post('token', secret, {
      grant_type: 'urn:openid:params:grant-type:ciba',
      auth_req_id: asked.body['auth_req_id'] ?? '',
    })
  assert.equal((await fetchTokens()).body['error'], 'authorization_pending')

  const letter = await mailTo(person.email, 'Beiðni bíður þín')
  assert.doesNotMatch(letter, /Símtal 4711/)
  const { page, inspect } = await lookedPage((await anew()).context)
  await page.goto(linkIn(letter))
  await page.getByLabel('E-mail address').fill(person.email)
  await press(page, /^Continue$/)
  await writePassword(page)
  await heading(page, 'The office telephone asks you to confirm')
  await page.getByText('Símtal 4711').waitFor()
  await inspect('request')

  // Whoever missed the letter sees it anywhere: first on the front page and the account, and in the header of every other page.
  const badge = page.getByRole('banner').getByRole('link', { name: '1 request waits for you' })
  for (const path of ['/account', '/']) {
    await page.goto(`${althing.url}${path}`)
    await badge.waitFor()
    const first = page.locator('main h1 + *')
    assert.match((await first.textContent()) ?? '', /1 request waits for your answer/, path)
    await inspect(path === '/' ? 'home-asked' : 'account-asked')
  }
  await page.goto(`${althing.url}/account/security`)
  await badge.waitFor()
  await badge.click()
  await page.getByRole('link', { name: /^Look at it/ }).click()
  await heading(page, 'The office telephone asks you to confirm')
  await press(page, 'Allow the request')
  await heading(page, 'Requests waiting')
  await page.getByText('You have allowed it.').waitFor()
  await inspect('requests')
  for (const path of ['/account', '/', '/account/security']) {
    await page.goto(`${althing.url}${path}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    assert.equal(await page.getByText(/request(s)? wait/i).count(), 0, `nothing waits: ${path}`)
    await page.getByRole('banner').getByRole('link', { name: 'Sign out' }).waitFor()
  }

  await pause(5_000)
  const tokens = await fetchTokens()
  assert.equal(tokens.status, 200, JSON.stringify(tokens.body))
  const known = await fetch(`${althing.url}/oauth/userinfo`, {
    headers: { authorization: `Bearer ${tokens.body['access_token']}` },
  })
  assert.equal(((await known.json()) as { email: string }).email, person.email)
})

test('who did not expect it refuses, without a proof, and nobody learns anything', async () => {
  const secret = register('stranger')
  const asked = await post('backchannel', secret, { scope: 'openid', login_hint: person.email })
  const letter = await mailTo(person.email, 'Beiðni bíður þín')
  const { page } = await lookedPage((await anew()).context)
  await page.goto(linkIn(letter))
  await page.getByLabel('E-mail address').fill(person.email)
  await press(page, /^Continue$/)
  await writePassword(page)
  await page.goto(`${althing.url}/account`)
  await page.getByRole('link', { name: 'Look at the request' }).click()
  await page.getByRole('link', { name: /Look at it/ }).click()
  await press(page, 'Refuse the request')
  await page.getByText('You have refused it.').waitFor()
  const told = await post('token', secret, {
    grant_type: 'urn:openid:params:grant-type:ciba',
    auth_req_id: asked.body['auth_req_id'] ?? '',
  })
  assert.equal(told.body['error'], 'access_denied')
})

/** @returns its secret, as the operator reads it once */
function register(id: string): string {
  const file = join(althing.folder, `${id}.json`)
  const metadata = {
    grant_types: ['urn:openid:params:grant-type:ciba'],
    backchannel_token_delivery_mode: 'poll',
    scope: 'openid email',
  }
  writeFileSync(file, JSON.stringify(metadata))
  const cli = fileURLToPath(new URL('../../cli/main.ts', import.meta.url))
  const done = spawnSync(process.execPath, [cli, 'clients', 'add', id, `The office ${id}`, file, '--json'], {
    env: { ...process.env, ALTHING_DATA: althing.folder },
    encoding: 'utf8',
  })
  assert.equal(done.status, 0, done.stderr)
  const { secret } = JSON.parse(done.stdout) as { secret: string }
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
}

async function post(endpoint: string, authorization: string, form: Record<string, string>) {
  const response = await fetch(`${althing.url}/oauth/${endpoint}`, {
    method: 'POST',
    headers: { authorization },
    body: new URLSearchParams(form),
  })
  return { status: response.status, body: (await response.json()) as Record<string, string> }
}
