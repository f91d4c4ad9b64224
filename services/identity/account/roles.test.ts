/** What the office has given somebody stands on the page of their account. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OfficeRole } from '@althing/policy/contract'
import { addAccount, createBrowser, signIn, testIdentity } from '../../../tests/support/identity.ts'

const service = await testIdentity()

async function pageOf(identifier: string, lang: 'is' | 'en') {
  const browser = createBrowser(service.origin)
  await browser.go('/sign-in')
  await signIn(browser, { identifier })
  const read = async () => (await browser.go(`/account?lang=${lang}`)).text()
  return { text: await read(), read }
}

test('whoever has no role of the office sees nothing of roles, members neither', async () => {
  await addAccount(service, { email: 'none@example.org', roles: [] })
  await addAccount(service, { email: 'member@example.org', roles: ['member'] })
  for (const identifier of ['none@example.org', 'member@example.org'])
    for (const lang of ['is', 'en'] as const)
      assert.doesNotMatch((await pageOf(identifier, lang)).text, /roles-title|Hlutverk|[Rr]oles/)
})

test('whoever has some reads their names and what each is for, in their language, from the least to the most', async () => {
  const roles = ['auditor', 'member', 'administrator', 'election-manager']
  await addAccount(service, { email: 'some@example.org', roles })
  const { text } = await pageOf('some@example.org', 'is')
  assert.match(
    text,
    /Hlutverk þín[^]*Kosningastjóri[^]*Þú undirbýrð, opnar[^]*Stjórnandi[^]*Þú sérð um kosningar, fólk[^]*Endurskoðandi[^]*breytir engu/,
  )
  assert.doesNotMatch(text, /Yfirstjórnandi|Forritari|Rekstraraðili/)
  const { text: english } = await pageOf('some@example.org', 'en')
  assert.match(english, /Your roles[^]*Election manager[^]*Administrator[^]*Auditor[^]*change nothing/)
})

test('every role of the office has words in both languages, and a new one is there at the next look', async () => {
  const id = await addAccount(service, { email: 'all@example.org', roles: ['member'] })
  for (const lang of ['is', 'en'] as const) {
    await service.kit.database.query('update account set roles = $2 where id = $1', [id, ['member']])
    const { read } = await pageOf('all@example.org', lang)
    for (const role of OfficeRole.options) {
      await service.kit.database.query('update account set roles = $2 where id = $1', [id, [role]])
      const list = /<section[^>]*roles-title[^]*?<\/section>/.exec(await read())?.[0] ?? ''
      assert.equal((list.match(/<dt/g) ?? []).length, 1, role)
      assert.doesNotMatch(list, /account\.role|undefined/, role)
    }
  }
})
