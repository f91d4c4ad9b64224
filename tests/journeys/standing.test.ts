import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { until } from '@althing/kernel/testing'
import { heading, peopleOverAlthing, press } from './people-at-devices.ts'
import { giveRoles } from './two-steps.ts'

/** What somebody may do is changed by another while their console is open: over a real Althing. */
const { althing, device, signIn } = await peopleOverAlthing({
  pages: ['ui', 'signin', 'account', 'admin'],
  env: { ALTHING_IDENTITY_BREACH_URL: '' },
})
const ada = await device()
await signIn(ada, 'admin@example.org')
await ada.goto(`${althing.url}/admin/people`)

/** Una with these roles, as soon as every door has heard of it. */
async function give(una: Page, ...roles: readonly string[]): Promise<void> {
  await giveRoles(ada, 'member2@example.org', roles)
  const own = async () =>
    una.evaluate(async () => ((await (await fetch('/session/may')).json()) as { roles: string[] }).roles)
  await until(async () => (await own()).filter((one) => one !== 'member').join() === roles.join())
}

const room = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name, exact: true })
const isNotAsked = async (page: Page) =>
  assert.equal(await page.getByRole('button', { name: 'Try again' }).count(), 0)

test('who is given a role finds its rooms at the next click; who loses one is told, keeps what they wrote where they may stay, and is not asked to try again', async () => {
  const una = await device()
  await signIn(una, 'member2@example.org')
  await give(una, 'election-manager')
  await una.goto(`${althing.url}/admin`)
  await heading(una, 'Elections')
  assert.equal(await room(una, 'People').count(), 0)
  let loads = 0
  una.on('load', () => (loads += 1))

  await give(una, 'auditor', 'election-manager')
  await room(una, 'Emergency access').click()
  await una.getByText('Your roles have changed.').waitFor()
  await room(una, 'People').click()
  await heading(una, 'People')
  // Said once.
  await una.getByText('Your roles have changed.').waitFor({ state: 'detached' })

  // The room stays theirs, and what they do in it does not.
  await room(una, 'Elections').click()
  await una.getByRole('link', { name: 'New election' }).click()
  await heading(una, 'New election')
  for (const [field, words] of [
    ['title', 'Kosning stjórnar'],
    ['questions-0-text', 'Hver?'],
    ['questions-0-answers-0', 'Ada'],
    ['questions-0-answers-1', 'Bea'],
  ] as const)
    await una.locator(`#f-${field}-is`).fill(words)
  await give(una, 'auditor')
  await press(una, 'Save the draft')
  await una.getByText('Your roles have changed.').waitFor()
  await una.getByText('You may not send what is written here.').waitFor()
  assert.equal(await una.locator('#f-title-is').inputValue(), 'Kosning stjórnar')
  await isNotAsked(una)

  // A room that is closed says so, and whom to ask.
  await give(una, 'election-manager')
  await room(una, 'People').click()
  await heading(una, '“People” is not open to you')
  await una.getByText(/If you need it, ask an administrator/).waitFor()
  await una.getByText('Your roles have changed.').waitFor()
  assert.equal(await room(una, 'People').count(), 0)
  await isNotAsked(una)
  await una.getByRole('link', { name: 'Go to “Elections”' }).click()
  await heading(una, 'Elections')

  await give(una, 'developer')
  await room(una, 'Emergency access').click()
  await room(una, 'Who may what').waitFor()
  await room(una, 'Who may what').click()
  await heading(una, 'Who may what')
  await give(una)
  await una.getByRole('link', { name: 'Policies', exact: true }).click()
  await heading(una, '“Policies” is not open to you')
  await una.getByRole('link', { name: 'To the front page' }).waitFor()
  await isNotAsked(una)
  assert.equal(loads, 0, 'nobody loaded a page again')
})

/** Of all that stands before an administrator: looking for something, asking, proving and taking along what was decided, and what everybody in an office may ask for. */
const reading = [
  'Ask',
  'Ask for emergency access',
  'Download as JSON',
  'Download as a table (CSV)',
  'Look',
  'More',
  'Verify the log',
  'What may they do?',
  'Who can do this?',
]

test('an auditor walks through every room, and finds no button for what they may not do', async () => {
  const things = await madeBy(ada)
  const una = await device()
  await signIn(una, 'member3@example.org')
  await giveRoles(ada, 'member3@example.org', ['auditor'])
  await inside(una)
  const rooms = await una.evaluate(
    async () => ((await (await fetch('/session/may')).json()) as { rooms: string[] }).rooms,
  )
  assert.equal(rooms.length, 15)
  const others = new Set<string>()
  for (const path of [...rooms, ...things]) {
    for (const page of [una, ada]) await page.goto(`${althing.url}/admin/${path}`)
    const [unas, adas] = [await buttonsIn(una), await buttonsIn(ada)]
    assert.deepEqual(
      unas.filter((name) => !reading.includes(name)),
      [],
      path,
    )
    for (const name of adas) if (!unas.includes(name)) others.add(name)
  }
  assert.deepEqual([...others].sort(), [
    'Change',
    'Change the roles',
    'Close the account',
    'Connect an application',
    'Delete',
    'Disable',
    'Edit',
    'Make a key',
    'Make a second secret',
    'Make the key and save the file',
    'New account',
    'New draft',
    'New election',
    'New override',
    'New service identity',
    'Publish and open now',
    'Retire',
    'Shut it out',
    'Sign out everywhere',
    'Suspend',
    'f-logo',
  ])
})

test('whoever comes to a form that they may not send reads so before they write', async () => {
  const una = await device()
  await signIn(una, 'member3@example.org')
  await una.goto(`${althing.url}/admin/people/new`)
  await una.getByText('You may not send what is written here.').waitFor()
})

/** Every service hears of a role within a second or so, and a page that is asked for before it has heard is closed. */
async function inside(page: Page): Promise<void> {
  const room = page.getByRole('heading', { level: 1, name: 'Elections' })
  for (let tries = 0; tries < 10; tries += 1) {
    await page.goto(`${althing.url}/admin`)
    if (await seen(room)) return
  }
  await room.waitFor()
}

const seen = (room: Locator) =>
  room.waitFor({ timeout: 3_000 }).then(
    () => true,
    () => false,
  )

/** One of everything, by whoever may do everything; where each stands. */
async function madeBy(page: Page): Promise<readonly string[]> {
  return page.evaluate(async () => {
    const { csrf } = (await (await fetch('/session/me')).json()) as { csrf: string }
    const send = async (path: string, body: unknown) => {
      const answer = await fetch(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-csrf-token': csrf },
        body: JSON.stringify(body),
      })
      if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`)
      return (await answer.json()) as { id?: string; client?: { id: string }; election?: { id: string } }
    }
    const text = { en: 'One' }
    const { election } = await send('/api/admin/elections', {
      title: text,
      questions: [
        {
          text,
          voting_type: 'single-choice',
          max_selections: 1,
          answers: [{ text }, { text: { en: 'Two' } }],
        },
      ],
    })
    const { client } = await send('/api/identity/clients', {
      kind: 'web',
      name: 'One',
      metadata: { redirect_uris: ['https://one.example/back'] },
    })
    const program = await send('/api/identity/service-identities', {
      name: 'One',
      kind: 'service',
      purpose: 'Keeps the books of the club',
      owner: null,
    })
    const { users } = (await (await fetch('/api/identity/users?q=officer')).json()) as {
      users: { id: string }[]
    }
    return [
      `elections/${election?.id}`,
      `clients/${client?.id}`,
      `service-identities/${program.id}`,
      `people/${users[0]?.id}`,
    ]
  })
}

/** By name, as soon as nothing more comes. */
async function buttonsIn(page: Page): Promise<readonly string[]> {
  await page.waitForLoadState('networkidle')
  return page
    .locator('.console-page')
    .evaluate((place) =>
      [...place.querySelectorAll<HTMLElement>('button, a.button, a[href$="/edit"], input[type=file]')].map(
        (one) => one.textContent.split(':')[0]?.trim() || one.id,
      ),
    )
}
