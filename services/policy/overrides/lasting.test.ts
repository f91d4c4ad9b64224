import assert from 'node:assert/strict'
import { test } from 'node:test'
import { minutes, overrideOffice, refusal } from '../../../tests/support/override-office.ts'

/** Cid and Dag run elections, and have lent each other the role of an administrator. */
async function lentToEachOther() {
  const office = await overrideOffice()
  const { cid, emergency } = office
  const dag = await office.person('dag', ['election-manager'])
  for (const [asker, decider] of [
    [cid, dag],
    [dag, cid],
  ] as const) {
    const { body } = await emergency.ask(asker)
    assert.equal((await emergency.decide(decider, body['id'])).status, 200)
  }
  return { ...office, dag }
}

test('two people to whom it is only lent bring no policies into force; with one who is an administrator they do', async () => {
  const { ada, cid, dag, may, pass, proposed, activate } = await lentToEachOther()
  const policies = `@id("ours") permit (principal is Person, action == Action::"policy.activate", resource) when { [Person::"${cid.id}", Person::"${dag.id}"].contains(principal) };\n`
  const mine = await proposed({ policies }, cid)
  assert.equal(refusal(await activate(mine, dag)), '403 only_lent')
  pass(minutes(61))
  assert.equal(may(cid, 'policy.activate'), false, 'when it is over nothing of it is left')
  assert.equal(may(dag, 'policy.activate'), false)
  assert.equal((await activate(mine, ada)).status, 200, 'whoever is an administrator reads it and says yes')
})

test('of what an administrator has written whoever it is lent to is the second person', async () => {
  const { ada, dag, proposed, activate } = await lentToEachOther()
  const policies = `@id("readers") permit (principal, action == Action::"read", resource is doc);\n`
  assert.equal((await activate(await proposed({ policies }, ada), dag)).status, 200)
})

test('what goes on opening doors when it is over is not lent, and to shut them is', async () => {
  const { ada, cid, may } = await lentToEachOther()
  for (const action of [
    'clients.create',
    'clients.change',
    'service-identities.create',
    'service-identities.change',
  ]) {
    assert.equal(may(cid, action), false, action)
    assert.equal(may(ada, action), true, action)
  }
  for (const action of ['clients.disable', 'service-identities.remove', 'users.sign-out', 'policy.roll-back'])
    assert.equal(may(cid, action), true, action)
})
