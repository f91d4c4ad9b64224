import assert from 'node:assert/strict'
import { createServer, type Socket } from 'node:net'
import { after, test } from 'node:test'
import { Secret } from '../config/index.ts'
import { mailConformance } from './conformance.ts'
import { createServer as createHttpServer } from 'node:http'
import { createMailbox, createMemoryMail, createSmtpMail, type Message } from './index.ts'

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
