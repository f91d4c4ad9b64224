/** The board as RFC 6962 has it (section 2.1), and the signed notes over it (c2sp.org/signed-note, c2sp.org/tlog-checkpoint). */
import { fromBase64, same, sha256, utf8, type Bytes } from './bytes.ts'

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

/** @returns the text of a note that this key signed; null when it did not. */
export async function openNote(note: string, name: string, publicKey: Bytes): Promise<string | null> {
  const split = note.lastIndexOf('\n\n')
  if (split === -1 || !note.endsWith('\n')) return null
  const text = note.slice(0, split + 1)
  // The key id is the beginning of SHA-256(name, newline, algorithm 1 = Ed25519, key).
  const id = (await sha256(utf8(`${name}\n`), Uint8Array.of(1), publicKey)).subarray(0, 4)
  for (const line of note.slice(split + 2, -1).split('\n')) {
    const prefix = `\u2014 ${name} `
    const signature = line.startsWith(prefix) ? fromBase64(line.slice(prefix.length)) : null
    if (signature === null || signature.length !== 68 || !same(signature.subarray(0, 4), id)) continue
    if (await verifyEd25519(publicKey, utf8(text), signature.slice(4))) return text
  }
  return null
}

async function verifyEd25519(publicKey: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify'])
    return await crypto.subtle.verify('Ed25519', key, signature, message)
  } catch {
    return false
  }
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
