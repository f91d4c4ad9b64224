/**
 * A “no” about somebody or something that there is not would be taken for an answer about them: most often they are mistyped. So an explanation says of whom
 * or what nothing is known, and what may have been meant. Elections, programs and the like nobody tells policy of: nothing is said of them.
 */
import { nearestTo } from '@althing/kernel/service/near.ts'
import type { Question, Snapshot } from '../deciding.ts'
import { createGivingWay } from '../giving-way.ts'
import type { Ref } from '../known.ts'
import { ownKinds, servicesIn } from './finding.ts'
import type { Unknown } from './schema.ts'
import { unknownWords } from './words.ts'

export async function unknownIn({ principal, resource }: Question, snapshot: Snapshot): Promise<Unknown[]> {
  const asked = [principal, resource].map(({ type, id }) => ({ type, id }))
  const [who, what] = asked
  const isOne = who?.type === what?.type && who?.id === what?.id
  const found = []
  for (const one of isOne ? asked.slice(1) : asked) found.push(await unknown(one, snapshot))
  return found.filter((one) => one !== null)
}

/** There may be a million others, and nobody waits until all of them are seen. */
async function unknown({ type, id }: Ref, snapshot: Snapshot): Promise<Unknown | null> {
  const others = othersOf(type, snapshot)
  if (others === null || snapshot.knows(type, id)) return null
  const [nearest, giveWay] = [nearestTo(id), createGivingWay()]
  let seen = 0
  for (const other of others) {
    if (other === id) return null
    nearest.see(other)
    if ((seen += 1) % seenAtOnce === 0) await giveWay()
  }
  const meant = nearest.found() ?? null
  return { type, id, meant, words: unknownWords({ type, id }, meant) }
}

/** They take less than a millisecond. */
const seenAtOnce = 500

/** Null of a kind of which nobody tells. */
function othersOf(type: string, snapshot: Snapshot): Iterable<string> | null {
  if (type === 'Service') return servicesIn(snapshot).map(({ id }) => id)
  const [one] = snapshot.idsOf(type, undefined)
  const isTold = type === 'Person' || (one !== undefined && !ownKinds.includes(type))
  return isTold ? snapshot.idsOf(type, undefined) : null
}
