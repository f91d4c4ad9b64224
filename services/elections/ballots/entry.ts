/** A ballot as the board will show it, and as it waits for the board: sealed under the box key, padded, without an order. */
import {
  canonicalJson,
  concat,
  fromUtf8,
  hmac,
  lengthPrefixed,
  openBox,
  sealBox,
  uint32,
  utf8,
  type RandomSource,
} from '@althing/kernel/crypto'
import { leafHash } from '@althing/kernel/merkle'
import type { Cast, Manifest } from '../contract.ts'

export const entryOf = (cast: Cast): string => canonicalJson({ type: 'ballot', cast })

export const leafOf = (entry: string) => leafHash(utf8(entry))

/** Keyed, each under a word of its own: without the box key nobody can tell which ballot a row belongs to. */
export const burnOf = (boxKey: Uint8Array, nullifier: Uint8Array) => hmac(boxKey, utf8('burn'), nullifier)
export const placeOf = (boxKey: Uint8Array, cast: Pick<Cast, 'slot' | 'class'>) =>
  hmac(boxKey, utf8('place'), lengthPrefixed(cast.slot, cast.class))
export const digestOf = (boxKey: Uint8Array, leaf: Uint8Array) => hmac(boxKey, utf8('leaf'), leaf)

/** Of key and number together: without the box key two ballots of one voter have nothing in common. */
export const rowOf = (boxKey: Uint8Array, nullifier: Uint8Array, seq: number) =>
  hmac(boxKey, utf8('row'), nullifier, uint32(seq))

const placeOfBox = (election: string, row: Uint8Array) => lengthPrefixed(election, row)

export function sealEntry(
  boxKey: Uint8Array,
  election: string,
  row: Uint8Array,
  entry: string,
  paddedBytes: number,
  chance: RandomSource,
) {
  const text = utf8(entry)
  const padding = new Uint8Array(Math.max(paddedBytes - text.length, 0))
  return sealBox(sealingKeyOf(boxKey), concat(text, padding), placeOfBox(election, row), chance)
}

/** @throws Error when a row was changed or moved: nobody but us writes here, so this is no refusal but damage. */
export function openEntry(
  boxKey: Uint8Array,
  election: string,
  stored: { readonly row: Uint8Array; readonly sealed: Uint8Array; readonly digest: Uint8Array },
) {
  const padded = openBox(sealingKeyOf(boxKey), stored.sealed, placeOfBox(election, stored.row))
  if (padded === null) throw new Error('A stored ballot does not open: the table or the key was changed.')
  const end = padded.indexOf(0)
  const entry = fromUtf8(end === -1 ? padded : padded.subarray(0, end))
  const leaf = leafOf(entry)
  if (!Buffer.from(digestOf(boxKey, leaf)).equals(stored.digest))
    throw new Error('A stored ballot is not the one its receipt speaks of.')
  return { entry, leaf }
}

const sealingKeyOf = (boxKey: Uint8Array) => hmac(boxKey, utf8('seal'))

/** The longest entry this election can have, in steps of 64: so no row's length tells its number or group. */
export function paddedEntryBytes(manifest: Manifest): number {
  const longest = (ids: readonly string[]) =>
    ids.reduce((most, id) => (id.length > most.length ? id : most), '')
  const text = (bytes: number) => 'A'.repeat(Math.ceil((bytes * 4) / 3))
  const entry = entryOf({
    slot: longest(manifest.slots.map(({ id }) => id)),
    class: longest(manifest.slots.flatMap(({ classes }) => classes.map(({ id }) => id))),
    otk: text(65),
    prefix: text(32),
    ticket: text(384),
    seq: 1_000_000,
    enc: text(65),
    ct: text(manifest.padded_bytes + 16),
    sig: text(64),
  })
  return Math.ceil(entry.length / 64) * 64
}
