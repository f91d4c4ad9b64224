/** Reading the board: as static tiles (C2SP tlog-tiles), so that any copy serves as well, up to the last signed head. */
import { fromBase64url, utf8 } from '@althing/kernel/crypto'
import {
  createMemoryTree,
  encodeEntries,
  formatTlogProof,
  parseTilePath,
  tileBytes,
  tileWidth,
  type MemoryTree,
} from '@althing/kernel/merkle'
import type { ElectionId } from '../contract.ts'
import { fault } from './faults.ts'
import type { Head } from './schema.ts'
import type { BoardStore } from './store.ts'

interface Needs {
  readonly board: BoardStore
  /** Whether everybody may know of this election. */
  readonly isPublic: (election: ElectionId) => Promise<boolean>
}

type Signed = Head & { readonly checkpoint: string }

export function createReading({ board, isPublic }: Needs) {
  const trees = createTrees(board)

  async function headOf(election: ElectionId): Promise<Signed> {
    const head = (await isPublic(election)) ? await board.head(election) : null
    if (head === null) throw fault.unknown()
    if (head.checkpoint === null) throw fault.no_such_part()
    return { ...head, checkpoint: head.checkpoint }
  }

  async function tile(
    election: ElectionId,
    path: string,
  ): Promise<{ readonly content: Uint8Array; readonly whole: boolean }> {
    const { signedSize } = await headOf(election)
    const asked = parseTilePath(`tile/${path}`)
    if (asked === null) throw fault.no_such_part()
    const whole = asked.width === tileWidth
    const first = asked.index * tileWidth
    if (asked.level === 'entries') {
      if (first + asked.width > signedSize) throw fault.no_such_part()
      const entries = await board.entries(election, first, first + asked.width)
      return { content: encodeEntries(entries.map(utf8)), whole }
    }
    const span = tileWidth ** asked.level
    if ((first + asked.width) * span > signedSize) throw fault.no_such_part()
    const tree = await trees(election, signedSize)
    return {
      content: tileBytes(tree.subtree, { level: asked.level, index: asked.index, width: asked.width }),
      whole,
    }
  }

  /** A text that proves, without us, that a leaf stands under the signed head. */
  async function proof(election: ElectionId, name: string): Promise<string> {
    const { signedSize, checkpoint } = await headOf(election)
    const index = await board.indexOf(election, leafNamed(name))
    if (index === null || index >= signedSize) throw fault.not_yet()
    const tree = await trees(election, signedSize)
    return formatTlogProof({ index, proof: tree.inclusion(index), checkpoint })
  }

  return { checkpoint: async (election: ElectionId) => (await headOf(election)).checkpoint, tile, proof }
}
export type Reading = ReturnType<typeof createReading>

function leafNamed(name: string): Uint8Array {
  try {
    return fromBase64url(name)
  } catch (cause) {
    throw fault.malformed(cause)
  }
}

/** The trees asked for last, by election and size: what they say never changes, so they may be forgotten at any time. */
function createTrees(board: BoardStore) {
  const held = new Map<string, Promise<MemoryTree>>()
  return async function tree(election: ElectionId, size: number): Promise<MemoryTree> {
    const name = `${election} ${size}`
    const known = held.get(name)
    if (known !== undefined) return known
    if (held.size >= 8) held.delete(held.keys().next().value ?? '')
    const made = board.leaves(election, 0, size).then((leaves) => createMemoryTree(leaves))
    held.set(name, made)
    made.catch(() => held.delete(name))
    return made
  }
}
