/**
 * The tree as static files (c2sp.org/tlog-tiles): tiles of 256 hashes, bundles of 256 entries, names that never change
 * their content. A board in this form is served by any web server or CDN. Browser-safe.
 */
import { type Bytes, concat } from '../crypto/bytes.ts'

export const tileWidth = 256
/** A tile spans eight levels of the tree. */
export const tileHeight = 8

export interface Tile {
  readonly level: number
  readonly index: number
  /** 256, or less for the partial tile at the right edge. */
  readonly width: number
}

/** `tile/<L>/<N>[.p/<W>]` */
export const tilePath = ({ level, index, width }: Tile): string =>
  `tile/${level}/${numberPath(index)}${partial(width)}`

/** `tile/entries/<N>[.p/<W>]` */
export const entriesPath = ({ index, width }: Pick<Tile, 'index' | 'width'>): string =>
  `tile/entries/${numberPath(index)}${partial(width)}`

const partial = (width: number) => (width === tileWidth ? '' : `.p/${width}`)

/** Three digits an element, all but the last with an x: 1234067 is x001/x234/067. */
function numberPath(index: number): string {
  const digits = `${index}`.padStart(Math.ceil(`${index}`.length / 3) * 3, '0')
  const groups = digits.match(/\d{3}/g) ?? []
  return groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/')
}

/** Null for anything that is not exactly such a path, in its one spelling. */
export function parseTilePath(
  path: string,
): Tile | (Pick<Tile, 'index' | 'width'> & { level: 'entries' }) | null {
  const match = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path)
  if (match === null) return null
  const index = Number((match[2] ?? '').replaceAll(/[x/]/g, ''))
  const width = match[3] === undefined ? tileWidth : Number(match[3])
  if (match[1] === 'entries') {
    return entriesPath({ index, width }) === path && inRange(width)
      ? { level: 'entries', index, width }
      : null
  }
  const tile = { level: Number(match[1]), index, width }
  return tilePath(tile) === path && tile.level < 64 && inRange(width) ? tile : null
}

const inRange = (width: number) => width >= 1 && width <= tileWidth

/** Every tile of a tree of this size. */
export const tilesOf = (size: number): Tile[] => newTiles(0, size)

/** The tiles a tree of `to` leaves has that one of `from` leaves had not: what to write after an append. */
export function newTiles(from: number, to: number): Tile[] {
  const tiles: Tile[] = []
  for (let level = 0, span = 1; span <= to; level++, span *= tileWidth) {
    const [had, have] = [Math.floor(from / span), Math.floor(to / span)]
    if (had === have) continue
    for (let index = Math.floor(had / tileWidth); index * tileWidth < have; index++) {
      tiles.push({ level, index, width: Math.min(tileWidth, have - index * tileWidth) })
    }
  }
  return tiles
}

/** The hashes of a tile: complete subtrees of the height the level says. */
export function tileBytes(subtree: (level: number, index: number) => Uint8Array, tile: Tile): Bytes {
  const first = tile.index * tileWidth
  return concat(...Array.from({ length: tile.width }, (_, i) => subtree(tileHeight * tile.level, first + i)))
}

/** Entries of one bundle, each after its length as uint16: so an entry has at most 65,535 bytes. */
export function encodeEntries(entries: readonly Uint8Array[]): Bytes {
  return concat(...entries.flatMap((entry) => [uint16(entry.length), entry]))
}

/** Null when the bundle ends in the middle of an entry. */
export function decodeEntries(bundle: Uint8Array): Bytes[] | null {
  const entries: Bytes[] = []
  for (let at = 0; at < bundle.length;) {
    const end = at + 2 + (((bundle[at] ?? 0) << 8) | (bundle[at + 1] ?? 0))
    if (at + 2 > bundle.length || end > bundle.length) return null
    entries.push(bundle.slice(at + 2, end) as Bytes)
    at = end
  }
  return entries
}

export const maxEntryBytes = 0xffff

function uint16(length: number): Bytes {
  if (length > maxEntryBytes) throw new RangeError('an entry has at most 65,535 bytes')
  return Uint8Array.of(length >>> 8, length)
}
