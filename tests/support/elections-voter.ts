/** What the booth does with a choice, without a page. */
import { randomBytes } from 'node:crypto'
import { fromBase64url, hpkeSeal, sha256, toBase64url } from '@althing/kernel/crypto'
import { signOnce, type HeldTicket } from '@althing/kernel/tickets'
import {
  castInput,
  encodeChoice,
  sealingAad,
  sealingInfo,
  type Cast,
  type SignedManifest,
} from '@althing/elections/contract'
import type { z } from 'zod'

export async function ballot({
  signed,
  ticket,
  answers,
  seq,
}: {
  signed: z.output<typeof SignedManifest>
  ticket: HeldTicket
  answers: Record<string, string[]>
  seq: number
}): Promise<Cast> {
  const { manifest } = signed
  const hash = fromBase64url(signed.hash)
  const place = { slot: ticket.slot, class: ticket.class, seq }
  const { enc, ciphertext } = await hpkeSeal({
    publicKey: fromBase64url(manifest.sealing_key),
    info: sealingInfo(hash),
    aad: sealingAad({ ...place, nullifier: sha256(ticket.otk) }),
    plaintext: encodeChoice({ answers }, manifest.padded_bytes),
    seed: new Uint8Array(randomBytes(32)),
  })
  const sig = await signOnce(ticket.oneTimeKey, castInput(hash, { ...place, enc, ct: ciphertext }))
  return {
    ...place,
    otk: toBase64url(ticket.otk),
    prefix: toBase64url(ticket.prefix),
    ticket: toBase64url(ticket.signature),
    enc: toBase64url(enc),
    ct: toBase64url(ciphertext),
    sig: toBase64url(sig),
  }
}
