/**
 * What a node knows is what was committed in one moment: whatever is changed while it reads, however far it is behind, and whatever became of the
 * database it knew.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decisionPoint } from '../../../tests/support/decision-point.ts'
import type { PolicyKit } from '../compose-access.ts'
import { atOneMoment, readingOf } from '../compose-engine.ts'
import { signedIn } from '../compose-publish.ts'
import { createEntityStore } from '../entities/store.ts'
import { recordOf } from '../values.ts'
import { createEngine, type Reading } from './rules.ts'

const point = await decisionPoint({
  policies: `
@id("vip") permit (principal in group::"vip", action == Action::"read", resource);
@id("closed") forbid (principal, action == Action::"read", resource in group::"closed");
@id("level") permit (principal, action == Action::"rank", resource) when { principal has level && principal.level == 3 };`,
})
const { database } = point.kit
const inForce = signedIn(point.kit as unknown as PolicyKit)
const [ada, note, vip, closed] = [
  ref('user', 'ada'),
  ref('doc', 'note'),
  ref('group', 'vip'),
  ref('group', 'closed'),
]
const adaIsVip = within(ada, vip)
const noteIsClosed = within(note, closed)

test('a change that comes while a node reads is seen whole or not at all', async () => {
  await point.write({
    put: [
      { ...ada, properties: {} },
      { ...note, properties: {} },
    ],
  })
  let between: (() => Promise<unknown>) | undefined
  const meanwhile = async () => {
    const work = between
    between = undefined
    await work?.()
  }
  // Neither before it nor after it may she read.
  const bothAtOnce = () => point.write({ relate: [adaIsVip, noteIsClosed] })
  const places = {
    'before what has changed is read': (reading: Reading): Reading => ({
      ...reading,
      changedSince: (known) => meanwhile().then(() => reading.changedSince(known)),
    }),
    'before the things are read': (reading: Reading): Reading => ({
      ...reading,
      some: (refs) => meanwhile().then(() => reading.some(refs)),
    }),
    'before everything is read': (reading: Reading): Reading => ({
      ...reading,
      everything: () => meanwhile().then(() => reading.everything()),
      changedSince: async () => null,
    }),
  }
  for (const [place, disturbed] of Object.entries(places)) {
    await point.write({ unrelate: [adaIsVip, noteIsClosed] })
    const node = nodeOn(disturbed)
    assert.equal(await node.may(), false, place)
    await point.write({ put: [{ ...ada, properties: { place } }] })
    between = bothAtOnce
    assert.equal(await node.may(), false, `${place}: in the middle`)
    assert.equal(between, undefined, 'it came in between')
    assert.equal(await node.may(), false, `${place}: afterwards`)
  }
  await point.write({ unrelate: [noteIsClosed] })
})

test('a node that began later, one that was there all the time and one that is told all anew know the same', async () => {
  const old = nodeOn()
  for (const change of [
    { unrelate: [adaIsVip] },
    { relate: [adaIsVip, within(vip, ref('group', 'all'))] },
    { put: [{ ...ada, properties: { level: 3 } }] },
    { relate: [noteIsClosed] },
    { remove: [closed] },
    { remove: [ada] },
    { put: [{ ...ada, properties: { level: 2 } }], relate: [adaIsVip] },
  ]) {
    await point.write(change)
    const others = [nodeOn(), nodeOn((reading) => ({ ...reading, changedSince: async () => null }))]
    const said = await old.all()
    for (const node of others) assert.deepEqual(await node.all(), said, JSON.stringify(change))
  }
  assert.equal(await old.may(), true)
  assert.equal(old.told.everything, 1, 'from then on it read what had changed')
})

test('who is gone is gone, with all that they were in', async () => {
  const node = nodeOn()
  await point.write({ relate: [adaIsVip] })
  assert.deepEqual([await node.may(), (await node.fresh()).knows('user', 'ada')], [true, true])
  await point.write({ remove: [ada] })
  assert.deepEqual([await node.may(), (await node.fresh()).knows('user', 'ada')], [false, false])
  assert.equal(node.told.everything, 1)
})

test('a thing that was kept wrongly fails whoever looks at what is wrong with it, and nobody else', async () => {
  const node = nodeOn()
  const [odd, worse] = [ref('user', 'odd'), ref('user', 'worse')]
  await point.write({ relate: [within(odd, vip), within(worse, vip)] })
  assert.equal(await node.may(odd), true)
  const keep = ({ type, id }: Ref, attributes: string) =>
    database.query(
      `insert into policy_entity (type, id, attributes) values ($1, $2, $3::jsonb)
       on conflict (type, id) do update set attributes = excluded.attributes`,
      [type, id, attributes],
    )
  await keep(odd, '{"__expr": "x", "level": 3}')
  await keep(worse, '{"level": 1e60}')
  for (const one of [node, nodeOn()]) {
    assert.deepEqual([await one.may(odd), await one.may(odd, 'rank')], [true, true])
    assert.equal(await one.may(worse), true)
    const { decision, errors } = (await one.fresh()).decide(questionOf(worse, 'rank'))
    assert.deepEqual([decision, errors.map(({ policy }) => policy)], [false, ['level']])
    assert.deepEqual(one.told.unreadable, ['user', 'user'])
  }
  await point.write({ put: [{ ...worse, properties: { level: 3 } }], remove: [odd] })
  assert.equal(await node.may(worse, 'rank'), true)
})

test('a node that was away while its last state was swept reads everything', async () => {
  const node = nodeOn()
  await point.write({ unrelate: [adaIsVip] })
  assert.equal(await node.may(), false)
  await point.write({ relate: [adaIsVip] })
  await database.query(`update policy_state set at = at - interval '2 hours'`)
  await createEntityStore(database).sweep()
  assert.deepEqual(await database.query('select count(*)::int as n from policy_state'), [{ n: 1 }])
  assert.deepEqual(await database.query('select from policy_change'), [])
  assert.equal(await node.may(), true)
  assert.equal(node.told.everything, 2)
})

test('the latest of the old states is kept: whoever asked nothing for hours reads only what is new', async () => {
  const node = nodeOn()
  assert.equal(await node.may(), true)
  await database.query(`update policy_state set at = at - interval '2 hours'`)
  await createEntityStore(database).sweep()
  await point.write({ unrelate: [adaIsVip] })
  assert.equal(await node.may(), false)
  assert.equal(node.told.everything, 1)
})

test('after a restored database the same number is not the same state, and no way leads from the one to the other', async () => {
  await point.write({ unrelate: [adaIsVip] })
  const [saved] = await database.query('select revision, mark from policy_world')
  const revision = Number(saved?.['revision'])
  for (const more of [0, 1, 2]) {
    await point.write({ relate: [adaIsVip] })
    const node = nodeOn()
    assert.equal(await node.may(), true)
    await restore(revision, String(saved?.['mark']))
    // Other things happen this time, until the number is what it was, or more.
    for (let n = 0; n < more; n += 1) await point.write({ put: [{ ...note, properties: { n, more } }] })
    assert.equal(await node.may(), false, `${more} changes after it was restored`)
  }
})

test('policies that are others under the same number are taken up', async () => {
  await point.write({ relate: [adaIsVip], remove: [closed] })
  const node = nodeOn()
  const publish = (group: string) =>
    point.publish(
      `@id("${group}") permit (principal in group::"${group}", action == Action::"read", resource);`,
    )
  const revision = await publish('vip')
  assert.equal(await node.may(), true)
  await database.query('update policy_draft set revision = null where revision = $1', [revision])
  await database.query('delete from policy_bundle where revision = $1', [revision])
  assert.equal(await publish('others'), revision)
  assert.equal(await node.may(), false)
  assert.equal(node.told.everything, 1, 'the world is the same')
})

test('a node that cannot look decides nothing, says when to ask again, and goes on as soon as it can', async () => {
  const question = { subject: ada, action: { name: 'read' }, resource: note }
  const ask = () => point.ask('/access/v1/evaluation', question)
  assert.equal((await ask()).status, 200)
  await database.query('alter view policy_revisions rename to policy_revisions_away')
  try {
    const { status, headers, body } = await ask()
    assert.deepEqual([status, headers.get('retry-after'), body['decision']], [503, '5', undefined])
  } finally {
    await database.query('alter view policy_revisions_away rename to policy_revisions')
  }
  assert.equal((await ask()).status, 200)
})

interface Ref {
  readonly type: string
  readonly id: string
}
function ref(type: string, id: string): Ref {
  return { type, id }
}
function within(subject: Ref, object: Ref) {
  return { subject, relation: 'in', object }
}
const questionOf = (who: Ref, action: string) => ({
  principal: { ...who, attributes: recordOf() },
  action,
  resource: { ...note, attributes: recordOf() },
  context: recordOf(),
})

/** A node of its own, whose reading can be disturbed. */
function nodeOn(disturbed: (reading: Reading) => Reading = (reading) => reading) {
  const told = { everything: 0, unreadable: [] as string[] }
  const counted = (reading: Reading): Reading => ({
    ...reading,
    everything: () => ((told.everything += 1), reading.everything()),
  })
  const { fresh } = createEngine({
    clock: point.kit.clock,
    revisions: createEntityStore(database).revisions,
    atOneMoment: (read) => atOneMoment(database, (db) => read(disturbed(counted(readingOf(db, inForce))))),
    leastStamp: () => 0,
    onUnreadable: (type) => void told.unreadable.push(type),
  })
  const may = async (who = ada, action = 'read') => (await fresh()).decide(questionOf(who, action)).decision
  return {
    told,
    fresh,
    may,
    async all() {
      const snapshot = await fresh()
      const ids = ['user', 'doc', 'group'].flatMap((type) => [...snapshot.idsOf(type, undefined)])
      return [ids, await may(), await may(ada, 'rank'), snapshot.revisions]
    },
  }
}

/** As a dump brings it back: rows as they were, and no trigger sees it. */
async function restore(revision: number, mark: string): Promise<void> {
  await database.transaction(async (db) => {
    await db.query('alter table policy_world disable trigger policy_world_altered')
    await db.query('alter table policy_relation disable trigger user')
    await db.query(`delete from policy_relation where (subject_id, object_id) = ('ada', 'vip')`)
    await db.query('delete from policy_change where revision > $1', [revision])
    await db.query('delete from policy_state where revision > $1', [revision])
    await db.query('update policy_world set revision = $1, mark = $2', [revision, mark])
    await db.query('alter table policy_relation enable trigger user')
    await db.query('alter table policy_world enable trigger policy_world_altered')
  })
}
