/**
 * Emergency access lends a higher role to somebody who looks after the house already, and so lasts no longer than that: whoever has no office any more
 * loses it in the transaction in which policy hears of it, with the version of the policies that comes of that. Where somebody agreed in that very
 * moment, or nobody could be told, the next look ends it.
 */
import { decidesAbout, duties } from '../contract.ts'
import type { Changing, Parts } from './changing.ts'
import { fault } from './faults.ts'
import { fallWith } from './hanging.ts'
import type { Override, Standing } from './schema.ts'
import { lineOf } from './showing.ts'
import type { Fallen } from './store.ts'

/** For so long an office that was just given may not have been heard of: what could not be told is told again every five minutes. */
const unheardMs = 10 * 60_000

/** Whoever may be lent something in an emergency: an organisation's own policies may let nobody else ask for it (emergency.ts). */
export const hasOffice = (roles: readonly string[]): boolean =>
  decidesAbout('emergency', roles) || duties.some((duty) => roles.includes(duty))

/** @throws Fault policy.overrides.busy when somebody else has published in this moment: whoever tells of the role tells it again */
export async function endWithOffice(
  parts: Parts,
  { person, roles }: { readonly person: string; readonly roles: readonly string[] },
  done: Fallen,
): Promise<void> {
  if (hasOffice(roles)) return
  const theirs = (await parts.store.standingOf(person, done.at)).filter(({ kind }) => kind === 'emergency')
  if (theirs.length === 0) return
  await endAll(parts, theirs, done)
  if ((await parts.publish(done.by)) === null) throw fault.busy(undefined, { retryAfterSeconds: 1 })
}

/** What nobody has ended in the moment in which it should have. @param rolesOf what identity said last; null of whoever is not known */
export async function endUnheld(
  { changing, standing }: { readonly changing: Changing; readonly standing: readonly Standing[] },
  rolesOf: (subject: Override['subject']) => Promise<readonly string[] | null>,
  done: Fallen,
): Promise<void> {
  const heardBy = done.at.getTime() - unheardMs
  for (const one of standing) {
    if (one.kind !== 'emergency' || (one.decidedAt?.getTime() ?? 0) > heardBy) continue
    const roles = await rolesOf(one.subject)
    if (roles === null || hasOffice(roles)) continue
    await changing(done.by, (parts) => endAll(parts, [one], done))
  }
}

async function endAll(parts: Parts, standing: readonly Standing[], done: Fallen): Promise<void> {
  const { store, record, tell } = parts
  const { by, why, at } = done
  for (const one of standing) {
    await store.holdLoans(one.subject.id, at)
    const [ended] = await store.endStanding(one.id, done)
    if (ended === undefined) continue
    await record(lineOf('ended', ended, by, why))
    await tell(ended, by)
    await fallWith(parts, one, done)
  }
}
