/**
 * Somebody who is signed in shows a factor once more, before what matters is changed. It is counted, noted and told as at the door:
 * else whoever has an open session guesses there what they may not guess here. Too many wrong ones in one session, from however many
 * networks, and that session is over: a stolen one is worth no more than a few tries.
 */
import type { AuditEntry } from '@althing/kernel/audit'
import type { Metrics } from '../metrics.ts'
import type { Confirm, Confirmer, Guess, Judged, Tried } from '../proofs.ts'
import { placeOf } from './counted.ts'
import { createRefused } from './refused.ts'

interface Needs {
  /** Counted before it is checked; a right one is taken back. */
  readonly judge: (guess: Guess, check: () => Promise<boolean>) => Promise<Judged>
  readonly recognise: (cookie: string | undefined, account: string) => string | null
  readonly note: (event: Tried) => Promise<void>
  readonly record: (entry: AuditEntry) => Promise<void>
  readonly recoveryCodeUsed: (account: string) => Promise<void>
  /** The session ends, and its owner hears why. */
  readonly end: (account: string, session: string) => Promise<void>
  readonly metrics: Pick<Metrics, 'attempted' | 'judged' | 'failed'>
}

/** A session may last for weeks: who guesses slowly in it is not to begin anew every quarter of an hour. */
const minutesInSession = 1440

export function createConfirming(needs: Needs): Confirm {
  const { judge, recognise, record, recoveryCodeUsed, end, metrics } = needs
  const refused = createRefused({ ...needs, door: 'confirm' })

  return async function confirm(who, factor, check) {
    metrics.attempted(factor)
    const { here, inSession } = await counted(who, factor, check)
    metrics.judged(factor, here)
    const { account, session } = who
    if (here.kind === 'right') {
      await record(right(factor, account))
      if (factor === 'recovery-code') await recoveryCodeUsed(account)
      return here
    }
    await refused(here.kind, factor, { id: account }, who)
    if (session !== null && isOver(inSession)) {
      await end(account, session)
      return { kind: 'ended' }
    }
    return here.kind === 'wrong' ? { kind: 'wrong' } : here
  }

  /** In its session first, so that many at once in many networks are as many. */
  async function counted(who: Confirmer, factor: Guess['factor'], check: () => Promise<boolean>) {
    const { account, session } = who
    const own = recognise(who.known, account)
    const place = { who: account, account, factor, from: placeOf(who.network, own), isKnown: own !== null }
    if (session === null) return { here: await judge(place, check), inSession: null }
    const seen: { here?: Judged } = {}
    const inSession = await judge(
      { ...place, from: `session ${session}`, isKnown: true, minutes: minutesInSession },
      async () => (seen.here = await judge(place, check)).kind === 'right',
    )
    return { here: seen.here ?? inSession, inSession }
  }
}

const isOver = (judged: Judged | null): boolean =>
  judged?.kind === 'locked' || (judged?.kind === 'wrong' && judged.left <= 0)

const right = (factor: Guess['factor'], id: string): AuditEntry => ({
  action: `confirm.${factor}`,
  actor: `person:${id}`,
  target: { type: 'Account', id },
  outcome: 'done',
})
