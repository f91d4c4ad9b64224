/** Both adapters against real engines and against everything that is none: the same suite. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decisionPoint } from '../../../tests/support/decision-point.ts'
import { listening, opaStandIn } from '../../../tests/support/engines.ts'
import { createAuthzen } from './authzen.ts'
import { engineAt, engineConformance, type Dialect } from './conformance.ts'
import { createOpa } from './opa.ts'
import { wordsOf } from './call.ts'

const opa: Dialect = {
  name: 'OPA',
  kind: 'opa',
  open: createOpa,
  async honest() {
    const rule = ({ subject, resource }: { subject: { id: string }; resource: { id: string } }) => {
      if (subject.id !== 'ada' || resource.id === 'd3') return undefined
      return resource.id === 'd1'
        ? { allow: true }
        : { allow: false, reasons: ['Not after five.', 'Nor before.'] }
    }
    const { host, url } = await opaStandIn({ 'docs/decision': rule }, 'sesam')
    return { host, url: `${url}/v1/data/docs/decision`, token: 'sesam' }
  },
  path: '/v1/data/docs/allow',
  yes: { result: true },
  almost: {
    'a word': '{"result":"true"}',
    'a number': '{"result":1}',
    'nothing at all': '{"result":null}',
    'a list': '{"result":[true]}',
    'a decision of AuthZEN': '{"result":{"decision":true}}',
    'an allow in words': '{"result":{"allow":"true"}}',
    'a bare true': 'true',
    'a list of documents': '[{"result":true}]',
    'a result of the prototype': '{"__proto__":{"result":true},"result":0}',
  },
}

/** A whole decision point of somebody else's, asked by ours. */
const authzen: Dialect = {
  name: 'AuthZEN',
  kind: 'authzen',
  open: (way) => createAuthzen(way, () => crypto.randomUUID()),
  async honest() {
    const { origin, token } = await other()
    return { host: new URL(origin).host, url: `${origin}/access/v1/evaluation`, token }
  },
  path: '/access/v1/evaluation',
  yes: { decision: true },
  almost: {
    'a word': '{"decision":"true"}',
    'a number': '{"decision":1}',
    'nothing at all': '{"decision":null}',
    'an empty answer': '{}',
    'a list': '[{"decision":true}]',
    'a list of evaluations': '{"evaluations":[{"decision":true}]}',
    'an OPA’s': '{"result":true}',
    'a decision with a context that is none': '{"decision":true,"context":"true"}',
    'a decision of the prototype': '{"__proto__":{"decision":true}}',
  },
}

let point: ReturnType<typeof decisionPoint> | undefined
const other = () =>
  (point ??= decisionPoint({
    policies: `
@id("read") permit (principal == user::"ada", action == Action::"doc.read", resource)
unless { resource == doc::"d3" };
@id("late") @reason("Not after five.") forbid (principal, action, resource == doc::"d2");`,
  }))

engineConformance(opa)
engineConformance(authzen)

test('OPA: a rule is true or false, or undefined, which is how it says no: no failure of the engine', async () => {
  const { host, url, asked } = await opaStandIn({
    'docs/allow': ({ resource }) => (resource.id === 'd3' ? undefined : resource.id === 'd1'),
  })
  const { ask, breaker } = engineAt(opa, { url: `${url}/v1/data/docs/allow`, allowed: [host] })
  assert.equal((await ask('d1')).outcome, 'allow')
  assert.equal((await ask('d2')).outcome, 'deny')
  for (let n = 0; n < 6; n += 1) assert.equal((await ask('d3')).outcome, 'deny')
  assert.equal(breaker.status().state, 'closed')
  assert.deepEqual(asked[0], {
    subject: { type: 'user', id: 'ada', properties: {} },
    action: { name: 'doc.read', properties: {} },
    resource: { type: 'doc', id: 'd1', properties: {} },
    context: {},
  })
})

test('AuthZEN: an answer to another question is none; one without an id is believed', async () => {
  const answering = async (id: string | undefined) => {
    const { host, url } = await listening((request, response) => {
      request.resume().on('end', () => {
        const told = id === 'same' ? String(request.headers['x-request-id']) : id
        const headers = told === undefined ? {} : { 'x-request-id': told }
        response.writeHead(200, { 'content-type': 'application/json', ...headers }).end('{"decision":true}')
      })
    })
    return (await engineAt(authzen, { url, allowed: [host] }).ask()).ruling
  }
  assert.equal((await answering('same')).decision, true)
  assert.equal((await answering(undefined)).decision, true)
  const mixedUp = await answering(crypto.randomUUID())
  assert.deepEqual([mixedUp.decision, mixedUp.outside?.said[0]?.why], [false, 'policy.external.mixed_up'])
})

test('a reason is a short sentence, and is text: nothing that turns lines round, and no essay', () => {
  assert.deepEqual(wordsOf('Not <b>now</b>.'), { en: 'Not <b>now</b>.' })
  assert.deepEqual(wordsOf({ en: 'Not now.', is: 'Ekki núna.', de: 'Nicht jetzt.' }), {
    en: 'Not now.',
    is: 'Ekki núna.',
  })
  assert.deepEqual(wordsOf([7, 'x'.repeat(301), 'Not now.']), { en: 'Not now.' })
  for (const none of [
    undefined,
    null,
    7,
    '',
    'x'.repeat(301),
    'a\u0000b',
    'a\nb',
    'a\u202eb',
    'a\u2028b',
    {},
    [],
    { en: 7 },
  ])
    assert.equal(wordsOf(none), undefined, JSON.stringify(none))
})
