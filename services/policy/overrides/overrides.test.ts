/** What one may take away and two may give, and when it is over. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { minutes, overrideOffice, refusal } from '../../../tests/support/override-office.ts'

test('one administrator takes something away from somebody at once, and gives it back', async () => {
  const { ada, bea, cid, wanted, ask, end, may, evaluate } = await overrideOffice()
  assert.equal(may(cid, 'elections.open'), true)
  const denied = await ask(ada, wanted('deny', cid, { actions: ['elections.open', 'elections.close'] }))
  assert.equal(denied.status, 201)
  assert.deepEqual(
    [denied.body['state'], denied.body['askedBy'], denied.body['decidedBy'], denied.body['isAlone']],
    ['in-force', ada.actor, ada.actor, false],
  )
  assert.equal(may(cid, 'elections.open'), false)
  assert.equal(may(cid, 'elections.read'), true, 'and nothing else')
  assert.equal(may(bea, 'elections.open'), true, 'and from nobody else')
  const { decision, context } = await evaluate(cid, 'elections.open')
  assert.equal(decision, false)
  assert.deepEqual(context['policies'], [`override/${String(denied.body['id'])}`])
  assert.match(JSON.stringify(context['reason_user']), /An administrator has decided/)
  assert.doesNotMatch(JSON.stringify(context), /count needs it/, 'the reason is theirs and the person’s')

  const ended = await end(bea, denied.body['id'])
  assert.deepEqual([ended.status, ended.body['state'], ended.body['endedBy']], [200, 'ended', bea.actor])
  assert.equal(may(cid, 'elections.open'), true)
  const again = await end(ada, denied.body['id'], 'Once more.')
  assert.deepEqual(again.body, ended.body, 'what is over stays as it was')
})

test('nothing is taken away without a second factor, by whoever may not, or about whom one does not know', async () => {
  const { service, ada, cid, una, olaf, sunna, wanted, ask, may, inMinutes } = await overrideOffice()
  for (const way of [{ acr: 'urn:althing:acr:password' }, { seconds: 1000 }])
    assert.equal(refusal(await ask(ada.came(way), wanted('deny', una))), '403 needed')
  for (const one of [cid, una, olaf]) assert.equal((await ask(one, wanted('deny', una))).status, 403)
  assert.equal(refusal(await ask(ada, wanted('deny', sunna))), '403 above')
  const about = (subject: unknown) => ask(ada, { ...wanted('deny', una), subject })
  assert.equal(refusal(await about({ type: 'Person', id: 'acc_nobody' })), '422 unknown_subject')
  assert.equal(refusal(await about({ type: 'doc', id: 'd' })), '422 unknown_subject')
  for (const type of ['Service', 'Machine', 'Role', 'Action'])
    assert.equal(refusal(await about({ type, id: 'identity' })), '422 not_theirs')
  assert.equal((await about({ type: 'Per son', id: 'x' })).status, 400)

  const unknown = await ask(ada, wanted('deny', una, { actions: ['members.list', 'members.eat', 'x'] }))
  assert.equal(refusal(unknown), '422 unknown_actions')
  assert.deepEqual(
    (unknown.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer),
    ['/actions/1', '/actions/2'],
  )
  const until = (count: number) => ask(ada, wanted('deny', una, { until: inMinutes(count) }))
  assert.equal(refusal(await until(0.5)), '422 too_soon')
  assert.equal(refusal(await until(-60)), '422 too_soon')
  assert.equal(refusal(await until(367 * 24 * 60)), '422 too_late')
  for (const wrong of [
    { actions: [] },
    { actions: Array(51).fill('members.list') },
    { reason: ' ' },
    { until: 'soon' },
  ])
    assert.equal((await ask(ada, wanted('deny', una, wrong))).status, 400)

  assert.equal(may(una, 'members.list'), false)
  const rows = await service.kit.database.query('select count(*)::int as n from policy_override')
  const bundles = await service.kit.database.query('select count(*)::int as n from policy_bundle')
  assert.deepEqual([rows[0]?.['n'], bundles[0]?.['n']], [0, 1], 'and nothing is left of the attempts')
})

test('one hand takes from nobody what is their own, and cannot shut all the others out', async () => {
  const { ada, bea, una, person, wanted, ask, end, may } = await overrideOffice()
  for (const action of ['tickets.issue', 'account.read-own', 'overrides.end', 'overrides.read']) {
    const answer = await ask(ada, wanted('deny', una, { actions: ['members.list', action] }))
    assert.equal(refusal(answer), '422 undeniable', action)
    assert.match(JSON.stringify(answer.body['errors']), /actions\/1/)
  }
  const dora = await person('dora', ['administrator'])
  const everything = { actions: ['overrides.ask', 'overrides.decide', 'policy.roll-back', 'policy.activate'] }
  const [first, second] = [
    await ask(ada, wanted('deny', bea, everything)),
    await ask(ada, wanted('deny', dora, everything)),
  ]
  assert.equal((await ask(bea, wanted('deny', ada))).status, 403)
  assert.equal(refusal(await end(bea, first.body['id'])), '403 for_oneself')
  assert.equal((await end(dora, first.body['id'])).body['state'], 'ended')
  assert.equal((await end(bea, second.body['id'])).body['state'], 'ended')
  assert.deepEqual([may(bea, 'policy.roll-back'), may(dora, 'policy.roll-back')], [true, true])
})

test('what asks for a role of one’s own is given to nobody: it would open no door', async () => {
  const { ada, una, wanted, ask } = await overrideOffice()
  for (const action of [
    'overrides.decide',
    'emergency.ask',
    'emergency.decide',
    'emergency.end',
    'users.set-roles',
  ]) {
    const answer = await ask(ada, wanted('allow', una, { actions: ['members.list', action] }))
    assert.equal(refusal(answer), '422 unlendable', action)
    assert.deepEqual(answer.body['errors'], [
      {
        pointer: '/actions/1',
        message: `${action} asks for a role of one’s own, and is given to nobody for a while.`,
      },
    ])
  }
  const both = await ask(
    ada,
    wanted('allow', una, { actions: ['overrides.read', 'overrides.end', 'overrides.ask'] }),
  )
  assert.equal(both.status, 201, 'what can be done without one is')
})

test('an account that has no role yet is refused as that, at the field of the person', async () => {
  const { ada, una, wanted, ask } = await overrideOffice()
  for (const kind of ['deny', 'allow'] as const) {
    const subject = { type: 'Person', id: 'acc_00000000-0000-7000-8000-000000000000' }
    const answer = await ask(ada, { ...wanted(kind, una), subject })
    assert.equal(refusal(answer), '422 no_role')
    assert.deepEqual(answer.body['errors'], [
      { pointer: '/subject', message: 'Nothing is known of a role of this account.' },
    ])
  }
})

test('two people give somebody something: one asks for it, another one brings it into force', async () => {
  const { service, ada, bea, una, wanted, ask, decide, may, evaluate } = await overrideOffice()
  const asked = await ask(ada.came({ acr: 'urn:althing:acr:password' }), wanted('allow', una))
  assert.deepEqual([asked.status, asked.body['state'], asked.body['decidedBy']], [201, 'asked', null])
  assert.equal(may(una, 'members.list'), false, 'nobody has it for asking')
  const given = await decide(bea, asked.body['id'], { approve: true, reason: 'I looked at it.' })
  assert.deepEqual(
    [given.status, given.body['state'], given.body['decidedBy'], given.body['decidedWhy']],
    [200, 'in-force', bea.actor, 'I looked at it.'],
  )
  assert.equal(may(una, 'members.list'), true)
  assert.equal(may(una, 'members.import'), false)
  assert.equal((await evaluate(una, 'members.list')).decision, true)
  const lines = await service.kit.database.query(
    `select action, actor, on_behalf_of, reason from audit_entry where action like 'overrides.%' order by at, id`,
  )
  assert.deepEqual(
    lines.map((line) => Object.values(line)),
    [
      ['overrides.asked', ada.actor, null, 'The count needs it.'],
      ['overrides.in_force', bea.actor, ada.actor, 'I looked at it.'],
    ],
  )
})

test('nobody gives what they asked for, what is for them, or to somebody above them; nobody decides twice', async () => {
  const { ada, bea, cid, una, olaf, person, wanted, ask, decide, end, may, tell } = await overrideOffice()
  const dora = await person('dora', ['administrator'])
  const { body } = await ask(ada, wanted('allow', dora, { actions: ['elections.delete'] }))
  assert.equal(refusal(await decide(ada, body['id'])), '403 own')
  assert.equal(refusal(await decide(dora, body['id'])), '403 for_oneself')
  assert.equal(refusal(await decide(bea.came({ seconds: 1000 }), body['id'])), '403 needed')
  for (const one of [cid, una, olaf]) assert.equal((await decide(one, body['id'])).status, 403)
  assert.equal((await decide(bea, body['id'], { approve: false })).status, 400, 'whoever refuses says why')
  await tell(dora.id, ['superadmin'], 2)
  assert.equal(refusal(await decide(bea, body['id'])), '403 above', 'as they rank at that moment')
  await tell(dora.id, ['administrator'], 3)
  const refused = await decide(bea, body['id'], { approve: false, reason: 'Not this one.' })
  assert.deepEqual([refused.status, refused.body['state']], [200, 'refused'])
  for (const answer of [
    await decide(bea, body['id']),
    await decide(bea, body['id'], { approve: false, reason: 'No.' }),
  ])
    assert.equal(refusal(answer), '409 decided')
  assert.equal(may(dora, 'elections.delete'), false)

  const mine = await ask(ada, wanted('allow', ada, { actions: ['elections.delete'] }))
  assert.equal(mine.status, 201, 'one may ask for oneself')
  assert.equal(refusal(await decide(ada, mine.body['id'])), '403 for_oneself')
  await end(ada, mine.body['id'], 'I was mistaken.')
  assert.equal(refusal(await decide(bea, mine.body['id'])), '409 decided', 'what was taken back is not given')
  const denial = await ask(ada, wanted('deny', una))
  assert.equal(refusal(await decide(bea, denial.body['id'])), '409 decided')
  assert.equal(refusal(await decide(bea, 'ovr_00000000-0000-7000-8000-000000000000')), '404 no_override')
  assert.equal((await decide(bea, 'x')).status, 400)
})

test('what was asked for too long ago is asked for again, and what is over is told as that', async () => {
  const { pass, ada, bea, una, wanted, ask, decide, inMinutes, may } = await overrideOffice()
  const late = await ask(ada, wanted('allow', una, { until: inMinutes(2) }))
  const soon = await ask(ada, wanted('deny', una, { until: inMinutes(2), actions: ['members.read'] }))
  pass(minutes(2))
  assert.equal(refusal(await decide(bea, late.body['id'])), '409 lapsed')
  assert.equal(may(una, 'members.list'), false)
  const states = async (query: string) => {
    const { body } = await ada.send('GET', `/api/policy/overrides${query}`)
    return (body['overrides'] as { state: string }[]).map(({ state }) => state)
  }
  assert.deepEqual(await states(''), ['expired', 'lapsed'])
  assert.deepEqual(await states('?state=expired'), ['expired'])
  assert.deepEqual(await states('?state=in-force'), [])
  assert.deepEqual(await states('?kind=allow'), ['lapsed'])
  assert.equal(
    (await ada.send('GET', `/api/policy/overrides/${String(soon.body['id'])}`)).body['state'],
    'expired',
  )
})

test('overrides are listed page by page, for those who look after it and for nobody else', async () => {
  const { ada, una, cid, olaf, person, wanted, ask } = await overrideOffice()
  const made: unknown[] = []
  for (let n = 0; n < 5; n += 1) made.unshift((await ask(ada, wanted('allow', una))).body['id'])
  await ask(ada, wanted('allow', cid))
  const seen: unknown[] = []
  const auditor = await person('asa', ['auditor'])
  for (let before = ''; ;) {
    const { body } = await auditor.send(
      'GET',
      `/api/policy/overrides?limit=2&subject=${una.id}${before === '' ? '' : `&before=${before}`}`,
    )
    seen.push(...(body['overrides'] as { id: string }[]).map(({ id }) => id))
    assert.equal(body['mostDays'], 366)
    if (body['next'] === null) break
    before = String(body['next'])
  }
  assert.deepEqual(seen, made)
  for (const one of [una, cid, olaf]) {
    assert.equal((await one.send('GET', '/api/policy/overrides')).status, 403)
    assert.equal((await one.send('GET', `/api/policy/overrides/${String(made[0])}`)).status, 403)
  }
  assert.equal((await ask(auditor, wanted('deny', una))).status, 403, 'who may look may not do')
  const { body } = await ada.send('GET', '/api/policy/actions')
  const actions = body['actions'] as { name: string; withheld: unknown }[]
  const withheld = (name: string) => actions.find((each) => each.name === name)?.withheld
  assert.deepEqual(
    ['members.list', 'tickets.issue', 'overrides.end', 'overrides.decide', 'members.eat'].map(withheld),
    [
      { deny: null, allow: null },
      { deny: 'own', allow: null },
      { deny: 'way-out', allow: null },
      { deny: null, allow: 'of-roles' },
      undefined,
    ],
    'what is taken from nobody, or given to nobody, is known before somebody asks, and why',
  )
})

test('an override is about one thing when it names it, and about whatever an application told of', async () => {
  const { ada, una, publish, wanted, ask, evaluate } = await overrideOffice()
  await publish({
    policies: '@id("readers") permit (principal is Person, action == Action::"read", resource is doc);',
  })
  const resource = { type: 'doc', id: 'a"b' }
  assert.equal((await ask(ada, wanted('deny', una, { actions: ['read'], resource }))).status, 201)
  assert.equal((await evaluate(una, 'read', resource)).decision, false)
  assert.equal((await evaluate(una, 'read', { type: 'doc', id: 'b' })).decision, true)

  const written = await ada.send('POST', '/api/policy/entities', {
    put: [{ type: 'robot', id: 'r2', properties: {} }],
  })
  assert.equal(written.status, 200)
  const about = { ...wanted('allow', una, { actions: ['read'] }), subject: { type: 'robot', id: 'r2' } }
  assert.equal((await ask(ada, about)).status, 201)
})
