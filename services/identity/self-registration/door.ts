/**
 * Where applications register themselves, in the words of RFC 7591 and RFC 7592. A door of its own: what they show is neither a token of
 * ours nor of anybody that we know, and what is refused is refused in the words of these standards.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isKeepable } from '@althing/kernel/crypto'
import { isFault, type Fault } from '@althing/kernel/errors'
import { parseJson, type Mount } from '@althing/kernel/http'
import { fault } from './faults.ts'
import type { SelfRegistration } from './rules.ts'
import { Said } from './schema.ts'

interface Needs {
  readonly registration: Pick<SelfRegistration, 'register' | 'read' | 'replace' | 'remove' | 'onOutcome'>
  /** @throws Fault kernel.limits.too_many */
  readonly spend: (network: string) => Promise<void>
  readonly onBug: (error: unknown) => void
}

const path = '/oauth/register'
const most = 64 * 1024

export function registrationMounts({ registration, spend, onBug }: Needs): Mount[] {
  async function work(request: IncomingMessage, response: ServerResponse, network: string): Promise<void> {
    const client = new URL(request.url ?? '', 'http://here').pathname.slice(path.length + 1)
    const allowed = client === '' ? ['POST', 'OPTIONS'] : ['GET', 'PUT', 'DELETE', 'OPTIONS']
    if (request.method === 'OPTIONS')
      return void response
        .writeHead(204, { ...asked, 'access-control-allow-methods': allowed.join(', ') })
        .end()
    if (!allowed.includes(request.method ?? ''))
      return void response.writeHead(405, { ...always, allow: allowed.join(', ') }).end()
    await spend(network)
    const token = /^Bearer ([A-Za-z0-9._~+/-]+=*)$/i.exec(request.headers.authorization ?? '')?.[1]
    if (request.method === 'POST')
      return send(response, 201, await registration.register(token, () => bodyOf(request)))
    if (request.method === 'GET') return send(response, 200, await registration.read(client, token))
    if (request.method === 'PUT')
      return send(response, 200, await registration.replace(client, token, () => bodyOf(request)))
    await registration.remove(client, token)
    response.writeHead(204, always).end()
  }

  function refuse(response: ServerResponse, error: unknown): void {
    if (!isFault(error)) {
      onBug(error)
      return send(response, 500, { error: 'server_error' })
    }
    registration.onOutcome('refused')
    if (error.status === 401) response.setHeader('www-authenticate', 'Bearer error="invalid_token"')
    if (error.retryAfterSeconds !== undefined)
      response.setHeader('retry-after', String(Math.ceil(error.retryAfterSeconds)))
    send(response, error.status, { error: errorOf(error), error_description: describe(error) })
  }

  return [
    {
      paths: [path, `${path}/:client`],
      handler: (request, response, { network }) =>
        void work(request, response, network).catch((error: unknown) => refuse(response, error)),
    },
  ]
}

/** RFC 7591, section 3.2.2; RFC 6750, section 3.1. */
const words: Readonly<Record<string, string>> = {
  token: 'invalid_token',
  metadata: 'invalid_client_metadata',
  redirect_uri: 'invalid_redirect_uri',
  statement: 'unapproved_software_statement',
  request: 'invalid_request',
}
const errorOf = ({ code }: Fault): string => words[code.split('.').at(-1) ?? ''] ?? 'temporarily_unavailable'

/** RFC 6749, section 5.2: no quotation mark and no backslash. */
const describe = ({ title, fields }: Fault): string =>
  [title, ...fields.map(({ pointer, message }) => `${pointer.slice(1)} ${message}`)]
    .join(' | ')
    .replaceAll(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, "'")
    .slice(0, 1000)

/**
 * An application that runs in a browser registers from wherever it runs (the Fetch standard, section 3.3). Any page may ask: nothing here
 * looks at a cookie, and who has the word of an operator could show it from anywhere.
 */
const always = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'WWW-Authenticate, Retry-After',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const

const asked = {
  ...always,
  'access-control-allow-headers': 'authorization, content-type',
  'access-control-max-age': '600',
}

function send(response: ServerResponse, status: number, body: Readonly<Record<string, unknown>>): void {
  if (response.headersSent) return
  response.writeHead(status, { ...always, 'content-type': 'application/json' }).end(JSON.stringify(body))
}

async function bodyOf(request: IncomingMessage): Promise<Said> {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > most) throw fault.request()
    chunks.push(chunk)
  }
  const text = Buffer.concat(chunks).toString('utf8')
  const said = Said.safeParse(parsed(text))
  if (type !== 'application/json' || !said.success || !isKeepable(said.data)) throw fault.request()
  return said.data
}

/** As at every other door: what is nested without end is not read to its end. */
function parsed(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}
