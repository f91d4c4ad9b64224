/**
 * One ticket for each entitlement, whatever happens at once: the database decides who is first. The same request gets the same
 * answer for ever, because the signature is deterministic; another request for the same entitlement is refused. What is signed
 * cannot be seen.
 */
import {
  equal,
  fromBase64url,
  sha256,
  toBase64url,
  utf8,
  concat,
  lengthPrefixed,
} from '@althing/kernel/crypto'
import { leafHash } from '@althing/kernel/merkle'
import type { Bulkhead } from '@althing/kernel/resilience'
import type { Atomically } from '@althing/kernel/service'
import { isBlindable, type BlindSigner } from '@althing/kernel/tickets'
import type { z } from 'zod'
import type { Entitlement, TicketRequest } from '../contract.ts'
import { fault } from './faults.ts'
import type { Issued, Wish } from './schema.ts'
import type { TicketStore } from './store.ts'

type Request = z.output<typeof TicketRequest>

/** An election as tickets need to know it. */
interface Vote {
  readonly status: string | null
  readonly hasEnded: boolean
  readonly manifest: string | null
  readonly manifestHash: Uint8Array | null
}

interface Place {
  readonly member: string
  readonly class: string
  /** The leaf of the roll. */
  readonly leaf: Uint8Array
}

interface Right extends Pick<
  z.input<typeof Entitlement>,
  'election' | 'title' | 'status' | 'slot' | 'class'
> {
  readonly member: string
  readonly opensAt: Date | null
  readonly closesAt: Date | null
}

interface Parts {
  readonly store: TicketStore
  /** Whether tickets may be issued now; it stays so until this transaction ends. */
  readonly mayIssue: (election: string) => Promise<boolean>
}

interface Needs {
  readonly atomically: Atomically<Parts>
  readonly store: TicketStore
  readonly voteOf: (election: string) => Promise<Vote | null>
  readonly placeOf: (election: string, person: string) => Promise<Place | null>
  readonly rightsOf: (person: string) => Promise<Right[]>
  readonly issuingKeys: (election: string) => Promise<{ slot: string; class: string; n: string }[]>
  readonly signer: (election: string, slot: string, name: string) => Promise<BlindSigner | null>
  /** Signing holds the thread: so many at once, so many waiting, and no more. */
  readonly bulkhead: Bulkhead
  readonly counted: (issued: number) => void
}

export function createTickets(needs: Needs) {
  const { atomically, store, voteOf, placeOf, rightsOf, signer, bulkhead } = needs

  async function issue(person: string, request: Request) {
    const { election } = request
    const place = await entitled(election, person)
    await current(election, request.manifestHash)
    const wishes = request.items.map((item): Wish => ({ ...item, blinded: fromBase64url(item.blinded) }))
    await checkWishes(election, place, wishes)
    await atomically(({ store, mayIssue }) => spend({ store, mayIssue }, election, place, wishes))
    // After the commit: if we stop here the same request gets its answer the next time.
    const signatures = await bulkhead.run(() => sign(election, wishes))
    return {
      tickets: wishes.map(({ slot, class: name }, index) => ({
        slot,
        class: name,
        blindSignature: toBase64url(signatures[index] ?? new Uint8Array()),
      })),
    }
  }

  async function entitled(election: string, person: string): Promise<Place> {
    const place = await placeOf(election, person)
    if (place === null) throw fault.not_on_roll()
    return place
  }

  async function current(election: string, hash: string): Promise<void> {
    const vote = await voteOf(election)
    if (vote?.hasEnded === true) throw fault.ended()
    if (vote === null || vote.manifestHash === null) throw fault.not_published()
    if (toBase64url(vote.manifestHash) !== hash) throw fault.wrong_manifest(undefined, at('/manifestHash'))
  }

  async function checkWishes(election: string, place: Place, wishes: readonly Wish[]): Promise<void> {
    const keys = await needs.issuingKeys(election)
    for (const [index, wish] of wishes.entries()) {
      const key = keys.find((one) => one.slot === wish.slot && one.class === wish.class)
      if (key === undefined || wish.class !== place.class)
        throw fault.no_such_ticket(undefined, at(`/items/${index}`))
      if (wishes.findIndex(({ slot }) => slot === wish.slot) !== index)
        throw fault.twice(undefined, at(`/items/${index}`))
      // Asked before anything is spent: a value that nobody can sign must not cost the entitlement.
      if (!isBlindable({ kty: 'RSA', n: key.n, e: 'AQAB' }, wish.blinded))
        throw fault.out_of_range(undefined, at(`/items/${index}/blinded`))
    }
  }

  /** In the order of the slots, so that two requests of one person cannot wait for each other in a circle. */
  async function spend({ store, mayIssue }: Parts, election: string, place: Place, wishes: readonly Wish[]) {
    if (!(await mayIssue(election))) throw fault.ended()
    const issued = wishes.map((wish) => issuedOf(wish, place)).toSorted((a, b) => (a.slot < b.slot ? -1 : 1))
    const standing = await store.issue(election, issued)
    for (const [index, wish] of wishes.entries()) {
      const hash = standing.find(({ slot }) => slot === wish.slot)?.blindedHash
      if (hash === undefined || !equal(hash, sha256(wish.blinded)))
        throw fault.already_issued(undefined, at(`/items/${index}`))
    }
  }

  async function sign(election: string, wishes: readonly Wish[]): Promise<Uint8Array[]> {
    const signatures: Uint8Array[] = []
    for (const { slot, class: name, blinded } of wishes) {
      const key = await signer(election, slot, name)
      if (key === null) throw fault.ended()
      // One by one through blindSignAll, which lets others in between.
      signatures.push(...(await key.blindSignAll([blinded])))
    }
    needs.counted(wishes.length)
    return signatures
  }

  return {
    issue,

    async manifest(person: string, election: string) {
      await entitled(election, person)
      const vote = await voteOf(election)
      if (vote === null || vote.manifest === null || vote.manifestHash === null) throw fault.not_published()
      return { manifest: vote.manifest, hash: toBase64url(vote.manifestHash) }
    },

    async entitlements(person: string): Promise<{ entitlements: z.input<typeof Entitlement>[] }> {
      const rights = await rightsOf(person)
      const fetched = await store.fetched(
        [...new Set(rights.map(({ member }) => member))],
        [...new Set(rights.map(({ election }) => election))],
      )
      return { entitlements: rights.map((right) => entitlementOf(right, fetched)) }
    },
  }
}
export type Tickets = ReturnType<typeof createTickets>

/** Leaf of the issuance log: H(0x00 ‖ leaf of the roll ‖ len(slot) ‖ slot ‖ hash of the blinded value). */
function issuedOf({ slot, class: name, blinded }: Wish, { member, leaf }: Place): Issued {
  const blindedHash = sha256(blinded)
  return {
    slot,
    class: name,
    member,
    blindedHash,
    leaf: leafHash(concat(utf8('althing/issuance/v1\n'), leaf, lengthPrefixed(slot), blindedHash)),
  }
}

function entitlementOf(
  { member: _member, opensAt, closesAt, ...right }: Right,
  fetched: ReadonlySet<string>,
) {
  const ticket = fetched.has(`${right.election} ${right.slot} ${right.class}`) ? 'issued' : 'none'
  return {
    ...right,
    opensAt: opensAt?.toISOString() ?? null,
    closesAt: closesAt?.toISOString() ?? null,
    ticket,
  } as const
}

const at = (pointer: string) => ({ fields: [{ pointer, message: 'Look here.' }] })
