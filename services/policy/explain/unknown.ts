/**
 * A “no” about somebody or something that there is not would be taken for an answer about them: most often they are mistyped. So an explanation says of whom
 * or what nothing is known, and what may have been meant. Elections, programs and the like nobody tells policy of: nothing is said of them.
 */
import { near } from '@althing/kernel/service/near.ts'
import type { Question, Snapshot } from '../deciding.ts'
import type { Ref } from '../known.ts'
import { ownKinds, servicesIn } from './finding.ts'
import type { Unknown } from './schema.ts'
import { unknownWords } from './words.ts'

export function unknownIn({ principal, resource }: Question, snapshot: Snapshot): Unknown[] {
  const asked = [principal, resource].map(({ type, id }) => ({ type, id }))
  const [who, what] = asked
  const isOne = who?.type === what?.type && who?.id === what?.id
  return (isOne ? asked.slice(1) : asked).flatMap((one) => unknown(one, snapshot) ?? [])
}

function unknown({ type, id }: Ref, snapshot: Snapshot): Unknown | null {
  const others = othersOf(type, snapshot)
  if (others === null || snapshot.knows(type, id)) return null
  const alike: string[] = []
  for (const other of others) {
    if (other === id) return null
    if (alike.length < alikeAtMost && isAlike(id, other)) alike.push(other)
  }
  const meant = near(id, alike) ?? null
  return { type, id, meant, words: unknownWords({ type, id }, meant) }
}

/** Null of a kind of which nobody tells. */
function othersOf(type: string, snapshot: Snapshot): Iterable<string> | null {
  if (type === 'Service') return servicesIn(snapshot).map(({ id }) => id)
  const [one] = snapshot.idsOf(type, undefined)
  const isTold = type === 'Person' || (one !== undefined && !ownKinds.includes(type))
  return isTold ? snapshot.idsOf(type, undefined) : null
}

/** Each of them is measured letter by letter, and there may be a million. */
const alikeAtMost = 500

/** Of a word that is near, one of four parts is as it was: three letters at most are others. */
function isAlike(word: string, other: string): boolean {
  if (Math.abs(word.length - other.length) > 3) return false
  const length = Math.max(1, Math.ceil(word.length / 4))
  const [written, known] = [word.toLowerCase(), other.toLowerCase()]
  for (let at = 0; at < word.length; at += length)
    if (known.includes(written.slice(at, at + length))) return true
  return false
}
