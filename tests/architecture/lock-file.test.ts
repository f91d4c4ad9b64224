import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

interface Locked {
  readonly link?: boolean
  readonly resolved?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}
const { packages } = JSON.parse(
  readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'),
) as { readonly packages: Readonly<Record<string, Locked>> }

test('npm ci works in a fresh clone: every package that another asks for is in the lock file, those for other machines too', () => {
  // When a release has been published for some machines only, take the one before it: npm ci refuses the lock file of such a release.
  const missing = Object.entries(packages).flatMap(([at, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !isLocked(at, name))
      .map((name) => `${at}: ${name}`),
  )
  assert.deepEqual(missing, [])
})

/** Where Node would look: beside what asks, and above. */
function isLocked(at: string, name: string): boolean {
  const folders = at.split('/')
  return (
    folders.some((_, up) =>
      Object.hasOwn(packages, [...folders.slice(0, folders.length - up), 'node_modules', name].join('/')),
    ) || Object.hasOwn(packages, `node_modules/${name}`)
  )
}

test('the lock file names no place to fetch packages from: whoever installs has their own', () => {
  const hosts = Object.values(packages).flatMap(({ resolved = '' }) =>
    resolved.includes(':') ? [resolved] : [],
  )
  assert.deepEqual(hosts, [])
})
