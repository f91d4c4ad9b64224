import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { after, test } from 'node:test'
import { Secret } from '../config/index.ts'
import { isUntaken, NotTaken } from '../resilience/index.ts'
import { smsConformance } from './conformance.ts'
import {
  createFallbackSms,
  createMemorySms,
  createSmsMailbox,
  createTwilioSms,
  smsFault,
  twilioOf,
  type Sms,
  type Text,
} from './index.ts'

smsConformance('memory', async () => {
  const sms = createMemorySms()
  return { sms, delivered: async () => sms.sent }
})

smsConformance('mailbox', async () => {
  const received: Text[] = []
  const url = await listen((_request, body, response) => {
    const { kind, ...text } = JSON.parse(body) as Text & { kind: string }
    if (kind === 'sms') received.push(text)
    response.writeHead(202).end()
  })
  return { sms: createSmsMailbox(`${url}/outbox`), delivered: async () => received }
})

smsConformance('twilio', async () => {
  const { sms, received } = await twilio()
  return { sms, delivered: async () => received }
})

const hello = { to: '+3545551234', text: 'Hæ' }
const sid = `AC${'0'.repeat(32)}`

/** What Twilio's documents say of POST /2010-04-01/Accounts/{Sid}/Messages.json: Basic, a form, 201; else JSON with a code. */
async function twilio(fails?: { readonly status: number; readonly body: string }) {
  const received: Text[] = []
  const senders: Record<string, string | null>[] = []
  const url = await listen((request, body, response) => {
    const basic = Buffer.from(`${sid}:token`).toString('base64')
    const answer = (status: number, code: number, message: string) =>
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(JSON.stringify({ code, message, more_info: '', status }))
    if (request.headers.authorization !== `Basic ${basic}`) return answer(401, 20_003, 'Authenticate')
    if (request.url !== `/2010-04-01/Accounts/${sid}/Messages.json`) return answer(404, 20_404, 'Not found')
    if (request.headers['content-type'] !== 'application/x-www-form-urlencoded;charset=UTF-8')
      return answer(400, 21_604, `A 'To' number is required.`)
    if (fails !== undefined) return response.writeHead(fails.status).end(fails.body)
    const form = new URLSearchParams(body)
    received.push({ to: form.get('To') ?? '', text: form.get('Body') ?? '' })
    senders.push({ From: form.get('From'), MessagingServiceSid: form.get('MessagingServiceSid') })
    return response.writeHead(201).end(JSON.stringify({ sid: 'SM1', status: 'queued', error_code: null }))
  })
  const make = (token: string, from = '+3545550000') =>
    createTwilioSms({ sid, token: new Secret(token), from, url })
  return { sms: make('token'), make, received, senders, url }
}

const refusal = (status: number, code: number) => ({
  status,
  body: JSON.stringify({ code, message: 'no', status }),
})

test('Twilio: what is wrong with the number is wrong for good', async () => {
  for (const code of [21_211, 21_214, 21_217, 21_265, 21_610, 21_614, 21_635]) {
    const { sms } = await twilio(refusal(400, code))
    await assert.rejects(sms.send(hello), { code: 'kernel.sms.invalid' }, String(code))
  }
})

test('Twilio: an account that is not in order, too many, its own faults, and what nobody can read may pass', async () => {
  const passing = [
    refusal(400, 21_606), // our own number
    refusal(400, 21_408), // a country that is not switched on
    refusal(400, 99_999), // a code of tomorrow
    refusal(429, 20_429),
    refusal(500, 20_500),
    refusal(503, 20_503),
    { status: 502, body: '<html>' },
    { status: 400, body: '{"code":"21211"}' },
    { status: 400, body: 'x'.repeat(20_000) },
    { status: 302, body: '' },
  ]
  for (const fails of passing) {
    const { sms } = await twilio(fails)
    await assert.rejects(
      sms.send(hello),
      { code: 'kernel.sms.unavailable' },
      JSON.stringify(fails).slice(0, 60),
    )
  }
  const { make } = await twilio()
  await assert.rejects(make('wrong').send(hello), { code: 'kernel.sms.unavailable' })
  const away = createTwilioSms({ sid, token: new Secret('t'), from: '+1', url: 'http://127.0.0.1:1' })
  await assert.rejects(away.send(hello), { code: 'kernel.sms.unavailable' })
})

/** How it ended, and whether nothing can have been taken. */
const endOf = async (sms: Sms) =>
  sms.send(hello).then(
    () => 'sent',
    (error: unknown) => `${(error as { code: string }).code} ${isUntaken(error) ? 'untaken' : 'unsure'}`,
  )

test('Twilio: 201 is believed before its body is read', async () => {
  const url = await listen((_request, _body, response) => {
    response.writeHead(201, { 'content-length': '5000' }).write('{"sid"')
    setTimeout(() => response.destroy(), 20)
  })
  assert.equal(await endOf(createTwilioSms({ sid, token: new Secret('t'), from: '+1', url })), 'sent')
  const large = await listen((_request, _body, response) => response.writeHead(201).end('x'.repeat(50_000)))
  assert.equal(await endOf(createTwilioSms({ sid, token: new Secret('t'), from: '+1', url: large })), 'sent')
})

test('Twilio: an answer that refuses, and a connection that never came about, took nothing; all else may have', async () => {
  for (const status of [302, 400, 401, 429, 500, 503])
    assert.equal(await endOf((await twilio({ status, body: '{}' })).sms), 'kernel.sms.unavailable untaken')
  assert.equal(await endOf((await twilio({ status: 200, body: '{}' })).sms), 'kernel.sms.unavailable unsure')
  const at = (url: string) => createTwilioSms({ sid, token: new Secret('t'), from: '+1', url })
  assert.equal(await endOf(at(await nobody())), 'kernel.sms.unavailable untaken')
  assert.equal(await endOf(at('http://nobody.invalid')), 'kernel.sms.unavailable untaken')
  const dropped = await listen((_request, _body, response) => response.destroy())
  assert.equal(await endOf(at(dropped)), 'kernel.sms.unavailable unsure')
  const broken = await listen((_request, _body, response) => {
    response.writeHead(500, { 'content-length': '5000' }).write('{"code"')
    setTimeout(() => response.destroy(), 20)
  })
  assert.equal(await endOf(at(broken)), 'kernel.sms.unavailable untaken')
})

test('the first may have taken it: the second carries it all the same, and when none does nobody says that none has', async () => {
  const guard = { run: <T>(work: () => Promise<T>) => work() }
  const unsure: Sms = { send: async () => Promise.reject(smsFault.unavailable(new Error('no answer'))) }
  const refusing: Sms = { send: async () => Promise.reject(smsFault.unavailable(new NotTaken('503'))) }
  const second = createMemorySms()
  const way = (sms: Sms) => ({ sms, guard })
  await createFallbackSms([way(unsure), way(second)]).send(hello)
  assert.equal(second.sent.length, 1)
  for (const ways of [
    [unsure, refusing],
    [refusing, unsure],
  ] as const)
    assert.equal(
      await endOf(createFallbackSms([way(ways[0]), way(ways[1])])),
      'kernel.sms.unavailable unsure',
    )
  assert.equal(
    await endOf(createFallbackSms([way(refusing), way(refusing)])),
    'kernel.sms.unavailable untaken',
  )
})

test('Twilio: neither the number nor the text stands in what is reported', async () => {
  const { sms } = await twilio({ status: 400, body: JSON.stringify({ code: 21_211, message: hello.to }) })
  const error = await sms.send(hello).catch((thrown: unknown) => thrown)
  assert.ok(error instanceof Error)
  assert.doesNotMatch(`${String(error)} ${String(error.cause)}`, /5551234|Hæ/)
})

test('Twilio: one that does not answer is given up in time', async () => {
  const url = await listen(() => {})
  const inTime: typeof fetch = async (input, init) =>
    fetch(input, {
      ...init,
      signal: AbortSignal.any([AbortSignal.timeout(50), init?.signal ?? AbortSignal.abort()]),
    })
  const sms = createTwilioSms({ sid, token: new Secret('t'), from: '+1', url, fetch: inTime })
  await assert.rejects(sms.send(hello), { code: 'kernel.sms.unavailable' })
})

test('Twilio: a service that chooses the number is named as one', async () => {
  const { make, senders } = await twilio()
  await make('token', '+3545550000').send(hello)
  await make('token', `MG${'1'.repeat(32)}`).send(hello)
  assert.deepEqual(senders, [
    { From: '+3545550000', MessagingServiceSid: null },
    { From: null, MessagingServiceSid: `MG${'1'.repeat(32)}` },
  ])
})

test('the setting says who sends; half of it is none', async () => {
  const { url, received } = await twilio()
  const options = twilioOf(`twilio://${sid}:token@${new URL(url).host}?from=%2B3545550000`)
  assert.ok(options !== null)
  await createTwilioSms(options).send(hello)
  assert.deepEqual(received, [hello])
  assert.equal(twilioOf(`twilio://${sid}:t@api.twilio.com?from=MG1`)?.url, 'https://api.twilio.com')
  for (const text of [
    '',
    'twilio:',
    `twilio://${sid}@api.twilio.com?from=x`,
    `twilio://:t@api.twilio.com?from=x`,
    `twilio://${sid}:t@api.twilio.com`,
    `https://${sid}:t@api.twilio.com?from=x`,
  ])
    assert.equal(twilioOf(text), null, text)
})

test('when the first provider is away the second carries it; a wrong number is not tried twice', async () => {
  const guard = { run: <T>(work: () => Promise<T>) => work() }
  const away: Sms = { send: async () => Promise.reject(smsFault.unavailable(new Error('away'))) }
  const wrong: Sms = { send: async () => Promise.reject(smsFault.invalid(new Error('landline'))) }
  const second = createMemorySms()
  let fallen = 0
  const way = (sms: Sms) => ({ sms, guard })
  const count = () => {
    fallen += 1
  }
  await createFallbackSms([way(away), way(second)], count).send(hello)
  assert.deepEqual([second.sent, fallen], [[hello], 1])
  await assert.rejects(createFallbackSms([way(wrong), way(second)], count).send(hello), {
    code: 'kernel.sms.invalid',
  })
  await assert.rejects(createFallbackSms([way(away), way(away)]).send(hello), {
    code: 'kernel.sms.unavailable',
  })
  assert.deepEqual([second.sent.length, fallen], [1, 1])
})

/** Where somebody was, and is no more. */
async function nobody(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}`
}

/** A server of this machine that answers as it is told. */
async function listen(
  answer: (request: IncomingMessage, body: string, response: ServerResponse) => unknown,
): Promise<string> {
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')))
    request.on('end', () => answer(request, body, response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  server.unref()
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`
}
