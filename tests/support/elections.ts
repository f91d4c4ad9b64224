/**
 * One ballot box for a test, with somebody who issues and somebody who votes. The issuer speaks as the service events and
 * signs blindly with a key of its own; the voter is what the booth is, without a page.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { after } from 'node:test'
import { fromBase64url, hpkeDeriveKeyPair, sha256, toBase64url } from '@althing/kernel/crypto'
import {
  collectTicket,
  createBlindSigner,
  generateIssuingKey,
  pendingTicket,
  requestTicket,
} from '@althing/kernel/tickets'
import { SignedManifest, type AdminElection } from '@althing/elections/contract'
import { createLog } from '@althing/kernel/telemetry'
import { z } from 'zod'
import { ballot } from './elections-voter.ts'
import { elections } from '../../services/elections/service.ts'
import { testService, type TestService } from './service.ts'

export { ballot }

export const officer = { subject: 'acc_officer', roles: ['election-manager'] }
export const superadmin = { subject: 'acc_super', roles: ['superadmin'] }

export const issuing = generateIssuingKey(3072)
export const sealing = hpkeDeriveKeyPair(new Uint8Array(32).fill(7))

export interface BoxOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly like?: TestBox
}

export interface TestBox extends ReturnType<typeof verbs> {
  readonly folder: string
  readonly service: TestService
}

export async function testBox({ env = {}, like }: BoxOptions = {}): Promise<TestBox> {
  const folder = like?.folder ?? mkdtempSync(join(tmpdir(), 'althing-box-'))
  if (like === undefined) after(() => rmSync(folder, { recursive: true, force: true }))
  const service: TestService = await testService(elections, {
    ...(process.env['ALTHING_TEST_LOG'] === undefined
      ? {}
      : { log: createLog({ service: 'elections', level: 'warn' }) }),
    env: { ALTHING_ELECTIONS_KEYS: folder, ALTHING_ELECTIONS_PUBLISH_WAIT_MS: '0', ...env },
    ...(like === undefined ? {} : { like: like.service }),
  })
  return { folder, service, ...verbs(service) }
}

const Answered = z.object({ election: z.custom<AdminElection>() })
export const question = {
  title: 'Formannskjör',
  question: 'Hver á að vera formaður?',
  answers: ['Ása', 'Björn', 'Cýrus'],
}

function verbs(service: TestService) {
  const quiet = async (method: string, path: string, body?: unknown) =>
    service.fetchQuiet(
      new Request(`http://ballot${path}`, {
        method,
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      }),
    )
  const admin = (method: string, path: string, body?: unknown, person = officer) =>
    service.asPerson(person, method, `/api/admin/elections${path}`, body)

  async function draft(input: object = {}): Promise<AdminElection> {
    const pair = await sealing
    return electionOf(
      await admin('POST', '', { ...question, sealing_key: toBase64url(pair.publicKey), ...input }),
    )
  }

  /** What events does when it is asked for the roll. */
  async function issue(id: string, entitled = 20): Promise<Response> {
    const { publicKey } = await issuing
    const classes = [{ id: 'full', weight: 1, entitled, issuing_key: publicKey }]
    return service.asService('events', 'PUT', `/internal/elections/${id}/issuance`, {
      kind: 'ready',
      roll_root: toBase64url(sha256(fromBase64url('AAAA'))),
      slots: [{ id: '1', classes }],
    })
  }

  async function opened(input: object = {}): Promise<AdminElection> {
    const { id } = await draft(input)
    await admin('POST', `/${id}/open`, {})
    await ok(issue(id))
    return electionOf(await admin('GET', `/${id}`))
  }

  async function manifestOf(id: string) {
    return SignedManifest.parse(await json(await quiet('GET', `/api/elections/${id}/manifest`)))
  }

  return {
    quiet,
    admin,
    draft,
    issue,
    opened,
    manifestOf,
    voter: async (id: string) => voter(await manifestOf(id)),
    cast: (id: string, ballot: unknown) => quiet('POST', `/api/elections/${id}/ballots`, ballot),
    close: (id: string) => admin('POST', `/${id}/close`, {}),
    tally: async (id: string) =>
      admin('POST', `/${id}/tally`, { private_key: toBase64url((await sealing).privateKey) }),
  }
}

/** Somebody with a ticket. Every `ballot` is a new sealing; keep it to send the same bytes again. */
export async function voter(signed: z.output<typeof SignedManifest>, issuer?: Uint8Array) {
  const { manifest } = signed
  const hash = fromBase64url(signed.hash)
  const [slot] = manifest.slots
  const [group] = slot?.classes ?? []
  if (slot === undefined || group === undefined) throw new Error('The manifest has no place to vote in.')
  const pkcs8 = issuer ?? (await issuing).pkcs8
  const pending = pendingTicket(
    new Uint8Array(randomBytes(32)),
    { manifestHash: hash, slot: slot.id, class: group.id },
    group.issuing_key,
  )
  const ticket = await collectTicket(
    pending,
    createBlindSigner(pkcs8).blindSign((await requestTicket(pending)).blinded),
  )
  return {
    ticket,
    ballot: (answers: Record<string, string[]>, seq = 1) => ballot({ signed, ticket, answers, seq }),
  }
}

export async function json(response: Response): Promise<unknown> {
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.status} ${text}`)
  return JSON.parse(text)
}

export const ok = async (response: Response | Promise<Response>): Promise<unknown> => json(await response)

export const electionOf = async (response: Response): Promise<AdminElection> =>
  Answered.parse(await json(response)).election

/** The code of a refusal. */
export async function code(response: Response | Promise<Response>): Promise<string> {
  const answer = await response
  const body = (await answer.json()) as { code?: string }
  return `${answer.status} ${body.code ?? ''}`
}
