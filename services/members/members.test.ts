import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testService } from '../../tests/support/service.ts'
import type { Membership } from './contract.ts'
import { members } from './service.ts'
import type { z } from 'zod'

const anna = '1201743399,Anna Jónsdóttir,anna@example.org,8000001,2020-01-01,yes,active'
const birna = '1402803329,Birna Árnadóttir,birna@example.org,8000002,2020-01-01,no,active'

test('the eID’s kennitala finds the member, and identity and events are told', async () => {
  const { bring, identified, membership, told, member } = await setUp()
  await bring(anna)
  await identified(person(1), { nationalId: '1201743399' })
  const id = await member('1201743399')
  assert.deepEqual(await membership(person(1)), {
    isMember: true,
    membershipStatus: 'active',
    feesPaid: true,
    verified: true,
    kennitala: '120174****',
    member: id,
    name: 'Anna Jónsdóttir',
    phone: '8000001',
    memberSince: '2020-01-01',
  })
  assert.deepEqual(await told(), [
    ['events', 'members.linked', { member: id, person: person(1) }],
    ['identity', 'members.joined', { member: id, person: person(1) }],
  ])
})

test('who has not paid is a member all the same; who left is not, and identity is told', async () => {
  const { bring, identified, membership, told } = await setUp()
  await bring(birna)
  await identified(person(1), { nationalId: '1402803329' })
  assert.equal((await membership(person(1))).membershipStatus, 'unpaid')
  assert.equal((await membership(person(1))).isMember, true)
  await bring(birna.replace('active', 'hætt'))
  const left = await membership(person(1))
  assert.deepEqual([left.isMember, left.membershipStatus], [false, 'inactive'])
  assert.deepEqual((await told()).at(-1)?.[1], 'members.left')
  await bring(birna)
  assert.equal((await membership(person(1))).isMember, true)
})

test('a stranger is told so, and a kennitala that was proven is shown with stars', async () => {
  const { identified, membership } = await setUp()
  const unknown = await membership(person(1))
  assert.deepEqual(
    [unknown.membershipStatus, unknown.verified, unknown.kennitala, unknown.member],
    ['not_found', false, null, null],
  )
  await identified(person(1), { nationalId: '1201743399', email: 'anna@example.org' })
  const proven = await membership(person(1))
  assert.deepEqual(
    [proven.membershipStatus, proven.verified, proven.kennitala],
    ['not_found', true, '120174****'],
  )
})

test('a proven mailbox finds the one active member who has it; the eID proves it better later', async () => {
  const { bring, identified, membership } = await setUp()
  await bring(anna)
  await identified(person(1), { email: 'Anna@Example.org' })
  assert.deepEqual(
    [(await membership(person(1))).isMember, (await membership(person(1))).verified],
    [true, false],
  )
  await identified(person(1), { nationalId: '1201743399', email: 'anna@example.org' })
  assert.equal((await membership(person(1))).verified, true)
})

test('a mailbox that two members share finds nobody', async () => {
  const { bring, identified, membership, told } = await setUp()
  await bring(anna, birna.replace('birna@', 'anna@'))
  await identified(person(1), { email: 'anna@example.org' })
  assert.equal((await membership(person(1))).isMember, false)
  assert.deepEqual(await told(), [])
})

test('a link is never overwritten: what contradicts it is recorded once, and nobody is told anything', async () => {
  const { bring, identified, membership, told, conflicts } = await setUp()
  await bring(anna, birna)
  await identified(person(1), { nationalId: '1201743399' })
  const before = (await told()).length

  await identified(person(2), { nationalId: '1201743399' })
  await identified(person(2), { nationalId: '1201743399' })
  await identified(person(3), { email: 'anna@example.org' })
  await identified(person(1), { nationalId: '1402803329' })
  assert.deepEqual(await conflicts(), [
    ['account_has_another_member', `person:${person(1)}`],
    ['mailbox_belongs_to_linked_member', `person:${person(3)}`],
    ['member_has_another_account', `person:${person(2)}`],
  ])
  assert.equal((await told()).length, before)
  assert.equal((await membership(person(1))).name, 'Anna Jónsdóttir')
  assert.equal((await membership(person(2))).isMember, false)
})

test('who proved another kennitala than the row’s is not that member, whatever mailbox they share', async () => {
  const { bring, identified, membership } = await setUp()
  await bring(anna)
  await identified(person(1), { nationalId: '1402803329', email: 'anna@example.org' })
  assert.equal((await membership(person(1))).isMember, false)
})

test('an account waits for its row: the import that brings it links it', async () => {
  const { bring, identified, membership, told, database } = await setUp()
  await identified(person(1), { nationalId: '1201743399' })
  await identified(person(2), { email: 'birna@example.org' })
  assert.equal((await told()).length, 0)
  await bring(anna, birna)
  assert.equal((await membership(person(1))).isMember, true)
  assert.equal((await membership(person(2))).name, 'Birna Árnadóttir')
  assert.equal((await told()).length, 4)
  assert.deepEqual(await database.query('select from person_claim'), [])
})

test('an import and a sign-in at the same moment never miss each other', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { bring, identified, membership } = await setUp()
    await Promise.all([bring(anna), identified(person(1), { nationalId: '1201743399' })])
    assert.equal((await membership(person(1))).isMember, true)
  }
})

test('two accounts that claim one row at the same moment: one is the member, the other a conflict', async () => {
  const { bring, identified, membership, conflicts, database } = await setUp()
  for (let round = 1; round <= 20; round += 1) {
    await bring(anna)
    const [proven, boxed] = [person(round), person(round + 50)]
    await Promise.all([
      identified(proven, { nationalId: '1201743399' }),
      identified(boxed, { email: 'anna@example.org' }),
    ])
    const are = [(await membership(proven)).isMember, (await membership(boxed)).isMember]
    assert.equal(are.filter(Boolean).length, 1)
    assert.equal((await conflicts()).length, round)
    await database.query('delete from person_claim')
    await database.query('update member set person = null, linked_by = null')
  }
})

test('the roll is of one moment: who joined later or left earlier is not on it', async () => {
  const { bring, roll, identified } = await setUp()
  await bring(anna, birna.replace('2020-01-01', '2024-06-01'))
  await identified(person(1), { nationalId: '1201743399' })
  assert.deepEqual(await roll('2019-12-31T23:59:59Z'), [])
  assert.deepEqual(await roll('2020-01-01T00:00:00Z'), [person(1)])
  assert.deepEqual(await roll('2024-05-31T23:59:59Z'), [person(1)])
  assert.deepEqual(await roll('2024-06-01T00:00:00Z'), [person(1), null])
  const whileMember = new Date().toISOString()
  await bring(anna.replace('active', 'inactive'))
  assert.deepEqual(await roll(new Date(Date.now() + 1000).toISOString()), [null])
  assert.deepEqual(await roll(whileMember), [person(1), null])
  // A member again: from now on, and the time between stays as it was.
  const whileGone = new Date().toISOString()
  await bring(anna)
  assert.deepEqual(await roll(whileGone), [null])
  assert.equal((await roll(new Date(Date.now() + 1000).toISOString())).length, 2)
})

test('a corrected day of joining corrects the roll; one in the future begins then', async () => {
  const { bring, roll } = await setUp()
  await bring(anna)
  await bring(anna.replace('2020-01-01', '2022-01-01'))
  assert.equal((await roll('2021-01-01T00:00:00Z')).length, 0)
  assert.equal((await roll('2022-01-01T00:00:00Z')).length, 1)
  await bring(birna.replace('2020-01-01', '2090-01-01'))
  assert.equal((await roll(new Date().toISOString())).length, 1)
  assert.equal((await roll('2090-01-01T00:00:00Z')).length, 2)
})

test('the roll comes in pages of 500, in the order of the id', async () => {
  const { bring, service } = await setUp()
  await bring(
    ...Array.from({ length: 1101 }, (_, index) => `${kennitala(index)},Félagi ${index},,,2020-01-01,,`),
  )
  const sizes: number[] = []
  const seen: string[] = []
  for (let after = ''; ;) {
    const page = await service.asService(
      'events',
      'GET',
      `/internal/members/roll?cut_off=2021-01-01T00:00:00Z${after}`,
    )
    const { entries, next } = (await page.json()) as { entries: { member: string }[]; next: string | null }
    sizes.push(entries.length)
    seen.push(...entries.map(({ member }) => member))
    if (next === null) break
    after = `&after=${next}`
  }
  assert.deepEqual(sizes, [500, 500, 101])
  assert.deepEqual(seen, [...new Set(seen)].toSorted())
})

test('the list stands in the order of the Icelandic alphabet, in pages, and can be searched', async () => {
  const { bring, list } = await setUp()
  await bring(
    '0101801239,Þór,thor@example.org,,,,',
    '0201801239,Ásta,asta@example.org,,,,',
    '0301801239,Örn,orn@example.org,,,,inactive',
    '0401801239,Ari,ari@example.org,,,,',
    '0501801239,Davíð 100%,david@example.org,,,,',
  )
  const all = ['Ari', 'Ásta', 'Davíð 100%', 'Þór', 'Örn']
  assert.deepEqual((await list('')).names, all)
  const paged: string[] = []
  for (let cursor = ''; ;) {
    const { names, next } = await list(`limit=2${cursor}`)
    paged.push(...names)
    if (next === null) break
    cursor = `&cursor=${next}`
  }
  assert.deepEqual(paged, all)
  assert.deepEqual((await list('status=inactive')).names, ['Örn'])
  assert.deepEqual((await list('q=THOR@')).names, ['Þór'])
  assert.deepEqual((await list('q=ást')).names, ['Ásta'])
  assert.deepEqual((await list('q=050180-1239')).names, ['Davíð 100%'])
  assert.deepEqual((await list(`q=${encodeURIComponent('%')}`)).names, ['Davíð 100%'])
})

test('one member by id', async () => {
  const { bring, service, admin, member } = await setUp()
  await bring(anna)
  const id = await member('1201743399')
  const answer = await service.asPerson(admin, 'GET', `/api/members/${id}`)
  const { name, phone, status } = (await answer.json()) as Record<string, string>
  assert.deepEqual([name, phone, status], ['Anna Jónsdóttir', '8000001', 'active'])
  const unknown = await service.asPerson(
    admin,
    'GET',
    '/api/members/mem_00000000-0000-7000-8000-000000000000',
  )
  assert.equal(unknown.status, 404)
})

const malformed: [path: string, pointer: string][] = [
  ['/api/members?limit=201', '/query/limit'],
  ['/api/members?limit=x', '/query/limit'],
  ['/api/members?status=gone', '/query/status'],
  ['/api/members?q=', '/query/q'],
  ['/api/members?q=%00', '/query/q'],
  [`/api/members?q=${'a'.repeat(101)}`, '/query/q'],
  ['/api/members?q=a&q=b', '/query/q'],
  ['/api/members?other=1', '/query/other'],
  ['/api/members/1', '/path/id'],
  ['/api/members/mem_%00', '/path/id'],
]
for (const [path, pointer] of malformed)
  test(`a question that is none names its field: ${path.slice(0, 40)}`, async () => {
    const { service, admin } = kept
    const answer = await service.asPerson(admin, 'GET', path)
    assert.equal(answer.status, 400)
    const { errors } = (await answer.json()) as { errors: { pointer: string }[] }
    assert.deepEqual(
      errors.map((error) => error.pointer),
      [pointer],
    )
  })

test('a cursor that is not ours is refused', async () => {
  for (const cursor of ['x', 'W10', Buffer.from('["a\\u0000","b"]').toString('base64url')]) {
    const answer = await kept.service.asPerson(kept.admin, 'GET', `/api/members?cursor=${cursor}`)
    assert.equal(answer.status, 400)
  }
})

test('the roll is for events alone, and asks for a moment', async () => {
  const { service, admin } = kept
  const path = '/internal/members/roll?cut_off=2021-01-01T00:00:00Z'
  assert.equal((await service.asPerson(admin, 'GET', path)).status, 403)
  assert.equal((await service.asService('identity', 'GET', path)).status, 403)
  assert.equal((await service.fetch(new Request(`http://localhost:8080${path}`))).status, 401)
  for (const query of ['', '?cut_off=yesterday', '?cut_off=2021-01-01T00:00:00Z&after=1'])
    assert.equal((await service.asService('events', 'GET', `/internal/members/roll${query}`)).status, 400)
})

test('members see themselves and not the register; nobody sees anything without signing in', async () => {
  const { service } = kept
  const member = { subject: person(1), roles: ['member', 'election-manager'] }
  for (const path of ['/api/members', '/api/members/mem_00000000-0000-7000-8000-000000000000']) {
    assert.equal((await service.asPerson(member, 'GET', path)).status, 403)
    assert.equal((await service.fetch(new Request(`http://localhost:8080${path}`))).status, 401)
  }
  const own = '/api/members/me/membership'
  assert.equal((await service.fetch(new Request(`http://localhost:8080${own}`))).status, 401)
})

test('only identity says who somebody is, and in the shape agreed', async () => {
  const { service } = kept
  const say = (from: string, payload: unknown) =>
    service.asService(from, 'POST', '/internal/messages', {
      id: crypto.randomUUID(),
      topic: 'identity.person_identified',
      payload,
    })
  assert.equal((await say('events', { person: person(1), nationalId: '1201743399' })).status, 422)
  assert.notEqual((await say('identity', { person: 'somebody' })).status, 200)
  assert.notEqual((await say('identity', { person: person(1), nationalId: '12' })).status, 200)
})

test('every column says what kind of data it holds', async () => {
  const rows = await kept.service.kit.database.query<{ column: string }>(
    `select c.relname || '.' || a.attname as column from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.attnum > 0 and not a.attisdropped
        and (c.relname like 'member%' or c.relname = 'person_claim')
        and coalesce(col_description(c.oid, a.attnum), '') not in ('contact', 'proof', 'secret', 'operational')`,
  )
  assert.deepEqual(rows, [])
})

test('identity may ask who belongs, for the page of the account; nobody else may ask about another', async () => {
  const { service, membership, admin } = kept
  const path = `/internal/members/membership/${person(1)}`
  const answer = await service.asService('identity', 'GET', path)
  assert.equal(answer.status, 200)
  assert.deepEqual(await answer.json(), await membership(person(1)))
  for (const other of ['events', 'elections', 'portal', 'policy'])
    assert.equal((await service.asService(other, 'GET', path)).status, 403, other)
  assert.equal((await service.asPerson(admin, 'GET', path)).status, 403)
  assert.equal((await service.fetch(new Request(`http://localhost:8080${path}`))).status, 401)
  assert.equal((await service.asService('identity', 'GET', '/internal/members/membership/acc_1')).status, 400)
})

function person(number: number): string {
  return `acc_00000000-0000-7000-8000-${String(number).padStart(12, '0')}`
}

function kennitala(index: number): string {
  const day = String((index % 28) + 1).padStart(2, '0')
  const month = String((Math.floor(index / 28) % 12) + 1).padStart(2, '0')
  return `${day}${month}${60 + Math.floor(index / 336)}2019`
}

/** For questions that change nothing. */
const kept = await setUp()

async function setUp() {
  const service = await testService(members)
  const { database } = service.kit
  const admin = { subject: person(100), roles: ['administrator'] }
  const get = (path: string, by: { subject: string; roles?: string[] } = admin) =>
    service.asPerson(by, 'GET', path)
  return {
    service,
    admin,
    database,
    async bring(...rows: string[]) {
      const text = `kennitala,name,email,phone,date_joined,fees_paid,status\n${rows.join('\n')}\n`
      const looked = await service.fetch(
        new Request('http://localhost:8080/api/members/imports', {
          method: 'POST',
          headers: { authorization: `Bearer ${service.issuer.token(admin)}`, 'content-type': 'text/csv' },
          body: text,
        }),
      )
      const { id } = (await looked.json()) as { id: string }
      const done = await service.asPerson(admin, 'POST', `/api/members/imports/${id}/commit`)
      assert.equal(done.status, 200, await done.clone().text())
    },
    async identified(subject: string, proven: { nationalId?: string; email?: string }) {
      const answer = await service.asService('identity', 'POST', '/internal/messages', {
        id: crypto.randomUUID(),
        topic: 'identity.person_identified',
        payload: { person: subject, ...proven },
      })
      assert.equal(answer.status, 200, await answer.clone().text())
    },
    async membership(subject: string) {
      const answer = await get('/api/members/me/membership', { subject })
      assert.equal(answer.status, 200)
      return (await answer.json()) as z.output<typeof Membership>
    },
    /** What lies in the outbox: nobody else runs here, so it stays. */
    async told() {
      const rows = await database.query<{ recipient: string; topic: string; payload: unknown }>(
        'select recipient, topic, payload from outbox_message order by created_at, recipient',
      )
      return rows.map(({ recipient, topic, payload }) => [recipient, topic, payload])
    },
    async member(number: string) {
      const [row] = await database.query<{ id: string }>('select id from member where kennitala = $1', [
        number,
      ])
      return row?.id
    },
    async conflicts() {
      const rows = await database.query<{ reason: string; on_behalf_of: string }>(
        `select reason, on_behalf_of from audit_entry where action = 'members.link-conflict' order by reason`,
      )
      return rows.map(({ reason, on_behalf_of }) => [reason, on_behalf_of])
    },
    async roll(cutOff: string) {
      const page = await service.asService(
        'events',
        'GET',
        `/internal/members/roll?cut_off=${encodeURIComponent(cutOff)}`,
      )
      assert.equal(page.status, 200, await page.clone().text())
      const { entries } = (await page.json()) as { entries: { person: string | null }[] }
      // Two ids of one millisecond stand in any order.
      return entries.map((entry) => entry.person).toSorted((a) => (a === null ? 1 : -1))
    },
    async list(query: string) {
      const answer = await get(`/api/members?${query}`)
      const { members, next } = (await answer.json()) as { members: { name: string }[]; next: string | null }
      return { names: members.map(({ name }) => name), next }
    },
  }
}
