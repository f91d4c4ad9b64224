/**
 * What a decision costs the server when an application asks for it (AuthZEN over HTTP, sixteen connections), one by one and a hundred at
 * once; beside the least that a server can do with the same bytes. In microseconds of the server's processor.
 */
import { Agent, request } from 'node:http'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { startEmbedded } from '@althing/kernel/db/embedded.ts'
import { during, round1 } from './during.ts'
import { startBeside } from './own-process.ts'

const connections = 16
const seconds = 4
const rounds = 3
const users = 200
const documents = 500

const policies = `
@id("readers") permit (principal in group::"readers", action in [Action::"read", Action::"list"], resource is doc);
@id("editors") permit (principal in group::"editors", action in [Action::"read", Action::"list", Action::"edit"], resource is doc)
when { resource.status != "archived" };
@id("owner") permit (principal is user, action, resource is doc) when { resource.owner == principal };
@id("public") permit (principal is user, action == Action::"read", resource is doc) when { resource.visibility == "public" };
@id("locked") forbid (principal, action == Action::"edit", resource is doc) when { resource.status == "locked" };
@id("blocked") forbid (principal is user, action, resource) when { principal.blocked };
`

interface Started {
  readonly origin: string
  readonly token: string
}

/** Two tables of the world: in one call each, a thousand at once. */
const people = Array.from({ length: users }, (_, n) => ({
  type: 'user',
  id: `u${n}`,
  properties: { blocked: n % 20 === 0 },
}))
const papers = Array.from({ length: documents }, (_, n) => ({
  type: 'doc',
  id: `d${n}`,
  properties: {
    status: ['draft', 'archived', 'locked', 'final'][n % 4],
    visibility: n % 5 === 0 ? 'public' : 'private',
    owner: { __entity: { type: 'user', id: `u${n % users}` } },
  },
}))
const groups = people.flatMap(({ id }, n) =>
  n % 3 === 0
    ? []
    : [
        {
          subject: { type: 'user', id },
          relation: 'in',
          object: { type: 'group', id: n % 3 === 1 ? 'readers' : 'editors' },
        },
      ],
)

const question = (n: number) => ({
  subject: { type: 'user', id: `u${n % users}` },
  action: { name: ['read', 'list', 'edit'][n % 3] },
  resource: { type: 'doc', id: `d${(n * 7) % documents}` },
})

export async function decisions() {
  const measured: Record<string, unknown> = {}
  for (const log of ['off', 'soon', 'required']) {
    const service = await startPolicy(log)
    const ask = asker(service)
    await ask('/api/policy/entities', { put: [...people, ...papers], relate: groups })
    measured[`one by one, log ${log}`] = await measure(service, (n) =>
      ask('/access/v1/evaluation', question(n)),
    )
    measured[`a hundred at once, log ${log}`] = await measure(service, (n) =>
      ask('/access/v1/evaluations', {
        evaluations: Array.from({ length: 100 }, (_, place) => question(n * 100 + place)),
      }),
    )
    await service.stop()
  }
  return { connections, ...measured, bare: await bare() }
}

type Spending = { spent(): Promise<{ serverMs: number }> }

async function measure(service: Spending, work: (n: number) => Promise<string>) {
  const all = []
  for (let round = 0; round < rounds; round += 1) {
    const before = await service.spent()
    const { done, perSecond, p50Ms, p99Ms } = await during(
      async (n) => void (await work(n)),
      connections,
      seconds,
    )
    const after = await service.spent()
    const serverMicroseconds = round1(((after.serverMs - before.serverMs) * 1000) / done)
    all.push({ serverMicroseconds, perSecond: Math.round(perSecond), p50Ms, p99Ms })
  }
  return all.toSorted((a, b) => a.serverMicroseconds - b.serverMicroseconds)[1]
}

async function startPolicy(log: string) {
  const postgres = await startEmbedded({ folder: mkdtempSync(join(tmpdir(), 'althing-bench-')) })
  const child = await startBeside<Started>('policy-process.ts', {
    given: { policies, env: { ALTHING_POLICY_DECISION_LOG: log } },
    env: { ALTHING_TEST_DATABASE_URL: postgres.superuserUrl() },
  })
  return {
    ...child,
    async stop() {
      await child.stop()
      await postgres.stop()
    },
  }
}

function asker({ origin, token }: Started) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  return async (path: string, body: unknown): Promise<string> => {
    const sent = JSON.stringify(body)
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    request(new URL(path, origin), {
      agent,
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(sent),
      },
    })
      .once('error', reject)
      .once('response', (answer) => {
        void text(answer).then((said) => {
          if (answer.statusCode === 200) resolve(said)
          else reject(new Error(`${answer.statusCode} ${said}`))
        }, reject)
      })
      .end(sent)
    return promise
  }
}

/** node:http alone: reads the bytes, parses them, says yes. */
async function bare() {
  const child = await startBeside<Started>('decisions-bare.ts')
  const ask = asker(child)
  const measured = await measure(child, (n) => ask('/', question(n)))
  await child.stop()
  return measured
}
