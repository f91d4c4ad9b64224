/** The proof for everybody: with it and with no server the election can be counted again. It exists once there is a result. */
import { sha256, toBase64url, utf8 } from '@althing/kernel/crypto'
import { Bundle, type ElectionId } from '../contract.ts'
import { isPublic, type Election } from '../record.ts'
import { fault } from './faults.ts'
import type { BundleStore, Kept } from './store.ts'

interface Needs {
  readonly find: (id: ElectionId) => Promise<Election | null>
  readonly entries: (id: ElectionId) => Promise<readonly string[] | null>
  readonly checkpoint: (id: ElectionId) => Promise<string>
  readonly store: BundleStore
}

/** `final`: the same text for ever. Only the counts of issued tickets may still be missing from one that is not. */
type Served = Kept & { readonly final: boolean }

export function createBundles({ find, entries, checkpoint, store }: Needs) {
  const making = new Map<ElectionId, Promise<Served>>()

  async function bundle(id: ElectionId): Promise<Served> {
    const election = await find(id)
    if (election === null || !isPublic(election)) throw fault.unknown()
    if (election.result === null) throw fault.not_counted()
    const kept = await store.read(id)
    return kept === null ? once(id, election) : { ...kept, final: true }
  }

  /** Whoever asks while it is being made gets the same one: it is the largest thing that we make. */
  function once(id: ElectionId, election: Election): Promise<Served> {
    const known = making.get(id)
    if (known !== undefined) return known
    const made = make(id, election).finally(() => making.delete(id))
    making.set(id, made)
    return made
  }

  async function make(id: ElectionId, election: Election): Promise<Served> {
    const text = JSON.stringify(await contentOf(id, election))
    const kept = { text, etag: `"${toBase64url(sha256(utf8(text)))}"` }
    const final = election.issued !== null
    if (final) await store.keep(id, kept)
    return { ...kept, final }
  }

  async function contentOf(id: ElectionId, election: Election): Promise<Bundle> {
    const { manifest, manifestNote, privateKey, result, issued } = election
    const all = await entries(id)
    if (manifest === null || manifestNote === null || privateKey === null || result === null || all === null)
      throw fault.not_counted()
    return Bundle.parse({
      version: 'althing/bundle/v1',
      manifest,
      manifest_note: manifestNote,
      entries: all,
      checkpoint: await checkpoint(id),
      issued,
      private_key: privateKey,
      result,
    })
  }

  return bundle
}
export type Bundles = ReturnType<typeof createBundles>
