import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addAccount, testIdentity } from '../../../tests/support/identity.ts'

const service = await testIdentity()

/** The whole list, page by page. */
async function listed(by: string): Promise<string[]> {
  const names: string[] = []
  let after: string | null = ''
  while (after !== null) {
    const answer = await service.asPerson(
      { subject: 'acc_00000000-0000-4000-8000-000000000001', roles: ['administrator'] },
      'GET',
      `/api/identity/users?by=${by}&limit=2&after=${after}`,
    )
    assert.equal(answer.status, 200)
    const page = (await answer.json()) as { users: { name: string }[]; next: string | null }
    names.push(...page.users.map(({ name }) => name))
    after = page.next
  }
  return names
}

test('people stand in the order of an Icelandic telephone book, on every page once, or as they were made', async () => {
  const made = [
    'Þóra Fundin',
    'Ása Björk',
    'anna Dís',
    'Ösp Nótt',
    'Æsa Lind',
    'Anna Dís',
    'Birna Rós',
    'Aron Már',
  ]
  for (const [n, name] of made.entries()) await addAccount(service, { name, email: `p${n}@example.org` })
  const byName = await listed('name')
  assert.deepEqual(
    byName.map((name) => name.toLowerCase()),
    ['anna dís', 'anna dís', 'aron már', 'ása björk', 'birna rós', 'þóra fundin', 'æsa lind', 'ösp nótt'],
  )
  assert.deepEqual(await listed('made'), made)
  const odd = await service.asPerson(
    { subject: 'acc_00000000-0000-4000-8000-000000000001', roles: ['administrator'] },
    'GET',
    '/api/identity/users?by=height',
  )
  assert.equal(odd.status, 400)
})
