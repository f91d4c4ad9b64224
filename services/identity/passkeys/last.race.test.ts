import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addPasskey } from '../../../tests/support/factors.ts'
import { addAccount, createBrowser, signIn, testIdentity } from '../../../tests/support/identity.ts'
import { told } from '../../../tests/support/told.ts'

const issuer = 'https://accounts.google.com'
const service = await testIdentity({
  env: {
    ALTHING_IDENTITY_CONNECTORS: JSON.stringify([
      {
        id: 'google',
        kind: 'google',
        name: 'Google',
        clientId: 'us',
        clientSecret: 'a secret of the client',
      },
    ]),
  },
})
const { database } = service.kit

/** Somebody who has passkeys and identities elsewhere, and no password any more. */
async function member(email: string, has: { passkeys: number; issuers?: readonly string[] }) {
  const account = await addAccount(service, { email })
  const browser = createBrowser(service.origin)
  await signIn(browser, { identifier: email })
  for (let n = 0; n < has.passkeys; n += 1) await addPasskey(browser, service, `key ${n}`)
  for (const one of has.issuers ?? [])
    await database.query('insert into external_identity (issuer, subject, account) values ($1, $2, $3)', [
      one,
      account,
      account,
    ])
  await database.query('delete from password where account = $1', [account])
  const page = await (await browser.go('/account/security')).text()
  const csrf = /name="csrf"[^>]*value="([^"]+)"/.exec(page)?.[1] ?? ''
  const post = async (path: string, fields: Record<string, string>) => {
    const body = new URLSearchParams({ csrf, ...fields })
    return browser.go(path, { method: 'POST', headers: { origin: service.origin }, body })
  }
  /** All at one moment; what came of each is read one after the other. */
  const saying = async (asked: readonly Promise<Response>[]) => {
    const words: string[] = []
    for (const answer of await Promise.all(asked))
      words.push((await told(browser, answer)).replace(/^.*: /, ''))
    return words
  }
  const keys = await database.query<{ id: string }>('select id from passkey where account = $1', [account])
  return {
    saying,
    removeAll: () => keys.map(({ id }) => post('/account/passkeys/remove', { id })),
    unlink: (from: string) => post('/account/linked/remove', { issuer: from, subject: account }),
    waysLeft: async () => {
      const [row] = await database.query<{ ways: number }>(
        `select (select count(*) from passkey where account = $1)::int
              + (select count(*) from external_identity where account = $1)::int as ways`,
        [account],
      )
      return row?.ways
    },
  }
}

test('of two that take the last two ways in away at one moment one is refused, whatever the two are', async () => {
  for (let round = 0; round < 4; round += 1) {
    const keys = await member(`keys${round}@example.org`, { passkeys: 2 })
    assert.deepEqual(new Set(await keys.saying(keys.removeAll())), new Set(['done.last', 'done.removed']))
    assert.equal(await keys.waysLeft(), 1)
    const both = await member(`both${round}@example.org`, { passkeys: 1, issuers: [issuer] })
    const answers = await both.saying([...both.removeAll(), both.unlink(issuer)])
    assert.equal(answers.filter((one) => one.endsWith('last')).length, 1, answers.join())
    assert.equal(await both.waysLeft(), 1)
  }
})

test('who is linked to a provider that is not offered any more has no way in by it: it can go, and the last passkey cannot', async () => {
  const gone = 'https://id.gone.example'
  const { saying, removeAll, unlink, waysLeft } = await member('gone@example.org', {
    passkeys: 1,
    issuers: [gone],
  })
  assert.deepEqual(await saying(removeAll()), ['done.last'])
  assert.deepEqual(await saying([unlink(gone)]), ['done.unlinked'])
  assert.deepEqual(await saying([unlink(gone)]), ['done.gone'])
  assert.equal(await waysLeft(), 1)
})
