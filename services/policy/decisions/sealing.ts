/** A decision as it is written: with the hash that its batch is made of, and of everything in it. */
import { hash } from 'node:crypto'
import { canonicalJson } from '@althing/kernel/crypto/canonical.ts'
import type { Decision, Line, Stored } from './schema.ts'

export function sealed(decision: Decision, salt: Uint8Array): Line {
  const { id, at } = decision
  const seen = canonicalJson(decision.seen)
  const salted = hexOf(salt)
  const seenHash = decision.seen === null ? null : seenHashOf(seen, salted)
  const text = textOf(decision, personsIn(decision), seenHash)
  return { id, at, text, seen, salt: salted, hash: sha256(text) }
}

/** Whether the row is what was written; of one that a person was erased from, whether the rest is. */
export function isIntact(row: Stored): boolean {
  const { seen, seenSalt, seenHash } = row
  if (sha256(textOfStored(row)) !== hexOf(row.hash)) return false
  if (seen === null) return true
  return (
    seenSalt !== null &&
    seenHash !== null &&
    seenHashOf(canonicalJson(seen), hexOf(seenSalt)) === hexOf(seenHash)
  )
}

/** Of a batch: the hashes of its rows, in hex, one after the other. */
export const batchDigest = (hashes: readonly string[]): string => sha256(Buffer.from(hashes.join(''), 'hex'))

/**
 * What the hash of a row is of, and what the row itself is made from: canonical JSON (RFC 8785), of which only the hash of what was seen is a
 * part. Its members are in their order already, for this is done for every decision; whoever compares has them put in order. What nobody
 * outside was asked about is written as before there was anybody to ask.
 */
function textOf(made: Decision, persons: readonly string[], seenHash: string | null): string {
  const { outside } = made
  const json = canonicalJson
  return (
    `{"action":${json(made.action)},"at":"${made.at.toISOString()}","cached":${made.cached},"caller":${json(made.caller)},` +
    `"decision":${made.decision},"determining":${json(made.determining)},"digest":${json(made.digest)},"errors":${json(made.errors)},` +
    `"id":${json(made.id)},"microseconds":${json(made.microseconds)},${outside === null ? '' : `"outside":${json(outside)},`}` +
    `"persons":${json(persons)},"policies":${json(made.policies)},"request":${json(made.request)},"resource":${json(made.resource)},` +
    `"seen":${json(seenHash)},"subject":${json(made.subject)},"world":${json(made.world)}}`
  )
}

function textOfStored({
  at,
  seen: _seen,
  seenSalt: _salt,
  seenHash,
  hash: _hash,
  batch: _batch,
  place: _place,
  outside,
  ...row
}: Stored): string {
  const said = outside === null ? {} : { outside }
  const seen = seenHash === null ? null : hexOf(seenHash)
  return canonicalJson({ ...row, ...said, at: at.toISOString(), seen })
}

const seenHashOf = (seen: string, salt: string): string => sha256(`${salt} ${seen}`)

const sha256 = (what: string | Uint8Array): string => hash('sha256', what, 'hex')

export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** Of whom something is known here: the two who were asked about as well, once each and in order. */
function personsIn({ subject, resource, seen }: Decision): string[] {
  const found = new Set<string>()
  for (const { type, id } of [subject, resource, ...(seen?.entities ?? [])])
    if (type === 'Person') found.add(id)
  return [...found].sort()
}
