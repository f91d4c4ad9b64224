/**
 * How a device gets a ticket: it keeps its secret before it asks, so that a reload at any moment asks for the very same thing, and
 * it takes no ticket that the election's own manifest does not vouch for.
 */
import { manifestInput, Manifest } from '@althing/elections/contract'
import type { Entitlement, ManifestCopy, TicketAnswer, TicketRequest } from '@althing/events/contract'
import { fromBase64url, toBase64url } from '@althing/kernel/crypto/bytes.ts'
import { sha256Web } from '@althing/kernel/crypto/web.ts'
import {
  collectTicket,
  deriveFromSeed,
  pendingTicket,
  requestTicket,
  type HeldTicket,
} from '@althing/kernel/tickets/voter.ts'
import type { Crossing } from '@althing/web-ui/crossing.ts'
import { Refused } from '@althing/web-ui/dom/http.ts'
import type { z } from 'zod'
import { keyOf, type Drawer, type Kept } from './drawer.ts'

export type Entitled = z.output<typeof Entitlement>

export interface Needs {
  readonly drawer: Drawer
  /** 32 bytes that nobody can guess. */
  readonly chance: () => Uint8Array
  readonly manifest: (election: string) => Promise<z.output<typeof ManifestCopy>>
  readonly tickets: (request: TicketRequest) => Promise<z.output<typeof TicketAnswer>>
}

/** Why there is no ticket, when it is not the connection or the server that says so. */
export type Doubt = 'elsewhere' | 'other paper' | 'false manifest' | 'no such paper' | 'false ticket'

export class Doubtful extends Error {
  override readonly name = 'Doubtful'
  readonly doubt: Doubt

  constructor(doubt: Doubt, cause?: unknown) {
    super(`No ticket: ${doubt}.`, { cause })
    this.doubt = doubt
  }
}

export interface Paper {
  readonly manifest: Manifest
  readonly hash: Uint8Array
}

/** The hash is computed here: what is signed into the ticket is what this device has seen. */
async function readPaper(copy: z.output<typeof ManifestCopy>): Promise<Paper> {
  const hash = await sha256Web(manifestInput(copy.manifest))
  if (toBase64url(hash) !== copy.hash) throw new Doubtful('false manifest')
  return { manifest: Manifest.parse(JSON.parse(copy.manifest)), hash }
}

/** @throws Doubtful, Refused, Unanswered */
export async function collect(entitled: Entitled, subject: string, needs: Needs): Promise<Kept> {
  const paper = await readPaper(await needs.manifest(entitled.election))
  const begun = await needs.drawer.get(keyOf(subject, entitled))
  if (begun !== undefined && begun.pending.manifestHash !== toBase64url(paper.hash))
    throw new Doubtful('other paper')
  if (begun?.ticket) return begun
  if (begun === undefined && entitled.ticket === 'issued') throw new Doubtful('elsewhere')
  return finish(begun ?? (await begin(entitled, subject, paper, needs)), needs)
}

/** Kept before anything is asked: an answer that is lost on its way can then be asked for again. */
async function begin(entitled: Entitled, subject: string, paper: Paper, needs: Needs): Promise<Kept> {
  const { slot, class: name } = entitled
  const issuingKey = paper.manifest.slots
    .find(({ id }) => id === slot)
    ?.classes.find(({ id }) => id === name)?.issuing_key
  if (paper.manifest.election !== entitled.election || issuingKey === undefined)
    throw new Doubtful('no such paper')
  const pending = pendingTicket(needs.chance(), { manifestHash: paper.hash, slot, class: name }, issuingKey)
  const kept: Kept = { key: keyOf(subject, entitled), election: entitled.election, pending, ticket: null }
  await needs.drawer.put(kept.key, kept)
  return kept
}

async function finish(kept: Kept, needs: Needs): Promise<Kept> {
  const { slot, class: name, blinded } = await requestTicket(kept.pending)
  const items = [{ slot, class: name, blinded: toBase64url(blinded) }]
  const { election, pending } = kept
  const answer = await needs
    .tickets({ election: kept.election, manifestHash: pending.manifestHash, items })
    .catch((refusal: unknown) => giveUp(refusal, kept, needs))
  const mine = answer.tickets.find((one) => one.slot === slot && one.class === name)
  if (mine === undefined) throw new Doubtful('false ticket')
  const ticket = await collectTicket(pending, fromBase64url(mine.blindSignature)).catch((cause: unknown) => {
    throw new Doubtful('false ticket', cause)
  })
  const whole = { ...kept, ticket: await crossingOf(election, kept, ticket) }
  await needs.drawer.put(whole.key, whole)
  return whole
}

/** Another request was answered before ours: ours will never be, so it is of no use here any more. */
async function giveUp(refusal: unknown, kept: Kept, { drawer }: Needs): Promise<never> {
  if (!(refusal instanceof Refused) || refusal.status !== 409) throw refusal
  await drawer.remove(kept.key)
  throw new Doubtful('elsewhere', refusal)
}

/** What the booth gets: no seed, so that it could not tell which request was ours even if it wanted to. */
async function crossingOf(election: string, { pending }: Kept, ticket: HeldTicket): Promise<Crossing> {
  const { slot, class: name, manifestHash } = pending
  const scope = { manifestHash: fromBase64url(manifestHash), slot, class: name }
  return {
    election,
    manifestHash,
    slot,
    class: name,
    otk: toBase64url(ticket.otk),
    prefix: toBase64url(ticket.prefix),
    ticket: toBase64url(ticket.signature),
    key: toBase64url(ticket.oneTimeKey.privateKey),
    seal: toBase64url(await deriveFromSeed(fromBase64url(pending.seed), scope, 'seal', 32)),
  }
}
