/**
 * Ballots go from the intake to the board in mixed batches, so that their order there says nothing about the order in which
 * they came: a part that chance picks while as many stay behind, and everything when voting is over. What is committed is
 * signed afterwards, never before; whoever is cut off in between is followed by somebody who goes on.
 */
import { canonicalJson, compare, utf8 } from '@althing/kernel/crypto'
import {
  createFrontier,
  createMemoryTree,
  leafHash,
  signCheckpoint,
  type NoteSigner,
} from '@althing/kernel/merkle'
import type { Atomically } from '@althing/kernel/service'
import type { ElectionId } from '../contract.ts'
import type { Head, Leaf } from './schema.ts'
import type { BoardStore } from './store.ts'

interface Row {
  readonly row: Uint8Array
  readonly digest: Uint8Array
  readonly sealed: Uint8Array
}

/** What the box lends of its intake. */
interface Intake {
  isWaiting(election: ElectionId, most: number): Promise<boolean>
  waiting(election: ElectionId, most: number): Promise<Row[]>
  unseal(election: ElectionId, done: readonly Row[]): Promise<void>
}

export interface BoardParts {
  readonly board: BoardStore
  readonly intake: Intake
  /** The turnout is exact now. */
  readonly counted: (election: ElectionId) => Promise<void>
}

interface Needs {
  readonly atomically: Atomically<BoardParts>
  readonly board: BoardStore
  readonly signer: (election: ElectionId) => NoteSigner
  readonly readKey: (election: ElectionId) => Promise<Uint8Array | null>
  readonly destroyKey: (election: ElectionId) => Promise<void>
  /** Outside any transaction, and safe to repeat. */
  readonly dropRoom: (election: ElectionId) => Promise<void>
  readonly open: (key: Uint8Array, election: ElectionId, row: Row) => Leaf
  readonly isOver: (election: ElectionId) => Promise<boolean>
  readonly mixBatch: number
}

class BoardInconsistent extends Error {
  override readonly name = 'BoardInconsistent'
}

export function createIntegrator({
  atomically,
  board,
  signer,
  readKey,
  destroyKey,
  dropRoom,
  open,
  isOver,
  mixBatch,
}: Needs) {
  const backOff = createBackOff()

  /** Everything that is due, for every board; one that fails does not hold up the others, and is left alone for a while. */
  async function tick(): Promise<void> {
    const failures: unknown[] = []
    for (const election of backOff.due(await board.unfinished())) {
      await advance(election).then(
        () => backOff.went(election),
        (error: unknown) => {
          backOff.failed(election)
          failures.push(error)
        },
      )
    }
    if (failures.length > 0)
      throw failures.length === 1 ? failures[0] : new AggregateError(failures, 'Some boards could not go on.')
  }

  async function advance(election: ElectionId): Promise<void> {
    if (await isOver(election)) {
      await finish(election)
      return empty(election)
    }
    while (await mix(election, mixBatch * 2)) await sign(election)
    await sign(election)
  }

  /**
   * The board is whole and signed, and the key is gone: from then on what the intake held, in this database or in any copy of
   * it, cannot be read by anybody. Safe to call at any time and again: each part looks at what is there.
   */
  async function finish(election: ElectionId): Promise<void> {
    const head = await board.head(election)
    if (head === null || (head.finished && head.signedSize === head.size)) return
    while (await mix(election, 1));
    await close(election)
    await sign(election)
    if (await isWhole(election)) await destroyKey(election)
  }

  async function isWhole(election: ElectionId): Promise<boolean> {
    const head = await board.head(election)
    return head !== null && head.closed && head.signedSize === head.size
  }

  /** Moves one batch when at least `enough` wait. @returns whether there may be more */
  async function mix(election: ElectionId, enough: number): Promise<boolean> {
    return atomically(async (parts) => {
      const head = await parts.board.hold(election)
      if (head === null || head.closed || !(await parts.intake.isWaiting(election, enough))) return false
      const rows = await parts.intake.waiting(election, mixBatch)
      const key = await readKey(election)
      if (key === null)
        throw new Error(
          'The box key of an election is missing: its ballots cannot be put on the board. Restore the key folder.',
        )
      const leaves = rows.map((row) => open(key, election, row)).sort((a, b) => compare(a.leaf, b.leaf))
      await grow(parts.board, election, head, leaves)
      await parts.intake.unseal(election, rows)
      return true
    })
  }

  /** The last entry says how many ballots stand before it; after it nothing can come. */
  async function close(election: ElectionId): Promise<void> {
    await atomically(async (parts) => {
      const head = await parts.board.hold(election)
      if (head === null || head.closed) return
      const entry = canonicalJson({ type: 'close', election, ballots: head.size - 1 })
      await grow(parts.board, election, head, [{ entry, leaf: leafHash(utf8(entry)) }])
      await parts.board.close(election)
      await parts.counted(election)
    })
  }

  async function grow(
    on: BoardStore,
    election: ElectionId,
    head: Head,
    leaves: readonly Leaf[],
  ): Promise<void> {
    const frontier = createFrontier({ size: head.size, hashes: head.frontier })
    for (const { leaf } of leaves) frontier.append(leaf)
    const { size, hashes } = frontier.state()
    await on.append(election, head.size, leaves, { size, frontier: hashes, root: frontier.root() })
  }

  /** Both heads are made anew from the leaves as they lie there: a head that does not continue the last one is never signed. */
  async function sign(election: ElectionId): Promise<void> {
    const head = await board.head(election)
    if (head === null || head.signedSize === head.size) return
    const tree = createMemoryTree(await board.leaves(election, 0, head.size))
    const isWhole = tree.size === head.size && compare(tree.root(), head.root) === 0
    const continues = head.signedRoot === null || compare(tree.root(head.signedSize), head.signedRoot) === 0
    if (!isWhole || !continues)
      throw new BoardInconsistent(
        `The board of ${election} is not what was signed before. Nothing more is signed; look at who can write to board_leaf.`,
      )
    const key = signer(election)
    const checkpoint = await signCheckpoint({ origin: key.name, size: head.size, root: head.root }, key)
    await board.sign(election, head.signedSize, { size: head.size, root: head.root, checkpoint })
  }

  /** By the ticker alone, so that no officer waits for it: a long reader of the tables can hold it up. */
  async function empty(election: ElectionId): Promise<void> {
    if (!(await isWhole(election))) return
    await dropRoom(election)
    await board.finish(election)
  }

  return { tick, advance, finish, sign }
}
export type Integrator = ReturnType<typeof createIntegrator>

/** After the nth failure in a row a board rests for 2ⁿ turns, 64 at most. Only the runner's own memory: another begins anew. */
function createBackOff() {
  const resting = new Map<ElectionId, { failures: number; turns: number }>()
  return {
    due: (all: readonly ElectionId[]): ElectionId[] =>
      all.filter((id) => {
        const rest = resting.get(id)
        return rest === undefined || rest.turns-- <= 0
      }),
    went: (id: ElectionId): void => void resting.delete(id),
    failed(id: ElectionId): void {
      const failures = Math.min((resting.get(id)?.failures ?? 0) + 1, 6)
      resting.set(id, { failures, turns: 2 ** failures })
    },
  }
}

/** The board as it begins: its manifest and nothing else. */
export async function beginBoard(board: BoardStore, election: ElectionId, entry: string): Promise<void> {
  const leaf = leafHash(utf8(entry))
  const frontier = createFrontier()
  await board.create(election, { size: 0, frontier: [], root: frontier.root() })
  frontier.append(leaf)
  await board.append(election, 0, [{ leaf, entry }], {
    size: 1,
    frontier: frontier.state().hashes,
    root: frontier.root(),
  })
}
