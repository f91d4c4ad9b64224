import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { until } from '../testing/index.ts'
import { FolderInUse, startEmbedded } from './embedded.ts'
import { openDatabase } from './index.ts'

const embedded = fileURLToPath(new URL('embedded.ts', import.meta.url))
const index = fileURLToPath(new URL('index.ts', import.meta.url))

test('each role reaches its own database, and no other', async () => {
  const server = await startEmbedded({ folder: newFolder(), roles: ['members', 'elections'] })
  const own = openDatabase({ url: server.urlFor('elections') })
  const byTcp = openDatabase({ url: server.tcpUrlFor('elections') })
  assert.deepEqual(await own.query('select current_user::text as me'), [{ me: 'elections' }])
  assert.deepEqual(await byTcp.query('select current_database()::text as here'), [{ here: 'elections' }])
  for (const foreign of ['members', 'postgres', 'template1']) {
    const other = openDatabase({ url: server.urlFor('elections').replace('/elections?', `/${foreign}?`) })
    await assert.rejects(other.query('select 1'), { kind: 'denied' }, foreign)
    await other.close()
  }
  await assert.rejects(own.query(`select pg_read_file('postgresql.conf')`), { kind: 'denied' })
  await Promise.all([own.close(), byTcp.close()])
  await server.stop()
})

test('a second start on the same folder is refused and names the process', async () => {
  const folder = newFolder()
  const server = await startEmbedded({ folder })
  const { stdout } = run(
    `await startEmbedded({ folder }).catch((error) => console.log(error.name, error.pid, error.message))`,
    folder,
  )
  assert.match(stdout, new RegExp(`^FolderInUse ${process.pid} .*in use by process ${process.pid}`))
  await assert.rejects(startEmbedded({ folder }), FolderInUse)
  await server.stop()
  await (await startEmbedded({ folder })).stop()
})

test('what was acknowledged is there after kill -9, at once and again', async () => {
  const folder = newFolder()
  const setUp = await startEmbedded({ folder, roles: ['members'] })
  const database = openDatabase({ url: setUp.urlFor('members') })
  await database.query('create table row (n int)')
  await database.close()
  await setUp.stop()
  let acknowledged = 0
  for (let crash = 0; crash < 3; crash++) acknowledged = await crashWhileWriting(folder, acknowledged)

  const server = await startEmbedded({ folder, roles: ['members'] })
  const again = openDatabase({ url: server.urlFor('members') })
  const [row] = await again.query<{ max: number }>('select max(n) from row')
  assert.ok((row?.max ?? 0) >= acknowledged, `${row?.max} found, ${acknowledged} acknowledged`)
  await again.close()
  await server.stop()
})

test('passwords are for the owner only, and no value reaches the log', async () => {
  const folder = newFolder()
  const server = await startEmbedded({ folder, roles: ['members'] })
  assert.equal(statSync(join(folder, 'settings', 'database.json')).mode & 0o777, 0o600)
  const database = openDatabase({ url: server.urlFor('members') })
  await database.query('create table person (email text primary key)')
  for (const _ of [1, 2])
    await database.query('insert into person values ($1)', ['ada@example.org']).catch(() => {})
  await database.query(`select 'ada@example.org'::int`).catch(() => {})
  await database.query(`syntax error ada@example.org`).catch(() => {})
  await database.close()
  await server.stop()
  assert.doesNotMatch(readFileSync(join(folder, 'logs', 'postgresql.log'), 'utf8'), /ada@example/)
})

test('a folder closed to others is no obstacle', { skip: process.getuid?.() !== 0 }, async () => {
  const closed = newFolder()
  chmodSync(closed, 0o700)
  const server = await startEmbedded({ folder: join(closed, 'data'), roles: ['members'] })
  const database = openDatabase({ url: server.urlFor('members') })
  assert.equal((await database.query('select 1')).length, 1)
  await database.close()
  await server.stop()
})

test('nobody is left behind when the starter is killed', async () => {
  const folder = newFolder()
  const { stdout } = run(
    `const server = await startEmbedded({ folder }); console.log(server.pid); process.kill(process.pid, 'SIGKILL')`,
    folder,
  )
  await until(() => !existsSync(`/proc/${stdout.trim()}`))
})

function newFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'embedded-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const program = (body: string) =>
  `import { startEmbedded } from ${JSON.stringify(embedded)}
   import { openDatabase } from ${JSON.stringify(index)}
   const folder = process.env.FOLDER
   ${body}`

function run(body: string, folder: string) {
  return spawnSync(process.execPath, ['--input-type=module', '-e', program(body)], {
    encoding: 'utf8',
    env: { ...process.env, FOLDER: folder },
  })
}

/** Writes numbers, prints each that was acknowledged, and is killed in the middle. Answers the last acknowledged one. */
async function crashWhileWriting(folder: string, from: number) {
  const body = `const server = await startEmbedded({ folder, roles: ['members'] })
    const database = openDatabase({ url: server.urlFor('members') })
    for (let n = ${from} + 1; ; n++) { await database.query('insert into row values ($1)', [n]); console.log(n) }`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program(body)], {
    env: { ...process.env, FOLDER: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (chunk) => {
    said += String(chunk)
    if (said.split('\n').length > 200) child.kill('SIGKILL')
  })
  await new Promise((done) => child.once('close', done))
  return Number(said.trimEnd().split('\n').at(-1))
}
