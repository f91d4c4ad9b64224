/** What an operator writes wrong is told at the start, each thing by itself and in words that say what to do. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createEgress } from '@althing/kernel/egress'
import { policy } from '../service.ts'
import { testService } from '../../../tests/support/service.ts'
import { createRedaction } from '../decisions/redaction.ts'
import { applies } from './applying.ts'
import { hides } from './sending.ts'
import { readEngines } from './settings.ts'

const right = {
  name: 'risk',
  kind: 'opa',
  url: 'https://opa.example.org/v1/data/pay/allow',
  actions: ['pay.*'],
}
const read = (text: string) =>
  readEngines({
    text,
    origin: 'https://althing.example.org',
    checked: createEgress({ allowed: ['opa.inside:8181'] }).checked,
    isHidden: hides(createRedaction(['diagnosis'])),
  })
const mistakesIn = (...engines: readonly object[]) =>
  read(JSON.stringify(engines))
    .mistakes.map(({ message }) => message)
    .join('\n')

test('each thing that is not right is named', () => {
  const wrong: readonly (readonly [object, RegExp])[] = [
    [{ name: 'Risk!' }, /0\/name: A name is of small letters/],
    [{ kind: 'opal' }, /0\/kind: /],
    [{ url: undefined }, /0\/url: /],
    [{ urls: 'x' }, /urls/],
    [{ url: 'opa' }, /risk: url is no address/],
    [{ url: 'https://u:p@opa.example.org/v1/data/x' }, /no name and password/],
    [{ url: 'https://opa.example.org/' }, /that of the decision/],
    [{ url: 'https://opa.example.org/v1/data/' }, /that of the decision/],
    [{ url: 'http://opa.example.org/v1/data/x' }, /ALTHING_POLICY_EGRESS_ALLOWED/],
    [{ url: 'https://10.0.0.7/v1/data/x' }, /ALTHING_POLICY_EGRESS_ALLOWED/],
    [{ url: 'ftp://opa.inside:8181/v1/data/x' }, /ALTHING_POLICY_EGRESS_ALLOWED/],
    [{ kind: 'authzen', url: 'https://althing.example.org/access/v1/evaluation' }, /our own address/],
    [{ actions: [] }, /neither actions nor resources/],
    [{ actions: ['*'] }, /0\/actions\/0: An action is a whole name/],
    [{ actions: ['pay*'] }, /An action is a whole name/],
    [{ actions: ['.*'] }, /An action is a whole name/],
    [{ actions: ['elections.open'] }, /elections\.open: an action of Althing's own is decided at its door/],
    [
      { actions: ['pay.*', 'members.*'] },
      /members\.import, members\.list, .* and \d more: an action of Althing's own/,
    ],
    [{ actions: [], resources: ['Person'] }, /Person: what is done to a thing of Althing's own/],
    [{ deadlineMs: 0 }, /0\/deadlineMs/],
    [{ deadlineMs: 60_000 }, /0\/deadlineMs/],
    [
      { sends: { subject: ['kennitala'] } },
      /sends\.subject: kennitala is a secret or the number of a person/,
    ],
    [
      { sends: { context: ['accessToken', 'diagnosis'] } },
      /accessToken is a secret[^]*diagnosis is a secret/,
    ],
    [{ sends: { everything: ['x'] } }, /everything/],
    [{ token: '' }, /0\/token/],
  ]
  for (const [change, told] of wrong)
    assert.match(mistakesIn({ ...right, ...change }), told, JSON.stringify(change))
  assert.match(mistakesIn(right, right), /risk: There are two of this name/)
  const both = mistakesIn({ ...right, url: 'x' }, { ...right, name: 'other', actions: ['mail.read'] })
  assert.match(both, /risk: url is no address[^]*other: mail\.read/, 'all at once')
  for (const none of ['{', 'risk', '{"engines": []}', '[1]', '- &a x\n- *a'])
    assert.ok(read(none).mistakes.length > 0, none)
})

test('what is right is read, from JSON and from YAML, and its token does not print', () => {
  assert.deepEqual(read('  ').engines, [])
  const yaml = `
- name: risk
  kind: opa
  url: http://opa.inside:8181/v1/data/pay/allow
  token: sesam
  actions: [pay.*, transfer]
  resources: [account]
  sends: { subject: [department] }`
  const [engine] = read(yaml).engines ?? []
  assert.deepEqual([engine?.deadlineMs, engine?.sends.subject], [300, ['department']])
  assert.doesNotMatch(JSON.stringify(engine), /sesam/)
  assert.equal(engine?.token?.reveal(), 'sesam')
  assert.equal(mistakesIn({ ...right, resources: ['Person'] }), '', 'its own actions, on people')
})

test('an engine is asked about its actions on its resources, and never about what is Althing’s own', () => {
  const on = (actions: string[], resources: string[]) => (action: string, type: string) =>
    applies({ actions, resources }, action, type)
  const payments = on(['pay.*', 'transfer'], ['account'])
  assert.deepEqual(
    [payments('pay.send', 'account'), payments('transfer', 'account'), payments('pay.send', 'doc')],
    [true, true, false],
  )
  assert.deepEqual([payments('pay', 'account'), payments('payment.send', 'account')], [false, false])
  assert.equal(on([], ['account'])('anything', 'account'), true)
  assert.equal(on(['users.*'], [])('users.read', 'Person'), false)
  assert.equal(on([], ['Election'])('elections.open', 'Election'), false)
})

test('a service with such a setting does not begin, and says why without the token', async () => {
  const engines = [{ ...right, actions: ['users.read'], token: 'sesam' }]
  await assert.rejects(
    testService(policy, { env: { ALTHING_POLICY_ENGINES: JSON.stringify(engines) } }),
    (error) => {
      assert.match(
        String(error),
        /ALTHING_POLICY_ENGINES, line 1: risk: users\.read: an action of Althing's own/,
      )
      assert.doesNotMatch(String(error), /sesam/)
      return true
    },
  )
})
