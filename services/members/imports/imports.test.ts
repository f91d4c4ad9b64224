import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { testService, type TestService } from '../../../tests/support/service.ts'
import { members } from '../service.ts'
import type { Committed, Preview } from './schema.ts'

const header = 'kennitala,name,email,phone,date_joined,fees_paid'
const anna = '1201743399,Anna Jónsdóttir,anna@example.org,8000001,2020-01-01,yes'

/** For stories that leave nothing behind in the register; made here, so that it lives as long as the file. */
const kept = await setUp()
const shared = async () => kept

test('a file is looked at, then applied, and the second time there is nothing left to do', async () => {
  const { check, commit, list } = await setUp()
  const looked = await check(`${header}\n${anna}\n`)
  assert.deepEqual(looked.counts, { total: 1, new: 1, changed: 0, unchanged: 0, wrong: 0, skipped: 0 })
  assert.deepEqual(await list(), [])

  const done = await commit(looked.id)
  assert.equal(done.counts.new, 1)
  assert.deepEqual(await commit(looked.id), done)
  assert.deepEqual(await list(), ['Anna Jónsdóttir'])

  const again = await check(`${header}\n${anna}\n`)
  assert.equal(again.counts.unchanged, 1)
})

test('what changes is shown field by field, and an empty cell changes nothing', async () => {
  const { check, commit, database } = await setUp()
  await commit((await check(`${header}\n${anna}\n`)).id)
  const looked = await check('kennitala;nafn;netfang;sími\n120174-3399;Anna Jónsdóttir;;8000002\n')
  assert.deepEqual(looked.rows[0]?.fields, ['phone'])
  await commit(looked.id)
  const [row] = await database.query('select email, phone, fees_paid from member')
  assert.deepEqual(row, { email: 'anna@example.org', phone: '8000002', fees_paid: true })
  const changes = await database.query('select fields from member_change order by changed_at desc')
  assert.deepEqual(changes[0], { fields: ['phone'] })
  const audit = await database.query(
    `select actor, reason from audit_entry where action = 'members.imported'`,
  )
  assert.equal(audit.length, 2)
  // Nothing of the file stays but its counts.
  assert.deepEqual(await database.query('select from member_import_row'), [])
})

const wrongRows: [row: string, column: string | null, code: string][] = [
  [',Anna,,,,', 'kennitala', 'kennitala_missing'],
  ['201743399,Anna,,,,', 'kennitala', 'kennitala_nine_digits'],
  ['12017433,Anna,,,,', 'kennitala', 'kennitala_length'],
  ['12017433AB,Anna,,,,', 'kennitala', 'kennitala_characters'],
  ['3102743399,Anna,,,,', 'kennitala', 'kennitala_date'],
  ['1201743391,Anna,,,,', 'kennitala', 'kennitala_century'],
  ['1201743399,,,,,', 'name', 'name_missing'],
  [`1201743399,${'a'.repeat(201)},,,,`, 'name', 'name_long'],
  ['1201743399,An\u202ena,,,,', 'name', 'name_characters'],
  ['1201743399,12345,,,,', 'name', 'name_characters'],
  ['0103992548,Anna,,,,', 'kennitala', 'kennitala_born'],
  ['1201743399,An\u0000na,,,,', 'name', 'name_characters'],
  ['1201743399,Anna,anna,,,', 'email', 'email_unknown'],
  [`1201743399,Anna,${'a'.repeat(250)}@example.org,,,`, 'email', 'email_long'],
  ['1201743399,Anna,,12,,', 'phone', 'phone_unknown'],
  ['1201743399,Anna,,,31/1/2020,', 'date_joined', 'date_unknown'],
  ['1201743399,Anna,,,,kannski', 'fees_paid', 'yes_no_unknown'],
  ['1201743399,Anna,,,', null, 'cells'],
  ['1201743399,Anna,,,,yes,more', null, 'cells'],
]
for (const [row, column, code] of wrongRows)
  test(`a mistake is named by row and column: ${code}`, async () => {
    const { check, commitRaw } = await shared()
    const looked = await check(`${header}\n1402803329,Birna,,,,\n${row}\n`)
    assert.deepEqual(
      looked.errors.map((error) => [error.row, error.column, error.code]),
      [[3, column, code]],
    )
    assert.ok((looked.errors[0]?.message.is.length ?? 0) > 10 && looked.errors[0]?.message.en.length)
    assert.equal(looked.counts.wrong, 1)
    const refused = await commitRaw(looked.id)
    assert.equal(refused.status, 409)
    assert.equal(((await refused.json()) as { code: string }).code, 'members.imports.has_errors')
  })

test('the same kennitala twice is a mistake in both rows, each naming the other', async () => {
  const { check } = await shared()
  const looked = await check(`${header}\n${anna}\n1402803329,Birna,,,,\n120174-3399,Anna J,,,,\n`)
  assert.deepEqual(
    looked.errors.map(({ row, code, otherRows }) => [row, code, otherRows]),
    [
      [2, 'kennitala_twice', [4]],
      [4, 'kennitala_twice', [2]],
    ],
  )
  assert.deepEqual(looked.counts, { total: 3, new: 1, changed: 0, unchanged: 0, wrong: 2, skipped: 0 })
})

test('every correction is shown with what stood there and what was read', async () => {
  const { check } = await shared()
  const looked = await check(
    `${header}\n120174-3389,Anna  Jónsdóttir,Anna@Example.org,+354 800 0001,1.2.2099,JÁ\n`,
  )
  assert.deepEqual(looked.errors, [])
  assert.deepEqual(
    looked.warnings.map(({ column, code, before, after }) => [column, code, before, after]),
    [
      ['date_joined', 'corrected', '1.2.2099', '2099-02-01'],
      ['date_joined', 'date_in_future', undefined, undefined],
      ['email', 'corrected', 'Anna@Example.org', 'anna@example.org'],
      ['kennitala', 'corrected', '120174-3389', '1201743389'],
      ['kennitala', 'kennitala_check_digit', undefined, undefined],
      ['name', 'corrected', 'Anna  Jónsdóttir', 'Anna Jónsdóttir'],
      ['phone', 'corrected', '+354 800 0001', '8000001'],
    ],
  )
})

test('test persons of the national register are left out, and it is said', async () => {
  const { check, commit, list } = await setUp()
  const looked = await check(`${header}\n9999990009,Gervimaður Test,,,,\n`)
  assert.equal(looked.counts.skipped, 1)
  assert.equal(looked.warnings[0]?.code, 'kennitala_test')
  await commit(looked.id)
  assert.deepEqual(await list(), [])
})

test('a mark in front, semicolons, line ends of Windows and a line break in quotation marks are all understood', async () => {
  const { check } = await shared()
  const looked = await check(
    '\uFEFFKennitala;Nafn;Netfang;Gengin í félag;Gjöld greidd;Skýring\r\n1201743399;"Anna\r\nJónsdóttir";anna@example.org;2020-01-01;já;x\r\n\r\n;;;;;\r\n',
  )
  assert.deepEqual(looked.columns, ['kennitala', 'name', 'email', 'date_joined', 'fees_paid'])
  assert.deepEqual(looked.ignoredColumns, ['Skýring'])
  assert.deepEqual(looked.rows[0]?.words, {
    name: 'Anna Jónsdóttir',
    email: 'anna@example.org',
    dateJoined: '2020-01-01',
    feesPaid: true,
  })
  assert.equal(looked.counts.total, 1)
})

const refusedFiles: [
  name: string,
  body: string | Uint8Array,
  status: number,
  code: string,
  pointer?: string,
][] = [
  ['nothing', '', 422, 'members.imports.empty'],
  ['Latin-1', Buffer.from(`${header}\n1201743399,Jón Þór,,,,\n`, 'latin1'), 422, 'members.imports.not_utf8'],
  ['UTF-16', Buffer.from(`\uFEFF${header}\n`, 'utf16le'), 422, 'members.imports.not_utf8'],
  [
    'no kennitala',
    'nafn,netfang\nAnna,anna@example.org\n',
    422,
    'members.imports.columns_missing',
    '/columns',
  ],
  ['no header', `${anna}\n`, 422, 'members.imports.columns_missing', '/columns'],
  ['a column twice', 'kennitala,nafn,name\n', 422, 'members.imports.columns_twice', '/columns/2'],
  [
    'an open quotation mark',
    `${header}\n1201743399,"Anna,,,,\n${'x,\n'.repeat(20_000)}`,
    422,
    'members.imports.malformed',
    '/rows/2',
  ],
]
for (const [name, body, status, code, pointer] of refusedFiles)
  test(`a file is refused as a whole: ${name}`, async () => {
    const { upload, database } = await shared()
    const before = await database.query('select from member_import')
    const refused = await upload(body)
    const problem = (await refused.json()) as { code: string; errors?: { pointer: string }[] }
    assert.deepEqual([refused.status, problem.code], [status, code])
    if (pointer !== undefined) assert.equal(problem.errors?.[0]?.pointer, pointer)
    assert.equal((await database.query('select from member_import')).length, before.length)
  })

test('a file beyond 50 MB is refused while it comes, and nothing of it is kept', async () => {
  const { upload, database } = await setUp()
  const refused = await upload(`${header}\n${`${anna}\n`.repeat(800_000)}`.slice(0, 53_000_000))
  assert.equal(refused.status, 413)
  assert.deepEqual(await database.query('select from member_import_row'), [])
})

test('502 rows from the command line: seen and applied in well under two seconds', async () => {
  const { run, list } = await commandLine()
  const rows = Array.from(
    { length: 502 },
    (_, index) =>
      `${kennitala(index)},Félagi ${index},felagi${index}@example.org,+354${8_000_000 + index},2020-01-01,yes`,
  )
  const text = `${header}\n${rows.join('\n')}\n`
  const start = await run(`${header}\n`, [])
  assert.equal((await run(text, [])).code, 0)
  assert.equal((await list()).length, 0)
  const { code, milliseconds, stdout } = await run(text, ['--commit', '--json'])
  assert.equal(code, 0)
  assert.equal((JSON.parse(stdout) as Committed).counts.new, 502)
  assert.equal((await list()).length, 200)
  const took = milliseconds - start.milliseconds
  assert.ok(took < 2_000, `${took} ms beside the start of the process`)
})

test('the command changes nothing and ends with 2 when a row is wrong', async () => {
  const { run, list } = await commandLine()
  const { code, stdout } = await run(`${header}\n${anna}\n1,Birna,,,,\n`, ['--commit'])
  assert.equal(code, 2)
  assert.match(stdout, /3 +kennitala +A kennitala has ten digits/)
  assert.deepEqual(await list(), [])
  assert.equal((await run(`${header}\n${anna}\n1,Birna,,,,\n`, [])).code, 0)
})

const strangers: [method: string, path: string][] = [
  ['POST', '/api/members/imports'],
  ['GET', '/api/members/imports/imp_00000000-0000-7000-8000-000000000001'],
  ['POST', '/api/members/imports/imp_00000000-0000-7000-8000-000000000001/commit'],
]
for (const [method, path] of strangers)
  test(`only administrators: ${method} ${path}`, async () => {
    const { service, upload } = await shared()
    const member = { subject: person(1), roles: ['member'] }
    if (path.endsWith('imports')) assert.equal((await upload(header, member)).status, 403)
    else assert.equal((await service.asPerson(member, method, path)).status, 403)
    const nobody = await service.fetch(new Request(`http://localhost:8080${path}`, { method }))
    assert.equal(nobody.status, 401)
  })

test('an import that is unknown, malformed or of another type of content', async () => {
  const { service, admin } = await shared()
  const unknown = 'imp_00000000-0000-7000-8000-000000000009'
  assert.equal((await service.asPerson(admin, 'GET', `/api/members/imports/${unknown}`)).status, 404)
  assert.equal((await service.asPerson(admin, 'POST', `/api/members/imports/${unknown}/commit`)).status, 404)
  assert.equal((await service.asPerson(admin, 'GET', '/api/members/imports/1%00')).status, 400)
  assert.equal((await service.asPerson(admin, 'POST', '/api/members/imports', { a: 1 })).status, 415)
})

function person(number: number): string {
  return `acc_00000000-0000-7000-8000-${String(number).padStart(12, '0')}`
}

function kennitala(index: number): string {
  const day = String((index % 28) + 1).padStart(2, '0')
  const month = String((Math.floor(index / 28) % 12) + 1).padStart(2, '0')
  return `${day}${month}${60 + Math.floor(index / 336)}2019`
}

async function setUp() {
  const service = await testService(members)
  const admin = { subject: person(100), roles: ['administrator'] }
  const upload = (body: string | Uint8Array, by: { subject: string; roles: string[] } = admin) =>
    service.fetch(
      new Request('http://localhost:8080/api/members/imports', {
        method: 'POST',
        headers: {
          authorization: `Bearer ${service.issuer.token(by)}`,
          'content-type': 'text/csv; charset=utf-8',
        },
        body: body as BodyInit,
      }),
    )
  const commitRaw = (id: string) => service.asPerson(admin, 'POST', `/api/members/imports/${id}/commit`)
  await service.kit.limits.reset()
  return {
    service,
    admin,
    upload,
    commitRaw,
    database: service.kit.database,
    async check(body: string): Promise<Preview> {
      await service.kit.limits.reset()
      const answer = await upload(body)
      assert.equal(answer.status, 201, await answer.clone().text())
      return (await answer.json()) as Preview
    },
    async commit(id: string): Promise<Committed> {
      const answer = await commitRaw(id)
      assert.equal(answer.status, 200, await answer.clone().text())
      return (await answer.json()) as Committed
    },
    list: () => names(service),
  }
}

async function names(service: TestService): Promise<string[]> {
  const admin = { subject: person(100), roles: ['administrator'] }
  const answer = await service.asPerson(admin, 'GET', '/api/members?limit=200')
  return ((await answer.json()) as { members: { name: string }[] }).members.map(({ name }) => name)
}

async function commandLine() {
  const { service, list } = await setUp()
  const folder = mkdtempSync(join(tmpdir(), 'althing-import-'))
  after(() => rmSync(folder, { recursive: true }))
  const cli = fileURLToPath(new URL('../cli.ts', import.meta.url))
  const env = {
    ...process.env,
    ALTHING_MEMBERS_DATABASE_URL: service.url,
    ALTHING_MEMBERS_SERVICE_KEY: service.seeds['members'],
  }
  function run(text: string, flags: readonly string[]) {
    const file = join(folder, 'members.csv')
    writeFileSync(file, text)
    const started = performance.now()
    return new Promise<{ code: number; stdout: string; milliseconds: number }>((resolve) => {
      const child = execFile(
        process.execPath,
        [cli, 'members', 'import', file, ...flags],
        { env },
        (_error, stdout) =>
          resolve({ code: child.exitCode ?? -1, stdout, milliseconds: performance.now() - started }),
      )
    })
  }
  return { run, list }
}
