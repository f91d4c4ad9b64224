import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readGraph } from '../../tools/source/tree.ts'
import { assertNone, graph, house, tree } from './finding.ts'
import { checkBallotBox, checkOwners, readTables } from './tables.ts'

test('one table has one owner', () => {
  assertNone(checkOwners(tree, graph))
})

test('nothing in the ballot box tells time or order', () => {
  assertNone(checkBallotBox(tree))
})

test('tables are read with their columns, and with those added later', () => {
  const tables = readTables(
    house({
      'services/members/migrations/0001-a.sql': `-- create table not_this (n int)
        create table member (id text primary key, age int check (age > 0 and age < 150), name text);
        alter table member add column phone text, add column born date;`,
    }),
  )
  assert.deepEqual(
    tables.map(({ name, columns }) => [name, columns]),
    [
      ['member', ['id text primary key', 'age int check (age > 0 and age < 150)', 'name text']],
      ['member', ['phone text,', 'born date']],
    ],
  )
})

test('planted: two stores that name one table', () => {
  const planted = house({
    'services/members/migrations/0001-a.sql':
      'create table member (id text); create table member_group (id text);',
    'services/members/directory/store.ts': 'db.query(`select id from member where id = $1`)',
    'services/members/groups/store.ts': `db.query('select * from member_group join member using (id)')`,
    'services/identity/sessions/store.ts': `db.query('delete from member')`,
  })
  const findings = checkOwners(planted, readGraph(planted))
  assert.deepEqual(
    findings.map(({ at }) => at),
    ['services/members/groups/store.ts'],
  )
  assert.match(findings[0]?.message ?? '', /member, which services\/members\/directory\/store.ts owns/)
})

test('planted: a service that makes a table the kernel makes', () => {
  const planted = house({
    'kernel/db/migrations/0001-o.sql': 'create table outbox_message (id uuid)',
    'services/members/migrations/0001-a.sql': 'create table outbox_message (id uuid)',
  })
  assert.match(checkOwners(planted, readGraph(planted))[0]?.message ?? '', /outbox_message, which kernel/)
})

const planted = {
  'a timestamp': 'at timestamptz not null default now()',
  'a day': 'day date',
  'a serial': 'number bigserial',
  'an identity': 'number bigint generated always as identity',
  'a growing id': 'id uuid default uuidv7()',
  'a sequence': `number bigint default nextval('s')`,
}

for (const [what, column] of Object.entries(planted)) {
  test(`planted beside a ballot: ${what}`, () => {
    const made = {
      'services/elections/migrations/0001-e.sql': `create table ballot_intake (sealed bytea, ${column}); create table election (opens timestamptz);`,
    }
    const added = {
      'services/elections/migrations/0002-e.sql': `alter table board_leaf add column ${column};`,
    }
    assert.equal(checkBallotBox(house(made)).length, 1)
    assert.equal(checkBallotBox(house(added)).length, 1)
  })
}
