import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { until } from '@althing/kernel/testing'
import { demoPeople } from '../../run/demo/people.ts'
import { serviceNames } from '../../run/settings.ts'
import { dumpDatabases } from '../linkage/dumps.ts'
import { lookedPage } from './looking.ts'
import { heading, peopleOverAlthing, press } from './people-at-devices.ts'

/** Taking one's data along, and being forgotten: by the person, by the office, and looked for afterwards in everything that is left. */
// At the level that a service has when nobody says otherwise: what is never written cannot be found.
const { althing, anew, device, signIn, writeAddress, writePassword, mailTo } = await peopleOverAlthing({
  env: { ALTHING_LOG_LEVEL: 'info' },
})
const kept = mkdtempSync(join(tmpdir(), 'althing-export-'))
const person = demoPeople(60)[30]
assert.ok(person !== undefined)

after(() => rmSync(kept, { recursive: true, force: true }))

test('everything that is held about somebody, in an archive that other programs open with the passphrase and not without', async () => {
  const { page, inspect } = await lookedPage((await anew()).context)
  await signIn(page, person.email)
  await page.getByRole('link', { name: 'Fetch or erase my data' }).click()
  await heading(page, 'My data')
  await press(page, 'Ask for my data')
  await heading(page, 'The passphrase of your data')
  const passphrase = (await page.locator('#codes code').textContent()) ?? ''
  await page.reload()
  assert.equal(await page.locator('#codes code').textContent(), passphrase, 'it is still there')
  await inspect('passphrase')
  await press(page, 'I have written it down')
  await mailTo(person.email, 'Gögnin þín')
  await page.reload()
  const saving = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Fetch the archive' }).click()
  const zip = join(kept, 'mine.zip')
  await (await saving).saveAs(zip)
  await inspect('privacy-ready')
  assert.equal(await page.getByRole('button', { name: 'Ask for my data' }).count(), 0, 'once a day')

  assert.notEqual(open(zip, 'wrong-pass-phra-se00').status, 0)
  assert.ok(!readFileSync(zip).includes(person.national_id))
  const { status, folder } = open(zip, passphrase)
  assert.equal(status, 0)
  const { services } = JSON.parse(readFileSync(join(folder, 'althing.json'), 'utf8')) as {
    services: Record<string, Record<string, Record<string, unknown>[]>>
  }
  assert.deepEqual(Object.keys(services), ['identity', 'members', 'events', 'policy', 'portal'])
  assert.equal(services['identity']?.['account']?.[0]?.['email'], person.email)
  assert.equal(services['members']?.['member']?.[0]?.['kennitala'], person.national_id)
  assert.equal(services['events']?.['roll_entry']?.length, 1)
  assert.ok((services['identity']?.['login_event']?.length ?? 0) > 0)
  assert.ok(services['identity']?.['audit_entry']?.some(({ action }) => action === 'privacy.export-asked'))
  assert.doesNotMatch(readFileSync(join(folder, 'althing.json'), 'utf8'), /argon2|phc|token_hash/)
  assert.match(readFileSync(join(folder, 'members/member.csv'), 'utf8'), new RegExp(person.national_id))
})

test('erased by their own wish: called off, wished again, done; nothing is found of them anywhere, and the log still verifies', async () => {
  const { page, inspect } = await lookedPage((await anew()).context)
  await signIn(page, person.email)
  await page.goto(`${althing.url}/account/privacy`)
  await page.getByRole('link', { name: 'Delete the account' }).click()
  await heading(page, 'Delete my account')
  await inspect('erase')
  await page.getByLabel(/Write DELETE MY ACCOUNT/).fill('yes please')
  await press(page, /Erase everything/)
  await page.getByRole('alert').getByText('Write exactly DELETE MY ACCOUNT').waitFor()
  await page.getByLabel(/Write DELETE MY ACCOUNT/).fill('delete my account')
  await press(page, /Erase everything/)
  await page.getByText('Everything will be erased on').waitFor()
  await inspect('privacy-erasing')
  await mailTo(person.email, 'Aðganginum þínum')
  await press(page, 'Keep my account')
  await page.getByText('Called off.').waitFor()
  await mailTo(person.email, 'Aðgangurinn þinn')

  const hasty = cli('privacy', 'erase', person.email, '--at-once')
  assert.notEqual(hasty.status, 0)
  assert.match(hasty.stderr, /Say why/)
  const asked = cli(
    'privacy',
    'erase',
    person.email,
    '--at-once',
    '--yes',
    '--reason',
    'asked in writing, letter 7',
  )
  assert.equal(asked.status, 0, asked.stderr)
  await isDone()
  await page.goto(`${althing.url}/account`)
  await heading(page, 'Sign in')
  const again = await device()
  await writeAddress(again, person.email)
  await writePassword(again)
  await heading(again, 'Your password')

  assert.notEqual(cli('privacy', 'cancel', person.email).status, 0, 'nobody is there any more')
  for (const name of serviceNames) assert.equal(cli('audit', 'verify', '--service', name).status, 0, name)
  assert.deepEqual(await traces([person.email, person.national_id, person.phone_number, person.name]), [])
})

test('the search finds who is there', async () => {
  const other = demoPeople(60)[31]
  const found = await traces([other?.email ?? '', other?.national_id ?? ''])
  assert.ok(
    found.includes('identity.public.account') && found.includes('members.public.member'),
    found.join(),
  )
})

/** Where any of these words stands: tables of every service, logs, and every file that is not the database's own. */
async function traces(words: readonly string[]): Promise<string[]> {
  const settings = (name: string) =>
    JSON.parse(readFileSync(join(althing.folder, 'settings', `${name}.env.json`), 'utf8')) as Record<
      string,
      string
    >
  const urls = serviceNames.map((name) => [
    name,
    settings(name)[`ALTHING_${name.toUpperCase()}_DATABASE_URL`] ?? '',
  ])
  const rows = await dumpDatabases(Object.fromEntries(urls) as Record<string, string>)
  const inTables = rows
    .filter(({ values }) => has(Object.values(values).join('\n')))
    .map(({ table }) => table)
  const logged = althing
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .join('\n')
  const files = readdirSync(althing.folder, { recursive: true, encoding: 'utf8' })
    .filter(
      (name) => !name.startsWith('postgresql/cluster/') && statSync(join(althing.folder, name)).isFile(),
    )
    .filter((name) => has(readFileSync(join(althing.folder, name), 'utf8')))
  return [...new Set([...inTables, ...files, ...(has(logged) ? ['the log'] : [])])].sort()

  function has(text: string): boolean {
    return words.some((word) => text.includes(word))
  }
}

async function isDone(): Promise<void> {
  await until(() => {
    const { stdout } = cli('privacy', 'list', '--json')
    const { erasures } = JSON.parse(stdout) as { erasures: { state: string }[] }
    return erasures[0]?.state === 'done'
  }, 'the end of the erasure')
}

function cli(...words: string[]) {
  const script = fileURLToPath(new URL('../../cli/main.ts', import.meta.url))
  return spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...words], {
    env: { ...process.env, ALTHING_DATA: althing.folder },
    encoding: 'utf8',
  })
}

/** As people do it who have never heard of us. */
function open(zip: string, passphrase: string) {
  const folder = mkdtempSync(join(kept, 'opened-'))
  const program = ['7z', '7zz'].find((name) => spawnSync(name, ['i']).error === undefined) ?? '7z'
  const { status } = spawnSync(program, ['x', zip, `-o${folder}`, `-p${passphrase}`, '-y'])
  return { status, folder }
}
