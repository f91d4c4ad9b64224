import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { toHex, utf8 } from '../crypto/bytes.ts'
import {
  edgeTiles,
  extendTiles,
  pathTiles,
  type StoredTile,
  subtreeFromTiles,
  type TilePlace,
} from './tilestore.ts'
import { tileBytes, tilesOf } from './tiles.ts'
import { consistencyProof, createMemoryTree, inclusionProof, leafHash, rootAt } from './tree.ts'

const leaves = Array.from({ length: 70_000 }, (_, i) => leafHash(utf8(`${i}`)))
const tree = createMemoryTree(leaves)
const size = fc.oneof(
  fc.integer({ min: 1, max: 1000 }),
  fc.constantFrom(255, 256, 257, 512, 65_535, 65_536, 65_537, 70_000),
)

test('growing by batches leaves the very tiles of the whole tree, reading no more than the edge', () => {
  const batches = fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(batches, (counts) => {
      const store = createStore()
      let at = 0
      for (const count of counts) {
        store.put(extendTiles(store.read(edgeTiles(at)), at, leaves.slice(at, at + count)))
        at += count
      }
      const expected = tilesOf(at).map((tile) => [
        `${tile.level}/${tile.index}`,
        toHex(tileBytes(tree.subtree, tile)),
      ])
      assert.deepEqual(Object.fromEntries(store.all()), Object.fromEntries(expected))
    }),
    { numRuns: 30 },
  )
})

test('proofs from the few tiles that were read are those of the whole tree', () => {
  const store = createStore()
  fc.assert(
    fc.property(size, fc.nat(), (at, pick) => {
      store.put(tilesAt(at))
      const leaf = pick % at
      const subtree = subtreeFromTiles(store.read(pathTiles(leaf, at)))
      assert.deepEqual(inclusionProof(subtree, leaf, at), tree.inclusion(leaf, at))
      assert.deepEqual(rootAt(subtree, at), tree.root(at))
      const from = leaf + 1
      const both = subtreeFromTiles(
        store.read([...edgeTiles(at), ...pathTiles(from - 1, at), ...edgeTiles(from)]),
      )
      assert.deepEqual(consistencyProof(both, from, at), tree.consistency(from, at))
    }),
    { numRuns: 200 },
  )
})

test('a tile that is missing or too short is an error, not a wrong root', () => {
  assert.throws(() => rootAt(subtreeFromTiles([]), 3), RangeError)
  const [first] = tilesAt(3)
  assert.ok(first)
  assert.throws(
    () => rootAt(subtreeFromTiles([{ ...first, hashes: first.hashes.subarray(32) }]), 3),
    RangeError,
  )
  assert.throws(() => extendTiles([], 3, leaves.slice(0, 1)), RangeError)
})

const tilesAt = (at: number): StoredTile[] =>
  tilesOf(at).map((tile) => ({ level: tile.level, index: tile.index, hashes: tileBytes(tree.subtree, tile) }))

function createStore() {
  const tiles = new Map<string, StoredTile>()
  return {
    put: (changed: readonly StoredTile[]) =>
      changed.forEach((tile) => tiles.set(`${tile.level}/${tile.index}`, tile)),
    read: (places: readonly TilePlace[]) =>
      places.flatMap(({ level, index }) => tiles.get(`${level}/${index}`) ?? []),
    all: () => [...tiles].map(([name, { hashes }]) => [name, toHex(hashes)]),
  }
}
