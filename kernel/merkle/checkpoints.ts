/**
 * Checkpoints (c2sp.org/tlog-checkpoint): the signed head of a tree. And tlog-proof (c2sp.org/tlog-proof): an entry's
 * place under a checkpoint as one text that is checked offline. Browser-safe.
 */
import { type Bytes, fromBase64, toBase64 } from '../crypto/bytes.ts'
import { type NoteKey, type NoteSigner, openNote, signNote } from './notes.ts'
import { verifyInclusion } from './proofs.ts'

export interface Checkpoint {
  /** Which log; also the name of its key. */
  readonly origin: string
  readonly size: number
  readonly root: Uint8Array
}

/** The caller has made sure that it never signed a head this one does not continue. */
export async function signCheckpoint(checkpoint: Checkpoint, signer: NoteSigner): Promise<string> {
  return signNote(formatCheckpoint(checkpoint), signer)
}

export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  if (
    origin === '' ||
    origin.includes('\n') ||
    root.length !== 32 ||
    !Number.isSafeInteger(size) ||
    size < 0
  ) {
    throw new TypeError('not a checkpoint')
  }
  return `${origin}\n${size}\n${toBase64(root)}\n`
}

/** Null unless a known key signed it and it is about this log. */
export async function openCheckpoint(
  note: string,
  origin: string,
  known: readonly NoteKey[],
): Promise<(Checkpoint & { readonly signedBy: readonly string[] }) | null> {
  const opened = await openNote(note, known)
  if (opened === null) return null
  const checkpoint = parseCheckpoint(opened.text)
  if (checkpoint === null || checkpoint.origin !== origin) return null
  return { ...checkpoint, signedBy: opened.signedBy }
}

/** The note text alone; extension lines are allowed and ignored, as the format asks. */
export function parseCheckpoint(text: string): Checkpoint | null {
  const [origin, size, root, ...extensions] = text.split('\n')
  if (extensions.pop() !== '' || extensions.includes('')) return null
  if (origin === undefined || origin === '' || !isDecimal(size) || root === undefined) return null
  const hash = decodeHash(root)
  return hash === null ? null : { origin, size: Number(size), root: hash }
}

export interface TlogProof {
  readonly index: number
  readonly proof: readonly Uint8Array[]
  /** The signed note, verbatim. */
  readonly checkpoint: string
  /** Whatever the application wants to carry; not authenticated. */
  readonly extra?: Uint8Array
}

const proofHeader = 'c2sp.org/tlog-proof@v1'

export function formatTlogProof({ index, proof, checkpoint, extra }: TlogProof): string {
  const lines = [proofHeader, ...(extra === undefined ? [] : [`extra ${toBase64(extra)}`]), `index ${index}`]
  return `${[...lines, ...proof.map(toBase64)].join('\n')}\n\n${checkpoint}`
}

/** The form alone; nothing in it is true before verifyTlogProof said so. */
export function parseTlogProof(text: string): TlogProof | null {
  const end = text.indexOf('\n\n')
  const lines = text.slice(0, Math.max(end, 0)).split('\n')
  if (lines.shift() !== proofHeader) return null
  const extra =
    lines[0]?.startsWith('extra ') === true ? decode(lines.shift()?.slice('extra '.length)) : undefined
  const index = /^index (0|[1-9]\d{0,15})$/.exec(lines.shift() ?? '')?.[1]
  const proof = lines.map(decodeHash)
  if (index === undefined || extra === null || !proof.every((hash) => hash !== null)) return null
  return {
    index: Number(index),
    proof,
    checkpoint: text.slice(end + 2),
    ...(extra === undefined ? {} : { extra }),
  }
}

/** Where the entry with this leaf hash stands, when a known key of this log signed a tree that holds it there; else null. */
export async function verifyTlogProof(
  text: string,
  leaf: Uint8Array,
  origin: string,
  known: readonly NoteKey[],
): Promise<{ readonly index: number; readonly checkpoint: Checkpoint } | null> {
  const parsed = parseTlogProof(text)
  if (parsed === null) return null
  const checkpoint = await openCheckpoint(parsed.checkpoint, origin, known)
  if (checkpoint === null) return null
  const { index, proof } = parsed
  const holds = await verifyInclusion({ leaf, index, size: checkpoint.size, root: checkpoint.root, proof })
  return holds ? { index, checkpoint } : null
}

const isDecimal = (text: string | undefined): text is string =>
  text !== undefined && /^(?:0|[1-9]\d{0,15})$/.test(text) && Number.isSafeInteger(Number(text))

function decodeHash(text: string): Bytes | null {
  const bytes = decode(text)
  return bytes?.length === 32 ? bytes : null
}

function decode(text = ''): Bytes | null {
  try {
    return fromBase64(text)
  } catch {
    return null
  }
}
