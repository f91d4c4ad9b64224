/**
 * The management address of one machine: each service's own under `/<service>/…`, and all of them together. Loopback only.
 * In a demonstration it is also the mailbox: every mail and text message that was sent, as a page and as JSON.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'

interface Options {
  readonly host: string
  readonly port: number
  /** Management address of each service. */
  readonly services: Readonly<Record<string, string>>
  readonly mailbox: boolean
}

interface Sent {
  readonly at: string
  readonly kind: string
  readonly to: string
  readonly subject?: string
  readonly text: string
}

const kept = 500

export async function startManagement({ host, port, services, mailbox }: Options): Promise<Server> {
  const sent: Sent[] = []
  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) =>
      json(response, 502, { error: error instanceof Error ? error.name : 'failed' }),
    )
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isOfOurs(request, host)) return json(response, 403, { error: 'not_from_here' })
    const url = new URL(request.url ?? '/', 'http://management')
    const [, first = '', ...rest] = url.pathname.split('/')
    const service = services[first]
    if (service !== undefined) return forward(request, response, `${service}/${rest.join('/')}${url.search}`)
    if (mailbox && first === 'outbox' && request.method === 'POST') return receive(request, response, sent)
    if (mailbox && first === 'outbox') return showMailbox(response, sent)
    if (mailbox && first === 'outbox.json') return json(response, 200, { messages: sent })
    if (['health', 'healthz', 'readyz'].includes(first) && rest.length === 0)
      return together(response, services, first)
    if (first === 'metrics') return metrics(response, services)
    json(response, 404, {
      error: 'not_found',
      known: [
        '/health',
        '/healthz',
        '/readyz',
        '/metrics',
        ...Object.keys(services).map((name) => `/${name}/…`),
      ],
    })
  }

  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
  return server
}

/**
 * Loopback keeps other machines out, but not the pages of other sites in a browser on this one: their requests name a host of
 * theirs (DNS rebinding) or, when they change something, an origin of theirs.
 */
function isOfOurs({ headers, method }: IncomingMessage, host: string): boolean {
  const isNear = (url: string) =>
    ['localhost', '127.0.0.1', '[::1]', host].includes(URL.parse(url)?.hostname ?? '')
  const isSafe = method === 'GET' || method === 'HEAD'
  return (
    isNear(`http://${headers.host ?? ''}`) &&
    (isSafe || headers.origin === undefined || isNear(headers.origin))
  )
}

async function forward(request: IncomingMessage, response: ServerResponse, target: string): Promise<void> {
  const body = request.method === 'GET' ? undefined : await read(request)
  const answer = await fetch(target, {
    method: request.method ?? 'GET',
    ...(body === undefined
      ? {}
      : { body, headers: { 'content-type': request.headers['content-type'] ?? 'application/json' } }),
    signal: AbortSignal.timeout(5_000),
  })
  response.writeHead(answer.status, {
    'content-type': answer.headers.get('content-type') ?? 'application/json',
  })
  response.end(Buffer.from(await answer.arrayBuffer()))
}

/** All services at once: the worst status, and each one's own report. */
async function together(
  response: ServerResponse,
  services: Options['services'],
  what: string,
): Promise<void> {
  const reports = await Promise.all(
    Object.entries(services).map(async ([name, base]) => {
      const answer = await fetch(`${base}/${what}`, { signal: AbortSignal.timeout(5_000) }).catch(
        () => undefined,
      )
      return [name, answer?.ok === true, await answer?.json().catch(() => undefined)] as const
    }),
  )
  const ok = reports.every(([, fine]) => fine)
  const worst = reports.some(([, fine]) => !fine)
    ? 'unhealthy'
    : reports.some(([, , report]) => (report as { status?: string } | undefined)?.status === 'degraded')
      ? 'degraded'
      : 'healthy'
  json(response, ok ? 200 : 503, {
    ...(what === 'health' ? { status: worst } : what === 'readyz' ? { ready: ok } : { ok }),
    services: Object.fromEntries(reports.map(([name, , report]) => [name, report ?? null])),
  })
}

/** One text for all services; help and type of a metric stand once, as the format demands. */
async function metrics(response: ServerResponse, services: Options['services']): Promise<void> {
  const texts = await Promise.all(
    Object.values(services).map(async (base) =>
      (await fetch(`${base}/metrics`, { signal: AbortSignal.timeout(5_000) })).text(),
    ),
  )
  const families = new Map<string, string[]>()
  for (const line of texts.flatMap((text) => text.split('\n')).filter((one) => one !== '')) {
    const name =
      /^# (?:HELP|TYPE) (\S+)/.exec(line)?.[1] ??
      /^[a-zA-Z_:][\w:]*/.exec(line)?.[0].replace(/_(bucket|sum|count)$/, '') ??
      ''
    const key = families.has(name) || line.startsWith('#') ? name : (/^[\w:]*/.exec(line)?.[0] ?? '')
    const lines = families.get(key) ?? []
    if (!line.startsWith('#') || !lines.includes(line)) lines.push(line)
    families.set(key, lines)
  }
  response
    .writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
    .end(`${[...families.values()].flat().join('\n')}\n`)
}

async function receive(request: IncomingMessage, response: ServerResponse, sent: Sent[]): Promise<void> {
  const message = JSON.parse(await read(request)) as Omit<Sent, 'at'>
  sent.unshift({ at: new Date().toISOString(), ...message })
  sent.length = Math.min(sent.length, kept)
  json(response, 202, { accepted: true })
}

function showMailbox(response: ServerResponse, sent: readonly Sent[]): void {
  const escape = (text: string) => text.replaceAll(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`)
  const linked = (text: string) =>
    escape(text).replaceAll(/https?:\/\/[^\s<]+/g, (url) => `<a href="${url}">${url}</a>`)
  const rows = sent.map(
    ({ at, to, subject, text }) =>
      `<article><h2>${escape(subject ?? 'SMS')}</h2><p>${escape(to)} · <time>${at}</time></p><pre>${linked(text)}</pre></article>`,
  )
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
  response.end(`<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Demo mailbox</title>
<style>body{font:17px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#16232b;background:#fbfaf7}article{border-top:1px solid #c9d1d4}pre{white-space:pre-wrap;overflow-wrap:anywhere}</style>
<main><h1>Demo mailbox</h1>${rows.length === 0 ? '<p>Nothing was sent yet.</p>' : rows.join('')}</main></html>`)
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > 1_000_000) throw new RangeError('too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value, null, 2))
}
