/** The board as RFC 6962 has it (section 2.1), and the signed notes over it (c2sp.org/signed-note, c2sp.org/tlog-checkpoint). */
import { fromBase64, same, sha256, utf8, type Bytes } from './bytes.ts'
import { Unable } from './step.ts'

export const leafOf = (entry: string): Promise<Bytes> => sha256(Uint8Array.of(0), utf8(entry))

export async function rootOf(leaves: readonly Bytes[]): Promise<Bytes> {
  if (leaves.length === 0) return sha256()
  let level = [...leaves]
  // Joining neighbours and carrying the odd one up gives the same tree as splitting at the largest power of two.
  while (level.length > 1) {
    const next: Promise<Bytes>[] = []
    for (let index = 0; index < level.length; index += 2) {
      const [left, right] = [level[index], level[index + 1]]
      if (left !== undefined)
        next.push(right === undefined ? Promise.resolve(left) : sha256(Uint8Array.of(1), left, right))
    }
    level = await Promise.all(next)
  }
  return level[0] as Bytes
}

/**
 * @returns the text of a note that this key signed; null when it did not, or when the note is not written as one. Lines of other
 * keys may stand beside (witnesses), but nothing may that is no signature, and none of this key may be wrong.
 */
export async function openNote(note: string, name: string, publicKey: Bytes): Promise<string | null> {
  const split = note.lastIndexOf('\n\n')
  if (split === -1 || !note.endsWith('\n')) return null
  const text = note.slice(0, split + 1)
  const lines = note
    .slice(split + 2, -1)
    .split('\n')
    .map(readSignature)
  if (lines.includes(null)) return null
  // The key id is the beginning of SHA-256(name, newline, algorithm 1 = Ed25519, key).
  const id = (await sha256(utf8(`${name}\n`), Uint8Array.of(1), publicKey)).subarray(0, 4)
  const own = lines.filter((line) => line?.name === name && same(line.bytes.subarray(0, 4), id))
  for (const line of own) {
    if (!(await verifyEd25519(publicKey, utf8(text), line?.bytes.slice(4) ?? new Uint8Array()))) return null
  }
  return own.length === 0 ? null : text
}

function readSignature(line: string): { readonly name: string; readonly bytes: Bytes } | null {
  const [, name = '', signature = ''] = /^\u2014 ([^+\s]+) (\S+)$/u.exec(line) ?? []
  const bytes = fromBase64(signature)
  return bytes === null || bytes.length < 5 ? null : { name, bytes }
}

async function verifyEd25519(publicKey: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
  const key = await crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']).catch(notAble)
  return key !== null && crypto.subtle.verify('Ed25519', key, signature, message)
}

/** An old browser must not accuse the box of a wrong signature that it cannot check. */
function notAble(error: unknown): null {
  if (error instanceof DOMException && error.name === 'NotSupportedError')
    throw new Unable('this browser cannot check Ed25519 signatures')
  return null
}

export interface Head {
  readonly size: number
  readonly root: Bytes
}

/** The text of a checkpoint: origin, size, root, each on its line. */
export function readHead(text: string, origin: string): Head | null {
  const [said, size = '', root = ''] = text.split('\n')
  const hash = fromBase64(root)
  if (said !== origin || !/^(0|[1-9]\d{0,14})$/.test(size) || hash === null || hash.length !== 32) return null
  return { size: Number(size), root: hash }
}
