/** What somebody in particular may or may not do for a while is told to them, and what became of a wish to whoever had it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addAccount, testIdentity } from '../../../tests/support/identity.ts'
import { testMailbox } from '../../../tests/support/mailbox.ts'
import { until } from '../../../tests/support/until.ts'

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
  await until(async () => {
    const left = await database.query(
      `select from graphile_worker.jobs where task_identifier = 'identity.notice'`,
    )
    return left.length === 0
  })
  return [...mails].sort((a, b) => a.to.localeCompare(b.to))
}
const subjects = async (work: () => Promise<unknown>) =>
  (await letters(work)).map(({ to, subject }) => `${to}: ${subject.split(' · ')[0]}`)
const inLanguage = (locale: 'is' | 'en') => database.query('update account set locale = $1', [locale])

test('nobody but policy tells of an override, and what is no such fact is refused', async () => {
  const came = await letters(async () => {
    assert.equal((await tell(fact('deny', 'in-force'), { from: 'members' })).status, 422)
    for (const wrong of [fact('deny', 'asked'), { ...fact('deny', 'in-force'), until: 'soon' }, {}])
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

test('a denial is said plainly: until when, that all else is as before, and whom to ask; nothing of why, and no word of guilt', async () => {
  await inLanguage('en')
  const [letter, ...others] = await letters(() => tell(fact('deny', 'in-force', { by: byAda })))
  assert.deepEqual(others, [], 'whoever did it knows')
  assert.equal(letter?.to, 'una@example.org')
  assert.match(letter?.text ?? '', /Until 24 December 2126 at 22:15 \(Reykjavík\)/)
  assert.match(letter?.text ?? '', /as before, your account and your right to vote too/)
  assert.match(letter?.text ?? '', /is not written in a letter\. .*ask .*help@example\.org/)
  assert.doesNotMatch(letter?.text ?? '', /violat|misus|abus|wrong|Ada|ovr_|another password/)
  await inLanguage('is')
  const [bref] = await letters(() => tell(fact('deny', 'in-force', { by: byAda })))
  assert.match(bref?.text ?? '', /Til 24\. desember 2126 kl\. 22:15/)
  assert.match(bref?.text ?? '', /eins og áður, líka aðgangurinn þinn og kosningarétturinn/)
  assert.match(bref?.text ?? '', /hafa samband .*help@example\.org/)
  assert.doesNotMatch(bref?.text ?? '', /brot|misnot|Ada|ovr_|lykilorð/)
})

test('whoever asked hears what became of it when somebody else did it, with the way to it, and not who it is for', async () => {
  await inLanguage('en')
  const about = async (kind: 'allow' | 'deny', state: string, more = {}) =>
    subjects(() => tell(fact(kind, state, more)))
  assert.deepEqual(await about('allow', 'in-force'), [
    'ada@example.org: What you asked for is in force',
    'una@example.org: You may do more here for a while',
  ])
  assert.deepEqual(await about('allow', 'refused'), ['ada@example.org: What you asked for was refused'])
  assert.deepEqual(await about('allow', 'taken-back'), ['ada@example.org: What you asked for was called off'])
  assert.deepEqual(await about('allow', 'ended'), [
    'ada@example.org: What you asked for was ended',
    'una@example.org: What you might do here beside the usual has ended',
  ])
  assert.deepEqual(await about('deny', 'ended'), [
    'ada@example.org: What you asked for was ended',
    'una@example.org: A limit on what you may do here was lifted',
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
    'ada@example.org: You may do more here for a while',
  ])
  assert.deepEqual(await subjects(() => tell(fact('allow', 'refused', own))), [
    'ada@example.org: What you asked for was refused',
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
    'ada@example.org: What you asked for was ended',
  ])
})

test('in Icelandic each of them is written in Icelandic', async () => {
  await inLanguage('is')
  const states = ['in-force', 'refused', 'taken-back', 'ended'] as const
  const came: string[] = []
  for (const state of states) came.push(...(await subjects(() => tell(fact('allow', state)))))
  came.push(...(await subjects(() => tell(fact('deny', 'ended')))))
  assert.deepEqual(came, [
    'ada@example.org: Það sem þú baðst um er í gildi',
    'una@example.org: Þú mátt gera meira hér um tíma',
    'ada@example.org: Því sem þú baðst um var hafnað',
    'ada@example.org: Beiðnin þín var dregin til baka',
    'ada@example.org: Undanþágu sem þú baðst um er lokið',
    'una@example.org: Undanþágunni þinni er lokið',
    'ada@example.org: Undanþágu sem þú baðst um er lokið',
    'una@example.org: Takmörkun var aflétt',
  ])
})
