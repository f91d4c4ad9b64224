import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { actionWords } from '../../services/policy/action-words.ts'
import { actions, withNeeded } from '../../services/policy/actions.ts'
import { withheld } from '../../services/policy/overrides/withheld.ts'
import { acts, rooms } from '../../services/portal/contract.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (file: string) => readFileSync(`${root}/${file}`, 'utf8')
const sources = [
  ...globSync('services/**/*.ts', { cwd: root }),
  ...globSync('kernel/service/*.ts', { cwd: root }),
]
  .filter((file) => !file.endsWith('.test.ts'))
  .map(read)

test('every action that a door asks about stands in services/policy/actions.ts with the kind of thing that it is done to: write it down there', () => {
  const asked = sources.flatMap((text) =>
    [...text.matchAll(/\bmay(?:Here)?(?:<[^>]*>)?\(\s*'([a-z][a-z-]*\.[a-z-]+)'/g)].map(
      ([, action = '']) => action,
    ),
  )
  assert.ok(asked.length > 60)
  assert.deepEqual([...new Set(asked)].filter((action) => !Object.hasOwn(actions, action)).sort(), [])
})

test('every action that Althing’s own policies speak of stands there too', () => {
  const named = [...read('services/policy/language/base.cedar').matchAll(/Action::"([^"]+)"/g)].map(
    ([, action = '']) => action,
  )
  assert.deepEqual(
    [...new Set(named)].filter((action) => !Object.hasOwn(actions, action)),
    [],
  )
})

test('every kind of thing that a door names is a kind that policies may speak of', () => {
  const kinds = new Set(Object.values(actions).flat())
  const named = sources.flatMap((text) =>
    [...text.matchAll(/\bmay(?:Here)?[^;]{0,200}?type: '([A-Z]\w+)', id/g)].map(([, kind = '']) => kind),
  )
  assert.ok(named.length > 5)
  assert.deepEqual(
    [...new Set(named)].filter((kind) => !kinds.has(kind)),
    [],
  )
})

test('every action is said in words, in both languages, under the service whose doors ask about it', () => {
  const all = Object.values(actionWords).flatMap((one) => Object.keys(one))
  assert.deepEqual(
    all.sort(),
    Object.keys(actions).sort(),
    'services/policy/action-words.ts says what each is',
  )
  for (const [service, said] of Object.entries(actionWords)) {
    const doors = globSync(`services/${service}/**/*.ts`, { cwd: root })
      .filter((file) => !file.endsWith('.test.ts'))
      .map(read)
      .join('\n')
    for (const [action, { is, en }] of Object.entries(said)) {
      const written = [`'${action}'`, `\`${action.split('.')[0]}.\${`]
      assert.ok(
        service === 'between' || written.some((one) => doors.includes(one)),
        `${service} does not ask about ${action}`,
      )
      assert.ok(is !== '' && en !== '' && is !== en, action)
    }
  }
})

test('every button of the console is for an action that exists, with the kind of thing that it is done to', () => {
  for (const [act, kind] of Object.entries(acts))
    assert.ok(
      actions[act]?.includes(kind) === true,
      `${act} is done to ${actions[act]?.join(' or ') ?? 'nothing'}, and services/portal/contract.ts says ${kind}.`,
    )
})

test('every button of the console asks for what it does, and nothing is asked for that has no button', () => {
  const pages = globSync('web/admin/**/*.{ts,tsx}', { cwd: root })
    .filter((file) => !file.includes('.test.'))
    .map(read)
    .join('\n')
  // What has two doors is asked for by the door, and by what is done there.
  const isAsked = (act: string) =>
    [`'${act}'`, `"${act}"`, `}.${act.split('.')[1]}\``].some((written) => pages.includes(written))
  assert.deepEqual(
    Object.keys(acts).filter((act) => !isAsked(act)),
    [],
  )
})

test('whoever is given what a button does is given what opens the room that it stands in', () => {
  const nounOf = (action: string) => action.split('.')[0]
  const given = Object.keys(acts).filter((act) => withheld('allow', act) === null)
  assert.ok(given.length > 30)
  const closed = given.filter((act) => {
    const opens = Object.values(rooms).find((action) => nounOf(action) === nounOf(act))
    return opens !== undefined && !withNeeded([act]).includes(opens)
  })
  assert.deepEqual(closed, [])
})
