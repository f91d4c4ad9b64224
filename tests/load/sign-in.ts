/**
 * How many people can sign in: with a password, as a share of what the hash alone would allow in the same run; with a passkey, by core;
 * and whether refreshing a token stays quick while passwords are hashed. The service is a process of its own, beside its own PostgreSQL
 * that writes what it promises; the clients share the machine with both, so that all of it is paid from the same cores.
 */
import { availableParallelism } from 'node:os'
import { hash, verify } from '@node-rs/argon2'
import { openDatabase, type Database } from '@althing/kernel/db'
import { addPasskey, optionsOf } from '../support/factors.ts'
import {
  addAccount,
  codeFlow,
  createBrowser,
  formOf,
  password,
  portalSecret,
  signIn as enter,
} from '../support/identity.ts'
import { createLightClients } from './light-client.ts'
import { during, round1, round2 } from './during.ts'
import { startIdentity, type Spent } from './own-process.ts'

const seconds = 8
/** As many as wait at a busy moment; the queue takes more. */
const atOnce = 16
const argon = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
/** So many that within a round nobody's sixth session ends the first: that is no ordinary morning. */
const people = 600

const loose = {
  ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT: '10000000',
  ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT_EVERYWHERE: '10000000',
  ALTHING_IDENTITY_SIGN_IN_PER_NETWORK: '10000000',
  ALTHING_IDENTITY_BEGINNINGS_PER_NETWORK: '10000000',
  ALTHING_IDENTITY_PASSWORD_MEMORY_KIB: '19456',
  ALTHING_IDENTITY_PASSWORD_PASSES: '2',
}

export async function signIn() {
  const service = await startIdentity({ env: loose })
  const database = openDatabase({ url: service.databaseUrl })
  const phc = await hash(password, argon)
  const world = await settle({ ...service, database, browse: createLightClients(service.origin) }, phc)
  const rounds: Round[] = []
  // In turn, three times: what the machine does beside falls on both.
  for (let round = 0; round < 3; round += 1) {
    const raw = await counted(world, () => rawRound(phc))
    rounds.push({ raw, passwords: await counted(world, () => passwordRound(world)) })
  }
  const passkeys = await counted(world, () => passkeyRound(world))
  const refresh = await refreshBesides(world)
  await database.close()
  await service.stop()
  return {
    ...reported(rounds),
    passkeys: { perSecond: round1(passkeys.perSecond), ...perSignIn(passkeys) },
    passkeySignInsPerCpuSecondOfTheServer: round1(passkeys.done / (passkeys.spent.serverMs / 1000)),
    aimPasskeysPerCore: 300,
    refreshMs: refresh,
    aimRefreshP99Ms: 50,
    cores: availableParallelism(),
  }
}

interface Round {
  readonly raw: Measured
  readonly passwords: Measured
}

function reported(rounds: readonly Round[]) {
  const shareOf = ({ raw, passwords }: Round) => passwords.perSecond / raw.perSecond
  const median = rounds.toSorted((a, b) => shareOf(a) - shareOf(b))[1]
  return {
    rounds: rounds.map((round) => ({
      argon2PerSecond: round1(round.raw.perSecond),
      passwordSignInsPerSecond: round1(round.passwords.perSecond),
      share: round2(shareOf(round)),
    })),
    shareOfArgon2Median: median === undefined ? 0 : round2(shareOf(median)),
    aimShare: 0.85,
    ...(median === undefined
      ? {}
      : {
          // In the raw rounds the hash is the client's.
          hashCpuMs: round2(median.raw.spent.clientMs / median.raw.done),
          passwords: perSignIn(median.passwords),
        }),
  }
}

/** What one of them took, by who spent it. */
const perSignIn = ({ done, spent }: Measured) => ({
  hashCpuMs: round2(spent.hashMs / done),
  serverCpuMsBeside: round2((spent.serverMs - spent.hashMs) / done),
  postgresCpuMs: round2(spent.postgresMs / done),
  clientCpuMs: round2(spent.clientMs / done),
  statements: round1(spent.statements / done),
})

interface World extends Awaited<ReturnType<typeof startIdentity>> {
  readonly database: Database
  readonly browse: ReturnType<typeof createLightClients>
}

type Settled = World & { readonly owners: readonly Owner[] }

interface Owner {
  readonly email: string
  readonly device: Readonly<Record<string, string>>
  readonly passkey: Awaited<ReturnType<typeof addPasskey>>['passkey']
}

/** Members, at devices that are known to them, each with a passkey: the ordinary morning. */
async function settle(world: World, phc: string): Promise<Settled> {
  const owners: Owner[] = []
  const numbers = Array.from({ length: people }, (_, n) => n).values()
  const one = async () => {
    for (const n of numbers) owners.push(await ownerOf(world, `member${n}@example.org`, phc))
  }
  await Promise.all([one(), one(), one(), one()])
  await addAccount({ kit: world })
  return { ...world, owners }
}

async function ownerOf(world: World, email: string, phc: string): Promise<Owner> {
  const id = await addAccount({ kit: world }, { email, withPassword: false, roles: ['member'] })
  await world.database.query('insert into password (account, phc) values ($1, $2)', [id, phc])
  const browser = createBrowser(world.origin)
  await enter(browser, { identifier: email })
  const { passkey } = await addPasskey(browser, world)
  return { email, passkey, device: { althing_device: browser.jar.get('althing_device')?.value ?? '' } }
}

interface Measured {
  readonly done: number
  readonly perSecond: number
  readonly spent: Spent
}

/** The sessions of the round before have run out, and the letters about the passkeys have been sent: here nobody would take them. */
async function counted(
  { database, spent }: World,
  round: () => Promise<Pick<Measured, 'done' | 'perSecond'>>,
): Promise<Measured> {
  await database.query('delete from session')
  await database.query('delete from graphile_worker._private_jobs where locked_at is null')
  const before = await spent()
  const measured = await round()
  const after = await spent()
  return {
    ...measured,
    spent: {
      serverMs: after.serverMs - before.serverMs,
      hashMs: after.hashMs - before.hashMs,
      postgresMs: after.postgresMs - before.postgresMs,
      clientMs: after.clientMs - before.clientMs,
      statements: after.statements - before.statements,
      memoryMb: after.memoryMb,
      heapMb: after.heapMb,
    },
  }
}

const rawRound = (phc: string) =>
  during(
    async () => {
      await verify(phc, password)
    },
    availableParallelism(),
    seconds / 2,
  )

/** A password manager fills in both fields at once: one page, one form, one hash, one session. */
const passwordRound = ({ browse, owners }: Settled) =>
  during(
    async (n) => {
      const { email: identifier = '', device } = owners[n % owners.length] ?? {}
      const { go } = browse(device)
      const { action: path, hidden } = formOf((await go('/sign-in')).body, 'sign-in')
      const { status, location } = await go(path, { form: { ...hidden, identifier, password } })
      if (location !== '/account') throw new Error(`A sign-in was answered ${status}.`)
    },
    atOnce,
    seconds,
  )

const passkeyRound = ({ browse, owners }: Settled) =>
  during(
    async (n) => {
      const { passkey, device } = owners[n % owners.length] ?? {}
      const { go } = browse(device)
      const { body } = await go('/sign-in')
      const { action: path, hidden } = formOf(body, 'passkey')
      const credential = passkey?.answer(optionsOf(body)) ?? ''
      const { status, location } = await go(path, { form: { ...hidden, credential } })
      if (location !== '/account') throw new Error(`A passkey was answered ${status}.`)
    },
    atOnce,
    seconds,
  )

/** The queue of hashes is full all the time, and somebody refreshes every now and then. */
async function refreshBesides(world: Settled) {
  const refresh = await refresher(world)
  const times: number[] = []
  const hashing = { isOver: false }
  const done = passwordRound(world).finally(() => (hashing.isOver = true))
  while (!hashing.isOver) {
    const began = performance.now()
    await refresh()
    times.push(performance.now() - began)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  await done
  times.sort((a, b) => a - b)
  const at = (share: number) => round1(times[Math.floor(times.length * share)] ?? 0)
  return { count: times.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

/** The portal, which has somebody's refresh token, and each time the one that came with the last. */
async function refresher({ origin, browse }: World): Promise<() => Promise<void>> {
  const { tokens } = await codeFlow({ origin }, createBrowser(origin))
  const { go } = browse()
  const basic = Buffer.from(`portal:${encodeURIComponent(portalSecret)}`).toString('base64')
  let token = tokens.refresh_token ?? ''
  return async () => {
    const form = { grant_type: 'refresh_token', refresh_token: token }
    const { status, body } = await go('/oauth/token', { form, headers: { authorization: `Basic ${basic}` } })
    if (status !== 200) throw new Error(`A refresh was answered ${status}.`)
    token = (JSON.parse(body) as { refresh_token: string }).refresh_token
  }
}
