/**
 * Once taking a right away has been answered, nobody is let in with it again: whichever of two processes is asked, however many ask at the same
 * moment, and also while one of the two is killed. Functional-spec E3, check 9; policy-and-scim C2, P4.
 */
import assert from 'node:assert/strict'
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { decisionPoint } from '../support/decision-point.ts'

/** Asked after a right was taken away, and answered before it was given again. */
const questions = 100_000
const asking = 16
/** For so long a right is there and is not: what is asked while it is not is what counts. */
const [givenMs, takenMs] = [30, 150]

const point = await decisionPoint({
  policies: `
@id("readers") permit (principal in group::"readers", action == Action::"read", resource is doc);
@id("chiefs") permit (principal in Role::"administrator", action == Action::"sign", resource is doc);
@id("vips") permit (principal in group::"vips", action == Action::"enter", resource is doc);
@id("closed") forbid (principal, action == Action::"enter", resource in group::"closed");`,
})
const children: ChildProcess[] = []
after(() => children.map((child) => child.kill('SIGKILL')))

/** Somebody's right to something: given and taken away, each answered when it is done. */
interface Right {
  readonly question: { readonly subject: Ref; readonly action: { name: string }; readonly resource: Ref }
  give(): Promise<unknown>
  take(): Promise<unknown>
}
interface Ref {
  readonly type: string
  readonly id: string
}

const doc = { type: 'doc', id: 'd1' }
const within = (subject: Ref, group: string) => ({
  subject,
  relation: 'in',
  object: { type: 'group', id: group },
})

function byRelation(): Right {
  const ada = { type: 'user', id: 'ada' }
  const relation = within(ada, 'readers')
  return {
    question: { subject: ada, action: { name: 'read' }, resource: doc },
    give: () => point.write({ relate: [relation] }),
    take: () => point.write({ unrelate: [relation] }),
  }
}

/** As identity tells it. */
function byRole(): Right {
  const bea = { type: 'Person', id: 'acc_0193a000-0000-7000-8000-000000000002' }
  let stamp = 0
  async function tell(...roles: readonly string[]): Promise<void> {
    const payload = { person: bea.id, roles, stamp: (stamp += 1) }
    const message = { id: crypto.randomUUID(), topic: 'identity.roles_changed', payload }
    assert.equal((await point.asService('identity', 'POST', '/internal/messages', message)).status, 200)
  }
  return {
    question: { subject: bea, action: { name: 'sign' }, resource: doc },
    give: () => tell('administrator'),
    take: () => tell(),
  }
}

/** In one change somebody gets in and the door is closed: between the two there is no moment in which they may. */
function inTwoParts(): Right {
  const cid = { type: 'user', id: 'cid' }
  const [isVip, isClosed] = [within(cid, 'vips'), within(doc, 'closed')]
  return {
    question: { subject: cid, action: { name: 'enter' }, resource: doc },
    give: () => point.write({ relate: [isVip] }),
    take: () => point.write({ relate: [isClosed] }).then(() => point.write({ unrelate: [isVip, isClosed] })),
  }
}

interface Settled {
  readonly right: Right
  readonly may: boolean
}

test(
  '100,000 questions come after rights were taken away, at two processes of which one is killed: nobody is let in',
  { timeout: 300_000 },
  async (t) => {
    const nodes = [await startNode(), await startNode()]
    const rights = [byRelation(), byRole(), inTwoParts()]
    let at = { right: rights[0] as Right, may: false } as Settled
    /** What is owed; undefined while it is being changed. */
    let settled: Settled | undefined
    const seen = { isOver: false, turns: 0, asked: 0, afterwards: 0, allowed: 0, lost: 0, wrong: 0 }

    async function racer(n: number) {
      const ask = asker()
      for (let turn = n; !seen.isOver; turn += 1) {
        const owed = settled
        seen.asked += 1
        const decision = await ask(nodes[turn % nodes.length] ?? '', at.right.question)
        if (decision === undefined) seen.lost += 1
        // Only what began and ended while nothing was being changed is owed one answer.
        else if (owed !== undefined && settled === owed) {
          if (!owed.may) seen.afterwards += 1
          if (decision) seen.allowed += 1
          if (decision !== owed.may) seen.wrong += 1
        }
      }
    }

    async function turnTo(next: Settled, ms: number) {
      settled = undefined
      at = next
      await (next.may ? next.right.give() : next.right.take())
      settled = next
      await new Promise((resolve) => setTimeout(resolve, ms))
    }

    async function change() {
      for (let n = 0; seen.afterwards < questions; n += 1) {
        const right = rights[n % rights.length] as Right
        seen.turns += 1
        await turnTo({ right, may: true }, givenMs)
        await turnTo({ right, may: false }, takenMs)
        // In the middle of it all, without a word: the other one goes on.
        if (nodes.length === 2 && seen.afterwards > questions / 2) {
          children[1]?.kill('SIGKILL')
          nodes.pop()
        }
      }
    }

    await Promise.all([
      change().finally(() => (seen.isOver = true)),
      ...Array.from({ length: asking }, (_, n) => racer(n)),
    ])
    t.diagnostic(JSON.stringify(seen))
    assert.equal(seen.wrong, 0)
    assert.ok(seen.allowed > 0, 'and before that they were')
    assert.ok(seen.lost < questions / 100, 'only those in the hands of the one that was killed')
  },
)

type Ask = (question: Right['question']) => Promise<boolean | undefined>

/** Somebody with a connection to each node, kept open. */
function asker(): (origin: string, question: Right['question']) => ReturnType<Ask> {
  const connections = new Map<string, Ask>()
  return (origin, question) => {
    const ask = connections.get(origin) ?? connectedTo(origin, () => connections.delete(origin))
    connections.set(origin, ask)
    return ask(question)
  }
}

/**
 * HTTP by hand, one question at a time: whoever asks shares the machine with those who answer, and node:http costs more than an answer does.
 * Undefined when there is nobody any more to answer.
 */
function connectedTo(origin: string, onClose: () => void): Ask {
  const { host, hostname, port } = new URL(origin)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true }).unref()
  let heard = ''
  let answered: (decision?: boolean) => void = () => {}
  // A byte is a character: lengths are in bytes.
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    heard += chunk
    const body = bodyOf(heard)
    if (body === undefined) return
    heard = ''
    answered((JSON.parse(body) as { decision?: boolean }).decision)
  })
  socket.on('error', () => {}).on('close', () => (onClose(), answered()))
  return (question) => {
    const body = JSON.stringify(question)
    const { promise, resolve } = Promise.withResolvers<boolean | undefined>()
    answered = resolve
    socket.write(
      `POST /access/v1/evaluation HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${point.token}\r\n` +
        `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    )
    return promise
  }
}

/** Undefined until all of it has come. */
function bodyOf(heard: string): string | undefined {
  const end = heard.indexOf('\r\n\r\n')
  const length = Number(/\r\ncontent-length: (\d+)\r\n/i.exec(heard)?.[1])
  const body = heard.slice(end + 4)
  return end !== -1 && body.length >= length ? body.slice(0, length) : undefined
}

async function startNode(): Promise<string> {
  const { url, seeds, issuer } = point
  const given = JSON.stringify({ like: { url, seeds, issuer }, env: { ALTHING_URL: point.origin } })
  const child = fork(fileURLToPath(new URL('../support/policy-node.ts', import.meta.url)), [given])
  children.push(child)
  const [started] = (await once(child, 'message')) as [{ origin: string }]
  return started.origin
}
