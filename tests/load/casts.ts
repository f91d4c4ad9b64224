/**
 * How many ballots a second one node takes, everything included: RSA-3072 ticket, one-time signature, receipt, and a commit
 * that is durable. A PostgreSQL of its own with fsync on; casts arrive over HTTP from this same machine, which costs too.
 *
 *   node tests/load/casts.ts [ballots = 2000] [at once = 200]
 */
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { fromBase64url, toBase64url } from '@althing/kernel/crypto'
import { startEmbedded } from '@althing/kernel/db/embedded.ts'
import { runService } from '@althing/kernel/service'
import { silentLog } from '@althing/kernel/telemetry'
import { SignedManifest, ElectionId, type Cast } from '@althing/elections/contract'
import { createFeatures, elections, type ElectionsKit } from '../../services/elections/service.ts'
import { issuing, question, sealing, voter } from '../support/elections.ts'

const [count = 2000, atOnce = 200] = process.argv.slice(2).map(Number)

if (process.send === undefined) await measure()
else await vote()

async function measure(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'althing-load-'))
  const server = await startEmbedded({ folder: join(folder, 'db'), roles: ['elections'] })
  const running = await runService(elections, {
    env: {
      ALTHING_ELECTIONS_DATABASE_URL: server.urlFor('elections'),
      ALTHING_ELECTIONS_SERVICE_KEY: randomBytes(32).toString('base64url'),
      ALTHING_ELECTIONS_KEYS: join(folder, 'keys'),
      ALTHING_ELECTIONS_PUBLISH_WAIT_MS: '0',
    },
    log: silentLog,
  })
  const features = createFeatures(running.kit as unknown as ElectionsKit)
  const made = await features.setup.create(
    { ...question, eligibility: 'members', sealing_key: toBase64url((await sealing).publicKey) },
    'operator:load',
  )
  await features.lifecycle.open(made.id, {}, 'operator:load')
  const classes = [
    { id: 'full', weight: 1, entitled: count, issuing_key: (await issuing).publicKey as never },
  ]
  await features.publishing.issuance(made.id, {
    kind: 'ready',
    roll_root: toBase64url(new Uint8Array(32)),
    slots: [{ id: '1', classes }],
  })
  const { pkcs8 } = await issuing
  const voters = fork(process.argv[1] ?? '', process.argv.slice(2))
  voters.send({ url: running.addresses.quiet, id: made.id, key: toBase64url(pkcs8) })
  const cpu = process.cpuUsage()
  const said = await new Promise((resolve) =>
    voters.on('message', (message) => (message === 'begin' ? process.cpuUsage(cpu) : resolve(message))),
  )
  console.log(said)
  const started = performance.now()
  await features.lifecycle.step(ElectionId.parse(made.id), 'close', 'operator:load')
  console.log({ closedAndSignedInMs: Math.round(performance.now() - started) })
  await running.close()
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
  process.exit()
}

/** Ballots are made beforehand, then sent with so many under way. */
async function vote(): Promise<void> {
  const { url, id, key } = await new Promise<{ url: string; id: string; key: string }>((resolve) =>
    process.once('message', resolve as (message: unknown) => void),
  )
  const signed = SignedManifest.parse(await (await fetch(`${url}/api/elections/${id}/manifest`)).json())
  const ballots: Cast[] = []
  while (ballots.length < count)
    ballots.push(await (await voter(signed, fromBase64url(key))).ballot({ q1: ['a1'] }))
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  const times: number[] = []
  const started = performance.now()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let paper = ballots.pop(); paper !== undefined; paper = ballots.pop()) {
        const sent = performance.now()
        const status = await post(agent, `${url}/api/elections/${id}/ballots`, JSON.stringify(paper))
        if (status !== 200) throw new Error(`refused: ${status}`)
        times.push(performance.now() - sent)
      }
    }),
  )
  const seconds = (performance.now() - started) / 1000
  times.sort((a, b) => a - b)
  const at = (part: number) => Math.round(times[Math.floor(times.length * part)] ?? 0)
  process.send?.(
    {
      ballots: count,
      atOnce,
      castsPerSecond: Math.round(count / seconds),
      p50Ms: at(0.5),
      p95Ms: at(0.95),
      p99Ms: at(0.99),
    },
    () => process.exit(),
  )
}

function post(agent: Agent, url: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: 'POST',
        agent,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode ?? 0))
      },
    )
    sent.on('error', reject).end(body)
  })
}
