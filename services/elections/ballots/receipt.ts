/** The box's promise that a leaf will stand on the board: signed, short enough to read aloud, and the same every time. */
import { concat, toBase64, toBase64url, utf8, type SigningKey } from '@althing/kernel/crypto'
import { noteKeyId } from '@althing/kernel/merkle'
import { boardOrigin, promiseText, words, type ElectionId, type Receipt } from '../contract.ts'

export type Promises = (leaf: Uint8Array) => Receipt

/** The note's fixed parts are made once: this runs for every ballot. */
export async function createPromises(
  ballotUrl: string,
  election: ElectionId,
  key: SigningKey,
): Promise<Promises> {
  const name = boardOrigin(new URL(ballotUrl).host, election)
  const id = await noteKeyId({ name, publicKey: key.publicKey })
  return (hash) => {
    const leaf = toBase64url(hash)
    const text = promiseText(election, leaf)
    const note = `${text}\n— ${name} ${toBase64(concat(id, key.sign(utf8(text))))}\n`
    return { election, leaf, note, words: words(hash, 4) }
  }
}
