/**
 * Once taking a right away has been answered, nobody is let in with it again: whichever of two processes is asked, however many ask at the same
 * moment, and also while one of the two is killed. Functional-spec E3, check 9; policy-and-scim C2, P4.
 */
import assert from 'node:assert/strict'
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { json } from 'node:stream/consumers'
import { decisionPoint } from '../support/decision-point.ts'

const questions = 100_000
const asking = 16
const allow = {
  subject: { type: 'user', id: 'ada' },
  action: { name: 'read' },
  resource: { type: 'doc', id: 'd1' },
}
const right = {
  subject: { type: 'user', id: 'ada' },
  relation: 'in',
  object: { type: 'group', id: 'readers' },
}

const point = await decisionPoint({
  policies:
    '@id("readers") permit (principal in group::"readers", action == Action::"read", resource is doc);',
})
const children: ChildProcess[] = []
after(() => children.map((child) => child.kill('SIGKILL')))

test(
  '100,000 questions race with rights that come and go at two processes, one of which is killed: nobody is let in afterwards',
  { timeout: 300_000 },
  async (t) => {
    const nodes = [await startNode(), await startNode()]
    const agent = new Agent({ keepAlive: true, maxSockets: asking })
    /** The moment since which nobody may, or may again; undefined while it is being changed. */
    let settled: { readonly may: boolean } | undefined = { may: false }
    const seen = { asked: 0, judged: 0, allowed: 0, lost: 0, wrong: 0 }

    async function racer(n: number) {
      for (let turn = n; seen.asked < questions; turn += 1) {
        const at = settled
        seen.asked += 1
        const decision = await ask(agent, nodes[turn % nodes.length] ?? '')
        if (decision === undefined) seen.lost += 1
        // Only what began and ended while nothing was being changed is owed one answer.
        else if (at !== undefined && settled === at) {
          seen.judged += 1
          if (decision) seen.allowed += 1
          if (decision !== at.may) seen.wrong += 1
        }
      }
    }

    async function change() {
      for (let may = true; seen.asked < questions; may = !may) {
        settled = undefined
        await point.write(may ? { relate: [right] } : { unrelate: [right] })
        settled = { may }
        await new Promise((resolve) => setTimeout(resolve, 60))
        // In the middle of it all, without a word: the other one goes on.
        if (nodes.length === 2 && seen.asked > questions / 2) {
          children[1]?.kill('SIGKILL')
          nodes.pop()
        }
      }
    }

    await Promise.all([change(), ...Array.from({ length: asking }, (_, n) => racer(n))])
    agent.destroy()
    t.diagnostic(JSON.stringify(seen))
    assert.equal(seen.wrong, 0)
    assert.ok(seen.judged > questions / 20 && seen.allowed > 0, 'enough of them were owed an answer')
    assert.ok(seen.lost < questions / 100, 'only those in the hands of the one that was killed')
  },
)

/** Undefined when there is nobody any more to answer. */
async function ask(agent: Agent, origin: string): Promise<boolean | undefined> {
  const body = JSON.stringify(allow)
  const { promise, resolve } = Promise.withResolvers<boolean | undefined>()
  request(`${origin}/access/v1/evaluation`, {
    agent,
    method: 'POST',
    headers: {
      authorization: `Bearer ${point.token}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    },
  })
    .once('error', () => resolve(undefined))
    .once('response', (answer) => {
      json(answer)
        .then((said) => resolve((said as { decision: boolean }).decision))
        .catch(() => resolve(undefined))
    })
    .end(body)
  return promise
}

async function startNode(): Promise<string> {
  const { url, seeds, issuer } = point
  const given = JSON.stringify({ like: { url, seeds, issuer }, env: { ALTHING_URL: point.origin } })
  const child = fork(fileURLToPath(new URL('../support/policy-node.ts', import.meta.url)), [given])
  children.push(child)
  const [started] = (await once(child, 'message')) as [{ origin: string }]
  return started.origin
}
