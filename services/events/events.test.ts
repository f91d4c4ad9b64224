import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { after, test } from 'node:test'
import { canonicalJson, fromBase64url, sha256, toBase64url } from '@althing/kernel/crypto'
import { createMemoryTree } from '@althing/kernel/merkle'
import {
  collectTicket,
  nullifierOf,
  pendingTicket,
  prepare,
  requestTicket,
  ticketMessage,
  verifySignature,
  type PendingTicket,
} from '@althing/kernel/tickets'
import { appCheckAttester, turnstileAttester, until } from '@althing/kernel/testing'
import { manifestInput, type Issuance } from '@althing/elections/contract'
import { testService, type TestService } from '../../tests/support/service.ts'
import { events } from './service.ts'

type Ready = Extract<Issuance, { kind: 'ready' }>

test('a ticket goes the whole way: asked for blindly, signed, unblinded, and it stands under the manifest’s key', async () => {
  const { vote, entitlements, ask } = await setUp()
  const { election, manifest, hash } = await vote()
  assert.deepEqual(await entitlements(person(1)), [
    {
      election,
      title: { is: 'Kosning' },
      slot: '1',
      class: 'full',
      status: 'published',
      opensAt: null,
      closesAt: null,
      ticket: 'none',
    },
  ])
  const pending = pendingFor(manifest, hash, 1)
  const answer = await ask(person(1), election, hash, [pending])
  assert.equal(answer.status, 200, await answer.clone().text())
  const { tickets } = (await answer.json()) as { tickets: { blindSignature: string }[] }
  const held = await collectTicket(pending, fromBase64url(tickets[0]?.blindSignature ?? ''))
  const message = await ticketMessage(
    { manifestHash: fromBase64url(hash), slot: '1', class: 'full' },
    held.otk,
  )
  assert.ok(await verifySignature(pending.issuingKey, prepare(held.prefix, message), held.signature))
  assert.equal((await nullifierOf(held.otk)).length, 32)
  assert.equal((await entitlements(person(1)))[0]?.ticket, 'issued')
})

test('the same request gets the same bytes for ever; another one for the same entitlement is refused', async () => {
  const { vote, ask, database } = await setUp()
  const { election, manifest, hash } = await vote()
  const pending = pendingFor(manifest, hash, 1)
  const first = await (await ask(person(1), election, hash, [pending])).text()
  assert.equal(await (await ask(person(1), election, hash, [pending])).text(), first)
  const other = await ask(person(1), election, hash, [pendingFor(manifest, hash, 2)])
  assert.deepEqual(await codeOf(other), [409, 'events.tickets.already_issued'])
  // What is kept is a hash of what was asked and the day: no value, no answer, no time.
  const [row] = await database.query<Record<string, unknown>>('select * from issuance')
  assert.deepEqual(Object.keys(row ?? {}).toSorted(), [
    'blinded_hash',
    'class',
    'day',
    'election',
    'member',
    'slot',
  ])
  assert.match(String(row?.['day']), /^\d{4}-\d\d-\d\d$/)
})

test('64 requests at once over two services, each for another value: one signature', async () => {
  const { vote, ask, secondNode, service, database } = await setUp()
  const { election, manifest, hash } = await vote()
  const second = await secondNode()
  const asked = await Promise.all(
    Array.from({ length: 64 }, (_, index) => bodyOf(election, hash, [pendingFor(manifest, hash, index)])),
  )
  const answers = await Promise.all(
    asked.map((body, index) =>
      (index % 2 === 0 ? service : second).asPerson(
        { subject: person(1) },
        'POST',
        '/api/events/tickets',
        body,
      ),
    ),
  )
  const statuses = answers.map(({ status }) => status)
  assert.equal(statuses.filter((status) => status === 200).length, 1)
  // The rest lost the race.
  assert.ok(
    statuses.every((status) => [200, 409].includes(status)),
    statuses.join(),
  )
  assert.ok(statuses.filter((status) => status === 409).length >= 59)
  assert.equal((await database.query('select from issuance')).length, 1)
  assert.equal((await database.query('select from issuance_log')).length, 1)
  assert.equal((await ask(person(2), election, hash, [pendingFor(manifest, hash, 99)])).status, 200)
})

test('32 requests at once for the same value get the same bytes', async () => {
  const { vote, secondNode, service } = await setUp()
  const { election, manifest, hash } = await vote()
  const second = await secondNode()
  const body = await bodyOf(election, hash, [pendingFor(manifest, hash, 1)])
  const answers = await Promise.all(
    Array.from({ length: 32 }, (_, index) =>
      (index % 2 === 0 ? service : second).asPerson(
        { subject: person(1) },
        'POST',
        '/api/events/tickets',
        body,
      ),
    ),
  )
  const texts = await Promise.all(answers.map((answer) => answer.text()))
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
  assert.equal(new Set(texts).size, 1)
})

test('elections away, answers lost, the service gone in between: the roll and the keys stay the same', async () => {
  const { service, peers, requestRoll, told, secondNode } = await setUp()
  const election = crypto.randomUUID()
  peers.elections = 'refuses'
  await requestRoll(election)
  await until(() => peers.asked.length > 0)
  const before = await service.kit.database.query('select slot, n from issuing_key where election = $1', [
    election,
  ])
  assert.equal(before.length, 1)
  await service.close()

  peers.elections = 'loses the answer'
  const second = await secondNode()
  await second.kit.database.query('update roll set next_at = now()')
  await second.kit.database.query(`select pg_notify('events_work', '')`)
  await until(() => peers.asked.length > 1)
  peers.elections = 'answers'
  await second.kit.database.query('update roll set next_at = now()')
  await second.kit.database.query(`select pg_notify('events_work', '')`)
  const issuance = await told(election)
  assert.equal(new Set(peers.asked.map((one) => JSON.stringify(one.body))).size, 1)
  assert.equal(issuance.slots[0]?.classes[0]?.issuing_key.n, before[0]?.['n'])
  await until(
    async () => (await second.kit.database.query('select from roll where due is not null')).length === 0,
  )
})

test('members away while the roll is made: it is asked again, and frozen once', async () => {
  const { peers, requestRoll, told, database } = await setUp()
  const election = crypto.randomUUID()
  peers.members = 'refuses'
  await requestRoll(election)
  await until(async () => (await database.query('select from roll where attempts > 0')).length === 1)
  assert.deepEqual(await database.query('select from roll_entry'), [])
  peers.members = 'answers'
  await database.query('update roll set next_at = now()')
  await database.query(`select pg_notify('events_work', '')`)
  assert.equal((await told(election)).slots[0]?.classes[0]?.entitled, 6)
})

test('the roll is one hash: sorted salted leaves, which each voter can find again', async () => {
  const { vote, database } = await setUp()
  const { manifest } = await vote()
  const rows = await database.query<{ salt: Uint8Array; member: string; class: string }>(
    'select salt, member, class from roll_entry',
  )
  const part = (text: string) => Buffer.concat([Buffer.from([0, 0, 0, text.length]), Buffer.from(text)])
  const leaves = rows.map((row) => sha256(Buffer.from([0]), row.salt, part(row.member), part(row.class)))
  leaves.sort(Buffer.compare)
  assert.equal(rows.length, 6)
  assert.equal(
    (JSON.parse(manifest) as { roll_root: string }).roll_root,
    toBase64url(createMemoryTree(leaves).root()),
  )
})

test('fewer than five are refused, unless the officer answers for it in writing; nobody at all always', async () => {
  const { peers, requestRoll, refused, told } = await setUp()
  peers.roll = roster(4)
  const election = crypto.randomUUID()
  await requestRoll(election)
  assert.equal(await refused(election), 'events.rolls.class_too_small')
  peers.asked.length = 0
  await requestRoll(election, { small_group_reason: 'The board has four members.' })
  assert.equal((await told(election)).slots[0]?.classes[0]?.entitled, 4)
  peers.roll = []
  const empty = crypto.randomUUID()
  await requestRoll(empty, { small_group_reason: 'The board has four members.' })
  assert.equal(await refused(empty), 'events.rolls.class_too_small')
})

test('a rule that cannot be decided makes no roll', async () => {
  const { requestRoll, refused, database } = await setUp()
  const election = crypto.randomUUID()
  await requestRoll(election, { eligibility: 'admins' })
  assert.equal(await refused(election), 'events.rolls.eligibility_unknown')
  assert.deepEqual(await database.query('select from issuing_key'), [])
})

test('a roll is frozen at its moment and not before', async () => {
  const { requestRoll, peers, database } = await setUp()
  await requestRoll(crypto.randomUUID(), { cut_off: new Date(Date.now() + 600_000).toISOString() })
  await new Promise((done) => setTimeout(done, 100))
  assert.deepEqual([peers.asked.length, (await database.query('select from roll_entry')).length], [0, 0])
})

test('who gets an account later finds the roll; the roll itself stays as it is', async () => {
  const { vote, linked, entitlements, ask, service } = await setUp()
  const { election, manifest, hash } = await vote()
  assert.deepEqual(await entitlements(person(6)), [])
  const early = await ask(person(6), election, hash, [pendingFor(manifest, hash, 1)])
  assert.deepEqual(await codeOf(early), [403, 'events.tickets.not_on_roll'])
  await linked(6)
  assert.equal((await entitlements(person(6))).length, 1)
  assert.equal((await ask(person(6), election, hash, [pendingFor(manifest, hash, 1)])).status, 200)
  // Somebody who joined after the cut-off is not on it, account or not.
  await linked(7)
  assert.deepEqual(await entitlements(person(7)), [])
  // And nobody takes over a voter who has an account.
  const { database } = service.kit
  await say(service, 'members', 'members.linked', { member: member(1), person: person(8) })
  assert.deepEqual(await entitlements(person(8)), [])
  assert.equal((await database.query('select from roll_entry where person = $1', [person(1)])).length, 1)
})

test('a link that comes while the roll is being made is not lost', async () => {
  const { peers, vote, linked, entitlements } = await setUp()
  peers.beforeRoll = () => linked(6)
  await vote()
  assert.equal((await entitlements(person(6))).length, 1)
})

const falsified: [what: string, change: (manifest: Manifest) => void, problem: string][] = [
  ['another issuing key', (m) => void (classOf(m).issuing_key.n = 'A'.repeat(512)), 'issuing_key'],
  ['another count', (m) => void (classOf(m).entitled = 7), 'entitled'],
  ['another weight', (m) => void (classOf(m).weight = 2), 'entitled'],
  ['another roll', (m) => void (m.roll_root = 'A'.repeat(43)), 'roll_root'],
  ['a class more', (m) => void m.slots[0]?.classes.push({ ...classOf(m), id: 'extra' }), 'places'],
  ['a slot more', (m) => void m.slots.push({ ...m.slots[0]!, id: '2' }), 'places'],
  ['another election', (m) => void (m.election = '7d9f0a53-6e55-4d5f-9d3d-1f6b6cf3a111'), 'election'],
]
for (const [what, change, problem] of falsified)
  test(`no ticket is issued for a manifest that is not ours: ${what}`, async () => {
    const { election, issuance } = await sharedRoll()
    const value = JSON.parse(manifestOf(election, issuance)) as Manifest
    change(value)
    await assertRefusedManifest(election, canonicalJson(value), problem)
  })

test('nor for a text whose hash is another, or that is not spelled as manifests are', async () => {
  const { election, issuance } = await sharedRoll()
  const text = manifestOf(election, issuance)
  await assertRefusedManifest(election, text, 'hash', 'A'.repeat(43))
  await assertRefusedManifest(election, JSON.stringify(JSON.parse(text), null, 1), 'text')
  await assertRefusedManifest(election, '{}', 'text')
})

test('every refusal of a ticket says what is the matter, and spends nothing', async () => {
  const { vote, ask, service, database, requestRoll, told } = await setUp()
  const { election, manifest, hash } = await vote()
  const good = pendingFor(manifest, hash, 1)
  const raw = (items: unknown[], more: object = {}) =>
    service.asPerson({ subject: person(1) }, 'POST', '/api/events/tickets', {
      election,
      manifestHash: hash,
      items,
      ...more,
    })
  const blinded = (bytes: Uint8Array) => toBase64url(bytes)
  const n = fromBase64url(good.issuingKey.n)
  const item = { slot: '1', class: 'full', blinded: toBase64url((await requestTicket(good)).blinded) }
  const less = new Uint8Array(n)
  less[383] = (less[383] ?? 0) - 1
  const one = new Uint8Array(384)
  one[383] = 1

  assert.deepEqual(await codeOf(await ask(person(50), election, hash, [good])), [
    403,
    'events.tickets.not_on_roll',
  ])
  assert.deepEqual(await codeOf(await ask(person(1), crypto.randomUUID(), hash, [good])), [
    403,
    'events.tickets.not_on_roll',
  ])
  assert.deepEqual(await codeOf(await raw([item], { manifestHash: '+'.repeat(43) })), [
    409,
    'events.tickets.wrong_manifest',
  ])
  assert.deepEqual(await codeOf(await raw([{ ...item, slot: '2' }])), [422, 'events.tickets.no_such_ticket'])
  assert.deepEqual(await codeOf(await raw([{ ...item, class: 'half' }])), [
    422,
    'events.tickets.no_such_ticket',
  ])
  assert.deepEqual(await codeOf(await raw([item, item])), [400, 'events.tickets.twice'])
  for (const value of [n, less, one, new Uint8Array(384), new Uint8Array(384).fill(255)])
    assert.deepEqual(await codeOf(await raw([{ ...item, blinded: blinded(value) }])), [
      422,
      'events.tickets.out_of_range',
    ])
  const draft = crypto.randomUUID()
  await requestRoll(draft)
  await told(draft)
  assert.deepEqual(await codeOf(await ask(person(1), draft, hash, [good])), [
    409,
    'events.tickets.not_published',
  ])
  assert.deepEqual(await database.query('select from issuance'), [])
})

test('tickets are issued while the election is open or paused; when it closes the keys are gone and the counts are told', async () => {
  const { vote, ask, course, peers, database, entitlements } = await setUp()
  const { election, manifest, hash } = await vote()
  await course(election, 'open')
  const first = pendingFor(manifest, hash, 1)
  assert.equal((await ask(person(1), election, hash, [first])).status, 200)
  await course(election, 'paused')
  assert.equal((await ask(person(2), election, hash, [pendingFor(manifest, hash, 2)])).status, 200)
  await course(election, 'closed')
  for (const pending of [first, pendingFor(manifest, hash, 3)])
    assert.deepEqual(await codeOf(await ask(person(1), election, hash, [pending])), [
      409,
      'events.tickets.ended',
    ])
  assert.deepEqual(await database.query('select from issuing_key where sealed is not null'), [])
  await until(() => peers.counts.length > 0)
  assert.deepEqual(peers.counts, [{ issued: [{ slot: '1', class: 'full', issued: 2 }] }])

  // Messages come in no promised order: what has ended stays ended.
  await course(election, 'open')
  assert.equal((await entitlements(person(1)))[0]?.status, 'closed')
  await course(election, 'tallied')
  assert.equal((await entitlements(person(1)))[0]?.status, 'tallied')
  const [log] = await database.query<{ log_root: Uint8Array }>('select log_root from roll')
  const leaves = await database.query<{ leaf: Uint8Array }>('select leaf from issuance_log')
  const tree = createMemoryTree(leaves.map(({ leaf }) => leaf).sort(Buffer.compare))
  assert.deepEqual(Buffer.from(log?.log_root ?? []), Buffer.from(tree.root()))
})

test('tickets and the end at the same moment: every ticket given is in the counts', async () => {
  const { vote, course, peers, service, database } = await setUp()
  const { election, manifest, hash } = await vote()
  const bodies = await Promise.all(
    [1, 2, 3, 4, 5].map((index) => bodyOf(election, hash, [pendingFor(manifest, hash, index)])),
  )
  const [, ...answers] = await Promise.all([
    course(election, 'closed'),
    ...bodies.map((body, index) =>
      service.asPerson({ subject: person(index + 1) }, 'POST', '/api/events/tickets', body),
    ),
  ])
  await until(() => peers.counts.length > 0)
  const given = answers.filter(({ status }) => status === 200).length
  const issued = (await database.query('select from issuance')).length
  assert.ok(given <= issued)
  assert.deepEqual(peers.counts[0], { issued: [{ slot: '1', class: 'full', issued }] })
})

test('a cancelled election issues nothing, and a hidden one is not shown', async () => {
  const { vote, course, entitlements, ask, database } = await setUp()
  const { election, manifest, hash } = await vote()
  await course(election, 'open', { hidden: true })
  assert.deepEqual(await entitlements(person(1)), [])
  await course(election, 'cancelled')
  assert.deepEqual(await entitlements(person(1)), [])
  assert.deepEqual(await codeOf(await ask(person(1), election, hash, [pendingFor(manifest, hash, 1)])), [
    409,
    'events.tickets.ended',
  ])
  assert.deepEqual(await database.query('select from issuing_key where sealed is not null'), [])
})

test('the status may be here before the manifest', async () => {
  const { requestRoll, told, course, service, entitlements } = await setUp()
  const election = crypto.randomUUID()
  await requestRoll(election)
  const manifest = manifestOf(election, await told(election))
  await course(election, 'open')
  assert.deepEqual(await entitlements(person(1)), [])
  await publish(service, election, manifest)
  assert.equal((await entitlements(person(1)))[0]?.status, 'open')
})

test('the manifest is read by those on the roll, from its publication on, also when all is over', async () => {
  const { vote, service, requestRoll, told, course } = await setUp()
  const { election, manifest, hash } = await vote()
  const path = `/api/events/elections/${election}/manifest`
  const own = await service.asPerson({ subject: person(1) }, 'GET', path)
  assert.deepEqual(await own.json(), { manifest, hash })
  assert.deepEqual(await codeOf(await service.asPerson({ subject: person(50) }, 'GET', path)), [
    403,
    'events.tickets.not_on_roll',
  ])
  assert.equal((await service.fetch(new Request(`http://localhost:8080${path}`))).status, 401)
  assert.equal((await service.asService('elections', 'GET', path)).status, 403)
  assert.equal(
    (await service.asPerson({ subject: person(1) }, 'GET', '/api/events/elections/1/manifest')).status,
    400,
  )
  for (const status of ['open', 'paused', 'closed'] as const) {
    await course(election, status)
    assert.equal((await service.asPerson({ subject: person(1) }, 'GET', path)).status, 200, status)
  }
  const draft = crypto.randomUUID()
  const early = `/api/events/elections/${draft}/manifest`
  await requestRoll(draft)
  await told(draft)
  assert.deepEqual(await codeOf(await service.asPerson({ subject: person(1) }, 'GET', early)), [
    409,
    'events.tickets.not_published',
  ])
})

const item = { slot: '1', class: 'full', blinded: 'A'.repeat(512) }
const request = {
  election: '7d9f0a53-6e55-4d5f-9d3d-1f6b6cf3a111',
  manifestHash: 'A'.repeat(43),
  items: [item],
}
const malformed: [what: string, body: string, status: number, pointer?: string][] = [
  ['no JSON', '{', 400],
  ['nothing', '{}', 400, '/election'],
  ['a name twice', `{"election":"a","election":"b"}`, 400, '/election'],
  ['a field of its own', JSON.stringify({ ...request, member: 'x' }), 400, '/member'],
  ['another type', JSON.stringify({ ...request, items: 'x' }), 400, '/items'],
  ['no items', JSON.stringify({ ...request, items: [] }), 400, '/items'],
  [
    'too many items',
    JSON.stringify({ ...request, items: Array.from({ length: 61 }, () => item) }),
    400,
    '/items',
  ],
  [
    'a short value',
    JSON.stringify({ ...request, items: [{ ...item, blinded: 'A'.repeat(511) }] }),
    400,
    '/items/0/blinded',
  ],
  [
    'no base64url',
    JSON.stringify({ ...request, items: [{ ...item, blinded: '+'.repeat(512) }] }),
    400,
    '/items/0/blinded',
  ],

  ['too much', JSON.stringify({ ...request, pad: 'x'.repeat(70_000) }), 413],
]
for (const [what, body, status, pointer] of malformed)
  test(`a ticket request that is none is answered with its field: ${what}`, async () => {
    const answer = await send(kept.service, body)
    assert.equal(answer.status, status, await answer.clone().text())
    const { errors = [] } = (await answer.json()) as { errors?: { pointer: string }[] }
    if (pointer !== undefined) assert.equal(errors[0]?.pointer, pointer)
  })

test('tickets are for people who signed in', async () => {
  const { service } = kept
  const path = '/api/events/tickets'
  const nobody = await service.fetch(
    new Request(`http://localhost:8080${path}`, { method: 'POST', body: '{}' }),
  )
  assert.equal(nobody.status, 401)
  assert.equal((await service.asService('elections', 'POST', path, request)).status, 403)
  const me = await service.fetch(new Request('http://localhost:8080/api/events/me/entitlements'))
  assert.equal(me.status, 401)
})

test('where it is demanded a ticket is given to our app or a browser only, after the sign-in and before anything is spent', async () => {
  const [apps, browsers] = [await appCheckAttester(), await turnstileAttester()]
  const { vote, ask, database, service } = await setUp({
    ALTHING_EVENTS_ATTESTATION: 'app-check,turnstile',
    ALTHING_EVENTS_APP_CHECK_PROJECT: apps.project,
    ALTHING_EVENTS_APP_CHECK_APPS: apps.app,
    ALTHING_EVENTS_APP_CHECK_URL: apps.url,
    ALTHING_EVENTS_TURNSTILE_SECRET: browsers.secret,
    ALTHING_EVENTS_TURNSTILE_URL: browsers.url,
  })
  const { election, manifest, hash } = await vote()
  const pending = [pendingFor(manifest, hash, 1)]
  const [app, browser] = ['x-firebase-appcheck', 'x-turnstile-response']
  const solve = (action: string) => browsers.solve({ hostname: 'localhost', action })
  const token = await apps.token()
  const refused: [code: string, headers: Record<string, string>][] = [
    ['missing', {}],
    ['missing', { [app]: '' }],
    ['refused', { [app]: await apps.forged() }],
    ['refused', { [app]: await apps.token({ sub: '1:1234567890:web:1' }) }],
    ['refused', { [app]: await apps.token({ exp: 1 }) }],
    ['refused', { [browser]: token }],
    ['refused', { [browser]: solve('sign-in') }],
    ['refused', { [app]: 'x', [browser]: solve('ticket') }],
  ]
  for (const [word, headers] of refused)
    assert.deepEqual(await codeOf(await ask(person(1), election, hash, pending, headers)), [
      403,
      `kernel.attestation.${word}`,
    ])
  assert.equal((await database.query('select from issuance')).length, 0)
  const response = solve('ticket')
  assert.equal((await ask(person(1), election, hash, pending, { [app]: token })).status, 200)
  assert.equal((await ask(person(1), election, hash, pending, { [browser]: response })).status, 200)
  assert.equal((await ask(person(1), election, hash, pending, { [browser]: response })).status, 403)
  // It replaces neither the sign-in nor the roll.
  const stranger = await ask(person(99), election, hash, pending, { [app]: token })
  assert.deepEqual(await codeOf(stranger), [403, 'events.tickets.not_on_roll'])
  const nobody = await service.fetch(
    new Request('http://localhost:8080/api/events/tickets', {
      method: 'POST',
      body: '{}',
      headers: { [app]: token, 'content-type': 'application/json' },
    }),
  )
  assert.equal(nobody.status, 401)
})

test('while nobody can look, tickets wait, unless the setting says otherwise; a start that lacks something says what', async () => {
  const browsers = await turnstileAttester()
  const env = {
    ALTHING_EVENTS_ATTESTATION: 'turnstile',
    ALTHING_EVENTS_TURNSTILE_SECRET: browsers.secret,
    ALTHING_EVENTS_TURNSTILE_URL: browsers.url,
  }
  const strict = await setUp(env)
  const { election, manifest, hash } = await strict.vote()
  const pending = [pendingFor(manifest, hash, 1)]
  const headers = { 'x-turnstile-response': browsers.solve({ hostname: 'localhost', action: 'ticket' }) }
  browsers.behave('failing')
  const answer = await strict.ask(person(1), election, hash, pending, headers)
  assert.deepEqual(
    [answer.headers.get('retry-after'), ...(await codeOf(answer))],
    ['60', 503, 'kernel.attestation.unavailable'],
  )
  assert.equal((await strict.database.query('select from issuance')).length, 0)
  const lenient = await setUp({ ...env, ALTHING_EVENTS_ATTESTATION_WHEN_AWAY: 'let-in' })
  const other = await lenient.vote()
  const given = await lenient.ask(
    person(1),
    other.election,
    other.hash,
    [pendingFor(other.manifest, other.hash, 1)],
    headers,
  )
  assert.equal(given.status, 200)
  assert.match(
    lenient.service.kit.metrics.render(),
    /id_attestation_demands_total\{[^}]*outcome="let_in"[^}]*\} 1/,
  )
  await assert.rejects(
    setUp({ ALTHING_EVENTS_ATTESTATION: 'app-check' }),
    /APP_CHECK_PROJECT is missing[^]*APP_CHECK_APPS is missing/,
  )
  await assert.rejects(
    setUp({ ALTHING_EVENTS_ATTESTATION: 'sorcery' }),
    /ALTHING_EVENTS_ATTESTATION is not right/,
  )
})

test('only elections speaks of elections, and only members of members', async () => {
  const { service } = kept
  const payload = {
    election: crypto.randomUUID(),
    status: 'closed',
    hidden: false,
    opens_at: null,
    closes_at: null,
  }
  assert.equal((await post(service, 'members', 'elections.changed', payload)).status, 422)
  assert.equal(
    (await post(service, 'elections', 'members.linked', { member: member(1), person: person(1) })).status,
    422,
  )
  assert.equal((await post(service, 'elections', 'elections.changed', payload)).status, 200)
})

test('every column says what kind of data it holds, and nothing beside a ticket is finer than a day', async () => {
  const { database } = kept.service.kit
  const tables = `('roll', 'roll_entry', 'member_account', 'issuing_key', 'issuance', 'issuance_log')`
  const unclassified = await database.query(
    `select c.relname, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.attnum > 0 and c.relname in ${tables}
        and coalesce(col_description(c.oid, a.attnum), '') not in ('contact', 'proof', 'secret', 'operational')`,
  )
  assert.deepEqual(unclassified, [])
  const finer = await database.query(
    `select table_name, column_name from information_schema.columns
      where table_name in ('issuance', 'issuance_log', 'roll_entry') and (data_type like 'time%' or is_identity = 'YES' or column_default is not null)`,
  )
  assert.deepEqual(finer, [])
})

test('nobody’s ticket is in the audit log', async () => {
  const { vote, ask, database } = await setUp()
  const { election, manifest, hash } = await vote()
  const count = async () => (await database.query('select from audit_entry')).length
  const before = await count()
  await ask(person(1), election, hash, [pendingFor(manifest, hash, 1)])
  assert.equal(await count(), before)
})

// ------------------------------------------------------------------------------------------------ the story's people

interface Manifest {
  election: string
  roll_root: string
  slots: {
    id: string
    classes: { id: string; weight: number; entitled: number; issuing_key: { n: string } }[]
  }[]
}

function classOf(manifest: Manifest) {
  const found = manifest.slots[0]?.classes[0]
  assert.ok(found !== undefined)
  return found
}

const number = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
function person(n: number): string {
  return `acc_${number(n)}`
}
function member(n: number): string {
  return `mem_${number(n)}`
}

/** Five members with an account and a sixth without, unless another number is wanted. */
function roster(size: number) {
  return Array.from({ length: size }, (_, index) => ({
    member: member(index + 1),
    person: index < 5 ? person(index + 1) : null,
  }))
}

function manifestOf(election: string, { roll_root, slots }: Ready): string {
  const text = { is: 'Já eða nei?' }
  const option = (id: string) => ({ id, text: { is: id } })
  const questions = [
    {
      id: 'q1',
      text,
      voting_type: 'single-choice',
      max_selections: 1,
      options: [option('ja'), option('nei')],
    },
  ]
  return canonicalJson({
    version: 'althing/manifest/v1',
    election,
    origin: 'http://localhost:8081',
    organisation: 'Félagið',
    title: { is: 'Kosning' },
    slots: slots.map((slot) => ({ ...slot, questions })),
    opens_at: null,
    closes_at: null,
    counting_rule: 'plurality/v1',
    revoting: 'highest-sequence-counts',
    sealing_key: 'B'.repeat(87),
    padded_bytes: 64,
    roll_root,
    log_key: 'A'.repeat(43),
    min_class: 5,
  })
}

const hashOf = (manifest: string) => toBase64url(sha256(manifestInput(manifest)))

function pendingFor(manifest: string, hash: string, seed: number): PendingTicket {
  const { issuing_key } = classOf(JSON.parse(manifest) as Manifest)
  const key = { kty: 'RSA', n: issuing_key.n, e: 'AQAB' } as const
  return pendingTicket(
    new Uint8Array(32).fill(seed + 1),
    { manifestHash: fromBase64url(hash), slot: '1', class: 'full' },
    key,
  )
}

async function bodyOf(election: string, manifestHash: string, pending: readonly PendingTicket[]) {
  const items = await Promise.all(pending.map(requestTicket))
  return {
    election,
    manifestHash,
    items: items.map((one) => ({ ...one, blinded: toBase64url(one.blinded) })),
  }
}

async function codeOf(answer: Response): Promise<[number, string]> {
  return [answer.status, ((await answer.json()) as { code: string }).code]
}

function post(service: TestService, from: string, topic: string, payload: unknown) {
  return service.asService(from, 'POST', '/internal/messages', { id: crypto.randomUUID(), topic, payload })
}

async function say(service: TestService, from: string, topic: string, payload: unknown): Promise<void> {
  const answer = await post(service, from, topic, payload)
  assert.equal(answer.status, 200, await answer.clone().text())
}

function publish(service: TestService, election: string, manifest: string, hash = hashOf(manifest)) {
  return say(service, 'elections', 'elections.published', {
    election,
    title: { is: 'Kosning' },
    manifest,
    hash,
    opens_at: null,
    closes_at: null,
  })
}

function send(service: TestService, body: string) {
  const headers = {
    authorization: `Bearer ${service.issuer.token({ subject: person(1) })}`,
    'content-type': 'application/json',
  }
  return service.fetch(
    new Request('http://localhost:8080/api/events/tickets', { method: 'POST', headers, body }),
  )
}

/** Members and elections as this service sees them, over the wire. */
async function standIns() {
  const state = {
    members: 'answers' as 'answers' | 'refuses',
    elections: 'answers' as 'answers' | 'refuses' | 'loses the answer',
    roll: roster(6),
    beforeRoll: async () => {},
    asked: [] as { election: string; body: Issuance }[],
    counts: [] as unknown[],
  }
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const json = (status: number, value: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x')
    if (pathname === '/internal/members/roll') {
      if (state.members === 'refuses') return json(500, {})
      const from = state.roll.findIndex((one) => one.member > (searchParams.get('after') ?? ''))
      const page = from === -1 ? [] : state.roll.slice(from, from + 4)
      const more = from !== -1 && from + 4 < state.roll.length
      if (!more) await state.beforeRoll()
      return json(200, { entries: page, next: more ? page.at(-1)?.member : null })
    }
    const body = await read(request)
    if (pathname.endsWith('/issued')) return (state.counts.push(body), json(200, { accepted: true }))
    state.asked.push({ election: pathname.split('/')[3] ?? '', body: body as Issuance })
    if (state.elections === 'loses the answer') return response.destroy()
    return state.elections === 'refuses' ? json(500, {}) : json(200, { accepted: true })
  }
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => (server.closeAllConnections(), server.close()))
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`
  return { state, urls: { members: url, elections: url } }
}

async function read(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString('utf8'))
}

let roll: Promise<{ election: string; issuance: Ready }> | undefined
/** One frozen roll for the stories of manifests that are not its own. */
function sharedRoll() {
  roll ??= (async () => {
    const election = crypto.randomUUID()
    await kept.requestRoll(election)
    return { election, issuance: await kept.told(election) }
  })()
  return roll
}

async function assertRefusedManifest(election: string, text: string, problem: string, hash?: string) {
  await publish(kept.service, election, text, hash)
  const { database } = kept.service.kit
  const [row] = await database.query('select manifest from roll where election = $1', [election])
  assert.equal(row?.['manifest'], null)
  const entries = await database.query(
    `select from audit_entry where action = 'events.manifest-refused' and target_id = $1 and reason = $2`,
    [election, problem],
  )
  assert.notEqual(entries.length, 0)
}

const kept = await setUp()

async function setUp(env: Readonly<Record<string, string>> = {}) {
  const { state: peers, urls } = await standIns()
  const service = await testService(events, { peerUrls: urls, env })
  const { database } = service.kit
  async function requestRoll(election: string, more: object = {}) {
    await say(service, 'elections', 'elections.roll_requested', {
      election,
      title: { is: 'Kosning' },
      eligibility: 'members',
      slots: ['1'],
      cut_off: new Date().toISOString(),
      small_group_reason: null,
      ...more,
    })
  }
  async function answerTo(election: string, kind: Issuance['kind']): Promise<Issuance> {
    const find = () => peers.asked.findLast((one) => one.election === election && one.body.kind === kind)
    await until(() => find() !== undefined)
    return find()?.body as Issuance
  }
  const told = async (election: string) => (await answerTo(election, 'ready')) as Ready
  return {
    service,
    database,
    peers,
    requestRoll,
    told,
    secondNode: () => testService(events, { like: service, peerUrls: urls }),
    async refused(election: string) {
      const answer = await answerTo(election, 'refused')
      return answer.kind === 'refused' ? answer.code : undefined
    },
    /** An election from the request to the published manifest. */
    async vote() {
      const election = crypto.randomUUID()
      await requestRoll(election)
      const manifest = manifestOf(election, await told(election))
      await publish(service, election, manifest)
      return { election, manifest, hash: hashOf(manifest) }
    },
    course: (election: string, status: string, { hidden = false } = {}) =>
      say(service, 'elections', 'elections.changed', {
        election,
        status,
        hidden,
        opens_at: null,
        closes_at: null,
      }),
    linked: (n: number) =>
      say(service, 'members', 'members.linked', { member: member(n), person: person(n) }),
    async ask(
      subject: string,
      election: string,
      hash: string,
      pending: readonly PendingTicket[],
      headers: Readonly<Record<string, string>> = {},
    ) {
      const body = await bodyOf(election, hash, pending)
      return service.asPerson({ subject }, 'POST', '/api/events/tickets', body, headers)
    },
    async entitlements(subject: string) {
      const answer = await service.asPerson({ subject }, 'GET', '/api/events/me/entitlements')
      assert.equal(answer.status, 200, await answer.clone().text())
      return ((await answer.json()) as { entitlements: { status: string; ticket: string }[] }).entitlements
    },
  }
}
