/**
 * A vote is sealed and signed once, kept as it is, and only then sent: so whatever happens on the way, sending it again is
 * sending the same, and the box counts it once.
 */
import {
  castInput,
  encodeChoice,
  sealingAad,
  sealingInfo,
  type Cast,
  type Choice,
  type Receipt,
} from '@althing/elections/contract'
import { fromBase64url, toBase64url } from '@althing/kernel/crypto/bytes.ts'
import { hpkeSeal } from '@althing/kernel/crypto/hpke.ts'
import { sha256Web } from '@althing/kernel/crypto/web.ts'
import { nullifierOf } from '@althing/kernel/tickets/format.ts'
import { oneTimeKeyOf, signOnce } from '@althing/kernel/tickets/onetime.ts'
import { deriveFromSeed } from '@althing/kernel/tickets/voter.ts'
import type { Crossing } from '@althing/web-ui/crossing.ts'
import { Refused, Unanswered } from '@althing/web-ui/dom/http.ts'
import type { Place, Places } from './place.ts'
import { checkReceipt, type Paper } from './trust.ts'

export async function seal(paper: Paper, crossing: Crossing, choice: Choice, seq: number): Promise<Cast> {
  const { manifest, hash } = paper
  const { slot, class: name } = crossing
  const otk = fromBase64url(crossing.otk)
  const plaintext = encodeChoice(choice, manifest.padded_bytes)
  const { enc, ciphertext: ct } = await hpkeSeal({
    publicKey: fromBase64url(manifest.sealing_key),
    info: sealingInfo(hash),
    aad: sealingAad({ slot, class: name, nullifier: await nullifierOf(otk), seq }),
    plaintext,
    seed: await sealSeed(paper, crossing, seq, plaintext),
  })
  const signed = castInput(hash, { slot, class: name, seq, enc, ct })
  const sig = await signOnce(oneTimeKeyOf(fromBase64url(crossing.key)), signed)
  const { prefix, ticket } = crossing
  return {
    slot,
    class: name,
    otk: crossing.otk,
    prefix,
    ticket,
    seq,
    enc: toBase64url(enc),
    ct: toBase64url(ct),
    sig: toBase64url(sig),
  }
}

/** What is said is part of it: one number may be sealed on two devices, and one seed must never seal two different texts. */
async function sealSeed({ hash }: Paper, crossing: Crossing, seq: number, plaintext: Uint8Array) {
  const { slot, class: name } = crossing
  const purpose = `seal/${seq}/${toBase64url(await sha256Web(plaintext))}`
  return deriveFromSeed(fromBase64url(crossing.seal), { manifestHash: hash, slot, class: name }, purpose, 32)
}

export type Outcome =
  | { readonly kind: 'in the box'; readonly place: Place }
  /** Nobody knows whether it arrived. */
  | { readonly kind: 'unknown'; readonly place: Place }
  /** Another ballot has this number: from another device, or from before this browser forgot. */
  | { readonly kind: 'number taken'; readonly place: Place }
  | { readonly kind: 'false receipt'; readonly place: Place }
  | { readonly kind: 'refused'; readonly place: Place; readonly code: string; readonly title: string }

interface Needs {
  readonly places: Places
  readonly send: (election: string, cast: Cast) => Promise<Receipt>
}

/** Seals what is marked, and keeps it before anything is sent. */
export async function prepare(place: Place, paper: Paper, choice: Choice, { places }: Needs): Promise<Place> {
  if (place.ticket === null) throw new TypeError('There is no ticket here.')
  const ready = { ...place, waiting: await seal(paper, place.ticket, choice, place.seq), tries: 0 }
  await places.put(ready.election, ready)
  return ready
}

/** Sends what waits. May be called again and again: the bytes are the same. */
export async function deliver(place: Place, paper: Paper, needs: Needs): Promise<Outcome> {
  const { waiting } = place
  if (waiting === null) throw new TypeError('Nothing waits to be sent.')
  const tried = { ...place, tries: place.tries + 1 }
  await needs.places.put(tried.election, tried)
  let receipt: Receipt
  try {
    receipt = await needs.send(place.election, waiting)
  } catch (error) {
    return failed(tried, error, needs)
  }
  const check = await checkReceipt(paper.manifest, waiting, receipt)
  if (check === 'false') return { kind: 'false receipt', place: tried }
  const after: Place = {
    ...place,
    waiting: null,
    tries: 0,
    draft: {},
    seq: waiting.seq + 1,
    receipt: { receipt, seq: waiting.seq, check },
  }
  await needs.places.put(after.election, after)
  return { kind: 'in the box', place: after }
}

async function failed(place: Place, error: unknown, { places }: Needs): Promise<Outcome> {
  if (error instanceof Unanswered || (error instanceof Refused && isPassing(error)))
    return { kind: 'unknown', place }
  if (!(error instanceof Refused)) throw error
  const { code, message: title } = error
  // When the first attempt got no answer, "voting is over" does not say that it had not arrived before: the bytes stay.
  if (place.tries > 1 && isState(code)) return { kind: 'refused', place, code, title }
  const isTaken = code === 'elections.ballots.conflict'
  // Otherwise a refusal is certain: not in the box. What was marked stays, to be sealed anew.
  const after = { ...place, waiting: null, tries: 0, seq: isTaken ? place.seq + 1 : place.seq }
  await places.put(after.election, after)
  if (isTaken) return { kind: 'number taken', place: after }
  return { kind: 'refused', place: after, code, title }
}

const isState = (code: string): boolean => /\.(closed|tallied|cancelled|paused|not_open)$/.test(code)

/** The box is busy, or too much was asked at once: it will take the same bytes a little later. */
const isPassing = ({ status }: Refused): boolean => status >= 500 || status === 429 || status === 408
