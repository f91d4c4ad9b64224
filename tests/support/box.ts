/** Speaks with a ballot box in a process of its own, as officer, as the service events, and as voters who are nobody. */
import { fork, type ChildProcess } from 'node:child_process'
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, Agent, request as send } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { systemChance, systemClock } from '@althing/kernel/context'
import { hpkeDeriveKeyPair, sha256, toBase64url } from '@althing/kernel/crypto'
import { createSigner, publicPart, signingKey } from '@althing/kernel/http'
import { SignedManifest, type Cast } from '@althing/elections/contract'
import {
  collectTicket,
  createBlindSigner,
  generateIssuingKey,
  pendingTicket,
  requestTicket,
  type HeldTicket,
} from '@althing/kernel/tickets'
import type { z } from 'zod'
import { ballot } from './elections-voter.ts'
import { inherited } from './inherited.ts'
import { baseBundle } from './policies.ts'

const origin = 'http://localhost:8080'
const ballotOrigin = 'http://localhost:8081'

export interface Voter {
  readonly ticket: HeldTicket
  ballot(answers: Record<string, string[]>, seq?: number): Promise<Cast>
}

export interface BoxWorld {
  /** Starts the process, again after a kill, on the same data. */
  start(): Promise<void>
  kill(): Promise<void>
  stop(): Promise<void>
  remove(): Promise<void>
  /** An open election with two questions of one choice each. */
  openElection(entitled: number): Promise<string>
  manifest(election: string): Promise<z.output<typeof SignedManifest>>
  voters(election: string, count: number): Promise<Voter[]>
  admin(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>
  /** Sends exactly this text to the ballot door. Rejects when no answer comes. */
  cast(election: string, text: string): Promise<{ status: number; text: string }>
  read(path: string): Promise<{ status: number; text: string }>
  tally(election: string): Promise<void>
  verifyAudit(): Promise<{ ok: boolean }>
  readonly ballotOrigin: string
}

export async function boxWorld(): Promise<BoxWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'althing-boxes-'))
  const names = ['elections', 'events', 'policy', 'identity']
  const seeds = Object.fromEntries(names.map((name) => [name, randomBytes(32).toString('base64url')]))
  const issuer = await startIssuer()
  const sealing = await hpkeDeriveKeyPair(new Uint8Array(randomBytes(32)))
  const issuing = await generateIssuingKey(3072)
  const signer = createBlindSigner(issuing.pkcs8)
  const bundle = await baseBundle(signingKey(seeds['policy'] ?? ''))
  const env = {
    ALTHING_ELECTIONS_SERVICE_KEY: seeds['elections'] ?? '',
    ALTHING_ELECTIONS_KEYS: join(folder, 'keys'),
    ALTHING_ELECTIONS_PUBLISH_WAIT_MS: '0',
    ALTHING_PEERS: JSON.stringify(
      Object.fromEntries(
        names.map((name) => [name, { url: issuer.url, key: publicPart(signingKey(seeds[name] ?? '')) }]),
      ),
    ),
    ALTHING_LOG_LEVEL: 'error',
    TEST_BUNDLE: JSON.stringify(bundle),
  }
  let child: ChildProcess | undefined
  let at = { main: '', quiet: '' }
  const agent = new Agent({ keepAlive: true, maxSockets: 600 })

  async function start(): Promise<void> {
    child = fork(fileURLToPath(new URL('./box-main.ts', import.meta.url)), {
      env: { ...inherited(), BOX: JSON.stringify({ folder, env }) },
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    const ready = await message<{ addresses: { main: string; quiet: string } }>(child, 'ready')
    at = ready.addresses
  }

  async function stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const stopping = child
    if (stopping === undefined || stopping.exitCode !== null || stopping.signalCode !== null) return
    const ended = new Promise((resolve) => stopping.once('exit', resolve))
    stopping.kill(signal)
    await ended
  }

  async function admin(method: string, path: string, body?: unknown) {
    return talk(
      agent,
      at.main,
      method,
      `/api/admin/elections${path}`,
      body === undefined ? '' : JSON.stringify(body),
      { authorization: `Bearer ${issuer.token()}` },
    )
  }

  async function openElection(entitled: number): Promise<string> {
    const answers = ['Ása', 'Björn', 'Cýrus']
    const questions = ['q1', 'q2'].map((id) => ({ id, text: `Spurning ${id}`, answers }))
    const made = await admin('POST', '', {
      title: 'Prófun',
      questions,
      sealing_key: toBase64url(sealing.publicKey),
    })
    const { id } = (made.body as { election: { id: string } }).election
    await admin('POST', `/${id}/open`, {})
    const classes = [{ id: 'full', weight: 1, entitled, issuing_key: issuing.publicKey }]
    const text = JSON.stringify({
      kind: 'ready',
      roll_root: toBase64url(sha256(new Uint8Array())),
      slots: [{ id: '1', classes }],
    })
    const target = `/internal/elections/${id}/issuance`
    const headers = createSigner({
      service: 'events',
      key: signingKey(seeds['events'] ?? ''),
      clock: systemClock,
      chance: systemChance,
    }).headers({ method: 'PUT', target, body: text }, 'elections')
    const issued = await talk(agent, at.main, 'PUT', target, text, headers)
    if (issued.status !== 200)
      throw new Error(`The election could not be opened: ${JSON.stringify(issued.body)}`)
    return id
  }

  async function manifest(election: string) {
    return SignedManifest.parse(
      JSON.parse((await talk(agent, at.quiet, 'GET', `/api/elections/${election}/manifest`, '')).text),
    )
  }

  async function voters(election: string, count: number): Promise<Voter[]> {
    const signed = await manifest(election)
    const hash = new Uint8Array(Buffer.from(signed.hash, 'base64url'))
    const made: Voter[] = []
    for (let index = 0; index < count; index += 1) {
      const pending = pendingTicket(
        new Uint8Array(randomBytes(32)),
        { manifestHash: hash, slot: '1', class: 'full' },
        issuing.publicKey,
      )
      const ticket = await collectTicket(pending, signer.blindSign((await requestTicket(pending)).blinded))
      made.push({ ticket, ballot: (answers, seq = 1) => ballot({ signed, ticket, answers, seq }) })
    }
    return made
  }

  return {
    start,
    kill: () => stop('SIGKILL'),
    stop: () => stop('SIGTERM'),
    async remove() {
      await stop('SIGTERM')
      agent.destroy()
      issuer.close()
      rmSync(folder, { recursive: true, force: true })
    },
    openElection,
    manifest,
    voters,
    admin,
    cast: (election, text) => talk(agent, at.quiet, 'POST', `/api/elections/${election}/ballots`, text),
    read: (path) => talk(agent, at.quiet, 'GET', path, ''),
    async tally(election) {
      const answer = await admin('POST', `/${election}/tally`, {
        private_key: toBase64url(sealing.privateKey),
      })
      if (answer.status !== 200) throw new Error(`Not tallied: ${JSON.stringify(answer.body)}`)
    },
    async verifyAudit() {
      if (child === undefined) throw new Error('The box does not run.')
      const answer = message<{ verdict: { ok: boolean } }>(child, 'verified')
      child.send('verify')
      return (await answer).verdict
    },
    ballotOrigin,
  }
}

function message<T>(child: ChildProcess, kind: string): Promise<T> {
  return new Promise((resolve, reject) => {
    child.on('message', (said: { kind?: string }) => {
      if (said.kind === kind) resolve(said as T)
    })
    child.once('exit', (code) => reject(new Error(`The box ended with ${code}.`)))
  })
}

function talk(
  agent: Agent,
  base: string,
  method: string,
  path: string,
  text: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string; body: unknown }> {
  const { hostname, port } = new URL(base)
  return new Promise((resolve, reject) => {
    const sent = send(
      {
        agent,
        hostname,
        port,
        method,
        path,
        headers: {
          ...headers,
          ...(text === ''
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        },
      },
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('error', reject)
        answer.on('end', () => {
          const said = Buffer.concat(chunks).toString('utf8')
          resolve({
            status: answer.statusCode ?? 0,
            text: said,
            get body() {
              return said === '' ? null : (JSON.parse(said) as unknown)
            },
          })
        })
      },
    )
    sent.on('error', reject)
    sent.end(text)
  })
}

/** Signs an officer's access tokens, and serves the key. */
async function startIssuer() {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const keys = JSON.stringify({
    keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'test', alg: 'ES256', use: 'sig' }],
  })
  const server = createServer((_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(keys),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  server.unref()
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    close: () => (server.closeAllConnections(), server.close()),
    token() {
      const now = Math.floor(systemClock.now().getTime() / 1000)
      const input = `${encode({ alg: 'ES256', typ: 'at+jwt', kid: 'test' })}.${encode({ iss: origin, aud: `${origin}/api`, sub: 'acc_officer', client_id: 'portal', roles: ['election-manager'], iat: now, exp: now + 900, jti: randomBytes(8).toString('hex') })}`
      return `${input}.${sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
    },
  }
}
