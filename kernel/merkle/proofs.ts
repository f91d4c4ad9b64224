/**
 * Checking proofs about a Merkle tree, on WebCrypto: for browsers, and importable anywhere. The algorithms are those of
 * RFC 9162 sections 2.1.3.2 and 2.1.4.2, which check the proofs of RFC 6962. Every function answers false for a proof of
 * the wrong length or form; none of them throws on what a stranger sent.
 */
import { type Bytes, equal } from '../crypto/bytes.ts'
import { sha256Web } from '../crypto/web.ts'
import { half, inclusionSides, isSize, leafPrefix, nodePrefix } from './shape.ts'

export const leafHashWeb = (entry: Uint8Array): Promise<Bytes> => sha256Web(leafPrefix, entry)

export interface InclusionClaim {
  readonly leaf: Uint8Array
  readonly index: number
  readonly size: number
  readonly root: Uint8Array
  readonly proof: readonly Uint8Array[]
}

/** The leaf with this hash stands at this index in the tree with this size and root. */
export async function verifyInclusion({ leaf, index, size, root, proof }: InclusionClaim): Promise<boolean> {
  if (!isSize(index) || !isSize(size) || index >= size || !areHashes([leaf, root, ...proof])) return false
  const sides = inclusionSides(index, size, proof.length)
  if (sides === null) return false
  let hash = leaf
  for (const [i, sibling] of proof.entries()) {
    hash = sides[i] === 'left' ? await nodeHashWeb(sibling, hash) : await nodeHashWeb(hash, sibling)
  }
  return equal(hash, root)
}

export interface ConsistencyClaim {
  readonly from: { readonly size: number; readonly root: Uint8Array }
  readonly to: { readonly size: number; readonly root: Uint8Array }
  readonly proof: readonly Uint8Array[]
}

/** The larger tree begins with exactly the leaves of the smaller: nothing was removed, changed or put between. */
export async function verifyConsistency({ from, to, proof }: ConsistencyClaim): Promise<boolean> {
  if (!isSize(from.size) || !isSize(to.size) || from.size > to.size) return false
  if (!areHashes([from.root, to.root, ...proof])) return false
  if (from.size === to.size) return proof.length === 0 && equal(from.root, to.root)
  // Everything is consistent with the empty tree, but it has one root only.
  if (from.size === 0) return proof.length === 0 && equal(from.root, await sha256Web())
  return walkConsistency(from, to, proof)
}

async function walkConsistency(
  from: ConsistencyClaim['from'],
  to: ConsistencyClaim['to'],
  proof: readonly Uint8Array[],
): Promise<boolean> {
  // 2. A size that is a power of two is a complete subtree: its root is the first hash of the path.
  const path = Number.isInteger(Math.log2(from.size)) ? [from.root, ...proof] : proof
  const [first, ...rest] = path
  if (first === undefined) return false
  // 3 and 4.
  let [fn, sn] = [from.size - 1, to.size - 1]
  while (fn % 2 === 1) [fn, sn] = [half(fn), half(sn)]
  let [oldRoot, newRoot] = [first, first]
  // 6.
  for (const hash of rest) {
    if (sn === 0) return false
    if (fn % 2 === 1 || fn === sn) {
      oldRoot = await nodeHashWeb(hash, oldRoot)
      newRoot = await nodeHashWeb(hash, newRoot)
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)]
    } else {
      newRoot = await nodeHashWeb(newRoot, hash)
    }
    ;[fn, sn] = [half(fn), half(sn)]
  }
  // 7.
  return sn === 0 && equal(oldRoot, from.root) && equal(newRoot, to.root)
}

/** MTH of all leaf hashes: what a page computes that has the whole board. */
export async function rootOfLeaves(leaves: readonly Uint8Array[]): Promise<Bytes> {
  if (leaves.length === 0) return sha256Web()
  const complete: Uint8Array[] = []
  for (const [index, leaf] of leaves.entries()) {
    let hash = leaf
    for (let rest = index; rest % 2 === 1; rest = half(rest)) {
      hash = await nodeHashWeb(complete.pop() ?? hash, hash)
    }
    complete.push(hash)
  }
  return foldWeb(complete)
}

async function foldWeb(hashes: readonly Uint8Array[]): Promise<Bytes> {
  let root = hashes.at(-1) ?? new Uint8Array()
  for (const left of hashes.slice(0, -1).reverse()) root = await nodeHashWeb(left, root)
  return new Uint8Array(root)
}

const nodeHashWeb = (left: Uint8Array, right: Uint8Array): Promise<Bytes> =>
  sha256Web(nodePrefix, left, right)
const areHashes = (hashes: readonly Uint8Array[]): boolean => hashes.every((hash) => hash.length === 32)
