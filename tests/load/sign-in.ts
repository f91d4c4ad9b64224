/**
 * How many people can sign in: with a password, as a share of what the hash alone would allow in the same run; with a passkey, by core;
 * and whether refreshing a token stays quick while passwords are hashed. One service, its own database, real sockets.
 */
import { availableParallelism } from 'node:os'
import { hash, verify } from '@node-rs/argon2'
import * as client from 'openid-client'
import { addPasskey, optionsOf } from '../support/factors.ts'
import {
  addAccount,
  codeFlow,
  createBrowser,
  formOf,
  password,
  signIn as enter,
  testIdentity,
  type TestIdentity,
} from '../support/identity.ts'

const seconds = 8
/** As many as the queue takes without turning anybody away. */
const atOnce = 16
const argon = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

const loose = {
  ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT: '10000000',
  ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT_EVERYWHERE: '10000000',
  ALTHING_IDENTITY_SIGN_IN_PER_NETWORK: '10000000',
  ALTHING_IDENTITY_PASSWORD_MEMORY_KIB: '19456',
  ALTHING_IDENTITY_PASSWORD_PASSES: '2',
}

export async function signIn() {
  const service = await testIdentity({ env: loose })
  const phc = await hash(password, argon)
  const addresses = Array.from({ length: 200 }, (_, n) => `member${n}@example.org`)
  // Members, at devices that are known to them: the ordinary morning.
  const devices: Device[] = []
  for (const email of addresses) {
    const id = await addAccount(service, { email, withPassword: false, roles: ['member'] })
    await service.kit.database.query('insert into password (account, phc) values ($1, $2)', [id, phc])
    devices.push(await known(service, email))
  }
  // In turn, three times: what the machine does beside falls on both.
  const rounds: { raw: number; whole: number }[] = []
  for (let round = 0; round < 3; round += 1)
    rounds.push({ raw: await rawRate(phc), whole: await passwordRate(service, devices) })
  const shares = rounds.map(({ raw, whole }) => whole / raw).sort((a, b) => a - b)
  const passkeys = await passkeyRate(service)
  const refresh = await refreshBesides(service, devices)
  return {
    rounds: rounds.map(({ raw, whole }) => ({
      argon2PerSecond: round1(raw),
      passwordSignInsPerSecond: round1(whole),
    })),
    shareOfArgon2Median: round2(shares[1] ?? 0),
    aimShare: 0.85,
    passkeySignInsPerSecond: round1(passkeys.perSecond),
    passkeySignInsPerCpuSecond: round1(passkeys.perCpuSecond),
    aimPasskeysPerCore: 300,
    refreshMs: refresh,
    aimRefreshP99Ms: 50,
    cores: availableParallelism(),
  }
}

type Cookie = { readonly value: string; readonly path: string } | undefined
interface Device {
  readonly email: string
  readonly cookie: Cookie
}

function browserOf(service: TestIdentity, cookie: Cookie) {
  const browser = createBrowser(service.origin)
  if (cookie !== undefined) browser.jar.set('althing_device', cookie)
  return browser
}

async function known(service: TestIdentity, email: string): Promise<Device> {
  const browser = createBrowser(service.origin)
  await enter(browser, { identifier: email })
  return { email, cookie: browser.jar.get('althing_device') }
}

async function during(
  work: (n: number) => Promise<void>,
  workers: number,
  length = seconds,
): Promise<number> {
  const end = performance.now() + length * 1000
  let done = 0
  const began = performance.now()
  await Promise.all(
    Array.from({ length: workers }, async (_, worker) => {
      for (let n = worker; performance.now() < end; n += workers) {
        await work(n)
        done += 1
      }
    }),
  )
  return (done * 1000) / (performance.now() - began)
}

const rawRate = (phc: string) =>
  during(
    async () => {
      await verify(phc, password)
    },
    availableParallelism(),
    seconds / 2,
  )

/** A password manager fills in both fields at once: one request, one hash, one session. */
function passwordRate(service: TestIdentity, devices: readonly Device[]): Promise<number> {
  return during(async (n) => {
    const { email: identifier = '', cookie } = devices[n % devices.length] ?? {}
    const answer = await enter(browserOf(service, cookie), { identifier })
    if (answer.status !== 303) throw new Error(`A sign-in was answered ${answer.status}.`)
  }, atOnce)
}

async function passkeyRate(service: TestIdentity): Promise<{ perSecond: number; perCpuSecond: number }> {
  const owners = await Promise.all(
    Array.from({ length: atOnce }, async (_, n) => {
      const email = `key${n}@example.org`
      await addAccount(service, { email, roles: ['member'] })
      const owner = createBrowser(service.origin)
      await enter(owner, { identifier: email })
      return { passkey: (await addPasskey(owner, service)).passkey, cookie: owner.jar.get('althing_device') }
    }),
  )
  const cpu = process.cpuUsage()
  let done = 0
  const perSecond = await during(async (n) => {
    const { passkey, cookie } = owners[n % atOnce] ?? {}
    const browser = browserOf(service, cookie)
    const page = await (await browser.go('/sign-in')).text()
    const credential = passkey?.answer(optionsOf(page)) ?? ''
    const { action, hidden } = formOf(page, 'passkey')
    const answer = await browser.go(action, {
      method: 'POST',
      headers: { origin: service.origin },
      body: new URLSearchParams({ ...hidden, credential }),
    })
    if (answer.headers.get('location') !== '/account') throw new Error('A passkey was not accepted.')
    done += 1
  }, atOnce)
  const { user, system } = process.cpuUsage(cpu)
  // The clients, who make keys and signatures, are in this very process: a lower bound.
  return { perSecond, perCpuSecond: (done * 1_000_000) / (user + system) }
}

/** The queue of hashes is full all the time, and somebody refreshes every now and then. */
async function refreshBesides(service: TestIdentity, devices: readonly Device[]) {
  await addAccount(service)
  const { portal, tokens } = await codeFlow(service, createBrowser(service.origin))
  let token = tokens.refresh_token ?? ''
  const times: number[] = []
  const hashing = { isOver: false }
  const done = passwordRate(service, devices).finally(() => (hashing.isOver = true))
  while (!hashing.isOver) {
    const began = performance.now()
    const next = await client.refreshTokenGrant(portal, token)
    times.push(performance.now() - began)
    token = next.refresh_token ?? token
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await done
  times.sort((a, b) => a - b)
  const at = (share: number) => round1(times[Math.floor(times.length * share)] ?? 0)
  return { count: times.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

const round1 = (value: number) => Math.round(value * 10) / 10
const round2 = (value: number) => Math.round(value * 100) / 100
