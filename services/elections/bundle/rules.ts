/** The proof for everybody: with it and with no server the election can be counted again. It exists once there is a result. */
import type { z } from 'zod'
import type { Bundle, ElectionId } from '../contract.ts'
import { isPublic, type Election } from '../record.ts'
import { fault } from './faults.ts'

interface Needs {
  readonly find: (id: ElectionId) => Promise<Election | null>
  readonly entries: (id: ElectionId) => Promise<readonly string[] | null>
  readonly checkpoint: (id: ElectionId) => Promise<string>
}

export function createBundles({ find, entries, checkpoint }: Needs) {
  return async function bundle(id: ElectionId): Promise<z.output<typeof Bundle>> {
    const election = await find(id)
    if (election === null || !isPublic(election)) throw fault.unknown()
    const { manifest, manifestNote, privateKey, result, issued } = election
    const all = await entries(id)
    if (manifest === null || manifestNote === null || privateKey === null || result === null || all === null)
      throw fault.not_counted()
    return {
      version: 'althing/bundle/v1',
      manifest,
      manifest_note: manifestNote,
      entries: [...all],
      checkpoint: await checkpoint(id),
      issued,
      private_key: privateKey,
      result,
    }
  }
}
export type Bundles = ReturnType<typeof createBundles>
