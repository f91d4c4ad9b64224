import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { z } from 'zod'
import { cheap, testIdentity } from '../../../tests/support/identity.ts'
import { Config } from '../config.ts'
import { SettingsInForce } from '../contract.ts'
import { groups } from './table.ts'
import { meanings } from './texts.ts'

const admin = { subject: 'acc_00000000-0000-7000-8000-00000000000a', roles: ['administrator'] }

async function shown(env: Record<string, string> = {}): Promise<z.output<typeof SettingsInForce>> {
  const service = await testIdentity({ env })
  const answer = await service.asPerson(admin, 'GET', '/api/identity/settings')
  assert.equal(answer.status, 200)
  return SettingsInForce.parse(await answer.json())
}
const all = (inForce: z.output<typeof SettingsInForce>) =>
  new Map(inForce.groups.flatMap(({ settings }) => settings).map((one) => [one.name, one]))
const kinds = ({ warnings }: z.output<typeof SettingsInForce>) =>
  warnings.map(({ kind, setting }) => (setting === null ? kind : `${kind} ${setting}`))

test('every setting stands in one group, and every one that is shown says what it means in both languages', () => {
  const placed = Object.values(groups).flat()
  assert.deepEqual(
    placed.toSorted(),
    Object.keys(Config).toSorted(),
    'Give it its place in settings/table.ts.',
  )
  const unsaid = Object.entries(Config)
    .filter(([name]) => meanings[name] === undefined)
    .map(([name]) => name)
  assert.deepEqual(unsaid, [], 'Say in Icelandic what it means, in settings/texts.ts.')
  assert.deepEqual(
    Object.keys(meanings).filter((name) => !(name in Config)),
    [],
    'Said of settings that are gone.',
  )
})

test('a value is shown with where it comes from: its default, the environment, or the preset', async () => {
  const found = all(
    await shown({
      ALTHING_IDENTITY_PRESET: 'nist-aal3',
      ALTHING_IDENTITY_REMEMBER_DAYS: '7',
      ALTHING_IDENTITY_SESSION_IDLE_MINUTES: '25',
    }),
  )
  const of = (name: string) => {
    const { value, source, written, fallback } = found.get(name) ?? assert.fail(name)
    return [value, source, written, fallback]
  }
  assert.deepEqual(of('rememberDays'), ['7', 'environment', null, '30'])
  assert.deepEqual(of('lockAfter'), ['5', 'default', null, '5'])
  assert.deepEqual(of('passwordMinimum'), ['15', 'preset', '12', '12'])
  assert.deepEqual(of('sessionIdleMinutes'), ['15', 'preset', '25', '30'])
  assert.deepEqual(of('codesBySms'), ['off', 'preset', 'on', 'on'])
})

test('a secret is never shown, only whether it is set', async () => {
  const secret = 'sendgrid:SG.very-secret-key'
  const inForce = await shown({
    ALTHING_IDENTITY_MAIL_URL: secret,
    ALTHING_IDENTITY_CONNECTORS:
      '[{"id":"g","kind":"google","name":"G","clientId":"x","clientSecret":"hush"}]',
  })
  assert.doesNotMatch(JSON.stringify(inForce), /very-secret|hush|correct horse/)
  assert.ok(!JSON.stringify(inForce).includes(cheap.ALTHING_IDENTITY_PORTAL_CLIENT_SECRET))
  const { value, isSet, source } = all(inForce).get('mailUrl') ?? assert.fail()
  assert.deepEqual([value, isSet, source], [null, true, 'environment'])
  assert.equal(all(inForce).get('smsUrl')?.isSet, false)
})

test('what is weaker than decided, and what nobody carries, is said', async () => {
  const weak = kinds(
    await shown({
      ALTHING_IDENTITY_PASSWORD_MINIMUM: '8',
      ALTHING_IDENTITY_LOCK_AFTER: '50',
      ALTHING_IDENTITY_REGISTRATION: 'open',
      ALTHING_IDENTITY_RISK_POLICY: 'off',
    }),
  )
  for (const kind of [
    'below passwordMinimum',
    'above lockAfter',
    'open-door',
    'risk-off',
    'breaches-unasked',
  ])
    assert.ok(weak.includes(kind), kind)
  assert.ok(weak.includes('mail-uncarried') && weak.includes('sms-uncarried'))
  const mailOnly = kinds(await shown({ ALTHING_IDENTITY_MAIL_URL: 'smtps://mail.example.org' }))
  assert.ok(mailOnly.includes('link-has-no-code') && !mailOnly.includes('mail-uncarried'))
  const both = kinds(
    await shown({
      ALTHING_IDENTITY_MAIL_URL: 'smtps://mail.example.org',
      ALTHING_IDENTITY_SMS_URL: 'http://127.0.0.1:9/outbox',
    }),
  )
  assert.ok(!both.includes('link-has-no-code') && both.includes('open-mailbox'))
  const strict = kinds(await shown({ ALTHING_IDENTITY_PRESET: 'nist-aal3' }))
  assert.ok(!strict.includes('sms-uncarried'), 'none are promised')
})

test('settings are for administrators to read, and nobody writes them here', async () => {
  const service = await testIdentity()
  const as = (roles: string[], method: string) =>
    service.asPerson({ ...admin, roles }, method, '/api/identity/settings')
  for (const roles of [[], ['member'], ['election-manager']])
    assert.equal((await as(roles, 'GET')).status, 403)
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
    assert.equal((await as(['superadmin'], method)).status, 405, method)
})
