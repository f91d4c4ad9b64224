/** Emergency access happens before everybody's eyes: letters to whoever it is about and to those who look after the house, and an alert. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addAccount, testIdentity } from '../../../tests/support/identity.ts'
import { lettersAreOut, testMailbox } from '../../../tests/support/mailbox.ts'

const { url, mails } = await testMailbox()
const service = await testIdentity({ env: { ALTHING_IDENTITY_MAIL_URL: url } })
const { database } = service.kit
const ada = await addAccount(service, { email: 'ada@example.org', name: 'Ada', roles: ['administrator'] })
const bea = await addAccount(service, { email: 'bea@example.org', name: 'Bea', roles: ['superadmin'] })
await addAccount(service, { email: 'una@example.org', name: 'Una', roles: ['member'] })
const olaf = await addAccount(service, { email: 'olaf@example.org', name: 'Ólafur', roles: ['operator'] })
await database.query(`update account set locale = 'en' where id = $1`, [bea])

const fact = (state: string, more: Readonly<Record<string, unknown>> = {}) => ({
  id: `ovr_${crypto.randomUUID()}`,
  person: olaf,
  role: 'administrator',
  state,
  reason: 'The count needs it.',
  by: `person:${olaf}`,
  at: new Date().toISOString(),
  until: null,
  decideBy: '2126-12-24T21:00:00.000Z',
  ...more,
})
const tell = (payload: unknown, { from = 'policy', id = crypto.randomUUID() as string } = {}) =>
  service.asService(from, 'POST', '/internal/messages', { id, topic: 'policy.emergency_changed', payload })

const settled = () => lettersAreOut(database, 'identity.emergency-access')
const to = (address: string) => mails.filter((mail) => mail.to === address)
const alerts = () =>
  database.query(
    `select severity, count from security_alert where kind = 'emergency-access' and account = $1`,
    [olaf],
  )

test('nobody but policy says that somebody has emergency access, and what is no such fact is refused', async () => {
  assert.equal((await tell(fact('asked'), { from: 'members' })).status, 422)
  for (const wrong of [
    fact('perhaps'),
    { ...fact('asked'), role: 'king' },
    { ...fact('asked'), at: 'now' },
    {},
  ])
    assert.notEqual((await tell(wrong)).status, 200)
  await settled()
  assert.deepEqual([mails.length, await alerts()], [0, []])
})

test('whoever asks and everybody who looks after the house hear of it in their language, once, and so do the alerts', async () => {
  const id = crypto.randomUUID()
  const wish = fact('asked')
  for (let n = 0; n < 3; n += 1) assert.equal((await tell(wish, { id })).status, 200)
  await settled()
  assert.deepEqual(mails.map((mail) => mail.to).sort(), [
    'ada@example.org',
    'bea@example.org',
    'olaf@example.org',
  ])
  assert.match(to('olaf@example.org')[0]?.subject ?? '', /Þú hefur beðið um neyðaraðgang/)
  assert.match(to('ada@example.org')[0]?.text ?? '', /beðið um neyðaraðgang: Ólafur\. Hlutverkið: stjórnandi/)
  assert.match(
    to('bea@example.org')[0]?.text ?? '',
    /Ólafur has asked for emergency access with this role: administrator/,
  )
  assert.match(
    to('bea@example.org')[0]?.text ?? '',
    /waits until 24 December 2126 at 21:00 \(Reykjavík\) and then lapses/,
  )
  assert.match(to('olaf@example.org')[0]?.text ?? '', /bíður til 24\. desember 2126 kl\. 21:00/)
  assert.match(to('bea@example.org')[0]?.text ?? '', new RegExp(`/admin/emergency/${wish.id}$`, 'm'))
  assert.ok(
    mails.every(({ text }) => !text.includes('The count needs it.')),
    'the reason stands in the console',
  )
  assert.deepEqual(await alerts(), [{ severity: 'medium', count: 1 }])
})

test('so it is when it is in force, graver, and when it is over; its end is in the letter', async () => {
  mails.length = 0
  const given = fact('in-force', { by: `person:${ada}`, until: '2126-12-24T22:15:00.000Z' })
  await tell(given)
  await settled()
  assert.match(to('olaf@example.org')[0]?.text ?? '', /Til 24\. desember 2126 kl\. 22:15/)
  assert.match(to('bea@example.org')[0]?.text ?? '', /until 24 December 2126 at 22:15/)
  assert.deepEqual(await alerts(), [{ severity: 'high', count: 2 }])
  await tell(fact('ended', { by: `person:${ada}` }))
  await tell(fact('refused', { by: `person:${ada}` }))
  await settled()
  assert.equal(mails.length, 9)
  assert.deepEqual(await alerts(), [{ severity: 'high', count: 2 }], 'that it is over alarms nobody')
})

test('of somebody who was erased meanwhile nobody hears anything', async () => {
  mails.length = 0
  await tell(fact('in-force', { person: 'acc_00000000-0000-4000-8000-00000000dead' }))
  await settled()
  assert.equal(mails.length, 0)
})

test('that it is over is said as it was: ended or taken back, by whom, and when', async () => {
  await database.query(`update account set locale = 'en'`)
  const at = '2026-11-30T20:05:00.000Z'
  const written = async (state: string, by: string) => {
    mails.length = 0
    await tell(fact(state, { by, at }))
    await settled()
    const [theirs, others] = [to('olaf@example.org')[0]?.text ?? '', to('bea@example.org')[0]?.text ?? '']
    for (const text of [theirs, others])
      assert.match(text, /It was on 30 November 2026 at 20:05 \(Reykjavík\)\./)
    return [theirs, others]
  }
  const [own, operator] = [`person:${olaf}`, 'operator:root']
  for (const [state, by, toThem, toOthers] of [
    ['ended', `person:${ada}`, /Ada has ended it before its time/, /Ada has ended it before its time/],
    ['ended', own, /signed in to your account has given it back/, /They have given it back themselves/],
    ['ended', operator, /Whoever runs the system has ended it/, /Whoever runs the system has ended it/],
    ['taken-back', own, /has taken that back before anybody/, /They have taken that back themselves before/],
    ['taken-back', `person:${ada}`, /Ada has taken that back/, /Ada has taken that back before anybody/],
    ['refused', `person:${ada}`, /Ada has refused it/, /Ada has refused it/],
    ['fell', 'service:policy', /You may not ask for that any more/, /They may not ask for that any more/],
  ] as const) {
    const [theirs, others] = await written(state, by)
    assert.match(theirs ?? '', toThem)
    assert.match(others ?? '', toOthers)
  }
})

test('what comes out of its order is told to nobody as if it still were so, and the alert is raised all the same', async () => {
  const id = `ovr_${crypto.randomUUID()}`
  mails.length = 0
  await tell(fact('ended', { id, by: `person:${ada}` }))
  await settled()
  assert.equal(mails.length, 3)
  await database.query('delete from security_alert')
  await tell(fact('in-force', { id, by: `person:${ada}`, until: '2126-12-24T22:15:00.000Z' }))
  await settled()
  await tell(fact('asked', { id }))
  await settled()
  assert.equal(mails.length, 3)
  assert.deepEqual(await alerts(), [{ severity: 'high', count: 2 }])
  const other = `ovr_${crypto.randomUUID()}`
  for (const state of ['asked', 'in-force', 'ended']) {
    await tell(fact(state, { id: other, until: state === 'in-force' ? '2126-12-24T22:15:00.000Z' : null }))
    await settled()
  }
  assert.equal(mails.length, 12, 'in its order all is told')
})

test('what is over by its time when it is heard is told to nobody as if it held or waited, and the alert is raised all the same', async () => {
  mails.length = 0
  await database.query('delete from security_alert')
  const past = '2020-01-01T00:00:00.000Z'
  // One after the other: an alert counts what is later than what it has seen.
  await tell(fact('asked', { decideBy: past }))
  await settled()
  await tell(fact('in-force', { by: `person:${ada}`, until: past }))
  await settled()
  assert.deepEqual(mails, [])
  assert.deepEqual(await alerts(), [{ severity: 'high', count: 2 }])
  await tell(fact('ended', { by: `person:${ada}`, decideBy: past }))
  await tell(fact('asked', { decideBy: null }))
  await settled()
  assert.equal(
    mails.length,
    6,
    'that it has ended is so, and a version before does not say until when it waits',
  )
})
