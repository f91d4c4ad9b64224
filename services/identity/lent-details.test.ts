/** What a letter is to say waits in a queue: whatever people and applications call themselves and their things, it gets there. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emergencyDetail, inOneLine, namedBy } from './lent-details.ts'
import { tellEmergency } from './emergencies/rules.ts'
import { pathFor } from './notices/advice.ts'
import { Notice } from './notices/schema.ts'
import { noticeMail } from './notices/texts.ts'
import { tellOverride } from './overrides/rules.ts'

const [una, bo] = ['acc_00000000-0000-4000-8000-000000000001', 'acc_00000000-0000-4000-8000-000000000002']
const at = '2126-12-24T22:15:00.000Z'
const id = `ovr_${crypto.randomUUID()}`
const heard = { now: () => new Date('2126-12-01T00:00:00Z'), isFirst: () => Promise.resolve(true) }
const inLetter = (locale: 'is' | 'en', kind: Parameters<typeof noticeMail>[1], detail: string) =>
  noticeMail(locale, kind, {
    name: 'Una',
    organisation: 'Us',
    detail,
    at: new Date(at),
    link: 'L',
    contact: undefined,
  }).text

test('nothing is cut in the middle of a sign, and what fits is left as it is', () => {
  assert.equal(inOneLine('😀'.repeat(81), 80), `${'😀'.repeat(79)}…`)
  assert.equal(inOneLine('😀'.repeat(80), 80), '😀'.repeat(80))
  assert.equal(inOneLine('a\n\nb\u200fc', 80), 'a b c')
})

test('the longest that can be said of an override and of emergency access gets into the queue, whatever signs it is made of', async () => {
  for (const sign of ['x', '"', '\\', '😀', '\ud83d']) {
    const sent: string[] = []
    const notify = (_: string, __: string, detail: string) => Promise.resolve(void sent.push(detail))
    const parts = { ...heard, notify, administrators: () => Promise.resolve([bo]) }
    const name = sign.repeat(1000)
    const [actions, resource] = [Array.from({ length: 50 }, () => name), { type: name, id: name }]
    const what = { id, person: una, by: `person:${bo}`, until: at, decideBy: at, at, reason: name } as const
    await tellOverride(
      {
        ...what,
        kind: 'allow',
        state: 'refused',
        askedBy: `person:${una}`,
        why: name,
        actions,
        words: {},
        resource,
      },
      { ...parts, find: () => Promise.resolve({ name, roles: [] }) },
    )
    await tellEmergency(
      { ...what, role: 'election-manager', state: 'in-force' },
      { ...parts, nameOf: () => Promise.resolve(name), enqueue: () => Promise.resolve() },
    )
    assert.equal(sent.length, 3)
    for (const detail of sent) Notice.parse({ account: una, kind: 'override-refused', detail, at })
  }
})

test('whoever decided and is gone by now was somebody, and no machine', async () => {
  const by = await namedBy(`person:${bo}`, () => Promise.resolve(null))
  assert.deepEqual(by, { is: 'somebody', name: '' })
  assert.deepEqual(await namedBy('operator:root', () => Promise.resolve('Root')), { is: 'machine', name: '' })
})

test('what a policy of the version before did not say leaves no hole in a letter, and no link to nothing', () => {
  const asked = { id: '', role: 'administrator', name: 'Bo', until: null, decideBy: null } as const
  const emergency = emergencyDetail({ ...asked, by: { is: 'themselves', name: '' } })
  for (const [kind, detail, path] of [
    ['emergency-asked-by', emergency, 'admin/emergency'],
    ['emergency-asked-by', 'administrator\n\nBo', 'admin/emergency'],
    ['override-asked', `${at}\n`, 'admin/overrides'],
    ['override-asked', `${at}\n${id}`, `admin/overrides/${id}`],
  ] as const) {
    assert.equal(pathFor(kind, detail), path)
    assert.doesNotMatch(inLetter('en', kind, detail), /until {2}|by 24 December|by \(|lapses|null/)
    assert.doesNotMatch(inLetter('is', kind, detail), /til {2}|síðasta lagi|fellur|null/)
  }
})
