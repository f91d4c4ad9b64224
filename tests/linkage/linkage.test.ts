import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Pool } from 'pg'
import { demoPassword, demoPeople } from '../../run/demo/people.ts'
import { serviceNames } from '../../run/settings.ts'
import { createTestChance, until } from '@althing/kernel/testing'
import { startAlthing, type Althing } from '../support/althing.ts'
import { createOfficer } from '../support/officer.ts'
import { cast, createPerson, fillIn, type Person } from '../support/person.ts'
import { attack, bounds, literalLeaks, type Attempt, type Known } from './attacker.ts'
import { dumpDatabases, readLogs, readWal, type DumpedRow } from './dumps.ts'

const voters = 500
const planted = 60

/**
 * The worst case for secrecy: everybody signs in, fetches a ticket and votes at once, one after the other, so that every order on
 * the one side is the order on the other. Whoever then takes everything still links no better than chance.
 */
test(
  '500 voters, and dumps of everything: nobody is linked to a ballot better than by chance',
  { timeout: 420_000 },
  async (t) => {
    // At the level that a service has when nobody says otherwise: what is never written cannot be searched.
    const althing = await startAlthing({
      env: {
        ALTHING_LOG_LEVEL: 'info',
        ALTHING_DEMO_MEMBERS: String(voters),
        // What a password costs to check is nothing to whoever looks for links.
        ALTHING_IDENTITY_PASSWORD_MEMORY_KIB: '64',
        ALTHING_IDENTITY_PASSWORD_PASSES: '1',
      },
    })
    after(() => althing.remove())
    const officer = createPerson(althing)
    await officer.signIn('officer@example.org', demoPassword)
    const elections = await createOfficer(officer)
    const people = shuffled(demoPeople().slice(2, 2 + voters))
    const persons = people.map(() => createPerson(althing))

    const first = await elections.open()
    const known = await vote(althing, first.id, people, persons, async () => {})
    // Somebody may take a copy while people vote, and another one afterwards.
    const during = (await dumpAll(althing)).map(({ table, values }) => ({
      table: `${table} (during)`,
      values,
    }))
    await elections.close(first.id)
    await elections.tally(first.id)
    await intakeIsGone(althing, first.id)
    const rows = [...during, ...(await dumpAll(althing))]
    const wal = readWal(join(althing.folder, 'postgresql', 'cluster'))

    await t.test('no order of persons fits any order of ballots', () => {
      const attempts = attack(known, rows, wal)
      const limit = bounds(voters, attempts.length)
      assert.ok(
        attempts.some(({ person }) => person.startsWith('events.')) &&
          attempts.some(({ person }) => person.startsWith('identity.')),
        'the attacker had orders of persons to try',
      )
      assert.ok(
        attempts.some(({ ballot }) => ballot.startsWith('elections.')) &&
          attempts.some(({ ballot }) => ballot.startsWith('write-ahead')),
        'and orders of ballots',
      )
      const best = bestOf(attempts)
      t.diagnostic(
        `${attempts.length} pairs of orders; best ${best.exact} exact (limit ${limit.exact}), ${best.near} near (limit ${limit.near}) by ${best.person} and ${best.ballot}`,
      )
      assert.ok(
        attempts.every(({ exact }) => exact <= limit.exact),
        `linked: ${JSON.stringify(bestOf(attempts, 'exact'))}`,
      )
      assert.ok(
        attempts.every(({ near }) => near <= limit.near),
        `linked nearly: ${JSON.stringify(bestOf(attempts, 'near'))}`,
      )
    })

    await t.test('no ballot is named where persons are, and no person where ballots are', async () => {
      const of = (world: (name: string) => boolean) =>
        JSON.stringify(rows.filter(({ table }) => world(table.split('.', 1)[0] ?? '')))
      assert.deepEqual(
        literalLeaks(
          known.ballots,
          of((name) => name !== 'elections'),
        ),
        [],
      )
      assert.deepEqual(
        literalLeaks(
          known.people,
          of((name) => name === 'elections'),
        ),
        [],
      )
      // The addresses of the demonstration are printed at the start; everything after that is a log.
      const logged = althing
        .output()
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .join('\n')
      const written = `${logged}\n${readLogs(althing.folder)}\n${await (await fetch(`${althing.managementUrl}/metrics`)).text()}`
      assert.deepEqual(literalLeaks([...known.ballots, ...known.people], written), [])
    })

    await t.test('the key of the intake is gone, and so is the intake', async () => {
      assert.throws(() => readFileSync(join(althing.folder, 'keys', 'elections', `${first.id}.key`)))
      assert.deepEqual(
        rows.filter(
          ({ table }) =>
            !table.endsWith('(during)') &&
            /ballot_(intake|burn)_/.test(table) &&
            table.includes(first.id.replaceAll('-', '')),
        ),
        [],
      )
    })

    await t.test('a time planted beside a ballot is found: the attacker is not blind', async () => {
      const second = await elections.open()
      const box = new Pool({ connectionString: databaseUrl(althing, 'elections') })
      await box.query('create table planted (leaf text, at timestamptz default clock_timestamp())')
      const some = await vote(
        althing,
        second.id,
        people.slice(0, planted),
        persons.slice(0, planted),
        async (leaf) => {
          await box.query('insert into planted (leaf) values ($1)', [leaf])
        },
      )
      await box.end()
      await elections.close(second.id)
      await elections.tally(second.id)
      await intakeIsGone(althing, second.id)
      const attempts = attack(
        some,
        await dumpAll(althing),
        readWal(join(althing.folder, 'postgresql', 'cluster')),
      )
      const best = bestOf(attempts, 'exact')
      assert.ok(best.exact > bounds(planted, attempts.length).exact * 2, `found only ${JSON.stringify(best)}`)
      assert.ok(
        attempts.some(
          ({ ballot, exact }) => ballot.startsWith('elections.public.planted.at') && exact > planted / 2,
        ),
      )
    })
  },
)

/** Its tables go a moment after the count; a copy that is taken meanwhile would miss half of them. */
async function intakeIsGone(althing: Althing, election: string): Promise<void> {
  const box = new Pool({ connectionString: databaseUrl(althing, 'elections'), max: 1 })
  const left = `select 1 from pg_class where relname like 'ballot%' || $1`
  try {
    await until(async () => (await box.query(left, [election.replaceAll('-', '')])).rowCount === 0)
  } finally {
    await box.end()
  }
}

/** One after the other, each in one go: the order of fetching tickets is the order of casting. */
async function vote(
  althing: Althing,
  election: string,
  people: readonly { email: string; national_id: string }[],
  persons: readonly Person[],
  beside: (leaf: string) => Promise<void>,
): Promise<Known> {
  const named: string[][] = []
  const ballots: string[][] = []
  // Four at a time, to finish this year; who comes first within four is left to chance on both sides alike.
  await inLanes(4, people.length, async (index) => {
    const [one, person] = [people[index], persons[index]]
    if (one === undefined || person === undefined) return
    if (!(await person.me()).signedIn) await person.signIn(one.email, demoPassword)
    const { subject } = await person.me()
    const membership = (await person.api('GET', '/api/members/me/membership')).body as { member: string }
    const ticket = await person.collect(election)
    const paper = await fillIn(althing, election, ticket, { q1: [`a${(index % 3) + 1}`] })
    const leaves = [(await cast(althing, election, paper)).leaf]
    await beside(leaves[0] ?? '')
    // Every tenth changes their mind, some of them twice: whoever votes again must not be easier to find.
    for (let seq = 2; seq <= (index % 10 === 0 ? (index % 20 === 0 ? 3 : 2) : 1); seq += 1) {
      const again = await fillIn(althing, election, ticket, { q1: [`a${((index + seq) % 3) + 1}`] }, seq)
      leaves.push((await cast(althing, election, again)).leaf)
    }
    named[index] = [subject ?? '', membership.member, one.email, one.national_id]
    ballots[index] = [
      ...leaves.flatMap((one) => [one, `\\x${Buffer.from(one, 'base64url').toString('hex')}`]),
      paper.otk,
    ]
  })
  return { people: named, ballots, truth: people.map((_, index) => index) }
}

async function inLanes(lanes: number, count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0
  const lane = async () => {
    for (let index = next++; index < count; index = next++) await work(index)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

async function dumpAll(althing: Althing): Promise<DumpedRow[]> {
  return dumpDatabases(Object.fromEntries(serviceNames.map((name) => [name, databaseUrl(althing, name)])))
}

function databaseUrl(althing: Althing, service: string): string {
  const settings = JSON.parse(
    readFileSync(join(althing.folder, 'settings', `${service}.env.json`), 'utf8'),
  ) as Record<string, string>
  return settings[`ALTHING_${service.toUpperCase()}_DATABASE_URL`] ?? ''
}

function bestOf(attempts: readonly Attempt[], by: 'exact' | 'near' = 'exact'): Attempt {
  return attempts.reduce((best, one) => (one[by] > best[by] ? one : best))
}

function shuffled<T>(items: readonly T[]): T[] {
  const chance = createTestChance()
  const mixed = [...items]
  for (let index = mixed.length - 1; index > 0; index -= 1) {
    const other = Buffer.from(chance.bytes(6)).readUIntBE(0, 6) % (index + 1)
    const [a, b] = [mixed[index] as T, mixed[other] as T]
    mixed[index] = b
    mixed[other] = a
  }
  return mixed
}
