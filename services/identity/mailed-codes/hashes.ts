import { createHmac } from 'node:crypto'
import type { Asker, Channel } from '../proofs.ts'

/** Who asks, what was sent and from where, as they lie in the tables: without the key a hash of six digits is its text. */
export function createHashes(key: Uint8Array) {
  const ofAsker = ({ purpose, account, by }: Asker): Uint8Array =>
    createHmac('sha256', key).update(`asker\n${purpose}\n${account}\n${by}`).digest()

  /** Bound to where it is sent: a number that was changed in between proves nothing by the code to the one before. */
  const ofCode = (asker: Asker, channel: Channel, to: string, code: string): Uint8Array =>
    createHmac('sha256', key).update(ofAsker(asker)).update(`code\n${channel}\n${to}\n${code}`).digest()

  const ofDevice = (device: string): string =>
    createHmac('sha256', key).update(`device\n${device}`).digest('base64url')

  return { ofAsker, ofCode, ofDevice }
}
export type Hashes = ReturnType<typeof createHashes>
