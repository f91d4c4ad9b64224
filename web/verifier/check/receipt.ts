/**
 * Does a receipt stand on this board? Four words, the leaf, or the file that the booth saved. In that file is the box's signed promise:
 * when it is genuine and the ballot is not on the board, it proves that the holder of the log key shows two boards, or dropped a ballot.
 */
import { fromB64u, words } from './bytes.ts'
import { logKeyOf, originOf } from './board.ts'
import { openNote } from './log.ts'
import type { Manifest } from './shapes.ts'
import type { Place, Verdict } from './verify.ts'

export type ReceiptAnswer =
  | ({ readonly kind: 'found'; readonly leaf: string; readonly signed: boolean } & Place)
  /** `signed`: the box promised it. */
  | { readonly kind: 'absent'; readonly signed: boolean }
  | { readonly kind: 'other election' | 'forged' | 'unreadable' }

/** @param verdict one that is ok */
export async function findReceipt({ manifest, places }: Verdict, receipt: string): Promise<ReceiptAnswer> {
  if (manifest === null || places === null) return { kind: 'unreadable' }
  const kept = receipt.replaceAll('\r\n', '\n').trim()
  const start = kept.indexOf('althing/receipt/v1\n')
  if (start !== -1) return findPromised(kept.slice(start), manifest, places)
  if (fromB64u(kept)?.length === 32) return answer(places, kept, false)
  const said = kept
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter(Boolean)
  if (said.length !== 4) return { kind: 'unreadable' }
  return answer(places, leafWith(said, places), false)
}

async function findPromised(
  note: string,
  manifest: Manifest,
  places: ReadonlyMap<string, Place>,
): Promise<ReceiptAnswer> {
  const [, election, leaf] = note.split('\n')
  if (election !== manifest.election) return { kind: 'other election' }
  const text = await openNote(`${note}\n`, originOf(manifest), logKeyOf(manifest))
  if (leaf === undefined || text !== `althing/receipt/v1\n${election}\n${leaf}\n`) return { kind: 'forged' }
  return answer(places, leaf, true)
}

const leafWith = (said: readonly string[], places: ReadonlyMap<string, Place>) =>
  [...places.keys()].find((leaf) => words(fromB64u(leaf) ?? new Uint8Array(), 4).join() === said.join())

function answer(
  places: ReadonlyMap<string, Place>,
  leaf: string | undefined,
  signed: boolean,
): ReceiptAnswer {
  const place = leaf === undefined ? undefined : places.get(leaf)
  return place === undefined || leaf === undefined
    ? { kind: 'absent', signed }
    : { kind: 'found', leaf, signed, ...place }
}
