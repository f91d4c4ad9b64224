/**
 * The other half of the permission matrix: every route with a thing in its address × who comes × whose the thing is × the state it is in. Each thing
 * is brought into its state through the doors of the real service. What people decided stands in services/policy/evaluate/states.yaml.
 */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { events } from '../../services/events/service.ts'
import { policy } from '../../services/policy/service.ts'
import { portal } from '../../services/portal/service.ts'
import { portalSecret, testIdentity } from '../support/identity.ts'
import { testMailbox } from '../support/mailbox.ts'
import { testService } from '../support/service.ts'
import { accountsThings, applicationsThings } from './states/accounts.ts'
import { askAll, routeNameOf } from './states/asking.ts'
import { decisionsThings } from './states/decisions.ts'
import { draftsThings } from './states/drafts.ts'
import { electionsThings } from './states/elections.ts'
import { membersThings } from './states/imports.ts'
import { overridesThings } from './states/overrides.ts'
import { registeredThings } from './states/registered.ts'
import { file, mistakes, table } from './states/table.ts'
import { alertsThings } from './states/watched.ts'

const mailbox = await testMailbox()
const identity = await testIdentity({ env: { ALTHING_IDENTITY_MAIL_URL: mailbox.url } })
const deciding = await testService(policy)
const all = [
  await electionsThings(),
  ...draftsThings(deciding),
  decisionsThings(deciding),
  ...(await overridesThings()),
  accountsThings(identity),
  applicationsThings(identity, mailbox),
  alertsThings(identity),
  ...registeredThings(identity),
  ...(await membersThings()),
]
const services = [
  ...new Set(all.map(({ service }) => service)),
  await testService(events),
  await testService(portal, { env: { ALTHING_PORTAL_CLIENT_SECRET: portalSecret } }),
]

test('the table says of every state what each route does with it, and every state is one that things are brought into', () => {
  assert.deepEqual(mistakes(), [])
  for (const [name, { states }] of Object.entries(table.things)) {
    const made = all.find((one) => one.name === name)?.make ?? {}
    assert.deepEqual(
      Object.keys(states).toSorted(),
      Object.keys(made).toSorted(),
      `${name}: ${file} and tests/attacks/states name the same states. Write there how one is brought into the state that is missing.`,
    )
  }
})

test('every guarded route with something in its address stands in the table', () => {
  const declared = services.flatMap(({ assembled }) =>
    assembled.routes
      .filter(({ access, path }) => access !== 'public' && path.includes(':'))
      .map(({ method, path }) => `${method} ${path}`),
  )
  const said = new Set([
    ...Object.values(table.things).flatMap(({ routes }) => Object.keys(routes).map(routeNameOf)),
    ...Object.keys(table.elsewhere),
  ])
  for (const route of declared)
    assert.ok(
      said.has(route),
      `${route} stands nowhere in ${file}: decide in which states of what it is about it works, and how it refuses in the others, and write it there.`,
    )
  for (const route of said)
    assert.ok(declared.includes(route), `There is no route ${route}: take it out of ${file}.`)
  for (const path of Object.values(table.elsewhere))
    assert.ok(existsSync(new URL(`../../${path}`, import.meta.url)), `${file}: there is no test ${path}.`)
})

let total = 0
for (const things of all)
  test(`what a route does with one ${things.name} depends on its state as people decided, whoever asks`, async (t) => {
    const { rows, wrong } = await askAll(things)
    t.diagnostic(`${rows} rows`)
    total += rows
    assert.deepEqual(wrong.slice(0, 40), [])
  })

test('no state was passed over in silence: there are thousands of rows', () => {
  assert.ok(total > 8_000, `${total} rows`)
})
