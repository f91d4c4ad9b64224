/**
 * Signed notes (c2sp.org/signed-note) with Ed25519: a text, an empty line, and signature lines. Browser-safe: signing
 * takes a function, checking uses WebCrypto. A text must not be read before its signature was checked, so `openNote`
 * is the only way to it.
 */
import { type Bytes, concat, equal, fromBase64, source, toBase64, toHex, utf8 } from '../crypto/bytes.ts'
import { sha256Web, verifyEd25519Web } from '../crypto/web.ts'

/** Who may have signed: a name and a key, both known beforehand. */
export interface NoteKey {
  readonly name: string
  /** Raw Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array
}

export interface NoteSigner extends NoteKey {
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>
}

const ed25519Type = 0x01
const maxNoteBytes = 1_000_000

export async function signNote(text: string, ...signers: readonly NoteSigner[]): Promise<string> {
  assertText(text)
  const lines = await Promise.all(signers.map((signer) => signatureLine(text, signer)))
  return `${text}\n${lines.join('')}`
}

/** Another party's signature under the same text: a witness, or a new key beside an old one. */
export async function addSignature(note: string, signer: NoteSigner): Promise<string> {
  const parts = splitNote(note)
  if (parts === null) throw new SyntaxError('not a signed note')
  return note + (await signatureLine(parts.text, signer))
}

/**
 * The text, when at least one known key signed it and none of the known keys signed it wrongly; else null. Signatures of
 * unknown keys are ignored: that is how keys rotate and witnesses join.
 */
export async function openNote(note: string, known: readonly NoteKey[]): Promise<OpenedNote | null> {
  const parts = splitNote(note)
  if (parts === null) return null
  const signedBy: string[] = []
  for (const { name, keyId, signature } of parts.signatures) {
    const key = await findKey(known, name, keyId)
    if (key === null) continue
    if (!(await verifyEd25519Web(key.publicKey, utf8(parts.text), signature))) return null
    signedBy.push(name)
  }
  return signedBy.length === 0 ? null : { text: parts.text, signedBy }
}

export interface OpenedNote {
  readonly text: string
  readonly signedBy: readonly string[]
}

/** SHA-256(name ‖ LF ‖ 0x01 ‖ public key)[:4] */
export async function noteKeyId({ name, publicKey }: NoteKey): Promise<Bytes> {
  assertName(name)
  return (await sha256Web(utf8(`${name}\n`), Uint8Array.of(ed25519Type), publicKey)).slice(0, 4)
}

/** The customary one-line form of a key to be trusted: name+hex key id+base64(0x01 ‖ key). */
export async function formatNoteKey(key: NoteKey): Promise<string> {
  const typed = concat(Uint8Array.of(ed25519Type), key.publicKey)
  return `${key.name}+${toHex(await noteKeyId(key))}+${toBase64(typed)}`
}

/** Null when it is not an Ed25519 key in that form, or the id belongs to another key. */
export async function parseNoteKey(line: string): Promise<NoteKey | null> {
  const match = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/u.exec(line)
  const typed = decoded(match?.[3] ?? '')
  if (match === null || typed === null || typed.length !== 33 || typed[0] !== ed25519Type) return null
  const key = { name: match[1] ?? '', publicKey: typed.slice(1) }
  return toHex(await noteKeyId(key)) === match[2] ? key : null
}

async function signatureLine(text: string, signer: NoteSigner): Promise<string> {
  const signature = await signer.sign(utf8(text))
  return `— ${signer.name} ${toBase64(concat(await noteKeyId(signer), signature))}\n`
}

interface NoteParts {
  readonly text: string
  readonly signatures: readonly { name: string; keyId: Bytes; signature: Bytes }[]
}

/** The form alone, unchecked. The last empty line parts text and signatures. */
function splitNote(note: string): NoteParts | null {
  if (note.length > maxNoteBytes || !isCleanText(note)) return null
  const split = note.lastIndexOf('\n\n')
  if (split < 0 || !note.endsWith('\n')) return null
  const lines = note.slice(split + 2, -1).split('\n')
  const signatures = lines.map(parseSignatureLine)
  if (!signatures.every((line) => line !== null)) return null
  return { text: note.slice(0, split + 1), signatures }
}

function parseSignatureLine(line: string) {
  const match = /^— ([^+\s]+) ([A-Za-z0-9+/=]+)$/u.exec(line)
  const bytes = decoded(match?.[2] ?? '')
  if (match === null || bytes === null || bytes.length < 5) return null
  return { name: match[1] ?? '', keyId: bytes.slice(0, 4), signature: bytes.slice(4) }
}

async function findKey(known: readonly NoteKey[], name: string, keyId: Uint8Array): Promise<NoteKey | null> {
  for (const key of known) {
    if (key.name === name && equal(await noteKeyId(key), keyId)) return key
  }
  return null
}

/** UTF-8 without ASCII control characters, newline apart. */
function isCleanText(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused here
  return text.isWellFormed() && !/[\u0000-\u0009\u000b-\u001f]/.test(text)
}

function assertText(text: string): void {
  if (!text.endsWith('\n') || !isCleanText(text))
    throw new TypeError('a note ends with a newline and has no control characters')
}

function assertName(name: string): void {
  if (!/^[^+\s]+$/u.test(name)) throw new TypeError('a key name is not empty and has neither spaces nor +')
}

function decoded(text: string): Bytes | null {
  try {
    return source(fromBase64(text))
  } catch {
    return null
  }
}
