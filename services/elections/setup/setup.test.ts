import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  code,
  electionOf,
  json,
  officer,
  ok,
  question,
  superadmin,
  testBox,
} from '../../../tests/support/elections.ts'
import type { AdminElection } from '../contract.ts'

const member = { subject: 'acc_member', roles: ['member'] }

test('an officer makes, changes and finds a draft; others may not', async () => {
  const { admin, draft } = await testBox()
  assert.equal((await admin('GET', '', undefined, member)).status, 403)
  assert.equal((await admin('POST', '', question, member)).status, 403)
  const { id } = await draft()
  await draft({
    title: { en: 'Chair' },
    questions: [
      {
        text: 'Two?',
        answers: ['Yes', 'No', { id: 'blank', text: 'Neither' }],
        voting_type: 'multi-choice',
        max_selections: 2,
      },
    ],
    question: undefined,
    answers: undefined,
  })
  const changed = await electionOf(await admin('PATCH', `/${id}`, { title: 'Nýtt', answers: ['Já', 'Nei'] }))
  assert.deepEqual(
    [changed.title, changed.questions[0]?.options.length, changed.questions[0]?.text],
    [{ is: 'Nýtt' }, 2, { is: question.question }],
  )
  const page = (await json(await admin('GET', '?limit=1'))) as {
    elections: AdminElection[]
    pagination: { next_cursor: string; has_more: boolean }
  }
  assert.deepEqual([page.elections.length, page.pagination.has_more], [1, true])
  const next = (await json(
    await admin('GET', `?limit=1&cursor=${page.pagination.next_cursor}`),
  )) as typeof page
  assert.deepEqual([next.elections[0]?.id, next.pagination.has_more], [id, false])
  const found = (await json(await admin('GET', '?search=n%C3%BDtt&status=draft'))) as typeof page
  assert.deepEqual(
    found.elections.map((one) => one.id),
    [id],
  )
})

test('what is no ballot paper is refused with the field that is wrong', async () => {
  const { admin } = await testBox()
  const soon = new Date(Date.now() + 1000).toISOString()
  const refused: readonly [object, string][] = [
    [{ ...question, answers: ['Já', 'já'] }, '/answers/1'],
    [{ ...question, answers: ['Já'] }, '/answers'],
    [{ ...question, max_selections: 2 }, '/max_selections'],
    [{ ...question, voting_type: 'multi-choice', max_selections: 4 }, '/max_selections'],
    [{ ...question, question: undefined }, '/question'],
    [{ ...question, questions: [{ text: 'a', answers: ['b', 'c'] }] }, '/questions'],
    [{ ...question, scheduled_start: soon, scheduled_end: soon }, '/scheduled_end'],
    [{ ...question, sealing_key: 'A'.repeat(87) }, '/sealing_key'],
    [{ ...question, title: 7 }, '/title'],
    [{ ...question, owner: 'me' }, '/owner'],
  ]
  for (const [input, pointer] of refused) {
    const answer = await admin('POST', '', input)
    const { errors } = (await answer.json()) as { errors?: { pointer: string }[] }
    assert.equal(answer.status, 400, pointer)
    assert.ok(
      errors?.some((error) => error.pointer === pointer),
      `${pointer}: ${JSON.stringify(errors)}`,
    )
  }
  const list = (await json(await admin('GET', ''))) as { elections: unknown[] }
  assert.equal(list.elections.length, 0)
})

test('after publication only the description changes, and nothing can be deleted', async () => {
  const { admin, opened, draft } = await testBox()
  const { id } = await opened()
  assert.equal(await code(admin('PATCH', `/${id}`, { title: 'Annað' })), '409 elections.setup.frozen')
  assert.equal(await code(admin('PATCH', `/${id}`, { scheduled_end: null })), '409 elections.setup.frozen')
  assert.deepEqual(
    (await electionOf(await admin('PATCH', `/${id}`, { description: 'Lesið vel.' }))).description,
    { is: 'Lesið vel.' },
  )
  assert.equal(await code(admin('PATCH', `/${id}`, {})), '400 elections.setup.nothing_to_change')
  assert.equal(await code(admin('DELETE', `/${id}`)), '403 kernel.http.forbidden')
  assert.equal(
    await code(admin('DELETE', `/${id}`, undefined, superadmin)),
    '409 elections.setup.not_removable',
  )
  const other = await draft()
  await ok(admin('DELETE', `/${other.id}`, undefined, superadmin))
  assert.equal(await code(admin('GET', `/${other.id}`)), '404 elections.setup.not_found')
})

test('opening says what is missing, and a roll too small for secrecy is refused unless somebody says why', async () => {
  const { admin, draft, issue, service } = await testBox()
  const keyless = await electionOf(await admin('POST', '', question))
  assert.equal(await code(admin('POST', `/${keyless.id}/open`, {})), '400 elections.lifecycle.no_sealing_key')
  const { id } = await draft()
  assert.equal(
    await code(admin('POST', `/${id}/open`, { voting_ends_at: '2020-01-01T00:00:00Z' })),
    '400 elections.lifecycle.end_is_past',
  )
  await ok(admin('POST', `/${id}/hide`, {}))
  assert.equal(await code(admin('POST', `/${id}/hide`, {})), '400 elections.lifecycle.already_hidden')
  assert.equal(await code(admin('POST', `/${id}/open`, {})), '400 elections.lifecycle.hidden')
  await ok(admin('POST', `/${id}/unhide`, {}))
  assert.equal(await code(admin('POST', `/${id}/unhide`, {})), '400 elections.lifecycle.not_hidden')
  await ok(admin('POST', `/${id}/open`))
  assert.equal(await code(admin('PATCH', `/${id}`, { title: 'Annað' })), '409 elections.setup.publishing')
  await ok(issue(id, 4))
  const refused = await electionOf(await admin('GET', `/${id}`))
  assert.deepEqual(
    [refused.status, refused.publication, refused.publication_problem],
    ['draft', 'refused', 'elections.lifecycle.small_class'],
  )
  await ok(admin('PATCH', `/${id}`, { small_group_reason: 'Stjórnin er fjögurra manna.' }))
  await ok(admin('POST', `/${id}/open`, {}))
  await ok(issue(id, 4))
  assert.equal((await electionOf(await admin('GET', `/${id}`))).status, 'open')
  assert.equal(
    await code(
      service.asService('members', 'PUT', `/internal/elections/${id}/issuance`, {
        kind: 'refused',
        code: 'x',
      }),
    ),
    '403 kernel.http.forbidden',
  )
  assert.equal(await code(admin('POST', `/${id}/resume`, {})), '409 elections.lifecycle.not_now')
  assert.equal(await code(admin('POST', `/${id}/archive`, {})), '409 elections.lifecycle.not_now')
})

test('a draft that is asked for again with its key is made once, also by eight at a time', async () => {
  const { service, admin } = await testBox()
  const ask = (key: string, body: object = question, person = officer) =>
    service.asPerson(person, 'POST', '/api/admin/elections', body, { 'idempotency-key': key })
  const made = await Promise.all(Array.from({ length: 8 }, async () => electionOf(await ask('"k-1"'))))
  const again = await electionOf(await ask('k-1'))
  assert.deepEqual(new Set(made.map(({ id }) => id)), new Set([again.id]))
  assert.equal(await code(ask('k-1', { ...question, title: 'Annað' })), '422 kernel.idempotency.reused')
  for (const bad of [
    '',
    'two words',
    '"open',
    'x'.repeat(129),
    'þorn'.normalize('NFC').replace('þ', '\u00fe'),
  ])
    assert.equal(await code(ask(bad)), '400 kernel.idempotency.malformed', bad)
  assert.notEqual((await electionOf(await ask('k-1', question, superadmin))).id, again.id)
  assert.notEqual((await electionOf(await ask('k-2'))).id, again.id)
  const { elections } = (await json(await admin('GET', ''))) as { elections: unknown[] }
  assert.equal(elections.length, 3)
})
