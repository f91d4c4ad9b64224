/**
 * Key consistency: tickets are issued for a manifest only when its hash is the one we compute and its roll, keys and counts are
 * ours. A manifest with a key made for one voter would otherwise make that voter's ballot recognisable.
 */
import { Manifest, manifestInput } from '@althing/elections/contract'
import { canonicalJson, sha256, toBase64url } from '@althing/kernel/crypto'
import type { Key, Roll } from './schema.ts'

export type ManifestProblem =
  | 'hash'
  | 'text'
  | 'election'
  | 'no_roll'
  | 'roll_root'
  | 'places'
  | 'issuing_key'
  | 'entitled'

function hashOfManifest(text: string): Uint8Array {
  return sha256(manifestInput(text))
}

/** The first thing in it that is not ours; null when all is. */
export function problemIn(
  { manifest: text, hash }: { readonly manifest: string; readonly hash: string },
  roll: Pick<Roll, 'election' | 'root' | 'size'>,
  keys: readonly Key[],
): ManifestProblem | null {
  if (toBase64url(hashOfManifest(text)) !== hash) return 'hash'
  const manifest = read(text)
  if (manifest === null) return 'text'
  if (manifest.election !== roll.election) return 'election'
  if (roll.root === null) return 'no_roll'
  if (manifest.roll_root !== toBase64url(roll.root)) return 'roll_root'
  const places = manifest.slots.flatMap(({ id, classes }) => classes.map((one) => ({ slot: id, ...one })))
  const ours = new Map(keys.map((key) => [`${key.slot} ${key.class}`, key.n]))
  if (places.length !== ours.size || places.some(({ slot, id }) => !ours.has(`${slot} ${id}`)))
    return 'places'
  if (new Set(places.map(({ slot, id }) => `${slot} ${id}`)).size !== ours.size) return 'places'
  if (places.some(({ slot, id, issuing_key }) => issuing_key.n !== ours.get(`${slot} ${id}`)))
    return 'issuing_key'
  return places.some(({ entitled, weight }) => entitled !== roll.size || weight !== 1) ? 'entitled' : null
}

/** In its one spelling: two texts for one manifest would be two hashes for one election. */
function read(text: string): Manifest | null {
  try {
    const manifest = Manifest.parse(JSON.parse(text))
    return canonicalJson(JSON.parse(text)) === text ? manifest : null
  } catch {
    return null
  }
}
