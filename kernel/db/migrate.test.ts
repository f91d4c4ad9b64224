import assert from 'node:assert/strict'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { testDatabase } from '../testing/index.ts'
import { migrate, openDatabase } from './index.ts'

test('files are applied once, in order, by whoever comes first', async () => {
  const { database, url } = await testDatabase({ name: 'migrate', migrations: [] })
  const { folder, write } = await newFolder()
  await write('0001-one.sql', 'create table one (n int); insert into one values (1);')
  await write('0002-two.sql', 'alter table one add column m int;')
  const others = [openDatabase({ url }), openDatabase({ url }), openDatabase({ url })]

  const applied = await Promise.all(others.map((other) => migrate(other, [{ name: 'demo', folder }])))
  assert.deepEqual(applied.flat().sort(), ['demo/0001-one.sql', 'demo/0002-two.sql'])
  assert.deepEqual(await migrate(database, [{ name: 'demo', folder }]), [])
  assert.deepEqual(await database.query('select n, m from one'), [{ n: 1, m: null }])
  await Promise.all(others.map((other) => other.close()))
})

test('a file that fails leaves nothing of itself, and those before it stay', async () => {
  const { database } = await testDatabase({ name: 'migrate', migrations: [] })
  const { folder, write } = await newFolder()
  await write('0001-one.sql', 'create table one (n int);')
  await write('0002-bad.sql', 'create table two (n int); select 1 / 0;')
  await assert.rejects(migrate(database, [{ name: 'demo', folder }]))
  const [row] = await database.query(
    `select to_regclass('one') is not null as one, to_regclass('two') is not null as two`,
  )
  assert.deepEqual(row, { one: true, two: false })
})

test('an applied file that was altered is refused by name', async () => {
  const { database } = await testDatabase({ name: 'migrate', migrations: [] })
  const { folder, write } = await newFolder()
  await write('0001-one.sql', 'create table one (n int);')
  await migrate(database, [{ name: 'demo', folder }])
  await write('0001-one.sql', 'create table one (n bigint);')
  await assert.rejects(migrate(database, [{ name: 'demo', folder }]), /demo\/0001-one.sql was altered/)
})

test('badly named and equally numbered files are refused', async () => {
  const { database } = await testDatabase({ name: 'migrate', migrations: [] })
  const named = await newFolder()
  await named.write('1-one.sql', '')
  await assert.rejects(migrate(database, [{ name: 'demo', folder: named.folder }]), /not named like/)
  const numbered = await newFolder()
  await numbered.write('0001-one.sql', '')
  await numbered.write('0001-two.sql', '')
  await assert.rejects(migrate(database, [{ name: 'demo', folder: numbered.folder }]), /have the number 0001/)
})

async function newFolder() {
  const path = await mkdtemp(join(tmpdir(), 'migrations-'))
  return {
    folder: pathToFileURL(path),
    write: (name: string, sql: string) => writeFile(join(path, name), sql),
  }
}
