import assert from 'node:assert/strict'
import { createServer, type Socket } from 'node:net'
import { after, test } from 'node:test'
import { Secret } from '../config/index.ts'
import { mailConformance } from './conformance.ts'
import { createServer as createHttpServer } from 'node:http'
import {
  createFallbackMail,
  createMailbox,
  createMemoryMail,
  createSendgridMail,
  createSendgridRelease,
  createSmtpMail,
  mailFault,
  type Mail,
  type Message,
} from './index.ts'

mailConformance('memory', async () => {
  const mail = createMemoryMail()
  return { mail, delivered: async () => mail.sent }
})

mailConformance('smtp', async () => {
  const { port, received } = await smtpServer()
  const mail = createSmtpMail({ url: new Secret(`smtp://127.0.0.1:${port}`), from: 'althing@example.org' })
  return { mail, delivered: async () => received }
})

mailConformance('mailbox', async () => {
  const received: Message[] = []
  const server = createHttpServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { kind, ...message } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Message & {
        kind: string
      }
      if (kind === 'mail') received.push(message)
      response.writeHead(202).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => server.close())
  server.unref()
  const { port } = server.address() as { port: number }
  return { mail: createMailbox(`http://127.0.0.1:${port}/outbox`), delivered: async () => received }
})

mailConformance('sendgrid', async () => {
  const { mail, received } = await sendgrid()
  return { mail, delivered: async () => received }
})

/** What SendGrid's documents say of POST /v3/mail/send: a bearer key, JSON of this shape, 202 with nothing in it. */
async function sendgrid(status = 202) {
  const received: Message[] = []
  const tracking: unknown[] = []
  const args: unknown[] = []
  const bypassed: unknown[] = []
  const server = createHttpServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')))
    request.on('end', () => {
      const isRight =
        request.method === 'POST' &&
        request.url === '/v3/mail/send' &&
        request.headers.authorization === 'Bearer SG.key'
      if (!isRight || status !== 202) return response.writeHead(isRight ? status : 401).end('{"errors":[]}')
      const { personalizations, subject, content, from, tracking_settings, custom_args, mail_settings } =
        JSON.parse(body) as {
          custom_args?: unknown
          mail_settings?: unknown
          personalizations: { to: { email: string }[] }[]
          subject: string
          content: { type: string; value: string }[]
          from: { email: string }
          tracking_settings: unknown
        }
      assert.equal(from.email, 'althing@example.org')
      tracking.push(tracking_settings)
      args.push(custom_args)
      bypassed.push(mail_settings)
      const of = (type: string) => content.find((one) => one.type === type)?.value
      const html = of('text/html')
      received.push({
        to: personalizations[0]?.to[0]?.email ?? '',
        subject,
        text: of('text/plain') ?? '',
        ...(html === undefined ? {} : { html }),
      })
      return response.writeHead(202).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => server.close())
  server.unref()
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`
  const make = (key: string) => createSendgridMail({ key: new Secret(key), from: 'althing@example.org', url })
  return { mail: make('SG.key'), make, received, tracking, args, bypassed }
}

const hello = { to: 'ada@example.org', subject: 'Hi', text: 'Hi' }

test('SendGrid: what it refuses as wrong is wrong for good; a key that does not open, too many and its own faults are not', async () => {
  for (const status of [400, 413])
    await assert.rejects((await sendgrid(status)).mail.send(hello), { code: 'kernel.mail.invalid' })
  for (const status of [429, 500, 503])
    await assert.rejects((await sendgrid(status)).mail.send(hello), { code: 'kernel.mail.unavailable' })
  const { make, tracking, mail, args } = await sendgrid()
  await assert.rejects(make('SG.wrong').send(hello), { code: 'kernel.mail.unavailable' })
  await mail.send(hello)
  await mail.send({ ...hello, id: 'ltr_1' })
  assert.deepEqual(args, [undefined, { letter: 'ltr_1' }], 'so that its events say which letter it was')
  await assert.rejects(mail.send({ ...hello, id: 'a\nb' }), { code: 'kernel.mail.invalid' })
  assert.deepEqual(tracking.slice(0, 1), [
    { click_tracking: { enable: false }, open_tracking: { enable: false } },
  ])
})

test('SendGrid: its own lists are passed over one by one, and only for a letter that says so', async () => {
  const { mail, bypassed } = await sendgrid()
  await mail.send(hello)
  await mail.send({ ...hello, despite: 'bounces' })
  await mail.send({ ...hello, despite: 'complaints' })
  assert.deepEqual(bypassed, [
    undefined,
    { bypass_bounce_management: { enable: true } },
    { bypass_spam_management: { enable: true } },
  ])
})

test('SendGrid: a mailbox is taken off every list; one that was on none is off all; a key that may not is said', async () => {
  const asked: string[] = []
  const release = (statusOf: (path: string) => number) =>
    createSendgridRelease({
      key: new Secret('SG.key'),
      url: 'https://api.example',
      async fetch(target, init) {
        assert.equal(init?.method, 'DELETE')
        assert.equal(new Headers(init?.headers).get('authorization'), 'Bearer SG.key')
        const { pathname } = new URL(String(target))
        asked.push(pathname)
        return new Response(null, { status: statusOf(pathname) })
      },
    })
  await release((path) => (path.includes('bounces') ? 204 : 404))('a/b+c@example.org')
  assert.deepEqual(
    asked.toSorted(),
    ['bounces', 'invalid_emails', 'spam_reports'].map(
      (list) => `/v3/suppression/${list}/a%2Fb%2Bc%40example.org`,
    ),
  )
  for (const status of [401, 403, 429, 500])
    await assert.rejects(release((path) => (path.includes('spam') ? status : 204))('ada@example.org'), {
      code: 'kernel.mail.unavailable',
    })
})

test('when the first provider is away the second carries it; a wrong message is not tried twice', async () => {
  const through = { run: <T>(work: () => Promise<T>) => work() }
  const away: Mail = { send: async () => Promise.reject(mailFault.unavailable(new Error('away'))) }
  const second = createMemoryMail()
  let fallen = 0
  const mail = createFallbackMail(
    [
      { mail: away, guard: through },
      { mail: second, guard: through },
    ],
    () => {
      fallen += 1
    },
  )
  await mail.send(hello)
  assert.deepEqual([second.sent, fallen], [[hello], 1])
  const wrong = { ...hello, subject: 'a\nb' }
  const strict = createFallbackMail([
    { mail: createMemoryMail(), guard: through },
    { mail: second, guard: through },
  ])
  await assert.rejects(strict.send(wrong), { code: 'kernel.mail.invalid' })
  const none = createFallbackMail([
    { mail: away, guard: through },
    { mail: away, guard: through },
  ])
  await assert.rejects(none.send(hello), { code: 'kernel.mail.unavailable' })
  assert.equal(second.sent.length, 1)
})

test('a mail server that is away is no reason to lose a message: it is a refusal that a queue repeats', async () => {
  const mail = createSmtpMail({ url: new Secret('smtp://127.0.0.1:1'), from: 'althing@example.org' })
  await assert.rejects(mail.send({ to: 'ada@example.org', subject: 'Hi', text: 'Hi' }), {
    code: 'kernel.mail.unavailable',
  })
})

/** The receiving half of RFC 5321, as much as one message needs. */
async function smtpServer() {
  const received: Message[] = []
  const server = createServer((socket) => receive(socket, received))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => server.close())
  server.unref()
  return { port: (server.address() as { port: number }).port, received }
}

function receive(socket: Socket, received: Message[]): void {
  let [text, inData, to] = ['', false, '']
  socket.write('220 test ESMTP\r\n')
  socket.on('error', () => {})
  socket.on('data', (chunk) => {
    text += chunk.toString('utf8')
    for (;;) {
      const end = text.indexOf(inData ? '\r\n.\r\n' : '\r\n')
      if (end === -1) return
      const part = text.slice(0, end)
      text = text.slice(end + (inData ? 5 : 2))
      if (inData) {
        received.push(parse(`${part}\r\n`, to)) // The line end before the dot belongs to the message.
        inData = false
        socket.write('250 kept\r\n')
      } else if (/^DATA/i.test(part)) {
        inData = true
        socket.write('354 go on\r\n')
      } else {
        to = /^RCPT TO:<([^>]+)>/i.exec(part)?.[1] ?? to
        socket.write(/^QUIT/i.test(part) ? '221 bye\r\n' : '250 ok\r\n')
      }
    }
  })
}

function parse(source: string, to: string): Message {
  const [head = '', ...rest] = source.split('\r\n\r\n')
  const header = (name: string) =>
    new RegExp(`^${name}: (.*(?:\r\n[ \t].*)*)`, 'im').exec(head)?.[1]?.replaceAll(/\r\n[ \t]/g, ' ') ?? ''
  const encoding = header('Content-Transfer-Encoding')
  return {
    to,
    subject: decodeWords(header('Subject')),
    text: decodeBody(rest.join('\r\n\r\n'), encoding).replaceAll('\r\n', '\n'),
  }
}

function decodeBody(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8')
  if (encoding !== 'quoted-printable') return body
  const bytes = body
    .replaceAll('=\r\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

/** RFC 2047. */
function decodeWords(text: string): string {
  return text.replaceAll(/=\?UTF-8\?([QB])\?([^?]*)\?=\s?/gi, (_all, kind: string, encoded: string) =>
    kind.toUpperCase() === 'B'
      ? Buffer.from(encoded, 'base64').toString('utf8')
      : decodeBody(encoded.replaceAll('_', ' '), 'quoted-printable'),
  )
}
