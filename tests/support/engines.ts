/**
 * Engines of an organisation's own, over real HTTP. The OPA speaks the part of its REST API that decisions are asked by (“Get a Document (with
 * Input)”, openpolicyagent.org/docs/latest/rest-api, and its errors), and knows one rule for each path.
 */
import { createServer, type RequestListener } from 'node:http'
import { createServer as createRawServer } from 'node:net'
import { after } from 'node:test'

export interface Input {
  readonly subject: {
    readonly type: string
    readonly id: string
    readonly properties: Record<string, unknown>
  }
  readonly action: { readonly name: string; readonly properties: Record<string, unknown> }
  readonly resource: {
    readonly type: string
    readonly id: string
    readonly properties: Record<string, unknown>
  }
  readonly context: Record<string, unknown>
}

interface Where {
  /** As the setting for who may be called names it. */
  readonly host: string
  readonly url: string
}

export interface StandIn extends Where {
  /** Everything that it was asked. */
  readonly asked: Input[]
}

/** @returns where something listens that answers as it likes */
export async function listening(listener: RequestListener): Promise<Where> {
  const server = createServer(listener)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  after(() => (server.closeAllConnections(), server.close()))
  server.unref()
  return at((server.address() as { port: number }).port)
}

/** What it says is not even HTTP. */
export async function rawly(bytes: string): Promise<Where> {
  const server = createRawServer((socket) => socket.on('error', () => {}).end(bytes))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  after(() => server.close())
  server.unref()
  return at((server.address() as { port: number }).port)
}

const at = (port: number): Where => ({ host: `127.0.0.1:${port}`, url: `http://127.0.0.1:${port}` })

/** A rule answers what its document is; undefined where it is none. */
type Rules = Readonly<Record<string, (input: Input) => unknown>>

export async function opaStandIn(rules: Rules, token?: string): Promise<StandIn> {
  const asked: Input[] = []
  const { host, url } = await listening((request, response) => {
    const say = (status: number, body: unknown) =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`)
      return say(401, { code: 'unauthorized', message: 'request rejected by administrative policy' })
    let text = ''
    request.setEncoding('utf8').on('data', (part: string) => (text += part))
    request.on('end', () => {
      const path = /^\/v1\/data\/(.+)$/.exec(request.url ?? '')?.[1]
      if (request.method !== 'POST' || path === undefined)
        return say(404, { code: 'resource_not_found', message: 'storage_not_found_error' })
      const { input } = documentIn(text)
      if (input === undefined)
        return say(400, { code: 'invalid_parameter', message: 'body contains malformed input' })
      asked.push(input)
      const result = rules[path]?.(input)
      say(200, { decision_id: crypto.randomUUID(), ...(result === undefined ? {} : { result }) })
    })
  })
  return { host, url, asked }
}

function documentIn(text: string): { readonly input?: Input } {
  try {
    return JSON.parse(text) as { readonly input?: Input }
  } catch {
    return {}
  }
}
