/** Overrides and emergency access from the command line of the machine, by one hand. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until as untilSo } from '@althing/kernel/testing'
import { commandRunner } from '../../tests/support/commands.ts'
import { overrideOffice } from '../../tests/support/override-office.ts'
import { explainCommands } from './cli-explain.ts'
import { overrideCommands } from './cli-overrides.ts'
import { versionCommands } from './cli-versions.ts'
import { policy } from './service.ts'

const { service, ada, cid, una, olaf, sunna, may, inMinutes } = await overrideOffice()
const run = commandRunner(service, [...overrideCommands, ...versionCommands, ...explainCommands], policy)
const reason = 'Nobody else is in the house.'
const until = inMinutes(60)

test('whoever has the machine in hand gives, takes and ends alone, and the audit log says so', async () => {
  const given = await run(['policy', 'overrides', 'allow', `Person::${una.id}`, 'members.list'], {
    until,
    reason,
  })
  assert.equal(given.code, 0, given.err)
  assert.match(given.out, /by one hand: ovr_/)
  await heard(() => may(una, 'members.list'))
  const taken = await run(
    ['policy', 'overrides', 'deny', `Person::${sunna.id}`, 'elections.open,elections.close'],
    { until, reason, on: 'Election::e1' },
  )
  assert.equal(taken.code, 0, 'also from somebody who ranks above everybody')
  const all = await run(['policy', 'overrides', 'list'], { state: 'in-force' })
  assert.match(all.out, /deny\s+Person::acc_\S+\s+elections\.open elections\.close\s+Election::e1\s+in-force/)
  assert.match(all.out, /operator:test alone/)
  const versions = await run(['policy', 'versions'])
  assert.deepEqual(versions.notes, ['Numbers up to 3 that are missing are overrides that began or ended.'])
  assert.equal((await run(['policy', 'diff', '2', '3'])).code, 0, 'each number of a version is known')
  const { id } = given.value as { id: string }
  assert.equal((await run(['policy', 'overrides', 'end', id], { reason })).out, 'It is ended.')
  await heard(() => !may(una, 'members.list'))
  const [line] = await service.kit.audit.search({ action: 'overrides.in_force' })
  assert.ok(line?.actor === 'operator:test' && line.fields.includes('alone'))
})

test('what is given comes with what it needs, and that is said', async () => {
  const given = await run(['policy', 'overrides', 'allow', `Person::${una.id}`, 'policy.draft'], {
    until,
    reason,
  })
  assert.deepEqual(given.notes, [
    'Given with it: policy.read, users.names. Without that nobody can use the rest.',
  ])
  await heard(() => may(una, 'policy.read'))
})

test('whoever asks why is told of an override in words, and of its end only where that helps', async () => {
  const why = (who: string) => run(['policy', 'explain', `Person::${who}`, 'elections.open', 'Election::e7'])
  const denied = async (who: string) => {
    const { value } = await run(['policy', 'overrides', 'deny', `Person::${who}`, 'elections.open'], {
      until,
      reason,
      on: 'Election::e7',
    })
    return (value as { id: string }).id
  }
  const [id] = [await denied(cid.id), await denied(una.id)]
  const { out } = await why(cid.id)
  assert.deepEqual(out.split('\n').slice(0, 4), [
    `No: an override forbids it until ${until}.`,
    `The reason of the override: ${reason}`,
    '“election-managers-run-elections” would permit it if the override ended.',
    `To end it: althing policy overrides end ${id} --reason "…"`,
  ])
  const other = await why(una.id)
  assert.match(other.out, /^No: an override forbids it until /)
  assert.doesNotMatch(other.out, /if the override ended/)
  await run(['policy', 'overrides', 'end', id], { reason })
  assert.match((await why(cid.id)).out, /^Yes: “election-managers-run-elections” permits it/)
  const lent = await run(['policy', 'overrides', 'allow', `Person::${olaf.id}`, 'elections.open'], {
    until,
    reason,
    on: 'Election::e7',
  })
  assert.equal(lent.code, 0, lent.err)
  assert.equal(
    (await why(olaf.id)).out,
    `Yes: an override until ${until} permits it, and nothing forbids it.\nThe reason of the override: ${reason}`,
  )
})

test('a role is lent to somebody in an emergency, and taken back', async () => {
  const lent = await run(['policy', 'emergency', 'lend', olaf.id, 'administrator'], { minutes: '30', reason })
  assert.equal(lent.code, 0, lent.err)
  await heard(() => may(olaf, 'members.list'))
  assert.equal(may(olaf, 'members.list', 'urn:althing:acr:password'), false)
  const { body } = await ada.send('GET', '/api/policy/emergency')
  const [one] = body['overrides'] as { isAlone: boolean; decidedBy: string }[]
  assert.deepEqual([one?.isAlone, one?.decidedBy], [true, 'operator:test'])
  assert.match(
    (await run(['policy', 'emergency', 'list'])).out,
    /emergency\s+Person::acc_\S+\s+administrator/,
  )
  const { id } = lent.value as { id: string }
  assert.equal((await run(['policy', 'emergency', 'end', id], { reason })).code, 0)
  await heard(() => !may(olaf, 'members.list'))
})

test('what is mistyped or missing is said, and nothing is changed by it', async () => {
  const somebody = `Person::${cid.id}`
  for (const [words, values, code, said] of [
    [['overrides'], {}, 1, /Say which: list, deny, allow, end/],
    [['overrides', 'denny'], {}, 1, /Did you mean deny\?/],
    [['overrides', 'deny', somebody], { until, reason }, 1, /Say who and what/],
    [['overrides', 'deny', 'cid', 'members.list'], { until, reason }, 1, /no name of somebody/],
    [['overrides', 'deny', somebody, ' , '], { until, reason }, 1, /Say who and what/],
    [['overrides', 'list', somebody], {}, 1, /is a word too many for list/],
    [['overrides', 'deny', somebody, 'members.list'], { until }, 1, /--reason/],
    [['overrides', 'deny', somebody, 'members.list'], { reason }, 1, /Say until when/],
    [
      ['overrides', 'deny', somebody, 'members.list'],
      { until: 'soon', reason },
      1,
      /^--until must be a moment, as 2026-/,
    ],
    [['overrides', 'deny', somebody, 'members.devour'], { until, reason }, 2, /Nothing here is called so/],
    [
      ['overrides', 'deny', somebody, 'elections.opne'],
      { until, reason },
      2,
      /Nothing is called elections\.opne\. Did you mean elections\.open\?/,
    ],
    [
      ['overrides', 'deny', somebody, 'members.list'],
      { until: inMinutes(60 * 24 * 400), reason },
      2,
      /too far away[^]*366 days from now at most/,
    ],
    [['rollback', '99'], {}, 1, /Say why, in a few words/],
    [['rollback', '99'], { reason: 'x' }, 1, /reason is too short: three characters at least/],
    [['rollback', '99'], { reason: 'x'.repeat(501) }, 1, /reason has 501 characters, and 500 are the most/],
    [['overrides', 'deny', somebody, 'overrides.end'], { until, reason }, 2, /overrides\.end is the way out/],
    [
      ['overrides', 'allow', somebody, 'overrides.read,overrides.decide'],
      { until, reason },
      2,
      /overrides\.decide asks for a role of one’s own/,
    ],
    [
      ['overrides', 'allow', 'acc_00000000-0000-7000-8000-000000000000', 'members.list'],
      { until, reason },
      2,
      /known here of a role/,
    ],
    [
      ['overrides', 'deny', 'Person::nobody', 'members.list'],
      { until, reason },
      2,
      /Nobody and nothing is known/,
    ],
    [['overrides', 'deny', 'Service::identity', 'members.list'], { until, reason }, 2, /This is neither/],
    [['overrides', 'list'], { state: 'perhaps' }, 1, /^--state must be one of: asked, in-force/],
    [['overrides', 'list'], { limit: '500' }, 1, /^--limit must be at most 200\.$/],
    [['overrides', 'end', '1'], { reason }, 1, /by its id/],
    [['overrides', 'end', 'ovr_00000000-0000-7000-8000-000000000000'], { reason }, 2, /no such override/],
    [['emergency', 'lend', cid.id], { reason }, 1, /to whom and which role/],
    [
      ['emergency', 'lend', cid.id, 'superadmin'],
      { reason },
      1,
      /^The role must be one of: election-manager, administrator\.$/,
    ],
    [['emergency', 'lend', cid.id, 'election-manager'], { reason }, 2, /may do all that already/],
    [
      ['emergency', 'lend', cid.id, 'administrator'],
      { minutes: '999', reason },
      2,
      /does not last so long[^]*\/minutes: \d+ minutes at most/,
    ],
    [
      ['emergency', 'lend', cid.id, 'administrator'],
      { minutes: 'x', reason },
      1,
      /^--minutes must be a number\.$/,
    ],
    [
      ['emergency', 'lend', cid.id, 'administrator'],
      { minutes: '0', reason },
      1,
      /^--minutes must be at least 1\.$/,
    ],
    [['emergency', 'end', 'acc_1'], { reason }, 1, /emergency end ovr_…/],
  ] as const) {
    const answer = await run(['policy', ...words], values)
    assert.deepEqual([answer.code, said.test(answer.err)], [code, true], `${words.join(' ')}: ${answer.err}`)
  }
  assert.equal(may(cid, 'elections.open'), true)
})

/** A command is a process of its own: the service hears of what it did. */
async function heard(holds: () => boolean): Promise<void> {
  await untilSo(holds)
  assert.ok(holds())
}
