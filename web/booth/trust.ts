/**
 * What the booth believes and why: the manifest, because its hash is the one inside the ticket and its own key signed it; the
 * ticket, because the manifest's issuing key signed it; a receipt, because that key signed the leaf computed here.
 */
import {
  boardOrigin,
  Manifest,
  manifestInput,
  promiseText,
  words,
  type Cast,
  type Receipt,
  type SignedManifest,
} from '@althing/elections/contract'
import { equal, fromBase64url, toBase64url, utf8 } from '@althing/kernel/crypto/bytes.ts'
import { canonicalJson } from '@althing/kernel/crypto/canonical.ts'
import { sha256Web } from '@althing/kernel/crypto/web.ts'
import { openNote } from '@althing/kernel/merkle/notes.ts'
import { verifyTicket } from '@althing/kernel/tickets/voter.ts'
import type { Crossing } from '@althing/web-ui/crossing.ts'
import type { z } from 'zod'

export interface Paper {
  readonly manifest: Manifest
  readonly hash: Uint8Array
  /** False when this browser cannot check Ed25519: then the ticket's own hash is what is left, and it is enough. */
  readonly signed: boolean
}

export type Distrust = 'manifest' | 'other paper' | 'ticket'

export class Distrusted extends Error {
  override readonly name = 'Distrusted'
  readonly what: Distrust

  constructor(what: Distrust) {
    super(`Not to be trusted: ${what}.`)
    this.what = what
  }
}

/** @throws Distrusted */
export async function readPaper(
  election: string,
  { manifest, hash, note }: z.output<typeof SignedManifest>,
): Promise<Paper> {
  const own = await sha256Web(manifestInput(canonicalJson(Manifest.parse(manifest))))
  if (toBase64url(own) !== hash || manifest.election !== election) throw new Distrusted('manifest')
  const text = `althing/manifest/v1\n${election}\n${hash}\n`
  const opened = await textOf(note, manifest)
  if (opened !== cannot && opened !== text) throw new Distrusted('manifest')
  return { manifest, hash: own, signed: opened !== cannot }
}

/** The person's side saw the same paper, and the issuer signed this ticket for it. @throws Distrusted */
export async function checkTicket({ manifest, hash }: Paper, crossing: Crossing): Promise<void> {
  if (!equal(fromBase64url(crossing.manifestHash), hash)) throw new Distrusted('other paper')
  const key = placeOf(manifest, crossing)?.issuing_key
  const ticket = {
    slot: crossing.slot,
    class: crossing.class,
    otk: fromBase64url(crossing.otk),
    prefix: fromBase64url(crossing.prefix),
    signature: fromBase64url(crossing.ticket),
  }
  if (key === undefined || !(await verifyTicket(key, hash, ticket))) throw new Distrusted('ticket')
}

const placeOf = ({ slots }: Manifest, { slot, class: name }: Crossing) =>
  slots.find(({ id }) => id === slot)?.classes.find(({ id }) => id === name)

const leafOf = (cast: Cast): Promise<Uint8Array> =>
  sha256Web(Uint8Array.of(0), utf8(canonicalJson({ type: 'ballot', cast })))

export type ReceiptCheck = 'signed' | 'unchecked' | 'false'

/** The leaf is computed here; only a promise about exactly that leaf, by the manifest's own key, is a receipt. */
export async function checkReceipt(manifest: Manifest, cast: Cast, receipt: Receipt): Promise<ReceiptCheck> {
  const leaf = await leafOf(cast)
  const isOurs = receipt.election === manifest.election && receipt.leaf === toBase64url(leaf)
  if (!isOurs || words(leaf, 4).join() !== receipt.words.join()) return 'false'
  const opened = await textOf(receipt.note, manifest)
  if (opened === cannot) return 'unchecked'
  return opened === promiseText(manifest.election, receipt.leaf) ? 'signed' : 'false'
}

/** Not an answer of the note, so no text that a note could hold. */
const cannot = Symbol('this browser cannot check it')

/** Null when no signature of the manifest's key is under it; cannot in a browser without Ed25519. */
async function textOf(note: string, manifest: Manifest): Promise<string | null | typeof cannot> {
  try {
    return (await openNote(note, [noteKey(manifest)]))?.text ?? null
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotSupportedError') return cannot
    throw error
  }
}

export const noteKey = ({ origin, election, log_key }: Manifest) => ({
  name: boardOrigin(new URL(origin).host, election),
  publicKey: fromBase64url(log_key),
})
