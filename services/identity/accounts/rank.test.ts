/** What the office does to an account is decided on what is so at that moment: whoever is being made more meanwhile is above already. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Registry } from '@althing/kernel/telemetry'
import { until, untilBlocked } from '@althing/kernel/testing'
import { addAccount, testIdentity } from '../../../tests/support/identity.ts'
import { lettersAreOut, testMailbox } from '../../../tests/support/mailbox.ts'
import { commandRunner } from '../../../tests/support/commands.ts'
import { peopleCommands } from '../cli-people.ts'
import { compose, type IdentityKit } from '../compose.ts'
import { createMetrics } from '../metrics.ts'

const { url, mails } = await testMailbox()
const service = await testIdentity({ env: { ALTHING_IDENTITY_MAIL_URL: url } })
const { database } = service.kit
const administrator = { subject: 'acc_00000000-0000-4000-8000-000000000002', roles: ['administrator'] }
const superadmin = { subject: 'acc_00000000-0000-4000-8000-000000000001', roles: ['superadmin'] }

const asking = {
  roles: { roles: ['election-manager'] },
  status: { status: 'suspended', reason: 'case 20' },
  'reset-factors': { reason: 'case 20' },
  'sign-out': undefined,
} as const

const ask = (by: typeof administrator, id: string, path: keyof typeof asking, body: unknown = asking[path]) =>
  service.asPerson(by, 'POST', `/api/identity/users/${id}/${path}`, body as never)

async function codeOf(answer: Response | Promise<Response>): Promise<unknown> {
  const { status, ...rest } = { status: (await answer).status, body: (await (await answer).json()) as object }
  return [status, (rest.body as { code?: string }).code]
}

const row = async (id: string) =>
  (
    await database.query<{ roles: string[]; status: string }>(
      'select roles, status from account where id = $1',
      [id],
    )
  )[0]

for (const path of Object.keys(asking) as (keyof typeof asking)[])
  test(`whoever is made a superadministrator at this moment is above an administrator already: ${path}`, async () => {
    const id = await addAccount(service, { email: `${path}@rank.example.org` })
    let answer: Promise<Response> | undefined
    await database.transaction(async (db) => {
      await db.query(`update account set roles = '{superadmin}', stamp = stamp + 1 where id = $1`, [id])
      answer = ask(administrator, id, path)
      await untilBlocked(database, 1)
    })
    assert.deepEqual(await codeOf(answer as Promise<Response>), [403, 'identity.accounts.above_you'])
    assert.deepEqual(await row(id), { roles: ['superadmin'], status: 'active' })
  })

test('what somebody has enrolled goes all at once, and whoever makes them more meanwhile waits until it is gone', async () => {
  const id = await addAccount(service, { email: 'enrolled@rank.example.org' })
  await database.query(
    `insert into totp (account, sealed, created_at, confirmed_at) values ($1, '', now(), now())`,
    [id],
  )
  await database.query(
    `insert into passkey (id, account, public_key, counter, transports, name, synced, created_at)
     values ('the last to go', $1, '', 0, '{}', 'A key', false, now())`,
    [id],
  )
  const left = async () =>
    (
      await database.query(
        'select account from totp where account = $1 union all select account from passkey where account = $1',
        [id],
      )
    ).length
  let reset: Promise<Response> | undefined
  let more: Promise<Response> | undefined
  await database.transaction(async (db) => {
    await db.query(`select from passkey where id = 'the last to go' for update`)
    reset = ask(administrator, id, 'reset-factors')
    await untilBlocked(database, 1)
    assert.equal(await left(), 2, 'nothing is gone while something is left')
    more = ask(superadmin, id, 'roles', { roles: ['administrator'] })
    await untilBlocked(database, 2)
  })
  assert.equal((await (reset as Promise<Response>)).status, 200)
  assert.equal(await left(), 0)
  assert.equal((await (more as Promise<Response>)).status, 200)
  assert.deepEqual(await codeOf(ask(administrator, id, 'reset-factors')), [
    403,
    'identity.accounts.above_you',
  ])
})

test('nobody takes their own second step away in the console, whatever their rank: on their own page it has to be shown', async () => {
  const id = await addAccount(service, { email: 'own@rank.example.org', roles: ['superadmin'] })
  await database.query(
    `insert into passkey (id, account, public_key, counter, transports, name, synced, created_at)
     values ('my own', $1, '', 0, '{}', 'A key', false, now())`,
    [id],
  )
  const own = { subject: id, roles: ['superadmin'] }
  assert.deepEqual(await codeOf(ask(own, id, 'reset-factors')), [409, 'identity.accounts.own_factors'])
  assert.equal((await database.query('select from passkey where account = $1', [id])).length, 1)
  assert.equal((await ask(superadmin, id, 'reset-factors')).status, 200, 'somebody else does it')
})

test('an administrator signs out no superadministrator, and a superadministrator signs out both', async () => {
  const boss = await addAccount(service, { email: 'boss@rank.example.org', roles: ['superadmin'] })
  const office = await addAccount(service, { email: 'office@rank.example.org', roles: ['administrator'] })
  const stampOf = async () =>
    (await database.query<{ stamp: number }>('select stamp from account where id = $1', [boss]))[0]?.stamp
  const before = await stampOf()
  for (const by of [administrator, { ...administrator, roles: ['administrator', 'member'] }])
    assert.deepEqual(await codeOf(ask(by, boss, 'sign-out')), [403, 'identity.accounts.above_you'])
  assert.equal(await stampOf(), before)
  const own = { subject: office, roles: ['administrator'] }
  assert.equal(
    (await ask(own, office, 'sign-out')).status,
    200,
    'whoever signs themselves out is above nobody',
  )
  for (const id of [boss, office]) assert.equal((await ask(superadmin, id, 'sign-out')).status, 200)
})

test('an administrator does nothing to another, nor to whoever has a duty, and is told that their role is not below', async () => {
  for (const role of ['administrator', 'auditor', 'operator', 'developer']) {
    const id = await addAccount(service, { email: `${role}@beside.example.org`, roles: ['member', role] })
    for (const path of Object.keys(asking) as (keyof typeof asking)[]) {
      const answer = await ask(administrator, id, path)
      const { title } = (await answer.clone().json()) as { title?: string }
      assert.deepEqual(await codeOf(answer), [403, 'identity.accounts.above_you'], `${role} ${path}`)
      assert.match(title ?? '', /a role that is not below yours/)
    }
    assert.deepEqual(await row(id), { roles: ['member', role], status: 'active' })
  }
})

test('of three who let somebody in again at once one has done it, and one letter goes out', async () => {
  const id = await addAccount(service, { email: 'three@rank.example.org' })
  await database.query(`update account set status = 'suspended' where id = $1`, [id])
  const answers: Promise<Response>[] = []
  await database.transaction(async (db) => {
    await db.query('select from account where id = $1 for update', [id])
    for (let n = 0; n < 3; n += 1) answers.push(ask(superadmin, id, 'status', { status: 'active' }))
    await untilBlocked(database, 3)
  })
  await Promise.all(answers)
  await lettersAreOut(database)
  assert.equal(mails.filter(({ to }) => to === 'three@rank.example.org').length, 1)
})

test('roles that are given by command come with the same letter as those given on a page, once, and whoever is a member stays one', async () => {
  const id = await addAccount(service, { email: 'by-hand@rank.example.org', roles: ['member'] })
  const run = commandRunner(service, peopleCommands)
  const roles = (words: readonly string[], values = {}) => run(['people', 'roles', id, ...words], values)
  assert.match((await roles(['auditor', 'member'])).err, /the register says.*Leave “member” out/)
  assert.deepEqual((await row(id))?.roles, ['member'])
  const given = await roles(['auditor'], { reason: 'The meeting of May' })
  assert.equal(given.code, 0, given.err)
  assert.deepEqual((await row(id))?.roles, ['auditor', 'member'])
  const again = await roles(['auditor'])
  assert.deepEqual([again.code, /Nothing was done/.test(again.err)], [2, true], again.err)
  assert.equal((await roles([], { none: true })).code, 0)
  assert.deepEqual((await row(id))?.roles, ['member'])
  const told = () => mails.filter(({ to }) => to === 'by-hand@rank.example.org')
  await until(() => told().length >= 2)
  assert.equal(told().length, 2)
  const [entry] = await database.query<{ reason: string }>(
    `select reason from audit_entry where target_id = $1 and action = 'accounts.roles' order by at limit 1`,
    [id],
  )
  assert.equal(entry?.reason, 'The meeting of May')
})

test('whoever is shut out has no roles anywhere, whoever gives them some: on a page, by command, or from the register', async () => {
  const toldOf = async (id: string) =>
    (
      await database.query<{ roles: string[] }>(
        `select payload->'roles' as roles from outbox_message where payload->>'person' = $1 order by id desc limit 1`,
        [id],
      )
    )[0]?.roles
  const id = await addAccount(service, { email: 'shut@rank.example.org', roles: ['administrator'] })
  await ask(superadmin, id, 'status')
  const run = commandRunner(service, peopleCommands)
  assert.equal((await run(['people', 'roles', id, 'election-manager'])).code, 0)
  assert.deepEqual(await toldOf(id), [])
})

test('whoever has not used their first link is let in by that link alone, however often they are shut out and let in again', async () => {
  const id = await addAccount(service, {
    email: 'link@rank.example.org',
    status: 'pending',
    withPassword: false,
  })
  const set = async (status: string) => {
    const answer = await ask(superadmin, id, 'status', { status, reason: 'case 21' })
    const { code, status: now } = (await answer.json()) as { code?: string; status?: string }
    return code ?? now
  }
  assert.equal(await set('active'), 'identity.accounts.not_yet')
  for (const shut of [['suspended'], ['banned'], ['suspended', 'banned']]) {
    for (const one of shut) assert.equal(await set(one), one)
    assert.equal(await set('active'), 'pending', shut.join(' and '))
    assert.equal(await set('active'), 'identity.accounts.not_yet')
  }
  const opened = mails.filter(
    ({ to, subject }) => to === 'link@rank.example.org' && /open again/.test(subject),
  )
  assert.deepEqual(opened, [], 'nobody is told that they can sign in as before')
  const parts = compose(service.kit as unknown as IdentityKit, createMetrics(new Registry()))
  const { code } = await parts.activation.issuePaper(id, 'operator:test')
  await parts.activation.use((await parts.activation.read(code)) ?? '', 'correct horse battery staple')
  assert.equal((await row(id))?.status, 'active')
  assert.equal(await set('suspended'), 'suspended')
  assert.equal(await set('active'), 'active', 'who was in once comes back in')
})

test('a code on paper lets whoever holds it in as whom it is for: it is made only for whom one could have made such an account', async () => {
  const paper = (by: typeof administrator, id: string) =>
    service.asPerson(by, 'POST', `/api/identity/users/${id}/paper-code`, {})
  for (const [role, says] of [
    ['member', 201],
    ['election-manager', 201],
    ['auditor', 403],
    ['administrator', 403],
    ['superadmin', 403],
  ] as const) {
    const id = await addAccount(service, {
      email: `paper-${role}@rank.example.org`,
      roles: [role],
      status: 'pending',
      withPassword: false,
    })
    const answer = await paper(administrator, id)
    assert.equal(answer.status, says, role)
    if (says === 403)
      assert.equal(((await answer.json()) as { code: string }).code, 'identity.activation.above_you')
    assert.equal((await paper(superadmin, id)).status, 201, role)
  }
})
