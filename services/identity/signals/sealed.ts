/** What a stream is sent with, as it lies in the table: a header that the receiver wants to be shown, or the secrets of a webhook. */
import type { Chance } from '@althing/kernel/context'
import { fromUtf8, openBox, sealBox, utf8 } from '@althing/kernel/crypto'
import type { Stream } from './schema.ts'

export function createStreamSecrets(sealingKey: Uint8Array, chance: Chance) {
  function opened({ id, sealed }: Pick<Stream, 'id' | 'sealed'>): string | null {
    if (sealed === null) return null
    const text = openBox(sealingKey, sealed, utf8(id))
    if (text === null) throw new Error('What a stream is sent with does not open: another service key?')
    return fromUtf8(text)
  }

  return {
    opened,
    /** Bound to its stream. */
    seal: (id: string, text: string) => sealBox(sealingKey, utf8(text), utf8(id), chance),
    /** 32 bytes, as Standard Webhooks writes them. */
    newSecret: () => `whsec_${Buffer.from(chance.bytes(32)).toString('base64')}`,
    /** The newest first. */
    secretsOf: (stream: Stream) => (opened(stream) ?? '').split(' '),
  }
}
export type StreamSecrets = ReturnType<typeof createStreamSecrets>
