/** A decision as it is written: with the hash that its batch is made of, and of everything in it. */
import { createHash } from 'node:crypto'
import { canonicalJson } from '@althing/kernel/crypto/canonical.ts'
import type { Decision, Line, Stored } from './schema.ts'

/** @returns the line, and about how much room it takes */
export function sealed(
  decision: Decision,
  salt: Uint8Array,
): { readonly line: Line; readonly bytes: number } {
  const seen = canonicalJson(decision.seen)
  const seenHash = decision.seen === null ? null : seenHashOf(seen, salt)
  const persons = personsIn(decision)
  const hash = hashOf({ ...decision, persons }, seenHash)
  return { line: { ...decision, persons, seenSalt: salt, seenHash, hash }, bytes: 1000 + 2 * seen.length }
}

/** Whether the row is what was written; of one that a person was erased from, whether the rest is. */
export function isIntact({
  seenSalt,
  seenHash,
  hash,
  batch: _batch,
  place: _place,
  ...row
}: Stored): boolean {
  if (!hashOf(row, seenHash).equals(hash)) return false
  if (row.seen === null) return true
  return (
    seenSalt !== null && seenHash !== null && seenHashOf(canonicalJson(row.seen), seenSalt).equals(seenHash)
  )
}

/** Of a batch: the hashes of its rows, one after the other, in hex. */
export function batchDigest(rows: readonly Pick<Line, 'hash'>[]): string {
  const digest = createHash('sha256')
  for (const { hash } of rows) digest.update(hash)
  return digest.digest('hex')
}

/** What nobody outside was asked about is hashed as before there was anybody to ask. */
function hashOf(
  { at, seen: _seen, outside, ...row }: Decision & Pick<Line, 'persons'>,
  seenHash: Uint8Array | null,
): Buffer {
  const seen = seenHash === null ? null : Buffer.from(seenHash).toString('hex')
  const said = outside === null ? {} : { outside }
  return sha256(canonicalJson({ ...row, ...said, at: at.toISOString(), seen }))
}

const seenHashOf = (seen: string, salt: Uint8Array): Buffer =>
  sha256(`${Buffer.from(salt).toString('hex')} ${seen}`)

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Of whom something is known here: the two who were asked about as well, once each and in order. */
function personsIn({ subject, resource, seen }: Decision): string[] {
  const all = [subject, resource, ...(seen?.entities ?? [])]
  return [...new Set(all.flatMap(({ type, id }) => (type === 'Person' ? [id] : [])))].sort()
}
