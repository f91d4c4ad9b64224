import assert from 'node:assert/strict'
import { test } from 'node:test'
import { uncovered, type PersonData } from '@althing/kernel/privacy'
import { events } from '../../services/events/service.ts'
import { identity } from '../../services/identity/service.ts'
import { members } from '../../services/members/service.ts'
import { policy } from '../../services/policy/service.ts'
import { portal } from '../../services/portal/service.ts'
import { portalSecret, testIdentity } from '../support/identity.ts'
import { testService } from '../support/service.ts'

/** Export and erasure go by one list for each service; the list is held against the tables that are really there. */
const services = {
  identity: () => testIdentity(),
  members: () => testService(members),
  policy: () => testService(policy),
  events: () => testService(events),
  portal: () => testService(portal, { env: { ALTHING_PORTAL_CLIENT_SECRET: portalSecret } }),
}

for (const [name, open] of Object.entries(services))
  test(`${name}: every table says whose it is, and every column about a person is given or withheld`, async () => {
    const { kit, assembled } = await open()
    assert.ok(assembled.personData !== undefined)
    assert.deepEqual(await uncovered(kit.database, assembled.personData), [])
  })

test('planted: a new table, a new column, a secret that is given away, and a table that is gone are each found', async () => {
  const { kit, assembled } = await services.members()
  const said: PersonData = assembled.personData ?? { persons: [], others: {} }
  await kit.database.query(`create table member_note (member text, words text);
    comment on column member_note.member is 'operational';
    comment on column member_note.words is 'contact';
    alter table member add column shoe_size text;
    comment on column member.shoe_size is 'contact';
    alter table person_claim add column hat text;`)
  const secret = {
    ...said,
    persons: said.persons.map((one) =>
      one.table === 'member_period' ? { ...one, gives: [...one.gives, 'member'] } : one,
    ),
    others: { ...said.others, member_ghost: 'Gone.' },
  }
  await kit.database.query(`comment on column member_period.member is 'secret'`)
  assert.deepEqual(await uncovered(kit.database, secret), [
    'person_claim.hat does not say what kind of data it holds',
    'member_note is named nowhere',
    'member_ghost is not there',
    'member.shoe_size is about a person and is neither given nor withheld',
    'member_period.member is secret and is given away',
  ])
})

test('the ballot box holds nothing about persons, and is asked for nothing', async () => {
  assert.equal(identity.world, 'person')
  const { elections } = await import('../../services/elections/service.ts')
  assert.equal(elections.world, 'ballot')
})
