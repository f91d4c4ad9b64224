/** One entry, with the proof that a signed log holds it, as one text file (c2sp.org/tlog-proof) that is checked offline. Browser-safe. */
import { type Checkpoint, parseTlogProof, verifyTlogProof } from '../merkle/checkpoints.ts'
import type { NoteKey } from '../merkle/notes.ts'
import { leafHashWeb } from '../merkle/proofs.ts'
import { readEntryBytes } from './entry.ts'

export interface ProvenEntry {
  readonly entry: Readonly<Record<string, unknown>>
  readonly index: number
  readonly checkpoint: Checkpoint
}

/** Null unless a key of this log signed a tree that holds exactly this entry. The entry travels as `extra`, in its hashed bytes. */
export async function checkAuditProof(
  text: string,
  origin: string,
  keys: readonly NoteKey[],
): Promise<ProvenEntry | null> {
  const bytes = parseTlogProof(text)?.extra
  if (bytes === undefined) return null
  const proven = await verifyTlogProof(text, await leafHashWeb(bytes), origin, keys)
  const entry = readEntryBytes(bytes)
  return proven === null || entry === null ? null : { entry, ...proven }
}
