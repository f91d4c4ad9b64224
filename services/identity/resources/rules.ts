/**
 * Which servers a token can be for, beside our own doors: each with the scopes that mean something there, and the details that can
 * be asked for. An application says at its registration which of them it may have tokens for.
 */
import type { AuditEntry } from '@althing/kernel/audit'
import { plainly } from '@althing/kernel/errors/plainly.ts'
import type { Atomically } from '@althing/kernel/service'
import { fault } from './faults.ts'
import { Resource, type ResourceWords } from './schema.ts'
import type { ResourceStore } from './store.ts'

interface Needs {
  /** Our own doors: no row may speak for them. */
  readonly url: string
  readonly store: ResourceStore
  readonly atomically: Atomically<{
    readonly store: ResourceStore
    readonly record: (entry: AuditEntry) => Promise<void>
  }>
}

export function createResources({ url, store, atomically }: Needs) {
  /**
   * False when there is one of that address.
   * @throws Fault identity.resources.words, which names the fields
   */
  async function add(words: ResourceWords, actor: string): Promise<boolean> {
    const read = Resource.safeParse(words)
    const isOurs = read.success && new URL(read.data.uri).origin === new URL(url).origin
    if (!read.success || isOurs)
      throw fault.words(undefined, {
        fields: read.success
          ? [{ pointer: '/uri', message: 'is ours' }]
          : read.error.issues.map((issue) => ({
              pointer: `/${issue.path.join('/')}`,
              message: plainly(issue),
            })),
      })
    return atomically(async ({ store: own, record }) => {
      if (!(await own.add(read.data))) return false
      await record(entryOf('resources.added', read.data.uri, actor))
      return true
    })
  }

  async function remove(uri: string, actor: string): Promise<boolean> {
    return atomically(async ({ store: own, record }) => {
      if (!(await own.remove(uri))) return false
      await record(entryOf('resources.removed', uri, actor))
      return true
    })
  }

  /** Those of these addresses that are registered, with which of these words are theirs: what a person is told of a token before they allow it. */
  async function askedAt(uris: readonly string[], scopes: readonly string[]) {
    if (uris.length === 0) return []
    return (await store.all())
      .filter(({ uri }) => uris.includes(uri))
      .map(({ uri, name, scopes: own }) => ({
        uri,
        name,
        scopes: scopes.filter((scope) => own.includes(scope)),
      }))
  }

  return { add, remove, list: () => store.all(), askedAt }
}

export type Resources = ReturnType<typeof createResources>

const entryOf = (action: string, id: string, actor: string): AuditEntry => ({
  action,
  actor,
  target: { type: 'Resource', id },
  outcome: 'done',
})
