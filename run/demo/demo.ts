/** The demonstration: an eID issuer to sign in with, and an organisation of invented people with a running election. */
import { spawn } from 'node:child_process'
import { createReadStream, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { portOf, type Addresses } from '../settings.ts'
import { startEid } from './eid.ts'
import { demoPassword, demoPeople, mostDemoMembers } from './people.ts'

/** How many members: `ALTHING_DEMO_MEMBERS`, for who wants to begin sooner. */
export function demoSize(given: string | undefined): number {
  const size = Number(given ?? mostDemoMembers)
  if (Number.isInteger(size) && size >= 1 && size <= mostDemoMembers) return size
  throw new Error(`ALTHING_DEMO_MEMBERS is a whole number from 1 to ${mostDemoMembers}.`)
}

export interface Demo {
  readonly signIns: readonly { readonly email: string; readonly is: string }[]
  stop(): Promise<void>
}

export async function startDemo({
  addresses,
  secrets,
  size,
}: {
  readonly addresses: Addresses
  readonly size: number
  readonly secrets: { readonly eidClientSecret: string }
}): Promise<Demo> {
  const stop = await startEid({
    issuer: addresses.eidUrl,
    port: portOf(addresses.eidUrl),
    clientId: 'althing',
    clientSecret: secrets.eidClientSecret,
    redirectUris: [`${addresses.url}/sign-in/eid/callback`],
    people: demoPeople(size),
  })
  return {
    stop,
    signIns: [
      { email: 'admin@example.org', is: 'superadmin: everything' },
      { email: 'officer@example.org', is: 'election manager: makes, opens and counts elections' },
      {
        email: 'member@example.org',
        is: size === 1 ? 'a member' : `a member; member2 … member${size} as well`,
      },
    ],
  }
}

/**
 * Fills an empty data folder, through the very commands that an operator has: the register, then accounts, then a vote. The mark
 * is written last; a start that was interrupted before it is followed by one that finds what is there and does the rest.
 */
export async function seedDemo({
  folder,
  addresses,
  size,
}: {
  readonly folder: string
  readonly addresses: Addresses
  readonly size: number
}): Promise<void> {
  const place = join(folder, 'demo')
  mkdirSync(place, { recursive: true, mode: 0o700 })
  const people = demoPeople(size)
  writeFileSync(
    join(place, 'accounts.csv'),
    csv(
      ['email', 'name', 'kennitala', 'roles', 'agreed'],
      people.map(({ email, name, national_id, role }) => [email, name, national_id, role ?? '', '1']),
    ),
  )
  writeFileSync(
    join(place, 'members.csv'),
    csv(
      ['kennitala', 'name', 'email', 'phone', 'date_joined', 'fees_paid'],
      people.map(({ national_id, name, email, phone_number }) => [
        national_id,
        name,
        email,
        phone_number,
        '2020-01-01',
        'yes',
      ]),
    ),
  )
  writeFileSync(join(place, 'password'), demoPassword, { mode: 0o600 })
  writeFileSync(join(place, 'election.json'), JSON.stringify(demoElection(), null, 2))
  await command(folder, ['members', 'import', join(place, 'members.csv'), '--commit'])
  if (!(await command(folder, ['people', 'list', '--json'])).includes('admin@example.org')) {
    await command(
      folder,
      ['people', 'import', join(place, 'accounts.csv'), '--password-stdin'],
      join(place, 'password'),
    )
  }
  await settled(addresses.managementUrl)
  await command(folder, ['elections', 'open', await demoElectionId(folder, place)])
  // Who is erased must not stand in a file that was forgotten.
  for (const file of ['members.csv', 'accounts.csv']) rmSync(join(place, file))
  writeFileSync(join(folder, 'settings', 'demo'), `${addresses.url}\n`)
}

/** The draft of an earlier attempt, or a new one; a key whose election was never made is of no use to anybody. */
async function demoElectionId(folder: string, place: string): Promise<string> {
  const [known] = JSON.parse(await command(folder, ['elections', 'list', '--json'])) as { id: string }[]
  if (known !== undefined) return known.id
  const keyFile = join(place, 'sealing-key.json')
  rmSync(keyFile, { force: true })
  const made = await command(folder, [
    'elections',
    'create',
    join(place, 'election.json'),
    '--key-file',
    keyFile,
    '--json',
  ])
  return (JSON.parse(made) as { id: string }).id
}

/** Services tell each other who belongs to whom; the demonstration begins when all of it has arrived. */
async function settled(managementUrl: string): Promise<void> {
  const Health = z.object({
    services: z.record(
      z.string(),
      z.object({
        components: z.array(
          z.object({ name: z.string(), details: z.object({ waiting: z.number() }).optional() }),
        ),
      }),
    ),
  })
  for (let tries = 0; tries < 120; tries += 1) {
    const { services } = Health.parse(await (await fetch(`${managementUrl}/health`)).json())
    const waiting = Object.values(services).flatMap(({ components }) =>
      components.map(({ details }) => details?.waiting ?? 0),
    )
    if (waiting.every((one) => one === 0)) return
    await pause(250)
  }
}

/** @returns what the command wrote to its standard output */
function command(folder: string, words: readonly string[], input?: string): Promise<string> {
  const script = fileURLToPath(new URL('../../cli/main.ts', import.meta.url))
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...words], {
    env: { ...process.env, ALTHING_DATA: folder },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'inherit'],
  })
  if (input !== undefined && child.stdin !== null) createReadStream(input).pipe(child.stdin)
  let said = ''
  child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) =>
      code === 0
        ? resolve(said)
        : reject(new Error(`althing ${words.slice(0, 2).join(' ')} ended with ${code}.\n${said}`)),
    )
  })
}

function csv(names: readonly string[], rows: readonly (readonly string[])[]): string {
  return [names, ...rows]
    .map((row) => row.join(','))
    .join('\n')
    .concat('\n')
}

function demoElection() {
  return {
    title: {
      is: 'Sýnikosning: hvar höldum við aðalfund?',
      en: 'Demonstration: where do we hold the annual meeting?',
    },
    description: {
      is: 'Kosningin er opin öllum félögum í sýnifélaginu.',
      en: 'Open to every member of the demonstration organisation.',
    },
    questions: [
      {
        id: 'place',
        text: { is: 'Hvar höldum við aðalfund?', en: 'Where do we hold the annual meeting?' },
        voting_type: 'single-choice',
        answers: [
          { id: 'reykjavik', text: { is: 'Reykjavík', en: 'Reykjavík' } },
          { id: 'akureyri', text: { is: 'Akureyri', en: 'Akureyri' } },
          { id: 'isafjordur', text: { is: 'Ísafjörður', en: 'Ísafjörður' } },
        ],
      },
      {
        id: 'topics',
        text: {
          is: 'Hvað skal ræða? Veljið allt að tvennt.',
          en: 'What shall we talk about? Choose up to two.',
        },
        voting_type: 'multi-choice',
        max_selections: 2,
        answers: [
          { id: 'housing', text: { is: 'Húsnæðismál', en: 'Housing' } },
          { id: 'climate', text: { is: 'Loftslagsmál', en: 'Climate' } },
          { id: 'wages', text: { is: 'Kjaramál', en: 'Wages' } },
          { id: 'health', text: { is: 'Heilbrigðismál', en: 'Health' } },
        ],
      },
    ],
    eligibility: 'members',
  }
}
