import assert from 'node:assert/strict'
import { test } from 'node:test'
import { counted } from '../../../tests/support/counted.ts'
import { addAccount, testIdentity } from '../../../tests/support/identity.ts'
import { keyIdOf } from '../../../tests/support/service-identities.ts'

const service = await testIdentity()
const officer = { subject: 'acc_00000000-0000-7000-8000-00000000aaaa', roles: ['administrator'] }
const base = '/api/identity/service-identities'
const good = { kind: 'integration', name: 'The bookkeeper', purpose: 'Sends bills to members', owner: null }
const nobody = `svc_${'0'.repeat(8)}-0000-7000-8000-${'0'.repeat(12)}`

interface Told {
  readonly id: string
  readonly keys: { readonly id: string; readonly state: string; readonly rotated: boolean }[]
}

async function ask(
  method: string,
  path: string,
  body?: unknown,
  as: Parameters<typeof service.asPerson>[0] = officer,
) {
  const answer = await service.asPerson(as, method, `${base}${path}`, body)
  const text = await answer.text()
  return { status: answer.status, text, body: JSON.parse(text) as Record<string, unknown> }
}

const make = async (more: object = {}) =>
  (await ask('POST', '', { ...good, ...more })).body as unknown as Told

test('an administrator makes one with an owner and a purpose, gives it keys, and sees each of them once', async () => {
  const owner = await addAccount(service, { email: 'owner@example.org' })
  const made = await ask('POST', '', { ...good, owner: 'Owner@example.org' })
  assert.deepEqual(
    [made.status, made.body['owner'], made.body['ownerKind'], made.body['limits'], made.body['keys']],
    [201, owner, 'person', { tokenMinutes: 30, keyDays: 180, atDoors: true }, []],
  )
  const { id } = made.body as unknown as Told
  const given = await ask('POST', `/${id}/keys`, {
    scopes: ['members.read'],
    days: 180,
    networks: ['192.0.2.0/24'],
    hours: [22, 6],
  })
  const key = String(given.body['key'])
  assert.equal(given.status, 201)
  assert.match(key, /^althing_[0-9A-Za-z]{16}\.[0-9A-Za-z]{49}$/)
  const shown = await ask('GET', `/${id}`)
  assert.ok(!shown.text.includes(key.slice(30)), 'never again')
  assert.doesNotMatch(shown.text, /hash|stamp/)
  const next = await ask('POST', `/${id}/keys/${keyIdOf(key)}/rotate`, {})
  assert.equal(next.status, 201)
  assert.equal((await ask('POST', `/${id}/keys/${keyIdOf(key)}/rotate`, {})).status, 409)
  const revoked = await ask('POST', `/${id}/keys/${keyIdOf(String(next.body['key']))}/revoke`, {})
  const states = new Map(
    (revoked.body as unknown as Told).keys.map((one) => [one.id, `${one.state} ${one.rotated}`]),
  )
  assert.deepEqual(
    [states.get(keyIdOf(key)), states.get(keyIdOf(String(next.body['key']))), states.size],
    ['live true', 'revoked false', 2],
  )
  assert.equal((await ask('POST', `/${id}/disable`, {})).body['disabled'], true)
  assert.equal((await ask('POST', `/${id}/disable`, {})).status, 200, 'said twice')
  assert.equal((await ask('POST', `/${id}/keys`, { scopes: ['members.read'], days: 1 })).status, 409)
  assert.equal((await ask('POST', `/${id}/enable`, {})).body['disabled'], false)
  assert.deepEqual([(await ask('DELETE', `/${id}`)).status, (await ask('GET', `/${id}`)).status], [200, 404])

  const lines = await service.kit.database.query<{ action: string }>(
    `select action from audit_entry where target_id = $1 and actor = $2 order by at, id`,
    [id, `person:${officer.subject}`],
  )
  assert.deepEqual(lines.map(({ action }) => action.replace('service-identities.', '')).sort(), [
    'created',
    'disabled',
    'enabled',
    'key-made',
    'key-revoked',
    'key-rotated',
    'removed',
  ])
  const counts = await counted(service)
  for (const act of ['created', 'disabled', 'enabled', 'removed', 'key-made', 'key-rotated', 'key-revoked'])
    assert.equal(counts[`id_service_identity_changes_total{act="${act}"}`], 1, act)
})

test('the list is looked through, page by page', async () => {
  const [one, two] = [await make({ name: 'First of two' }), await make({ name: 'Second of two' })]
  const page = (await ask('GET', '?search=OF%20TWO&limit=1')).body as { identities?: Told[]; next?: string }
  assert.deepEqual([page.identities?.map(({ id }) => id), page.next], [[one.id], one.id])
  const rest = (await ask('GET', `?search=of%20two&after=${one.id}`)).body as {
    identities?: Told[]
    next?: string
  }
  assert.deepEqual([rest.identities?.map(({ id }) => id), rest.next], [[two.id], null])
  for (const query of ['?limit=0', '?limit=201', '?what=else', `?search=${'a'.repeat(101)}`])
    assert.equal((await ask('GET', query)).status, 400, query)
})

test('what is wrong is said by its field, and no value is repeated', async () => {
  const made = await make()
  const wrong: [object, string][] = [
    [{ kind: 'human' }, '/kind'],
    [{ name: '' }, '/name'],
    [{ name: 'evil\nname' }, '/name'],
    [{ name: 'evil\u202ename' }, '/name'],
    [{ name: 'a'.repeat(101) }, '/name'],
    [{ purpose: 'evil' }, '/purpose'],
    [{ purpose: 'evil'.repeat(51) }, '/purpose'],
    [{ owner: 'evil@example.org' }, '/owner'],
    [{ owner: '' }, '/owner'],
    [{ owner: undefined }, '/owner'],
    [{ evil: true }, '/evil'],
  ]
  for (const [more, pointer] of wrong) await refusedAt('', { ...good, ...more }, pointer)
  const keys: [object, string][] = [
    [{ days: 181 }, '/days'],
    [{ days: 0 }, '/days'],
    [{ days: 1.5 }, '/days'],
    [{ scopes: [] }, '/scopes'],
    [{ scopes: ['evil'] }, '/scopes/0'],
    [{ scopes: ['members.write'] }, '/scopes/0'],
    [{ networks: ['evil'] }, '/networks'],
    [{ networks: [] }, '/networks'],
    [{ networks: ['192.0.2.0/33'] }, '/networks'],
    [{ hours: [9, 9] }, '/hours'],
    [{ hours: [9, 25] }, '/hours/1'],
    [{ resources: { 'https://evil.example/': 'read' } }, '/resources'],
    [{ identity: 'evil' }, '/identity'],
  ]
  for (const [more, pointer] of keys)
    await refusedAt(`/${made.id}/keys`, { scopes: ['members.read'], days: 5, ...more }, pointer)
  const { key } = (await ask('POST', `/${made.id}/keys`, { scopes: ['members.read'], days: 5 })).body
  for (const until of ['evil', '2020-01-01T00:00:00Z', '2999-01-01T00:00:00Z'])
    await refusedAt(`/${made.id}/keys/${keyIdOf(String(key))}/rotate`, { until }, '/until')
})

async function refusedAt(path: string, body: object, pointer: string): Promise<void> {
  const answer = await ask('POST', path, body)
  assert.ok([400, 422].includes(answer.status), JSON.stringify(body))
  const { errors = [] } = answer.body as { errors?: { pointer: string }[] }
  assert.ok(
    errors.some((one) => one.pointer === pointer),
    `${JSON.stringify(body)} → ${answer.text}`,
  )
  assert.doesNotMatch(answer.text.replaceAll('/evil', ''), /evil|stack|at file/)
}

test('only administrators come here, and what is nobody’s is not there', async () => {
  const { id } = await make()
  const other = await make()
  const { key } = (await ask('POST', `/${other.id}/keys`, { scopes: ['members.read'], days: 5 })).body
  const member = { subject: 'acc_00000000-0000-7000-8000-00000000bbbb', roles: ['member'] }
  const manager = { ...member, roles: ['election-manager'] }
  const all: [string, string, unknown?][] = [
    ['GET', ''],
    ['GET', `/${id}`],
    ['POST', '', good],
    ['POST', `/${id}/disable`, {}],
    ['POST', `/${id}/enable`, {}],
    ['POST', `/${id}/keys`, { scopes: ['members.read'], days: 5 }],
    ['POST', `/${id}/keys/${keyIdOf(String(key))}/rotate`, {}],
    ['POST', `/${id}/keys/${keyIdOf(String(key))}/revoke`, {}],
    ['DELETE', `/${id}`],
  ]
  for (const [method, path, body] of all) {
    for (const who of [member, manager])
      assert.equal((await ask(method, path, body, who)).status, 403, `${method} ${path}`)
    const without = await fetch(`${service.origin}${base}${path}`, { method })
    assert.equal(without.status, 401, `${method} ${path}`)
    if (path.includes(id))
      assert.equal((await ask(method, path.replace(id, nobody), body)).status, 404, `${method} ${path}`)
  }
  for (const verb of ['rotate', 'revoke'])
    assert.equal(
      (await ask('POST', `/${id}/keys/${keyIdOf(String(key))}/${verb}`, {})).status,
      404,
      'another’s key is not this one’s',
    )
  assert.equal((await ask('GET', '/evil')).status, 400)
})
