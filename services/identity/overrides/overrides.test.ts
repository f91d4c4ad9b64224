/** What somebody in particular may or may not do for a while is told to them, and what became of a wish to whoever had it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addAccount, testIdentity } from '../../../tests/support/identity.ts'
import { lettersAreOut, testMailbox } from '../../../tests/support/mailbox.ts'

const { url, mails } = await testMailbox()
const env = { ALTHING_IDENTITY_MAIL_URL: url, ALTHING_IDENTITY_CONTACT: 'help@example.org' }
const service = await testIdentity({ env })
const second = await testIdentity({ env, like: service })
const { database } = service.kit
const ada = await addAccount(service, { email: 'ada@example.org', name: 'Ada', roles: ['administrator'] })
const una = await addAccount(service, { email: 'una@example.org', name: 'Una', roles: ['member'] })
const [byAda, byBea] = [`person:${ada}`, 'person:acc_00000000-0000-4000-8000-00000000beab']
const newId = () => `ovr_${crypto.randomUUID()}`

const fact = (kind: 'allow' | 'deny', state: string, more: Readonly<Record<string, unknown>> = {}) => ({
  id: newId(),
  kind,
  state,
  person: una,
  askedBy: byAda,
  by: byBea,
  until: '2126-12-24T22:15:00.000Z',
  decideBy: '2126-12-10T08:00:00.000Z',
  actions: ['members.list', 'elections.open'],
  words: {
    'members.list': { en: 'See the list of members', is: 'Sjá félagatalið' },
    'elections.open': { en: 'Publish and open an election', is: 'Birta og opna kosningu' },
  },
  resource: { type: 'Election', id: 'e1' },
  why: null,
  ...more,
})
const tell = (
  payload: unknown,
  {
    from = 'policy',
    message = crypto.randomUUID() as string,
    at = service as Pick<typeof service, 'asService'>,
  } = {},
) =>
  at.asService(from, 'POST', '/internal/messages', {
    id: message,
    topic: 'policy.override_changed',
    payload,
  })

/** What came because of it, when all is sent that was to be sent. */
async function letters(work: () => Promise<unknown>) {
  mails.length = 0
  await work()
  await lettersAreOut(database)
  return [...mails].sort((a, b) => a.to.localeCompare(b.to))
}
const subjects = async (work: () => Promise<unknown>) =>
  (await letters(work)).map(({ to, subject }) => `${to}: ${subject.split(' · ')[0]}`)
const inLanguage = (locale: 'is' | 'en') => database.query('update account set locale = $1', [locale])

test('what only a newer policy says is not taken for something else: it stays with its sender, and is told when it is understood', async () => {
  const message = crypto.randomUUID()
  const came = await letters(async () => {
    const refused = await tell(fact('allow', 'handed-on'), { message })
    assert.deepEqual(
      [refused.status, ((await refused.json()) as { code: string }).code],
      [422, 'kernel.messages.unread'],
    )
    assert.equal((await tell(fact('deny', 'in-force', { newer: 'a word more' }))).status, 200)
  })
  assert.equal(came.length, 2, 'a word more is left out, and nobody waits for the other')
  const later = await letters(() => tell(fact('allow', 'in-force'), { message }))
  assert.ok(later.length > 0, 'the same message, at a version that knows it')
})

test('nobody but policy tells of an override, and what is no such fact is refused', async () => {
  const came = await letters(async () => {
    assert.equal((await tell(fact('deny', 'in-force'), { from: 'members' })).status, 422)
    for (const wrong of [fact('deny', 'perhaps'), { ...fact('deny', 'in-force'), until: 'soon' }, {}])
      assert.notEqual((await tell(wrong)).status, 200)
  })
  assert.deepEqual(came, [])
})

test('nobody gets a letter who is shut out, has no address that was proven, or is not there; nor twice the same', async () => {
  const shut = await addAccount(service, { email: 'shut@example.org' })
  const unproven = await addAccount(service, { email: 'unproven@example.org' })
  const none = await addAccount(service, { email: 'none@example.org' })
  await database.query(`update account set status = 'suspended' where id = $1`, [shut])
  await database.query('update account set email_proven = false where id = $1', [unproven])
  await database.query('update account set email = null where id = $1', [none])
  const nobody = 'acc_00000000-0000-4000-8000-00000000dead'
  for (const person of [shut, unproven, none, nobody, 'somebody else', null])
    assert.deepEqual(await letters(() => tell(fact('deny', 'in-force', { person, by: byAda }))), [])
  const operator = 'operator:root'
  assert.deepEqual(await letters(() => tell(fact('allow', 'refused', { askedBy: operator }))), [])

  const message = crypto.randomUUID()
  const often = () =>
    Promise.all(
      [service, second, service, second].map(async (at) => {
        const { status } = await tell(fact('allow', 'in-force'), { message, at })
        assert.equal(status, 200)
      }),
    )
  assert.equal((await letters(often)).length, 2, 'one to each, at whichever node it is heard')
})

test('a denial is said plainly: what it is, on what and until when, that all else is as before, and whom to ask; nothing of why, and no word of guilt', async () => {
  await inLanguage('en')
  const [letter, ...others] = await letters(() => tell(fact('deny', 'in-force', { by: byAda })))
  assert.deepEqual(others, [], 'whoever did it knows')
  assert.equal(letter?.to, 'una@example.org')
  assert.match(letter?.text ?? '', /Until 24 December 2126 at 22:15 \(Reykjavík\)/)
  assert.match(letter?.text ?? '', /as before, your account and your right to vote too/)
  assert.match(
    letter?.text ?? '',
    /this is closed to you: see the list of members; publish and open an election \(in the election e1\)/,
  )
  assert.match(
    letter?.text ?? '',
    /why, is on the page of your account:\n\n\S+\/account\n\n.*ask .*help@example\.org/,
  )
  assert.doesNotMatch(letter?.text ?? '', /violat|misus|abus|wrong|Ada|ovr_|another password/)
  await inLanguage('is')
  const [bref] = await letters(() => tell(fact('deny', 'in-force', { by: byAda })))
  assert.match(bref?.text ?? '', /Til 24\. desember 2126 kl\. 22:15/)
  assert.match(bref?.text ?? '', /eins og áður, líka aðgangurinn þinn og kosningarétturinn/)
  assert.match(
    bref?.text ?? '',
    /er þetta lokað fyrir þig: sjá félagatalið; birta og opna kosningu \(í kosningunni e1\)/,
  )
  assert.match(bref?.text ?? '', /hafa samband .*help@example\.org/)
  assert.doesNotMatch(bref?.text ?? '', /brot|misnot|Ada|ovr_|lykilorð/)
})

test('whoever asked hears what became of it when somebody else did it, with the way to it, and not who it is for', async () => {
  await inLanguage('en')
  const about = async (kind: 'allow' | 'deny', state: string, more = {}) =>
    subjects(() => tell(fact(kind, state, more)))
  assert.deepEqual(await about('allow', 'in-force'), [
    'ada@example.org: What you asked for is in force: see the list of members and 1 more',
    'una@example.org: You may do more here for a while: see the list of members and 1 more',
  ])
  assert.deepEqual(await about('allow', 'refused'), [
    'ada@example.org: What you asked for was refused: see the list of members and 1 more',
  ])
  assert.deepEqual(await about('allow', 'taken-back'), [
    'ada@example.org: What you asked for was called off: see the list of members and 1 more',
  ])
  assert.deepEqual(await about('allow', 'ended'), [
    'ada@example.org: What you asked for was ended: see the list of members and 1 more',
    'una@example.org: What you might do for a while has ended: see the list of members and 1 more',
  ])
  assert.deepEqual(await about('deny', 'ended'), [
    'ada@example.org: What you asked for was ended: see the list of members and 1 more',
    'una@example.org: A limit was lifted: see the list of members and 1 more',
  ])
  assert.deepEqual(await about('allow', 'taken-back', { by: byAda }), [], 'they did it themselves')
  const id = newId()
  const [letter] = await letters(() => tell(fact('allow', 'refused', { id })))
  assert.match(letter?.text ?? '', new RegExp(`/admin/overrides/${id}`))
  assert.doesNotMatch(letter?.text ?? '', /Una/)
})

test('somebody who asked for something for themselves gets one letter about it, not two', async () => {
  const own = { person: ada }
  assert.deepEqual(await subjects(() => tell(fact('allow', 'in-force', own))), [
    'ada@example.org: You may do more here for a while: see the list of members and 1 more',
  ])
  assert.deepEqual(await subjects(() => tell(fact('allow', 'refused', own))), [
    'ada@example.org: What you asked for was refused: see the list of members and 1 more',
  ])
})

test('what is over by the time that it is heard of is not told as if it held; whoever ends what is theirs knows it', async () => {
  await inLanguage('en')
  const id = newId()
  const ended = await subjects(() => tell(fact('deny', 'ended', { id })))
  assert.equal(ended.length, 2)
  assert.deepEqual(await subjects(() => tell(fact('deny', 'in-force', { id }))), [], 'told after its end')
  assert.deepEqual(
    await subjects(() => tell(fact('allow', 'in-force', { until: '2020-01-01T00:00:00.000Z' }))),
    [],
    'told after its time',
  )
  const again = newId()
  assert.equal((await subjects(() => tell(fact('allow', 'in-force', { id: again })))).length, 2)
  assert.deepEqual(await subjects(() => tell(fact('allow', 'ended', { id: again, by: `person:${una}` }))), [
    'ada@example.org: What you asked for was ended: see the list of members and 1 more',
  ])
})

test('in Icelandic each of them is written in Icelandic', async () => {
  await inLanguage('is')
  const states = ['in-force', 'refused', 'taken-back', 'ended'] as const
  const came: string[] = []
  for (const state of states) came.push(...(await subjects(() => tell(fact('allow', state)))))
  came.push(...(await subjects(() => tell(fact('deny', 'ended')))))
  assert.deepEqual(came, [
    'ada@example.org: Það sem þú baðst um er í gildi: sjá félagatalið og 1 í viðbót',
    'una@example.org: Þú mátt gera meira hér um tíma: sjá félagatalið og 1 í viðbót',
    'ada@example.org: Því sem þú baðst um var hafnað: sjá félagatalið og 1 í viðbót',
    'ada@example.org: Beiðnin þín var dregin til baka: sjá félagatalið og 1 í viðbót',
    'ada@example.org: Undanþágu sem þú baðst um er lokið: sjá félagatalið og 1 í viðbót',
    'una@example.org: Undanþágunni þinni er lokið: sjá félagatalið og 1 í viðbót',
    'ada@example.org: Undanþágu sem þú baðst um er lokið: sjá félagatalið og 1 í viðbót',
    'una@example.org: Takmörkun var aflétt: sjá félagatalið og 1 í viðbót',
  ])
})

test('that somebody asks is written to those who decide, with until when it waits, and to nobody else', async () => {
  const bea = await addAccount(service, { email: 'bea@example.org', roles: ['superadmin'] })
  await inLanguage('en')
  const id = newId()
  const came = await letters(() => tell(fact('allow', 'asked', { id, by: byAda })))
  assert.deepEqual(
    came.map(({ to }) => to),
    ['bea@example.org'],
    'neither to whoever asked nor to whom it is for',
  )
  assert.match(
    came[0]?.text ?? '',
    /until 24 December 2126 at 22:15 \(Reykjavík\): see the list of members; publish and open an election/,
  )
  assert.match(came[0]?.text ?? '', /decide about it by 10 December 2126 at 08:00/)
  assert.match(came[0]?.text ?? '', new RegExp(`/admin/overrides/${id}`))
  const late = { decideBy: '2020-01-01T00:00:00.000Z' }
  assert.deepEqual(await letters(() => tell(fact('allow', 'asked', late))), [], 'it waits no more')
  await letters(() => tell(fact('allow', 'refused', { id })))
  assert.deepEqual(await letters(() => tell(fact('allow', 'asked', { id }))), [], 'told after it was refused')
  assert.deepEqual(await subjects(() => tell(fact('allow', 'lapsed', { by: 'service:policy' }))), [
    'ada@example.org: Nobody decided about what you asked for: see the list of members and 1 more',
  ])
  await database.query('delete from account where id = $1', [bea])
})

test('whoever asked and may not look has the whole answer in the letter, and no link to a page that is shut to them', async () => {
  await inLanguage('en')
  const olaf = await addAccount(service, { email: 'olaf@example.org', name: 'Ólafur', roles: ['operator'] })
  await database.query(`update account set locale = 'en' where id = $1`, [olaf])
  const asked = { askedBy: `person:${olaf}`, by: byAda, why: 'Not this\nweek.\n\nhttp://elsewhere.example' }
  const [letter] = await letters(() => tell(fact('allow', 'refused', asked)))
  assert.equal(letter?.to, 'olaf@example.org')
  assert.match(
    letter?.text ?? '',
    /see the list of members; publish and open an election \(in the election e1\)\. Ada has looked at it and refused it/,
  )
  assert.match(letter?.text ?? '', /What they wrote: “Not this week\. http:\/\/elsewhere\.example”/)
  assert.doesNotMatch(letter?.text ?? '', /\/admin/)
  const [byOperator] = await letters(() =>
    tell(fact('allow', 'refused', { ...asked, by: 'operator:root', why: null })),
  )
  assert.match(byOperator?.text ?? '', /Whoever runs the system has looked at it/)
  const [auditor] = await letters(async () => {
    await database.query(`update account set roles = '{auditor}' where id = $1`, [olaf])
    await tell(fact('allow', 'refused', asked))
  })
  assert.match(auditor?.text ?? '', /\/admin\/overrides\/ovr_/, 'whoever may look is led there')
  assert.doesNotMatch(auditor?.text ?? '', /Not this/)
})

test('whoever may not ask any more is told that, and not to ask again', async () => {
  const cid = await addAccount(service, {
    email: 'cid@example.org',
    name: 'Cid',
    roles: ['election-manager'],
  })
  const fell = (id: string) => fact('allow', 'fell', { id, askedBy: `person:${cid}`, by: 'service:policy' })
  await inLanguage('en')
  const id = newId()
  const [letter, ...others] = await letters(() => tell(fell(id)))
  assert.deepEqual([letter?.to, others], ['cid@example.org', []])
  assert.match(letter?.subject ?? '', /^What you asked for has lapsed: see the list of members and 1 more/)
  assert.match(letter?.text ?? '', /You may not ask for that any more, and so your request has lapsed/)
  assert.match(letter?.text ?? '', /ask .*help@example\.org/)
  assert.doesNotMatch(letter?.text ?? '', /again|in time|Whoever runs|\/admin/)
  assert.deepEqual(await letters(() => tell(fact('allow', 'asked', { id }))), [], 'told after it fell')
  await inLanguage('is')
  const [bref] = await letters(() => tell(fell(newId())))
  assert.match(bref?.subject ?? '', /^Beiðnin þín féll niður: sjá félagatalið og 1 í viðbót/)
  assert.match(
    bref?.text ?? '',
    /ekki lengur heimild til að biðja um það .* Engin ákvörðun var tekin um hana/,
  )
  assert.doesNotMatch(bref?.text ?? '', /aftur|\/admin/)
})

test('what an application calls its things makes no line of its own, and fifty actions are no list', async () => {
  await inLanguage('en')
  const odd = {
    actions: Array.from({ length: 50 }, (_, n) => `do.${n}`),
    resource: { type: 'doc', id: `a\n\nhttps://elsewhere.example ${'x'.repeat(400)}` },
  }
  const [, letter] = await letters(() => tell(fact('allow', 'in-force', odd)))
  assert.match(
    letter?.text ?? '',
    /do\.0; do\.1; do\.2 and 47 more \(on doc a https:\/\/elsewhere\.example x+…\)\./,
  )
  const [, whole] = await letters(() => tell(fact('allow', 'in-force', { resource: null })))
  assert.match(whole?.text ?? '', /publish and open an election \(on everything\)/)
})
