import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SignJWT, UnsecuredJWT } from 'jose'
import { Secret } from '../config/index.ts'
import { createBreakers, createBulkhead } from '../resilience/index.ts'
import { appCheckAttester, createTestClock, hours, turnstileAttester } from '../testing/index.ts'
import { createAppCheck } from './app-check.ts'
import { createAttestation } from './attestation.ts'
import { attestationConformance } from './conformance.ts'
import type { Appraisal, Verifier } from './port.ts'
import { createTurnstile } from './turnstile.ts'

const hostname = 'vote.example.org'

attestationConformance('app-check', async ({ clock, ...common }) => {
  const provider = await appCheckAttester(() => clock.now())
  const { project, app, url } = provider
  const verifier = createAppCheck({ ...common, clock, url, project, apps: [app] })
  return { verifier, provider, genuine: () => provider.token() }
})

attestationConformance('turnstile', async ({ clock: _clock, ...common }) => {
  const provider = await turnstileAttester()
  const { url, secret } = provider
  const verifier = createTurnstile({ ...common, url, secret: new Secret(secret), hostname })
  return { verifier, provider, genuine: async () => provider.solve({ hostname, action: 'apply' }) }
})

test('an app’s token that is no longer valid, not for us, or from another app, project or issuer is refused', async () => {
  const { appraise, attester, clock } = await appCheck()
  const now = Math.floor(clock.now().getTime() / 1000)
  const other = '9999999999'
  const cases: [what: string, token: string][] = [
    ['expired', await attester.token({ exp: now - 60 })],
    ['without an end', await attester.token({ exp: undefined })],
    ['not yet valid', await attester.token({ nbf: now + 3600 })],
    ['for another audience', await attester.token({ aud: [`projects/${other}`] })],
    [
      'for an audience that only begins like ours',
      await attester.token({ aud: [`projects/${attester.project}0`] }),
    ],
    ['without an audience', await attester.token({ aud: undefined })],
    ['of another app', await attester.token({ sub: '1:1234567890:ios:ffffffff' })],
    ['of no app', await attester.token({ sub: undefined })],
    [
      'of another project',
      await attester.token({
        iss: `https://firebaseappcheck.googleapis.com/${other}`,
        aud: [`projects/${other}`],
      }),
    ],
    [
      'of another issuer',
      await attester.token({ iss: `https://securetoken.google.com/${attester.project}` }),
    ],
    ['of another type', await attester.token({}, { typ: 'at+jwt' })],
    ['signed by the right key in another way', await attester.token({}, { alg: 'PS256' })],
    ['signed by another key', await attester.forged()],
    ['signed by a key nobody knows', await attester.forged('k2')],
  ]
  for (const [what, token] of cases) assert.equal(await appraise(token), 'refused', what)
  assert.equal(await appraise(await attester.token()), 'genuine')
})

test('the public key is no shared secret: HS256 is refused, and so is a token that nobody signed', async () => {
  const { appraise, attester, clock } = await appCheck()
  const now = Math.floor(clock.now().getTime() / 1000)
  const claims = {
    iss: `https://firebaseappcheck.googleapis.com/${attester.project}`,
    aud: [`projects/${attester.project}`],
    sub: attester.app,
    exp: now + 3600,
  }
  for (const secret of [attester.publicKey, (JSON.parse(attester.publicKey) as { n: string }).n]) {
    const key = new TextEncoder().encode(secret)
    const confused = new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: 'k1' })
    assert.equal(await appraise(await confused.sign(key)), 'refused')
  }
  const unsigned = new UnsecuredJWT(claims).encode()
  const none = Buffer.from('{"alg":"none","typ":"JWT","kid":"k1"}').toString('base64url')
  const [header = '', payload = '', signature = ''] = (await attester.token()).split('.')
  for (const token of [
    unsigned,
    `${none}.${payload}.`,
    `${none}.${payload}.${signature}`,
    `${header}.${payload}.`,
    `${header}.${Buffer.from(JSON.stringify({ ...claims, sub: attester.app })).toString('base64url')}.${signature}`,
  ])
    assert.equal(await appraise(token), 'refused')
  assert.equal(attester.asked(), 1, 'what is not even RS256 makes us ask for no keys')
})

test('keys are asked for once, serve while their publisher is away, and names that are made up make nobody ask again', async () => {
  const { appraise, attester, clock, breaker } = await appCheck()
  for (let time = 0; time < 20; time += 1) assert.equal(await appraise(await attester.token()), 'genuine')
  for (let time = 0; time < 20; time += 1)
    assert.equal(await appraise(await attester.forged(`k${time + 2}`)), 'refused')
  assert.equal(attester.asked(), 1)
  attester.behave('failing')
  assert.equal(await appraise(await attester.token()), 'genuine')
  const token = await attester.token()
  clock.tick(hours(2))
  assert.equal(await appraise(token), 'refused', 'time goes on for tokens')
  assert.equal(breaker.status().state, 'closed')
})

test('a Turnstile response is good once', async () => {
  const { verifier, attester } = await turnstile()
  const response = attester.solve({ hostname, action: 'apply' })
  assert.equal(await verifier.appraise(response, 'apply'), 'genuine')
  assert.equal(await verifier.appraise(response, 'apply'), 'refused')
  const raced = attester.solve({ hostname, action: 'apply' })
  const answers = await Promise.all(Array.from({ length: 8 }, () => verifier.appraise(raced, 'apply')))
  assert.equal(answers.filter((one) => one === 'genuine').length, 1)
})

test('a Turnstile response from another site or for another form is refused, and used up by that', async () => {
  const { verifier, attester } = await turnstile()
  const other = attester.solve({ hostname: 'vote.example.org.evil.example', action: 'apply' })
  assert.equal(await verifier.appraise(other, 'apply'), 'refused')
  const elsewhere = attester.solve({ hostname, action: 'recover' })
  assert.equal(await verifier.appraise(elsewhere, 'apply'), 'refused')
  assert.equal(await verifier.appraise(elsewhere, 'recover'), 'refused')
})

test('the provider is told our secret and the response, and nothing about the person', async () => {
  const { verifier, attester } = await turnstile()
  const response = attester.solve({ hostname, action: 'apply' })
  await verifier.appraise(response, 'apply')
  assert.deepEqual(attester.sent, [{ secret: attester.secret, response }])
})

test('a secret that is not right is our trouble and nobody’s proof, and is told to the operator by its name', async () => {
  const told: unknown[] = []
  const { verifier, attester } = await turnstile({
    secret: 'another',
    onTrouble: (cause) => told.push(cause),
  })
  const response = attester.solve({ hostname, action: 'apply' })
  assert.equal(await verifier.appraise(response, 'apply'), 'unavailable')
  assert.match(String((told[0] as Error).cause), /invalid-input-secret/)
})

test('who relies on it tells missing from refused, and asks nobody about empty hands', async () => {
  const { demand, counted, asked } = relying({ genuine: 'genuine', forged: 'refused' })
  await demand('genuine')
  await assert.rejects(demand('forged'), { code: 'kernel.attestation.refused', status: 403 })
  await assert.rejects(demand(''), { code: 'kernel.attestation.missing', status: 403 })
  assert.deepEqual(counted, ['genuine', 'refused', 'missing'])
  assert.deepEqual(asked, ['genuine', 'forged'])
})

test('a provider that is away keeps everybody out, or nobody and is counted, as the setting says', async () => {
  const strict = relying({}, 'refuse')
  await assert.rejects(strict.demand('any'), {
    code: 'kernel.attestation.unavailable',
    status: 503,
    retryAfterSeconds: 60,
  })
  const lenient = relying({}, 'let-in')
  await lenient.demand('any')
  // Where it is away, its widget does not load either.
  await lenient.demand('')
  assert.deepEqual([...strict.counted, ...lenient.counted], ['turned_away', 'let_in', 'let_in'])
})

test('let in when it is away is not let in when it is there: empty hands and forgeries are refused', async () => {
  const { demand } = relying({ '': 'refused', forged: 'refused' }, 'let-in')
  await assert.rejects(demand(''), { code: 'kernel.attestation.missing' })
  await assert.rejects(demand('forged'), { code: 'kernel.attestation.refused' })
})

test('a flood opens no door: who finds no place is told to come back', async () => {
  const { promise, resolve } = Promise.withResolvers<Appraisal>()
  const slow: Verifier = { kind: 'turnstile', appraise: () => promise }
  const attestation = createAttestation({
    verifiers: [slow],
    whenAway: 'let-in',
    bulkhead: createBulkhead({ limit: 1, queue: 0 }),
    counted: () => {},
  })
  const first = attestation.demand({ turnstile: 'a' }, 'apply')
  await assert.rejects(attestation.demand({ turnstile: 'b' }, 'apply'), { code: 'kernel.resilience.full' })
  resolve('genuine')
  await first
})

test('who brings two kinds of evidence is judged by one of them', async () => {
  const verifier = (kind: Verifier['kind'], answer: Appraisal): Verifier => ({
    kind,
    appraise: async () => answer,
  })
  const attestation = createAttestation({
    verifiers: [verifier('app-check', 'refused'), verifier('turnstile', 'genuine')],
    whenAway: 'refuse',
    bulkhead: createBulkhead({ limit: 4, queue: 4 }),
    counted: () => {},
  })
  await attestation.demand({ turnstile: 'x' }, 'ticket')
  await assert.rejects(attestation.demand({ 'app-check': 'y', turnstile: 'x' }, 'ticket'), {
    code: 'kernel.attestation.refused',
  })
})

function relying(answers: Readonly<Record<string, Appraisal>>, whenAway: 'refuse' | 'let-in' = 'refuse') {
  const counted: string[] = []
  const asked: string[] = []
  const verifier: Verifier = {
    kind: 'turnstile',
    appraise: async (evidence) => (asked.push(evidence), answers[evidence] ?? 'unavailable'),
  }
  const attestation = createAttestation({
    verifiers: [verifier],
    whenAway,
    bulkhead: createBulkhead({ limit: 4, queue: 4 }),
    counted: (_kind, outcome) => counted.push(outcome),
  })
  return { demand: (turnstile: string) => attestation.demand({ turnstile }, 'apply'), counted, asked }
}

async function appCheck() {
  const clock = createTestClock()
  const breaker = createBreakers(clock).breaker('app-check')
  const attester = await appCheckAttester(() => clock.now())
  const { url, project, app } = attester
  const verifier = createAppCheck({ breaker, clock, url, project, apps: ['1:1:web:0', app] })
  return { attester, clock, breaker, appraise: (token: string) => verifier.appraise(token, 'ticket') }
}

async function turnstile(more: { secret?: string; onTrouble?: (cause: unknown) => void } = {}) {
  const attester = await turnstileAttester()
  const verifier = createTurnstile({
    breaker: createBreakers(createTestClock()).breaker('turnstile'),
    url: attester.url,
    hostname,
    ...more,
    secret: new Secret(more.secret ?? attester.secret),
  })
  return { attester, verifier }
}
