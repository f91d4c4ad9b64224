/** The decision point as an application meets it: by https, with a token, and by discovery alone. */
import { request as forward } from 'node:http'
import type { Log } from '@althing/kernel/telemetry'
import { policy } from '../../services/policy/service.ts'
import { httpsServer } from './https.ts'
import { policyOffice } from './policy-office.ts'
import { testService, type TestService } from './service.ts'

export interface DecisionPoint extends TestService {
  readonly origin: string
  /** Of a program that may ask for decisions, and of one that may also write entities. */
  readonly token: string
  /** Tells of entities and relations. */
  write(writing: unknown): Promise<void>
  ask(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answered>
  /** Brings other policies of the organisation into force, as two of its people do. */
  publish(policies: string): Promise<number>
}

export interface Answered {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Of an answer that is JSON. */
  readonly body: Record<string, unknown>
}

/** @param policies of an organisation, beside Althing's own */
export async function decisionPoint({
  policies = '',
  like,
  settings = {},
  log,
}: {
  readonly policies?: string
  readonly like?: DecisionPoint
  readonly settings?: Readonly<Record<string, string>>
  readonly log?: Log
} = {}): Promise<DecisionPoint> {
  const front = like === undefined ? await httpsFront() : undefined
  const origin = like?.origin ?? front?.url ?? ''
  // Its own doors decide as well: of those nothing is told here, or the log would hold what no test has asked.
  const env = { ALTHING_URL: origin, ALTHING_PORT: '0', ALTHING_DECISIONS_TOLD: 'off', ...settings }
  const service = await testService(policy, {
    listen: true,
    env,
    ...(like === undefined ? {} : { like }),
    ...(log === undefined ? {} : { log }),
  })
  const own = service.addresses.main ?? ''
  front?.leadTo(own)
  // A second node stands behind the same front in the world; a test that wants that very node asks it itself.
  const base = like === undefined ? origin : own
  const claims = {
    iss: env.ALTHING_URL,
    aud: `${env.ALTHING_URL}/api`,
    kind: 'machine',
    scope: 'access.evaluate entities.write',
  }
  const token = service.issuer.token({ subject: 'svc_application' }, claims)
  if (policies !== '') await policyOffice(service, env.ALTHING_URL).publish({ policies })
  async function ask(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const answer = await fetch(new URL(path.replace(origin, ''), base), {
      method: 'POST',
      body: text,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    })
    const said = await answer.text()
    const isJson = /\bjson\b/.test(answer.headers.get('content-type') ?? '')
    return {
      status: answer.status,
      headers: answer.headers,
      text: said,
      body: isJson ? JSON.parse(said) : {},
    }
  }
  return {
    ...service,
    origin,
    token,
    ask,
    publish: (policies: string) => policyOffice(service, env.ALTHING_URL).publish({ policies }),
    async write(writing) {
      const { status, text } = await ask('/api/policy/entities', writing)
      if (status !== 200) throw new Error(`Nothing was written: ${status} ${text}`)
    },
  }
}

async function httpsFront() {
  let port = ''
  const { url } = await httpsServer((incoming, outgoing) => {
    const { method, url: path, headers } = incoming
    const onward = forward({ port, host: '127.0.0.1', method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
      answer.pipe(outgoing)
    })
    // Who was refused before they had said all is told so: the rest of it is heard, and goes nowhere.
    onward.on('error', () => {
      incoming.unpipe(onward).resume()
      if (!outgoing.headersSent) outgoing.destroy()
    })
    incoming.pipe(onward)
  })
  return { url, leadTo: (address: string) => void (port = new URL(address).port) }
}
