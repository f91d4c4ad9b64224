/**
 * The Merkle tree of RFC 6962, section 2.1, on node:crypto. Two forms: a frontier, which can only grow and needs a hash
 * per bit of its size, and a tree in memory, which keeps every complete subtree and so proves anything about any size.
 * proofs.ts checks proofs in a browser too.
 */
import type { Bytes } from '../crypto/bytes.ts'
import { sha256 } from '../crypto/hash.ts'
import { leafPrefix, nodePrefix } from './shape.ts'

/** Section 2.1: leaf and node hashes differ in their first byte, so that no inner node passes for an entry. */
export const leafHash = (entry: Uint8Array): Bytes => sha256(leafPrefix, entry)
export const nodeHash = (left: Uint8Array, right: Uint8Array): Bytes => sha256(nodePrefix, left, right)
export const emptyRoot = (): Bytes => sha256(new Uint8Array())

/** All that is needed to append: the roots of the complete subtrees, largest first; one for each bit set in the size. */
export interface FrontierState {
  readonly size: number
  readonly hashes: readonly Uint8Array[]
}

export interface Frontier {
  /** Takes a leaf hash and answers its index. */
  append(leaf: Uint8Array): number
  root(): Bytes
  /** Plain data, to be stored and given back to createFrontier. */
  state(): FrontierState
}

export function createFrontier(from: FrontierState = { size: 0, hashes: [] }): Frontier {
  let size = from.size
  const hashes = [...from.hashes]
  if (hashes.length !== bitsSet(size))
    throw new Error('A frontier has one hash for each bit set in its size.')

  function append(leaf: Uint8Array): number {
    let hash = leaf
    // Each trailing one bit of the size is a complete subtree that this leaf completes to one of twice its size.
    for (let rest = size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
      hash = nodeHash(hashes.pop() ?? missing(), hash)
    }
    hashes.push(hash)
    return size++
  }

  /** The smallest subtrees are folded first. */
  const root = () =>
    size === 0 ? emptyRoot() : new Uint8Array(hashes.reduceRight((right, left) => nodeHash(left, right)))
  return { append, root, state: () => ({ size, hashes: [...hashes] }) }
}

/** The hash of the complete subtree over the leaves [index · 2^level, (index + 1) · 2^level). */
export type Subtree = (level: number, index: number) => Uint8Array

export interface MemoryTree {
  readonly size: number
  append(leaf: Uint8Array): number
  subtree: Subtree
  root(size?: number): Bytes
  inclusion(index: number, size?: number): Bytes[]
  consistency(from: number, to?: number): Bytes[]
}

/** About 64 bytes a leaf, in flat memory: a million ballots fit in 64 MB. */
export function createMemoryTree(leaves: Iterable<Uint8Array> = []): MemoryTree {
  const levels: ReturnType<typeof createRow>[] = [createRow()]
  const row = (level: number) => (levels[level] ??= createRow())

  function append(leaf: Uint8Array): number {
    const index = row(0).push(leaf) - 1
    for (let level = 0, last = index; last % 2 === 1; level++, last = (last - 1) / 2) {
      row(level + 1).push(nodeHash(row(level).at(last - 1), row(level).at(last)))
    }
    return index
  }

  const size = () => row(0).length()
  const subtree: Subtree = (level, index) => row(level).at(index)
  for (const leaf of leaves) append(leaf)
  return {
    get size() {
      return size()
    },
    append,
    subtree,
    root: (at = size()) => rootAt(subtree, within(at, size())),
    inclusion: (index, at = size()) => inclusionProof(subtree, index, within(at, size())),
    consistency: (from, to = size()) => consistencyProof(subtree, from, within(to, size())),
  }
}

/** MTH(D[0:size]) from complete subtrees. */
export const rootAt = (subtree: Subtree, size: number): Bytes =>
  size === 0 ? emptyRoot() : rangeHash(subtree, 0, size)

/** PATH(m, D[n]) of RFC 6962 section 2.1.1: from the leaf's sibling up to the root's child. */
export function inclusionProof(subtree: Subtree, index: number, size: number): Bytes[] {
  if (!Number.isInteger(index) || index < 0 || index >= size)
    throw new RangeError('no such leaf in this tree')
  const path: Bytes[] = []
  for (let start = 0, end = size; end - start > 1;) {
    const middle = start + splitOf(end - start)
    if (index < middle) {
      path.unshift(rangeHash(subtree, middle, end))
      end = middle
    } else {
      path.unshift(rangeHash(subtree, start, middle))
      start = middle
    }
  }
  return path
}

/** PROOF(m, D[n]) of RFC 6962 section 2.1.2: that the tree of `from` leaves is a prefix of the tree of `to` leaves. */
export function consistencyProof(subtree: Subtree, from: number, to: number): Bytes[] {
  if (!Number.isInteger(from) || from < 0 || from > to) throw new RangeError('a tree only grows')
  if (from === 0 || from === to) return []
  const path: Bytes[] = []
  let [start, end, known] = [0, to, true]
  while (from !== end) {
    const middle = start + splitOf(end - start)
    if (from <= middle) {
      path.unshift(rangeHash(subtree, middle, end))
      end = middle
    } else {
      path.unshift(rangeHash(subtree, start, middle))
      start = middle
      known = false // The old tree is no longer exactly this subtree, so the verifier cannot know its hash.
    }
  }
  return known ? path : [rangeHash(subtree, start, end), ...path]
}

/** MTH(D[start:end]), where start is a multiple of every complete subtree inside, as in all RFC 6962 recursions. */
function rangeHash(subtree: Subtree, start: number, end: number): Bytes {
  const width = end - start
  const level = Math.log2(width)
  if (Number.isInteger(level)) return new Uint8Array(subtree(level, start / width))
  const middle = start + splitOf(width)
  return nodeHash(rangeHash(subtree, start, middle), rangeHash(subtree, middle, end))
}

/** The largest power of two smaller than n. */
const splitOf = (n: number) => 2 ** Math.floor(Math.log2(n - 1))

/** A growing row of hashes in one piece of memory; a million small arrays would cost three times as much. */
function createRow() {
  let bytes = new Uint8Array(32 * 64)
  let count = 0
  return {
    length: () => count,
    push(hash: Uint8Array): number {
      if (32 * (count + 1) > bytes.length) {
        const larger = new Uint8Array(2 * bytes.length)
        larger.set(bytes)
        bytes = larger
      }
      bytes.set(hash, 32 * count)
      return ++count
    },
    at(index: number): Uint8Array {
      if (index < 0 || index >= count) return missing()
      return bytes.slice(32 * index, 32 * index + 32)
    },
  }
}

function within(size: number, limit: number): number {
  if (!Number.isInteger(size) || size < 0 || size > limit) throw new RangeError('the tree is not that large')
  return size
}

function bitsSet(size: number): number {
  return size.toString(2).replaceAll('0', '').length
}

function missing(): never {
  throw new RangeError('this subtree is not complete')
}
