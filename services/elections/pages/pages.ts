/** The page that each application of the ballot origin starts in: a file of the build, the same for everybody. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fault } from './faults.ts'

type App = 'booth' | 'verifier'

export function createShells(folder: string) {
  return {
    /** @throws Fault elections.pages.not_built */
    async page(app: App): Promise<string> {
      const page = await readFile(join(folder, app, 'index.html'), 'utf8').catch(absent)
      if (page === null) throw fault.not_built(undefined, { retryAfterSeconds: 30 })
      return page
    },
  }
}
export type Shells = ReturnType<typeof createShells>

function absent(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
  throw error
}
