/**
 * A tree kept as tiles, in a table or in files: growing it and proving from it touches a few tiles at its right edge and
 * along one path, never the whole tree. Synchronous, on tiles the caller has read before.
 */
import { type Bytes, concat } from '../crypto/bytes.ts'
import { tileHeight, tileWidth } from './tiles.ts'
import { nodeHash, type Subtree } from './tree.ts'

export interface TilePlace {
  readonly level: number
  readonly index: number
}

export interface StoredTile extends TilePlace {
  /** 32 bytes for each hash; fewer than 256 hashes in the last tile of a level. */
  readonly hashes: Uint8Array
}

/** The last tile of each level of a tree of this size: what must be read to append to it or to know its root. */
export function edgeTiles(size: number): TilePlace[] {
  const places: TilePlace[] = []
  for (let level = 0, count = size; count > 0; level++, count = Math.floor(count / tileWidth)) {
    places.push({ level, index: Math.floor((count - 1) / tileWidth) })
  }
  return places
}

/** All tiles a proof about this leaf, in a tree of this size, reads. */
export function pathTiles(leaf: number, size: number): TilePlace[] {
  const edge = edgeTiles(size)
  const path = edge.map(({ level }) => ({ level, index: Math.floor(leaf / tileWidth ** (level + 1)) }))
  const beside = path.filter(({ level, index }) => edge[level]?.index !== index)
  return [...edge, ...beside]
}

/** Complete subtrees out of tiles, for inclusionProof, consistencyProof and rootAt. Throws when a tile is missing or too short. */
export function subtreeFromTiles(tiles: Iterable<StoredTile>): Subtree {
  const held = new Map(Array.from(tiles, (tile) => [nameOf(tile), tile.hashes]))
  return function subtree(height, index) {
    const level = Math.floor(height / tileHeight)
    const width = 2 ** (height % tileHeight)
    const first = (index * width) % tileWidth
    const tile = held.get(nameOf({ level, index: Math.floor((index * width) / tileWidth) }))
    if (tile === undefined || tile.length < 32 * (first + width)) throw new RangeError('a tile is missing')
    return fold(tile.subarray(32 * first, 32 * (first + width)))
  }
}

/** The tiles as they are after appending: the edge grown, and whatever is new. `tiles` holds at least edgeTiles(size). */
export function extendTiles(
  tiles: Iterable<StoredTile>,
  size: number,
  leaves: readonly Uint8Array[],
): StoredTile[] {
  const held = new Map(Array.from(tiles, (tile) => [nameOf(tile), tile.hashes]))
  const grown: StoredTile[] = []
  let [count, fresh] = [size, leaves]
  for (let level = 0; fresh.length > 0; level++) {
    const first = Math.floor(count / tileWidth)
    const kept = 32 * (count % tileWidth)
    const before =
      kept === 0 ? new Uint8Array() : held.get(nameOf({ level, index: first }))?.subarray(0, kept)
    if (before?.length !== kept) throw new RangeError('a tile is missing')
    const row = chunks(concat(before, ...fresh))
    grown.push(...row.map((hashes, i) => ({ level, index: first + i, hashes })))
    // A full tile is one hash of the level above.
    fresh = row.filter((hashes) => hashes.length === 32 * tileWidth).map(fold)
    count = first
  }
  return grown
}

const nameOf = ({ level, index }: TilePlace) => `${level}/${index}`

function chunks(hashes: Bytes): Bytes[] {
  const full = 32 * tileWidth
  return Array.from({ length: Math.ceil(hashes.length / full) }, (_, i) =>
    hashes.slice(i * full, (i + 1) * full),
  )
}

/** The root of a complete subtree from its lowest row. */
function fold(hashes: Uint8Array): Uint8Array {
  let row = Array.from({ length: hashes.length / 32 }, (_, i) => hashes.slice(32 * i, 32 * i + 32))
  while (row.length > 1)
    row = row.flatMap((left, i) => (i % 2 === 0 ? [nodeHash(left, row[i + 1] ?? left)] : []))
  return row[0] ?? new Uint8Array()
}
