import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import vectors from '../../tests/vectors/rfc6962.trees.transparency-dev.json' with { type: 'json' }
import { fromHex, toHex, utf8 } from '../crypto/bytes.ts'
import { leafHashWeb, rootOfLeaves, verifyConsistency, verifyInclusion } from './proofs.ts'
import { createFrontier, createMemoryTree, emptyRoot, leafHash, nodeHash } from './tree.ts'

test('RFC 6962 test tree: every node, every root', () => {
  const tree = createMemoryTree(vectors.leaves.map((leaf) => leafHash(fromHex(leaf))))
  for (const [level, nodes] of vectors.nodes.entries()) {
    for (const [index, node] of nodes.entries()) assert.equal(toHex(tree.subtree(level, index)), node)
  }
  for (const [size, root] of vectors.roots.entries()) assert.equal(toHex(tree.root(size)), root)
})

test('RFC 6962 test tree: the published proofs are made and accepted', async () => {
  const tree = createMemoryTree(vectors.leaves.map((leaf) => leafHash(fromHex(leaf))))
  for (const { index, size, proof } of vectors.inclusion) {
    assert.deepEqual(tree.inclusion(index, size).map(toHex), proof)
    const claim = {
      leaf: tree.subtree(0, index),
      index,
      size,
      root: tree.root(size),
      proof: proof.map(fromHex),
    }
    assert.equal(await verifyInclusion(claim), true)
  }
  for (const { from, to, proof } of vectors.consistency) {
    assert.deepEqual(tree.consistency(from, to).map(toHex), proof)
    const [before, after] = [
      { size: from, root: tree.root(from) },
      { size: to, root: tree.root(to) },
    ]
    assert.equal(await verifyConsistency({ from: before, to: after, proof: proof.map(fromHex) }), true)
  }
})

test('three ways to a root agree: frontier, tree in memory, the browser; and a stored frontier goes on', async () => {
  const leaves = leavesOf(70)
  const tree = createMemoryTree()
  let frontier = createFrontier()
  for (const [size, leaf] of leaves.entries()) {
    assert.deepEqual(frontier.root(), tree.root())
    assert.deepEqual(frontier.root(), await rootOfLeaves(leaves.slice(0, size)))
    assert.deepEqual(frontier.root(), naiveRoot(leaves.slice(0, size)))
    assert.equal(frontier.append(leaf), size)
    assert.equal(tree.append(leaf), size)
    frontier = createFrontier(frontier.state())
  }
  assert.throws(() => createFrontier({ size: 3, hashes: [emptyRoot()] }))
})

test('every leaf has a proof in every size', async () => {
  const tree = createMemoryTree(leavesOf(70))
  for (let size = 1; size <= 70; size++) {
    const root = tree.root(size)
    for (let index = 0; index < size; index++) {
      const claim = { leaf: tree.subtree(0, index), index, size, root, proof: tree.inclusion(index, size) }
      assert.equal(await verifyInclusion(claim), true, `${index} in ${size}`)
    }
  }
})

test('every size is consistent with every larger one', async () => {
  const tree = createMemoryTree(leavesOf(70))
  const head = (size: number) => ({ size, root: tree.root(size) })
  for (let to = 0; to <= 70; to++) {
    for (let from = 0; from <= to; from++) {
      const claim = { from: head(from), to: head(to), proof: tree.consistency(from, to) }
      assert.equal(await verifyConsistency(claim), true, `${from} to ${to}`)
    }
  }
})

test('an inclusion proof that was touched in any place is refused', async () => {
  const tree = createMemoryTree(leavesOf(70))
  const place = fc.integer({ min: 1, max: 70 }).chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1)))
  const run = fc.asyncProperty(place, fc.nat(), async ([size, index], pick) => {
    const proof = tree.inclusion(index, size)
    const good = { leaf: tree.subtree(0, index), index, size, root: tree.root(size), proof }
    const at = proof.length === 0 ? 0 : pick % proof.length
    const bad = [
      { ...good, leaf: flipped(good.leaf, pick) },
      { ...good, root: flipped(good.root, pick) },
      { ...good, index: index + 1 },
      { ...good, index: index - 1 },
      { ...good, index: size },
      { ...good, index: index + 0.5 },
      { ...good, size: 0 },
      { ...good, proof: [...proof, good.leaf] },
      { ...good, proof: [good.root, ...proof] },
      { ...good, leaf: good.leaf.subarray(1) },
      ...(proof.length === 0
        ? []
        : [
            { ...good, proof: proof.slice(0, -1) },
            { ...good, proof: proof.slice(1) },
            { ...good, proof: proof.map((hash, i) => (i === at ? flipped(hash, pick) : hash)) },
            { ...good, proof: proof.map((hash, i) => (i === at ? hash.subarray(1) : hash)) },
          ]),
    ]
    for (const [i, claim] of bad.entries()) assert.equal(await verifyInclusion(claim), false, `attempt ${i}`)
  })
  await fc.assert(run)
})

test('a consistency proof that was touched in any place is refused', async () => {
  const tree = createMemoryTree(leavesOf(70))
  const sizes = fc
    .integer({ min: 2, max: 70 })
    .chain((to) => fc.tuple(fc.integer({ min: 1, max: to - 1 }), fc.constant(to)))
  const run = fc.asyncProperty(sizes, fc.nat(), async ([from, to], pick) => {
    const proof = tree.consistency(from, to)
    const good = { from: { size: from, root: tree.root(from) }, to: { size: to, root: tree.root(to) }, proof }
    const at = pick % proof.length
    const bad = [
      { ...good, from: { ...good.from, root: flipped(good.from.root, pick) } },
      { ...good, to: { ...good.to, root: flipped(good.to.root, pick) } },
      { ...good, from: good.to, to: good.from },
      { ...good, from: { ...good.from, size: from + 1 } },
      { ...good, from: { ...good.from, size: 0 } },
      { ...good, to: { ...good.to, size: from } },
      { ...good, proof: [] },
      { ...good, proof: proof.slice(1) },
      { ...good, proof: proof.slice(0, -1) },
      { ...good, proof: [...proof, good.to.root] },
      { ...good, proof: proof.map((hash, i) => (i === at ? flipped(hash, pick) : hash)) },
    ]
    for (const [i, claim] of bad.entries())
      assert.equal(await verifyConsistency(claim), false, `attempt ${i}`)
  })
  await fc.assert(run)
})

test('a node does not pass for a leaf, and the empty tree has one root', async () => {
  assert.notDeepEqual(leafHash(utf8('ab')), nodeHash(utf8('a'), utf8('b')))
  assert.deepEqual(leafHash(utf8('x')), await leafHashWeb(utf8('x')))
  const to = { size: 1, root: leafHash(utf8('x')) }
  assert.equal(await verifyConsistency({ from: { size: 0, root: emptyRoot() }, to, proof: [] }), true)
  assert.equal(await verifyConsistency({ from: { size: 0, root: to.root }, to, proof: [] }), false)
})

test('no proof is made about what the tree does not hold', () => {
  const tree = createMemoryTree(leavesOf(5))
  assert.throws(() => tree.inclusion(5), RangeError)
  assert.throws(() => tree.inclusion(-1), RangeError)
  assert.throws(() => tree.inclusion(0, 6), RangeError)
  assert.throws(() => tree.consistency(4, 3), RangeError)
  assert.throws(() => tree.root(6), RangeError)
  assert.throws(() => tree.subtree(1, 2), RangeError)
})

const leavesOf = (count: number) => Array.from({ length: count }, (_, i) => leafHash(utf8(`entry ${i}`)))

/** RFC 6962 section 2.1, word for word. */
function naiveRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const [first] = leaves
  if (first === undefined) return emptyRoot()
  if (leaves.length === 1) return first
  let k = 1
  while (2 * k < leaves.length) k *= 2
  return nodeHash(naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)))
}

function flipped(hash: Uint8Array, pick: number): Uint8Array {
  return hash.map((byte, i) => (i === pick % hash.length ? byte ^ (1 << (pick % 8)) : byte))
}
