/** Emergency access: what it takes, what it lends and what it does not, and that it is over. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { minutes, overrideOffice, refusal } from '../../../tests/support/override-office.ts'

test('two people with a second factor lend somebody what a role may do, and only while they come with one', async () => {
  const { pass, ada, cid, olaf, emergency, may, evaluate } = await overrideOffice()
  assert.equal(may(olaf, 'members.list'), false)
  const asked = await emergency.ask(olaf)
  assert.deepEqual(
    [asked.status, asked.body['state'], asked.body['role'], asked.body['until'], asked.body['actions']],
    [201, 'asked', 'administrator', null, []],
  )
  assert.equal(may(olaf, 'members.list'), false, 'nobody has it for asking')
  const given = await emergency.decide(cid, asked.body['id'])
  assert.deepEqual([given.status, given.body['state'], given.body['decidedBy']], [200, 'in-force', cid.actor])
  for (const action of ['members.list', 'users.set-status', 'elections.open', 'settings.read'])
    assert.equal(may(olaf, action), true, action)
  for (const acr of ['urn:althing:acr:password', 'urn:althing:acr:link', 'urn:althing:acr:outside'])
    assert.equal(may(olaf, 'members.list', acr), false, acr)
  assert.equal(may(olaf, 'settings.read', 'urn:althing:acr:password'), true, 'what is their own stays so')
  assert.equal(may({ ...olaf, id: 'acc_1' }, 'members.list'), false)
  const { decision, context } = await evaluate(olaf, 'members.list')
  assert.equal(decision, false, 'nobody can say how they came')
  assert.match(String(context['acr_values']), /urn:althing:acr:mfa/, 'and is told what it takes')
  pass(minutes(61))
  assert.equal(may(olaf, 'members.list'), false, 'it is over by itself')
  const { body } = await ada.send('GET', `/api/policy/emergency/${String(asked.body['id'])}`)
  assert.equal(body['state'], 'expired')
})

test('a role that nobody may have for an hour, that is one’s own, or for too long is lent to nobody', async () => {
  const { ada, cid, una, olaf, emergency } = await overrideOffice()
  assert.equal((await emergency.ask(olaf, { role: 'superadmin' })).status, 400)
  assert.equal((await emergency.ask(olaf, { role: 'auditor' })).status, 400)
  assert.equal((await emergency.ask(olaf, { reason: '' })).status, 400)
  assert.equal(refusal(await emergency.ask(ada)), '409 held')
  assert.equal(refusal(await emergency.ask(ada, { role: 'election-manager' })), '409 held')
  assert.equal(refusal(await emergency.ask(cid, { role: 'election-manager' })), '409 held')
  assert.equal(refusal(await emergency.ask(olaf, { minutes: 241 })), '422 too_long')
  assert.equal((await emergency.ask(una)).status, 403, 'a member has no office')
  for (const way of [{ acr: 'urn:althing:acr:password' }, { seconds: 1000 }])
    assert.equal(refusal(await emergency.ask(olaf.came(way))), '403 needed')
  assert.equal((await emergency.ask(olaf)).status, 201)
  assert.equal(refusal(await emergency.ask(olaf)), '409 asked_already')
  assert.equal(
    (await emergency.ask(olaf, { role: 'election-manager' })).status,
    201,
    'another role is another wish',
  )
})

test('nobody brings their own into force, nobody does without a second factor, and nobody does too late', async () => {
  const { pass, ada, bea, cid, una, olaf, person, emergency, decide, may } = await overrideOffice()
  const { body } = await emergency.ask(cid)
  const id = body['id']
  assert.equal(refusal(await emergency.decide(cid, id)), '403 for_oneself')
  assert.equal(
    refusal(await emergency.decide(ada.came({ acr: 'urn:althing:acr:password' }), id)),
    '403 needed',
  )
  assert.equal(refusal(await emergency.decide(ada.came({ seconds: 1000 }), id)), '403 needed')
  for (const one of [una, olaf, await person('asa', ['auditor'])])
    assert.equal((await emergency.decide(one, id)).status, 403)
  assert.equal(refusal(await decide(ada, id)), '404 no_override', 'it has a door of its own')
  pass(minutes(31))
  assert.equal(refusal(await emergency.decide(ada, id)), '409 lapsed')
  assert.equal(may(cid, 'members.list'), false)
  const again = await emergency.ask(cid)
  assert.equal(again.status, 201, 'and is asked for again')
  const refused = await emergency.decide(bea, again.body['id'], {
    approve: false,
    reason: 'I am here myself.',
  })
  assert.deepEqual([refused.body['state'], refused.body['decidedWhy']], ['refused', 'I am here myself.'])
  assert.equal(refusal(await emergency.decide(ada, again.body['id'])), '409 decided')
  assert.equal(may(cid, 'members.list'), false)
})

test('it lends what is done, and no rank: nobody brings another one’s into force by it', async () => {
  const { ada, cid, una, olaf, person, sunna, wanted, ask, decide, emergency, may } = await overrideOffice()
  const first = await emergency.ask(olaf)
  await emergency.decide(ada, first.body['id'])
  assert.equal(may(olaf, 'emergency.decide'), true, 'the door is open')
  const dev = await person('dev', ['developer'])
  const second = await emergency.ask(dev)
  assert.equal(refusal(await emergency.decide(olaf, second.body['id'])), '403 not_by_lent')
  const wish = await ask(cid, wanted('allow', una))
  assert.equal(wish.status, 403)
  const given = await ask(ada, wanted('allow', una))
  assert.equal(refusal(await decide(olaf, given.body['id'])), '403 not_by_lent')
  assert.equal(refusal(await ask(olaf, wanted('deny', sunna))), '403 above')
  assert.equal(refusal(await ask(olaf, wanted('deny', ada))), '403 above', 'they rank as they did')
  const { body } = await olaf.send('GET', '/api/policy/emergency')
  assert.deepEqual(body['offer'], {
    roles: ['election-manager', 'administrator'],
    mostMinutes: 240,
    decideMinutes: 30,
  })
  assert.equal((body['overrides'] as unknown[]).length, 2)
})

test('whoever has it gives it back, whoever could have brought it into force takes it away, and nobody else', async () => {
  const { ada, bea, cid, una, olaf, person, emergency, end, may } = await overrideOffice()
  const dev = await person('dev', ['developer'])
  const lent = async () => {
    const { body } = await emergency.ask(olaf, { role: 'election-manager' })
    await emergency.decide(cid, body['id'])
    assert.equal(may(olaf, 'elections.open'), true)
    return body['id']
  }
  const ways = {
    themselves: (id: unknown) => emergency.end(olaf, id),
    'an election manager': (id: unknown) => emergency.end(cid, id),
    'an administrator': (id: unknown) => end(bea, id),
  }
  for (const [who, way] of Object.entries(ways)) {
    const id = await lent()
    assert.equal((await emergency.end(una, id)).status, 403)
    assert.equal(refusal(await emergency.end(dev, id)), '403 not_yours')
    const ended = await way(id)
    assert.deepEqual([ended.status, ended.body['state']], [200, 'ended'], who)
    assert.equal(may(olaf, 'elections.open'), false, who)
  }
  const other = await emergency.end(ada, 'ovr_00000000-0000-7000-8000-000000000000')
  assert.equal(refusal(other), '404 no_override')
})

test('it follows what the role may do: what is permitted to the role meanwhile is lent too, and what is forbidden is not', async () => {
  const { ada, bea, cid, olaf, publish, emergency, evaluate, service } = await overrideOffice()
  const { body } = await emergency.ask(olaf)
  await emergency.decide(cid, body['id'])
  const token = service.issuer.token(
    { subject: olaf.id, roles: olaf.roles },
    { acr: 'urn:althing:acr:mfa', auth_time: Math.floor(Date.now() / 1000) },
  )
  const reads = async () => {
    const answer = await service.asService('portal', 'POST', '/access/v1/evaluation', {
      subject: { type: 'Person', id: olaf.id, properties: { access_token: token } },
      action: { name: 'read' },
      resource: { type: 'doc', id: 'd' },
    })
    return ((await answer.json()) as { decision: boolean }).decision
  }
  assert.equal(await reads(), false)
  const books = `@id("books") permit (principal is Person in Role::"election-manager", action == Action::"read", resource is doc);\n`
  await publish({ policies: books })
  assert.equal(await reads(), true, 'also of a role below it')
  assert.equal((await evaluate(olaf, 'read', { type: 'doc', id: 'd' })).decision, false)
  await publish({
    policies: `${books}@id("shut") forbid (principal, action == Action::"read", resource is doc) unless { principal in Role::"administrator" };`,
  })
  assert.equal(await reads(), false, 'a forbid asks for the role itself, and that is not lent')
  await bea.send('POST', '/api/policy/versions/1/roll-back', { reason: 'As it was.' })
  assert.equal(await reads(), false)
  assert.equal((await ada.send('GET', '/api/policy/state')).body['overrides'], 1)
})

test('switched off there is none', async () => {
  const { ada, olaf, emergency } = await overrideOffice({ ALTHING_POLICY_EMERGENCY_HOURS: '0' })
  assert.equal(refusal(await emergency.ask(olaf, { minutes: 1 })), '409 off')
  const { body } = await olaf.send('GET', '/api/policy/emergency')
  assert.deepEqual(body['offer'], { roles: [], mostMinutes: 0, decideMinutes: 30 })
  assert.equal((await ada.send('GET', '/api/policy/emergency')).status, 200)
})

test('identity is told each time, and of nothing that did not happen', async () => {
  const { service, ada, cid, olaf, emergency, wanted, ask, end } = await overrideOffice()
  const { body } = await emergency.ask(olaf)
  await emergency.decide(olaf, body['id'])
  await emergency.decide(cid, body['id'])
  await emergency.end(ada, body['id'])
  await emergency.end(ada, body['id'])
  const other = await emergency.ask(olaf)
  await emergency.decide(ada, other.body['id'], { approve: false, reason: 'No need.' })
  const denied = await ask(ada, wanted('deny', olaf))
  await end(ada, denied.body['id'])
  const sent = await service.kit.database.query(
    `select topic, payload from outbox_message where topic = 'policy.emergency_changed' order by created_at, id`,
  )
  assert.deepEqual(
    sent.map(({ payload }) => {
      const { state, by, person } = payload as Record<string, unknown>
      return [state, by, person]
    }),
    [
      ['asked', olaf.actor, olaf.id],
      ['in-force', cid.actor, olaf.id],
      ['ended', ada.actor, olaf.id],
      ['asked', olaf.actor, olaf.id],
      ['refused', ada.actor, olaf.id],
    ],
  )
  const lines = await service.kit.database.query(
    `select action, actor from audit_entry where action like 'emergency.%' and outcome = 'done' order by at, id`,
  )
  assert.deepEqual(
    lines.map(({ action }) => action),
    ['emergency.asked', 'emergency.in_force', 'emergency.ended', 'emergency.asked', 'emergency.refused'],
  )
})
