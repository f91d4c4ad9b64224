import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { isFault } from '@althing/kernel/errors'
import { Registry } from '@althing/kernel/telemetry'
import { compose, type IdentityKit } from '../compose.ts'
import { createMetrics } from '../metrics.ts'
import { addAccount, testIdentity } from '../../../tests/support/identity.ts'

const service = await testIdentity()

/** The whole list, page by page. */
async function listed(by: string): Promise<string[]> {
  const names: string[] = []
  let after: string | null = ''
  while (after !== null) {
    const answer = await service.asPerson(
      { subject: 'acc_00000000-0000-4000-8000-000000000001', roles: ['administrator'] },
      'GET',
      `/api/identity/users?by=${by}&limit=2&after=${after}`,
    )
    assert.equal(answer.status, 200)
    const page = (await answer.json()) as { users: { name: string }[]; next: string | null }
    names.push(...page.users.map(({ name }) => name))
    after = page.next
  }
  return names
}

test('people stand in the order of an Icelandic telephone book, on every page once, or as they were made', async () => {
  const made = [
    'Þóra Fundin',
    'Ása Björk',
    'anna Dís',
    'Ösp Nótt',
    'Æsa Lind',
    'Anna Dís',
    'Birna Rós',
    'Aron Már',
  ]
  for (const [n, name] of made.entries()) {
    await addAccount(service, { name, email: `p${n}@example.org` })
    // An id knows the millisecond in which it was made, and no order within it.
    await pause(2)
  }
  const byName = await listed('name')
  assert.deepEqual(
    byName.map((name) => name.toLowerCase()),
    ['anna dís', 'anna dís', 'aron már', 'ása björk', 'birna rós', 'þóra fundin', 'æsa lind', 'ösp nótt'],
  )
  assert.deepEqual(await listed('made'), made)
  const odd = await service.asPerson(
    { subject: 'acc_00000000-0000-4000-8000-000000000001', roles: ['administrator'] },
    'GET',
    '/api/identity/users?by=height',
  )
  assert.equal(odd.status, 400)
})

const all = ['member', 'superadmin']

async function suspend(by: string, whom: string) {
  const answer = await service.asPerson(
    { subject: by, roles: all },
    'POST',
    `/api/identity/users/${whom}/status`,
    { status: 'suspended', reason: 'case 19' },
  )
  const { code } = (await answer.json()) as { code?: string }
  return { status: answer.status, code }
}

test('nobody suspends themselves, and of the last two superadministrators who suspend each other one remains', async () => {
  const [one, two] = await Promise.all(
    ['one', 'two'].map((name) => addAccount(service, { name, email: `${name}@example.org`, roles: all })),
  )
  assert.ok(one !== undefined && two !== undefined)
  assert.deepEqual(await suspend(one, one), { status: 409, code: 'identity.accounts.yourself' })
  const answers = await Promise.all([suspend(one, two), suspend(two, one)])
  assert.deepEqual(
    answers.map(({ status }) => status).sort((a, b) => a - b),
    [200, 409],
  )
  assert.ok(answers.some(({ code }) => code === 'identity.accounts.last_superadmin'))
  const left = await service.kit.database.query(
    `select id from account where status = 'active' and 'superadmin' = any(roles)`,
  )
  assert.equal(left.length, 1)
})

test('of roles the same holds for a page; an operator at the machine may, as they can undo it', async () => {
  const { accounts } = compose(service.kit as unknown as IdentityKit, createMetrics(new Registry()))
  const [last] = await service.kit.database.query<{ id: string }>(
    `select id from account where status = 'active' and 'superadmin' = any(roles)`,
  )
  const id = last?.id ?? ''
  const codeOf = (code: string) => (error: unknown) => isFault(error, `identity.accounts.${code}`)
  await assert.rejects(accounts.setOffice(id, [], `person:${id}`), codeOf('yourself'))
  await assert.rejects(accounts.setOffice(id, [], 'person:acc_other'), codeOf('last_superadmin'))
  await accounts.setOffice(id, [], 'operator:test')
  await accounts.setOffice(id, ['superadmin'], 'operator:test')
})

test('whoever looks at their own account is told that it is theirs', async () => {
  const [own, other] = [
    await addAccount(service, { email: 'own@example.org', roles: ['administrator'] }),
    await addAccount(service, { email: 'other@example.org' }),
  ]
  const isOneself = async (id: string) => {
    const answer = await service.asPerson(
      { subject: own, roles: ['administrator'] },
      'GET',
      `/api/identity/users/${id}`,
    )
    return ((await answer.json()) as { isOneself: boolean }).isOneself
  }
  assert.deepEqual([await isOneself(own), await isOneself(other)], [true, false])
})

test('roles are given on a page by whoever holds as much: none above their own, none to oneself, and one superadministrator remains', async () => {
  const set = async (by: { subject: string; roles: string[] }, whom: string, roles: readonly string[]) => {
    const answer = await service.asPerson(by, 'POST', `/api/identity/users/${whom}/roles`, {
      roles,
      reason: 'Board, no. 7',
    })
    const { code, roles: now } = (await answer.json()) as { code?: string; roles?: string[] }
    return { status: answer.status, code, roles: now }
  }
  const make = (name: string, roles: string[]) =>
    addAccount(service, { email: `${name}@roles.example.org`, roles })
  const [boss, office, manager, plain] = [
    { subject: await make('boss', ['superadmin']), roles: ['superadmin'] },
    { subject: await make('office', ['administrator']), roles: ['administrator'] },
    { subject: await make('manager', ['election-manager']), roles: ['election-manager'] },
    await make('plain', ['member']),
  ]
  const refused = (code: string, status = 403) => ({
    status,
    code: `identity.accounts.${code}`,
    roles: undefined,
  })
  assert.equal((await set(manager, plain, ['election-manager'])).status, 403)
  assert.deepEqual(await set(office, plain, ['superadmin']), refused('above_role'))
  assert.deepEqual(await set(office, boss.subject, []), refused('above_you'))
  assert.deepEqual(await set(office, office.subject, ['election-manager']), refused('yourself', 409))
  assert.deepEqual(await set(boss, boss.subject, ['superadmin', 'administrator']), refused('yourself', 409))
  assert.equal((await set(boss, plain, ['member'])).status, 400, 'who is a member, the register says')
  assert.equal((await set(boss, plain, ['emperor'])).status, 400)

  const given = await set(office, plain, ['election-manager'])
  assert.deepEqual([given.status, given.roles], [200, ['election-manager', 'member']])
  assert.deepEqual((await set(office, plain, ['election-manager'])).roles, ['election-manager', 'member'])
  const { database } = service.kit
  const lines = await database.query<{ actor: string; reason: string }>(
    `select actor, reason from audit_entry where action = 'accounts.roles' and target_id = $1`,
    [plain],
  )
  assert.deepEqual(
    lines,
    [{ actor: `person:${office.subject}`, reason: 'Board, no. 7' }],
    'once, and not for nothing',
  )

  const supers = await database.query<{ id: string }>(
    `select id from account where 'superadmin' = any(roles) and id <> $1`,
    [boss.subject],
  )
  for (const { id } of supers) assert.equal((await set(boss, id, [])).status, 200)
  const second = await make('second', ['superadmin'])
  assert.equal((await set({ subject: second, roles: ['superadmin'] }, boss.subject, [])).status, 200)
  assert.deepEqual(
    await set({ subject: manager.subject, roles: ['superadmin'] }, second, []),
    refused('last_superadmin', 409),
  )
  assert.deepEqual((await set(office, plain, [])).roles, ['member'], 'what the register said stays')
})

test('what people are called is told of a whole page at once, to whoever has an office and to nobody else', async () => {
  const [ada, bea] = [
    await addAccount(service, { email: 'named1@example.org', name: 'Ada Nefnd' }),
    await addAccount(service, { email: 'named2@example.org', name: 'Bea Nefnd' }),
  ]
  const nobody = 'acc_00000000-0000-7000-8000-00000000dead'
  const ask = (of: string, role: string) =>
    service.asPerson({ subject: ada, roles: [role] }, 'GET', `/api/identity/names?of=${of}`)
  assert.equal((await ask(bea, 'member')).status, 403)
  for (const role of ['election-manager', 'administrator', 'developer', 'operator', 'auditor'])
    assert.deepEqual(
      await (await ask([ada, bea, nobody].join(','), role)).json(),
      { names: { [ada]: 'Ada Nefnd', [bea]: 'Bea Nefnd' } },
      role,
    )
  const strange = ['a', '', 'ada@example.org', `${ada}0`, 'Person::a', bea]
  assert.deepEqual(
    await (await ask(strange.join(','), 'administrator')).json(),
    { names: { [bea]: 'Bea Nefnd' } },
    'what is no id has no name, and takes nobody else’s',
  )
  assert.equal((await fetch(`${service.origin}/api/identity/names?of=${bea}`)).status, 401)
  const tooMany = Array.from({ length: 101 }, () => ada).join(',')
  assert.equal((await ask(tooMany, 'administrator')).status, 400)
})

test('whose an address is and what people are called, policy asks for the commands of an operator, and nobody else', async () => {
  const eva = await addAccount(service, { email: 'eva@example.org', name: 'Eva' })
  const path = '/internal/identity/people'
  const ask = (body: object, by = 'policy') => service.asService(by, 'POST', path, body)
  const chief = { subject: eva, roles: ['superadmin'] }
  const many = Array.from({ length: 1001 }, () => eva)
  for (const body of [{ email: 'eva@example.org' }, { ids: [eva] }]) {
    for (const by of ['portal', 'members', 'events', 'elections'])
      assert.equal((await ask(body, by)).status, 403, by)
    assert.equal((await service.asPerson(chief, 'POST', path, body)).status, 403)
    assert.deepEqual(await (await ask(body)).json(), {
      people: [{ id: eva, name: 'Eva', email: 'eva@example.org' }],
    })
  }
  for (const none of ['eva', '0101302989', '', 7])
    assert.equal((await ask({ email: none })).status, 400, String(none))
  for (const ids of [['eva@example.org'], [7], eva, many]) assert.equal((await ask({ ids })).status, 400)
  assert.equal((await ask({ ids: [eva], email: 'eva@example.org' })).status, 400)
  const nobody = 'acc_00000000-0000-4000-8000-00000000dead'
  for (const body of [{ email: 'nobody@example.org' }, { ids: [nobody] }, { ids: [] }])
    assert.deepEqual(await (await ask(body)).json(), { people: [] })
  const found = await (await ask({ email: ' Eva@Example.ORG ' })).json()
  assert.deepEqual(found, await (await ask({ ids: [...many.slice(2), nobody] })).json())
})

test('a duty is given by a superadministrator alone, and whoever has one is above an administrator in nothing but being let alone', async () => {
  const make = (name: string, roles: string[]) =>
    addAccount(service, { email: `${name}@duties.example.org`, roles })
  const boss = { subject: await make('boss', ['superadmin']), roles: ['superadmin'] }
  const office = { subject: await make('office', ['administrator']), roles: ['administrator'] }
  const plain = await make('plain', [])
  const set = async (by: { subject: string; roles: string[] }, roles: readonly string[]) => {
    const answer = await service.asPerson(by, 'POST', `/api/identity/users/${plain}/roles`, {
      roles,
      reason: '',
    })
    return [answer.status, ((await answer.json()) as { code?: string }).code]
  }
  for (const role of ['developer', 'operator', 'auditor', 'administrator'])
    assert.deepEqual(await set(office, [role]), [403, 'identity.accounts.above_role'], role)
  assert.deepEqual(await set(office, ['election-manager']), [200, undefined])
  assert.deepEqual(await set(boss, ['auditor', 'operator']), [200, undefined])
  assert.deepEqual(await set(office, []), [403, 'identity.accounts.above_you'])
})
