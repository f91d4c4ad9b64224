/** Decisions and their reasons from the command line; what a process adds is in kernel/service/cli.test.ts. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '@althing/kernel/testing'
import { commandRunner } from '../../tests/support/commands.ts'
import { decisionPoint } from '../../tests/support/decision-point.ts'
import { decisionCommands } from './cli-decisions.ts'
import { explainCommands } from './cli-explain.ts'
import { policy } from './service.ts'

const point = await decisionPoint({
  policies: `
@id("readers") permit (principal in group::"readers", action == Action::"doc.read", resource is doc);
@id("day") permit (principal is user, action == Action::"doc.print", resource is doc) when { context.hour < 18 };
@id("lenders") @reason("Everybody may borrow.") @reason_is("Öll mega fá lánað.") @advice("See the rules of the library.") permit (principal is user, action == Action::"doc.lend", resource is doc);
@id("kept") @reason("It stays here.") @advice("Ask for a copy.") forbid (principal, action == Action::"doc.lend", resource == doc::"d1");
@id("lent") permit (principal == Person::"acc_00000000-0000-7000-8000-0000000000f2", action == Action::"elections.open", resource);`,
})
await point.write({
  put: [
    { type: 'user', id: 'una', properties: {} },
    { type: 'user', id: 'orri', properties: {} },
    { type: 'doc', id: 'd1', properties: {} },
  ],
  relate: [
    { subject: { type: 'user', id: 'una' }, relation: 'in', object: { type: 'group', id: 'readers' } },
  ],
})
const commands = [...explainCommands, ...decisionCommands]
const run = commandRunner(point, commands, policy)
const { database } = point.kit

test('it is explained who may what, and why not', async () => {
  const yes = await run(['policy', 'explain', 'user::una', 'doc.read', 'doc::d1'])
  assert.deepEqual([yes.code, yes.out], [0, 'Yes: “readers” permits it, and nothing forbids it.'])
  const no = await run(['policy', 'explain', 'user::orri', 'doc.read', 'doc::d1'])
  assert.match(no.out, /“readers” would permit it if user::"orri" were in group::"readers"\./)
  const late = await run(['policy', 'explain', 'user::una', 'doc.print', 'doc::d1'], {
    context: '{"hour": 20}',
  })
  assert.match(late.out, /`context\.hour < 18` is not so \(`context\.hour` = 20\)/)
  assert.match(late.out, /if context\.hour were 17\./)
})

test('who may and what somebody may are listed with what they may it through', async () => {
  const can = await run(['policy', 'who-can', 'doc.read', 'doc::d1'], { type: 'user' })
  assert.match(can.out, /una\s+readers \(group::readers\)/)
  assert.doesNotMatch(can.out, /orri/)
  const may = await run(['policy', 'may', 'user::una', 'doc'])
  assert.match(may.out, /doc::d1\s+doc\.read\s+readers/)
  assert.equal((await run(['policy', 'may', 'user::una'])).out, 'Nothing there.')
})

test('of a kind that there is not it is said so, with those that there are; of one that nobody told of, that nothing is found', async () => {
  const noKind =
    /^There is no kind of thing or person (\w+)\.\nDid you mean (\w+)\?\nThere are: .*Person, .*doc, group, user\./
  for (const [words, values, mistyped, meant] of [
    [['who-can', 'doc.read', 'doc::d1'], { type: 'User' }, 'User', 'user'],
    [['who-can', 'doc.read', 'dco::d1'], { type: 'user' }, 'dco', 'doc'],
    [['may', 'user::una', 'Doc'], {}, 'Doc', 'doc'],
    [['may', 'usr::una'], {}, 'usr', 'user'],
    [['explain', 'user::una', 'doc.read', 'dco::d1'], {}, 'dco', 'doc'],
    [['explain', 'person::una', 'doc.read', 'doc::d1'], {}, 'person', 'Person'],
  ] as const) {
    const { code, notes } = await run(['policy', ...words], values)
    const said = noKind.exec(notes[0] ?? '')
    assert.deepEqual([code, said?.[1], said?.[2], notes.length], [0, mistyped, meant, 1], words.join(' '))
  }
  const none = await run(['policy', 'who-can', 'doc.read', 'doc::d1'], { type: 'Election' })
  assert.deepEqual(none.notes, ['Nothing of the kind Election is known here.'])
  assert.deepEqual((await run(['policy', 'may', 'user::orri', 'doc'])).notes, [])
})

test('of somebody whom nobody knows it is said so first, with the nearest', async () => {
  const { code, out } = await run(['policy', 'explain', 'user::umna', 'doc.read', 'doc::d1'])
  assert.equal(code, 0)
  assert.match(out, /^Nothing is known here of user::umna: .* Did you mean user::una\?\nNo: /)
  const known = await run(['policy', 'explain', 'user::una', 'doc.read', 'doc::d1'])
  assert.match(known.out, /^Yes: /)
})

test('what somebody may on elections is told of any of them, because nobody tells policy of one', async () => {
  const officer = 'acc_00000000-0000-7000-8000-0000000000f1'
  const lent = 'acc_00000000-0000-7000-8000-0000000000f2'
  for (const [person, roles] of [
    [officer, ['election-manager']],
    [lent, ['member']],
  ])
    await point.asService('identity', 'POST', '/internal/messages', {
      id: crypto.randomUUID(),
      topic: 'identity.roles_changed',
      payload: { person, roles, stamp: 1 },
    })
  for (const words of [[officer], [officer, 'Election'], [lent, 'Election']]) {
    const { out, notes, code } = await run(['policy', 'may', ...words])
    const found = [...out.matchAll(/any Election +(elections\.[a-z-]+)/g)].map(([, name]) => name)
    const wanted = words[0] === lent ? ['open'] : ['close', 'open', 'pause', 'results', 'resume', 'tally']
    for (const name of wanted) assert.ok(found.includes(`elections.${name}`), `${words.join(' ')}: ${out}`)
    assert.equal(found.includes('elections.delete'), false)
    assert.match(notes[0] ?? '', /^“any” is what the policies say of one of which nothing is known/)
    assert.deepEqual([code, notes.length], [0, 1])
  }
  const whole = await run(['policy', 'may', officer])
  assert.match(whole.out, /Service::elections +elections\.create/)
  const first = await run(['policy', 'may', officer], { limit: '1' })
  assert.ok(first.notes.some((note) => note.startsWith('There is more')))
  for (const nobody of ['Person::nope', 'acc_00000000-0000-7000-8000-0000000000f9']) {
    const { code, err, out } = await run(['policy', 'may', nobody])
    assert.deepEqual([code, out], [2, ''])
    assert.match(err, /nobody with this id has a role/)
  }
})

test('what is mistyped is said, with the nearest that there is', async () => {
  for (const [words, values, code, said] of [
    [['explain', 'user::una'], {}, 1, /Say who, what and on what/],
    [['explain', 'una', 'doc.read', 'doc::d1'], {}, 1, /no name of somebody/],
    [['explain', 'user::una', 'doc.raed', 'doc::d1'], {}, 2, /Did you mean doc\.read\?/],
    [['explain', 'user::una', 'doc.read', 'doc::d1'], { context: '[1]' }, 1, /JSON object/],
    [['who-can', 'doc.read'], {}, 1, /Say what and on what/],
    [['who-can', 'doc.read', 'doc::d1'], { limit: '0' }, 1, /--limit/],
    [['may'], {}, 1, /Say who/],
    [['decisions'], {}, 1, /Say which: list, show, verify, replay/],
    [['decisions', 'lisst'], {}, 1, /Did you mean list\?/],
    [['decisions', 'show', 'abc'], {}, 1, /by its id/],
    [['decisions', 'show', crypto.randomUUID()], {}, 2, /no such decision/],
    [['decisions', 'list'], { decision: 'perhaps' }, 1, /^--decision must be one of: allow, deny\.$/],
    [['decisions', 'list'], { from: 'yesterday' }, 1, /^--from must be a moment/],
    [['decisions', 'verify', 'all'], {}, 1, /“all” is a word too many/],
    [['decisions', 'list'], { cursor: 'abc' }, 2, /This page is none/],
    [['decisions', 'replay'], { limit: 'all' }, 1, /^--limit must be a number\.$/],
    [['cache'], {}, 1, /stats, clear, invalidate/],
    [['cache', 'clean'], {}, 1, /clear/],
    [['cache', 'invalidate'], {}, 1, /Say what is to be read anew/],
    [['cache', 'invalidate', 'una'], {}, 1, /no name of somebody/],
  ] as const) {
    const answer = await run(['policy', ...words], values)
    assert.deepEqual([answer.code, said.test(answer.err)], [code, true], `${words.join(' ')}: ${answer.err}`)
  }
})

test('decisions are listed, shown, compared with the audit log and made again', async () => {
  const asked = { action: { name: 'doc.read' }, resource: { type: 'doc', id: 'd1' } }
  for (const id of ['una', 'orri'])
    await point.ask('/access/v1/evaluation', { ...asked, subject: { type: 'user', id } })
  await until(async () => (await database.query('select from policy_decision')).length >= 2)
  const all = await run(['policy', 'decisions', 'list'], { decision: 'deny' })
  assert.match(all.out, /user::orri\s+doc\.read\s+doc::d1\s+deny/)
  assert.doesNotMatch(all.out, /una/)
  const [{ id } = { id: '' }] = (all.value as { decisions: { id: string }[] }).decisions
  assert.match((await run(['policy', 'decisions', 'show', id])).out, /"replayable": "yes"/)
  await point.kit.audit.integrate()
  const whole = await run(['policy', 'decisions', 'verify'])
  assert.deepEqual([whole.code, whole.out.endsWith('The log is what was written.')], [0, true], whole.out)
  assert.equal((await run(['policy', 'decisions', 'replay'])).code, 0)

  await database.query('update policy_decision set decision = true where id = $1', [id])
  const altered = await run(['policy', 'decisions', 'verify'])
  assert.deepEqual([altered.code, /altered/.test(altered.out)], [2, true])
  const otherwise = await run(['policy', 'decisions', 'replay'])
  assert.deepEqual([otherwise.code, otherwise.out.includes(id)], [2, true])
})

test('every node decides anew when it is told so, and the audit log says by whom', async () => {
  const { code, value } = await run(['policy', 'cache', 'clear'])
  assert.equal(code, 0)
  const next = await run(['policy', 'cache', 'invalidate', 'user::una', 'doc::d1'])
  assert.equal((next.value as { revision: number }).revision, (value as { revision: number }).revision + 1)
  const [line] = await point.kit.audit.search({ action: 'cache.invalidated' })
  assert.equal(line?.actor, 'operator:test')
})

test('authors of policies speak to people, and to those who look after the policies', async () => {
  const yes = await run(['policy', 'explain', 'user::una', 'doc.lend', 'doc::d2'])
  assert.deepEqual(yes.out.split('\n'), [
    'Nothing is known here of doc::d2: no application has told of it.',
    'Yes: “lenders” permits it, and nothing forbids it.',
    '“lenders” says: Everybody may borrow.',
    '“lenders” advises: See the rules of the library.',
  ])
  assert.match(JSON.stringify(yes.value), /„lenders“ segir: Öll mega fá lánað\./)
  const no = await run(['policy', 'explain', 'user::una', 'doc.lend', 'doc::d1'])
  assert.deepEqual(no.out.split('\n').slice(0, 2), [
    'No: “kept” forbids it: It stays here.',
    '“kept” advises: Ask for a copy.',
  ])
  const asked = (id: string) => ({
    subject: { type: 'user', id: 'una' },
    action: { name: 'doc.lend' },
    resource: { type: 'doc', id },
  })
  const told = async (id: string) =>
    (await point.ask('/access/v1/evaluation', asked(id))).body['context'] as Record<string, unknown>
  const [denied, allowed] = [await told('d1'), await told('d2')]
  assert.deepEqual(
    [denied['reason_user'], denied['reason_admin']],
    [{ en: 'It stays here.' }, { en: 'Ask for a copy.' }],
  )
  assert.ok(
    !('reason_user' in allowed) && !('reason_admin' in allowed),
    'an application learns of a yes only that it is one',
  )
})
