/** What a ballot must prove before it is stored: its form, its place, its ticket, its signature. Each has its own refusal. */
import { ECDH } from 'node:crypto'
import { fromBase64url, hpkeOverheadBytes } from '@althing/kernel/crypto'
import { createTicketVerifier, verifyOnceInPool, type TicketVerifier } from '@althing/kernel/tickets'
import { castInput, type Cast, type Manifest } from '../contract.ts'
import { fault } from './faults.ts'

/** A cast as bytes; every value has one spelling only, or the same ballot could be two leaves. */
export type Opened = ReturnType<typeof openCast>

const encoded = ['otk', 'prefix', 'ticket', 'enc', 'ct', 'sig'] as const

/** @throws Fault elections.ballots.malformed naming the field */
export function openCast(cast: Cast) {
  const bytes = Object.fromEntries(encoded.map((name) => [name, decoded(cast[name], name)])) as Record<
    (typeof encoded)[number],
    Uint8Array<ArrayBuffer>
  >
  return { ...bytes, slot: cast.slot, class: cast.class, seq: cast.seq }
}

function decoded(text: string, name: string): Uint8Array<ArrayBuffer> {
  try {
    return fromBase64url(text)
  } catch (cause) {
    throw fault.malformed(cause, {
      fields: [{ pointer: `/${name}`, message: 'Is not base64url in its one spelling.' }],
    })
  }
}

/** For one election: what depends on its manifest alone is made once. */
export function createChecks(manifest: Manifest, manifestHash: Uint8Array) {
  const verifiers = new Map<string, TicketVerifier>()
  for (const slot of manifest.slots) {
    for (const one of slot.classes) {
      verifiers.set(
        `${slot.id} ${one.id}`,
        createTicketVerifier(one.issuing_key, { manifestHash, slot: slot.id, class: one.id }),
      )
    }
  }
  const verifierOf = (cast: Opened) => verifiers.get(`${cast.slot} ${cast.class}`)

  return {
    /** @throws Fault elections.ballots.unsealable or unknown_place */
    shape(cast: Opened): void {
      if (cast.ct.length !== manifest.padded_bytes + hpkeOverheadBytes)
        throw fault.unsealable(undefined, {
          fields: [{ pointer: '/ct', message: 'Does not have the length that this election asks.' }],
        })
      if (!isPoint(cast.enc))
        throw fault.unsealable(undefined, {
          fields: [{ pointer: '/enc', message: 'Is not a key of P-256.' }],
        })
      if (verifierOf(cast) === undefined) throw fault.unknown_place()
    },

    async isTicket(cast: Opened): Promise<boolean> {
      const ticket = { otk: cast.otk, prefix: cast.prefix, signature: cast.ticket }
      return (await verifierOf(cast)?.verify(ticket)) ?? false
    },

    /** The ticket's own key signed exactly this ballot: whoever saw a ticket on its way cannot use it. */
    isSigned: (cast: Opened): Promise<boolean> =>
      verifyOnceInPool(cast.otk, castInput(manifestHash, cast), cast.sig),
  }
}
export type Checks = ReturnType<typeof createChecks>

function isPoint(enc: Uint8Array): boolean {
  if (enc[0] !== 4) return false
  try {
    ECDH.convertKey(enc, 'prime256v1')
    return true
  } catch {
    return false
  }
}
