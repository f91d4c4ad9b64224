/**
 * The key that ballots are sealed to, made in the officer's browser. Whoever has its secret part can open every ballot, so it
 * leaves this device only as a file in the officer's hands, and as the release when voting is over.
 */
import { fromBase64url, toBase64url } from '@althing/kernel/crypto/bytes.ts'
import { p256PublicKey } from '@althing/kernel/crypto/p256.ts'
import { openShelf } from '@althing/web-ui/dom/shelf.ts'
import { z } from 'zod'

export const KeyFile = z.object({
  type: z.literal('althing/sealing-key/v1'),
  election: z.string(),
  public_key: z.string(),
  private_key: z.string(),
})
export type KeyFile = z.output<typeof KeyFile>

/** `saved` is the officer's own word that the file lies somewhere safe. */
const Kept = KeyFile.extend({ saved: z.boolean() })
export type Kept = z.output<typeof Kept>

export const openKeys = () => openShelf('sealing-keys', (value) => Kept.safeParse(value).data)

export async function makeKey(election: string): Promise<KeyFile> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])
  const { d = '' } = await crypto.subtle.exportKey('jwk', pair.privateKey)
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))
  return {
    type: 'althing/sealing-key/v1',
    election,
    public_key: toBase64url(point),
    private_key: d,
  }
}

export const keyFileText = ({ type, election, public_key, private_key }: KeyFile): string =>
  `${JSON.stringify({ type, election, public_key, private_key }, null, 2)}\n`

const Secret = z.object({ private_key: z.string(), election: z.string().default('') })

/** Null when it is no key file, or its secret does not belong to this election's key: said before anything is sent. */
export function readKeyFile(text: string, sealingKey: string | null): KeyFile | null {
  try {
    // The secret part is what counts: a file of the command line says no more than that.
    const { private_key, election } = Secret.parse(JSON.parse(text))
    const own = toBase64url(p256PublicKey(fromBase64url(private_key)))
    return own === sealingKey
      ? { type: 'althing/sealing-key/v1', election, public_key: own, private_key }
      : null
  } catch {
    return null
  }
}
