/**
 * The roll as one hash: leaf = H(0x00 ‖ salt ‖ len(member) ‖ member ‖ len(class) ‖ class), the leaves sorted, the root as in
 * RFC 6962. The salt keeps anybody from guessing who is on it; each member is told the own salt and can check.
 */
import { compare, concat, lengthPrefixed } from '@althing/kernel/crypto'
import { createFrontier, leafHash } from '@althing/kernel/merkle'

export function rollLeaf(entry: {
  readonly member: string
  readonly class: string
  readonly salt: Uint8Array
}): Uint8Array {
  return leafHash(concat(entry.salt, lengthPrefixed(entry.member, entry.class)))
}

/** Sorted, so that the order says nothing. */
export function sortedRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const frontier = createFrontier()
  for (const leaf of leaves.toSorted(compare)) frontier.append(leaf)
  return frontier.root()
}
