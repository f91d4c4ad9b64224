/** What the console gives whoever makes an application is run as it stands, over a real identity without https. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { codeOf } from '../../web/admin/client-code.ts'
import type { Client, Once } from '../../web/admin/clients-api.ts'
import { addAccount, createBrowser, signIn, testIdentity, type Browser } from '../support/identity.ts'
import { addResource, api, callback, keyPair, through } from '../support/protocol.ts'
import { inherited } from '../support/inherited.ts'

const service = await testIdentity()
await addResource(service)
await addAccount(service)
const chief = await addAccount(service, { email: 'chief@example.org', roles: ['superadmin'] })
const root = fileURLToPath(new URL('../../', import.meta.url))

const redirect_uris = [callback]
const key = await keyPair()
const privateKey = JSON.stringify(key.privateKey.export({ format: 'jwk' }))

for (const [kind, metadata, before] of [
  ['web', { redirect_uris }, ''],
  ['web', { redirect_uris, token_endpoint_auth_method: 'client_secret_post' }, ''],
  ['web', { redirect_uris, policy: 'mcp', resources: { [api]: 'read' } }, ''],
  [
    'web',
    { redirect_uris, token_endpoint_auth_method: 'private_key_jwt', jwks: key.jwks },
    `globalThis.privateKey = await crypto.subtle.importKey('jwk', ${privateKey}, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])`,
  ],
  ['native', { redirect_uris: ['http://127.0.0.1/callback'] }, ''],
  ['spa', { redirect_uris }, ''],
  ['device', {}, ''],
  ['machine', { resources: { [api]: 'read' } }, ''],
] as const)
  test(`the code for ${kind} (${Object.keys(metadata).join(', ')}) runs where the issuer is http://localhost, and gets tokens`, async () => {
    const { client, secret } = await registered(kind, metadata)
    assert.match(
      codeOf(client),
      /  \/\/ The issuer has no https here.*\n  execute: \[client\.allowInsecureRequests\],/,
    )
    assert.doesNotMatch(codeOf({ ...client, issuer: 'https://id.example' }), /allowInsecure/)
    const tokens = await run(before, codeOf(client), secret)
    assert.equal(typeof tokens['access_token'], 'string')
    assert.equal(tokens['id_token'] === undefined, kind === 'machine')
  })

let made = 0
async function registered(kind: string, metadata: object): Promise<{ client: Client; secret: string }> {
  made += 1
  const asked = await service.asPerson(
    { subject: chief, roles: ['superadmin'] },
    'POST',
    '/api/identity/clients',
    { kind, name: 'The shop', id: `shop-${made}`, metadata },
  )
  const { client, secret } = (await asked.json()) as Once
  assert.equal(asked.status, 201)
  return { client, secret: secret ?? '' }
}

/** In a process of its own; this one is the person, whom it sends to an address or shows a code. */
async function run(before: string, code: string, secret: string): Promise<Record<string, unknown>> {
  const whole = [
    "import { createInterface } from 'node:readline/promises'",
    'const asked = createInterface({ input: process.stdin })',
    'globalThis.cameBack = async (start) => (console.log(start.href), new URL((await asked[Symbol.asyncIterator]().next()).value))',
    before,
    code,
    'console.log(JSON.stringify(tokens))',
    'asked.close()',
  ].join('\n')
  const program = spawn(process.execPath, ['--input-type=module', '-e', whole], {
    cwd: root,
    env: { ...inherited(), OIDC_CLIENT_SECRET: secret },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const patience = setTimeout(() => program.kill(), 60_000)
  let last = ''
  for await (const line of createInterface({ input: program.stdout })) {
    last = line
    const [address = '', userCode] = line.split(' ')
    if (!address.startsWith('http')) continue
    const browser = createBrowser(service.origin)
    if (userCode === undefined) program.stdin.write(`${(await through(browser, address)).url.href}\n`)
    else await connect(browser, userCode)
  }
  clearTimeout(patience)
  if (program.exitCode === null) await once(program, 'exit')
  assert.equal(program.exitCode, 0, code)
  return JSON.parse(last) as Record<string, unknown>
}

async function connect(browser: Browser, userCode: string): Promise<void> {
  await signIn(browser)
  const page = await (await browser.go('/oauth/code')).text()
  const compare = await (await browser.submit(page, 'device-code', { user_code: userCode })).text()
  const { url } = await browser.follow(await browser.submit(compare, 'device-confirm', { confirm: 'yes' }))
  await through(browser, url.href)
}
