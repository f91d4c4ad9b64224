/**
 * What follows when a proof stands: a first one is weighed, a second one is asked for where there is one, and then a session begins.
 * Every way in comes through here.
 */
import type { Arriving, GuessPlace, SignInMethod, Tried, Weighed } from '../proofs.ts'
import type { Answered, Level, Proof, Visitor } from './answers.ts'
import type { Attempts, Kept } from './attempts.ts'
import type { SessionMethod } from './begun.ts'
import { placeOf } from './counted.ts'
import type { Enter } from './entrance.ts'
import type { Refused } from './refused.ts'
import type { Attempt } from './schema.ts'
import { isFirst, shown } from './second-step.ts'

export interface AdvanceNeeds<S> {
  readonly attempts: Attempts
  readonly settle: (account: string, place: GuessPlace) => Promise<void>
  readonly hasSecondStep: (account: string) => Promise<boolean>
  /** The id of a device from which somebody has signed in to this account before. */
  readonly recognise: (cookie: string | undefined, account: string | null) => string | null
  /** What speaks against somebody whose first proof stands; what is done about it beside the answer is done then. */
  readonly weigh: (arriving: Arriving) => Promise<Weighed>
  /** What had to wait until the second proof stands too. */
  readonly completed: (arriving: Arriving) => Promise<void>
  readonly enter: Enter<S>
  /** How strong a session each way in makes, in the words of the OpenID engine. */
  readonly assurance: Readonly<Record<Level, string>>
  readonly note: (event: Tried) => Promise<void>
}

export function createAdvance<S>(needs: AdvanceNeeds<S>, refused: Refused) {
  const { attempts, settle, hasSecondStep, recognise, weigh, completed, enter, assurance, note } = needs

  /** One more proof stands. Either it is enough, or the next step is asked for. */
  async function proven(kept: Kept, account: string, proof: Proof, visitor: Visitor<S>): Promise<Answered> {
    const { attempt } = kept
    const first = isFirst(proof.method) ? proof.method : null
    const weighed = first === null ? 'go' : await weigh(arriving(account, visitor, false))
    if (weighed === 'block') return blocked(kept, account, proof.method, visitor)
    if (first !== null && (weighed === 'step-up' || (await hasSecondStep(account)))) {
      await attempts.keep({ ...kept, attempt: { ...attempt, account, proven: [first] } })
      await note({ account, method: proof.method, result: 'step', ...seen(visitor) })
      return { kind: 'next', step: 'code' }
    }
    const before = attempt.proven.map((one) => shown[one])
    const amr = first === null ? [...before, ...proof.amr] : proof.amr
    // A second step without a first cannot be: it is asked for by the attempt that has the first.
    const method = attempt.proven[0] ?? first
    if (method === null || !(await attempts.end(kept))) return { kind: 'expired' }
    if (first === null) await weighWhole(account, visitor, 'second')
    return complete(
      { account, place: attempt.place, remember: attempt.remember },
      { method, amr, level: proof.level },
      visitor,
    )
  }

  /** Its attempt is over: the same proof again begins anew, and is weighed anew. */
  async function blocked(
    kept: Kept,
    id: string,
    method: SignInMethod,
    visitor: Visitor<S>,
  ): Promise<Answered> {
    await attempts.end(kept)
    await refused('risk', method, { id }, visitor)
    return { kind: 'blocked', place: kept.attempt.place }
  }

  const arriving = (account: string, { network, device, known }: Visitor<S>, isWhole: boolean) => ({
    account,
    network,
    device,
    isKnown: recognise(known, account) !== null,
    isWhole,
  })

  async function complete(
    { account, place, remember }: { account: string; place: Attempt['place']; remember: boolean },
    { method, amr, level }: { method: SessionMethod; amr: readonly string[]; level: Level },
    visitor: Visitor<S>,
  ): Promise<Answered> {
    const own = recognise(visitor.known, account)
    const acr = assurance[level]
    const { device, network, current } = visitor
    const isKnown = own !== null
    const begun = await enter({ account, method, acr, amr, device, network, isKnown, remember, current })
    await settle(account, { who: account, from: placeOf(network, own) })
    return { kind: 'in', place, ...begun }
  }

  /** It came without an attempt, so it begins one: a second step may follow. */
  async function firstProof(account: string, proof: Proof, place: Attempt['place'], visitor: Visitor<S>) {
    const begun = { identifier: '', account, proven: [], again: false, remember: false, place }
    const { kept, cookie } = attempts.begin(begun)
    return { answer: await proven(kept, account, proof, visitor), kept, cookie }
  }

  /** For who has shown everything: weighed, unless a proof before was, and let in whatever it says. */
  async function weighWhole(account: string, visitor: Visitor<S>, proof: 'only' | 'second'): Promise<void> {
    const whole = arriving(account, visitor, true)
    if (proof === 'only') await weigh(whole)
    else await completed(whole)
  }

  return { proven, firstProof, complete, weighWhole }
}

const seen = ({ network, device }: { network: string; device: string }) => ({ network, device })
