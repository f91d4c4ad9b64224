/** The people who keep an organisation's policies, at the doors of the policy service: each with a second factor just now, unless said otherwise. */
import type { TestService } from './service.ts'

interface Source {
  readonly policies?: string
  readonly schema?: string
  readonly links?: string
  readonly tests?: string
}

export interface Answered<T = Record<string, unknown>> {
  readonly status: number
  readonly headers: Headers
  readonly body: T
}

interface Way {
  readonly roles?: readonly string[]
  readonly acr?: string
  /** How long ago they showed it. */
  readonly seconds?: number
  /** With which number of their account they signed in. */
  readonly stamp?: number
}

export interface Officer {
  readonly actor: string
  send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answered>
}

export interface DraftSeen {
  readonly id: string
  readonly version: number
  readonly basedOn: number
  readonly etag: string
}

export function policyOffice(service: TestService, origin = 'http://localhost:8080') {
  function officer(
    name: string,
    { roles = ['administrator'], acr = 'urn:althing:acr:mfa', seconds = 5, stamp = 0 }: Way = {},
  ): Officer {
    const subject = `acc_00000000-0000-7000-8000-${Buffer.from(name.padEnd(6, '_').slice(0, 6)).toString('hex')}`
    return {
      actor: `person:${subject}`,
      async send(method, path, body, headers = {}) {
        const now = Math.floor(service.kit.clock.now().getTime() / 1000)
        const times = { iat: now, exp: now + 900, auth_time: now - seconds }
        const claims = { iss: origin, aud: `${origin}/api`, acr, ...times }
        const answer = await service.fetch(
          new Request(`http://localhost:8080${path}`, {
            method,
            headers: {
              authorization: `Bearer ${service.issuer.token({ subject, roles, stamp }, claims)}`,
              ...(body === undefined ? {} : { 'content-type': 'application/json' }),
              ...headers,
            },
            ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          }),
        )
        const text = await answer.text()
        return {
          status: answer.status,
          headers: answer.headers,
          body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>,
        }
      },
    }
  }

  const [ada, bea] = [officer('ada'), officer('bea')]

  async function draft(source: Source, by: Officer = ada, title = 'A draft'): Promise<DraftSeen> {
    return seen(await by.send('POST', '/api/policy/drafts', { title, ...source }), 201)
  }

  /** Checked and proposed by its author. */
  async function proposed(source: Source, by: Officer = ada): Promise<DraftSeen> {
    const one = await draft(source, by)
    right(await by.send('POST', `/api/policy/drafts/${one.id}/check`), 200)
    right(
      await by.send('POST', `/api/policy/drafts/${one.id}/propose`, undefined, { 'if-match': one.etag }),
      200,
    )
    return one
  }

  const activate = ({ id, version }: DraftSeen, by: Officer = bea) =>
    by.send('POST', `/api/policy/drafts/${id}/activate`, { version })

  /** @returns the revision that it is in force with */
  async function publish(source: Source): Promise<number> {
    const { body } = right(await activate(await proposed(source)), 200)
    return Number(body['revision'])
  }

  return { officer, ada, bea, draft, proposed, activate, publish }
}
export type PolicyOffice = ReturnType<typeof policyOffice>

function right(answer: Answered, status: number): Answered {
  if (answer.status !== status) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`)
  return answer
}

function seen(answer: Answered, status: number): DraftSeen {
  const { id, version, basedOn } = right(answer, status).body as unknown as DraftSeen
  return { id, version, basedOn, etag: answer.headers.get('etag') ?? '' }
}
