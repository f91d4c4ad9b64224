/** Whether every ballot had a right to be in the box: a ticket of the issuer, the signature of its key, and not more than were handed out. */
import { framed, join, length, sha256, utf8, type Bytes } from './bytes.ts'
import type { Ballot } from './board.ts'
import type { Bundle, Class, Manifest } from './shapes.ts'
import { bytesOf, eachOf, must, type Step } from './step.ts'

interface Place {
  readonly key: CryptoKey
  /** First half of the ticket message. */
  readonly scope: Bytes
}

export async function checkTickets(
  ballots: readonly Ballot[],
  manifest: Manifest,
  hash: Bytes,
  progress: (done: number) => void | Promise<void>,
): Promise<readonly [null, string]> {
  const places = await placesOf(manifest, hash)
  const problems = await eachOf(ballots, (ballot) => problemOf(ballot, places, manifest, hash), progress)
  const first = problems.findIndex((problem) => problem !== null)
  must(first === -1, `entry ${ballots[first]?.at} ${problems[first]}`)
  return [null, `${ballots.length} tickets and as many one-time signatures`]
}

async function problemOf(
  ballot: Ballot,
  places: ReadonlyMap<string, Place>,
  { paddedBytes }: Manifest,
  hash: Bytes,
): Promise<string | null> {
  const place = places.get(`${ballot.cast.slot} ${ballot.cast.class}`)
  if (place === undefined) return 'is for a place that the manifest does not know'
  if (ballot.bytes.ct.length !== paddedBytes + 16) return 'does not have the length of all others'
  if (!(await isTicket(place, ballot))) return 'has no valid ticket'
  return (await isSigned(ballot, hash)) ? null : 'is not signed by the key of its ticket'
}

async function placesOf(manifest: Manifest, hash: Bytes): Promise<Map<string, Place>> {
  const places = new Map<string, Place>()
  for (const slot of manifest.slots) {
    for (const one of slot.classes) {
      const [slotBytes, classBytes] = [utf8(slot.id), utf8(one.id)]
      const [label, slotLength, classLength] = [
        utf8('althing/ticket/v1'),
        length(slotBytes),
        length(classBytes),
      ]
      const scope = join(label, hash, slotLength, slotBytes, classLength, classBytes)
      places.set(`${slot.id} ${one.id}`, { key: await issuingKey(one), scope: await sha256(scope) })
    }
  }
  return places
}

/** RSA-3072, no less: a small modulus could be factored, and tickets made by anybody. */
async function issuingKey({ id, n }: Class): Promise<CryptoKey> {
  const modulus = bytesOf(n, 384, `the issuing key of class ${id}`)
  must((modulus[0] ?? 0) >= 128, `the issuing key of class ${id} is not of 3072 bits`)
  const jwk = { kty: 'RSA', n, e: 'AQAB', alg: 'PS384', ext: true }
  return crypto.subtle.importKey('jwk', jwk, { name: 'RSA-PSS', hash: 'SHA-384' }, false, ['verify'])
}

/** RFC 9474, section 4.5, for PSSZERO: salt length 0. */
function isTicket({ key, scope }: Place, { bytes, nullifier }: Ballot): Promise<boolean> {
  const message = join(bytes.prefix, scope, nullifier)
  return crypto.subtle.verify({ name: 'RSA-PSS', saltLength: 0 }, key, bytes.ticket, message)
}

/** What is no point of the curve signed nothing. */
async function isSigned({ cast, bytes }: Ballot, hash: Bytes): Promise<boolean> {
  const curve = { name: 'ECDSA', namedCurve: 'P-256' }
  const { slot, class: name, seq } = cast
  const message = framed('althing/cast/v1', hash, slot, name, String(seq), bytes.enc, bytes.ct)
  try {
    const key = await crypto.subtle.importKey('raw', bytes.otk, curve, false, ['verify'])
    return await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, bytes.sig, message)
  } catch {
    return false
  }
}

/** Who voted ≤ who fetched a ticket ≤ who was entitled, in every place. */
export function checkIssued(
  { issued }: Bundle,
  { slots }: Manifest,
  ballots: readonly Ballot[],
): readonly [null, string, Step['outcome']] {
  const classes = slots.flatMap((slot) => slot.classes.map((one) => ({ ...one, slot: slot.id })))
  const isOf = (one: { slot: string; id: string }) => (other: { slot: string; class: string }) =>
    other.slot === one.slot && other.class === one.id
  must(
    issued === null || (issued.length === classes.length && classes.every((one) => issued.some(isOf(one)))),
    'the numbers of tickets are not those of the classes in the manifest',
  )
  const told = classes.map((one) => {
    const at = `slot ${one.slot}, class ${one.id}`
    const voted = new Set(
      ballots
        .map(({ cast }) => cast)
        .filter(isOf(one))
        .map(({ otk }) => otk),
    ).size
    const tickets = issued?.find(isOf(one))?.issued
    must(voted <= one.entitled, `${at}: more voted (${voted}) than were entitled (${one.entitled})`)
    must(voted <= (tickets ?? voted), `${at}: more voted (${voted}) than tickets were issued (${tickets})`)
    must((tickets ?? 0) <= one.entitled, `${at}: more tickets (${tickets}) than entitled (${one.entitled})`)
    return `${voted} voted, ${tickets ?? 'an untold number of'} tickets, ${one.entitled} entitled`
  })
  return [null, told.join('; '), issued === null ? 'untold' : 'holds']
}
