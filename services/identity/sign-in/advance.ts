/**
 * What follows when a proof stands: a first one is weighed, a second one is asked for where there is one, and then a session begins.
 * Every way in comes through here.
 */
import type { Arriving, GuessPlace, SignInMethod, Tried, Weighed } from '../proofs.ts'
import type { Answered, Level, Proof, Visitor } from './answers.ts'
import type { Attempts, Kept } from './attempts.ts'
import type { SessionMethod } from './begun.ts'
import { identifierIn } from '../identifier.ts'
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

/** Whose it is, and where they are going. */
type Owned = Pick<Attempt, 'place' | 'remember' | 'isTold'> & {
  readonly account: string
  /** What was written at the beginning, where something was. */
  readonly identifier?: string
}

/** What opens the session, and what was shown last: the same where one proof is enough. */
interface Shown {
  readonly method: SessionMethod
  readonly shown: SignInMethod
  readonly amr: readonly string[]
  readonly level: Level
}

const unweighed: Weighed = { next: 'go', isTold: false }

export function createAdvance<S>(needs: AdvanceNeeds<S>, refused: Refused) {
  const { attempts, settle, hasSecondStep, recognise, weigh, completed, enter, assurance, note } = needs

  /** One more proof stands. Either it is enough, or the next step is asked for. */
  async function proven(kept: Kept, account: string, proof: Proof, visitor: Visitor<S>): Promise<Answered> {
    const { attempt } = kept
    const first = isFirst(proof.method) ? proof.method : null
    const weighed = first === null ? unweighed : await weigh(arriving(account, visitor, false))
    if (weighed.next === 'block') return blocked(kept, account, proof.method, visitor)
    if (first !== null && (weighed.next === 'step-up' || (await hasSecondStep(account)))) {
      await attempts.keep({
        ...kept,
        attempt: { ...attempt, account, proven: [first], isTold: weighed.isTold },
      })
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
      { ...attempt, account, isTold: attempt.isTold || weighed.isTold },
      { method, shown: proof.method, amr, level: proof.level },
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
    { account, identifier = '', place, remember, isTold }: Owned,
    { method, shown: proof, amr, level }: Shown,
    visitor: Visitor<S>,
  ): Promise<Answered> {
    const own = recognise(visitor.known, account)
    const acr = assurance[level]
    const { device, network, current } = visitor
    const isKnown = own !== null
    const seen = { device, network, isKnown, isTold }
    const begun = await enter({ account, method, shown: proof, acr, amr, ...seen, remember, current })
    const who = identifier === '' ? account : identifierIn(identifier)
    await settle(account, { who, from: placeOf(network, own) })
    return { kind: 'in', place, ...begun }
  }

  /** It came without an attempt, so it begins one: a second step may follow. */
  async function firstProof(account: string, proof: Proof, place: Attempt['place'], visitor: Visitor<S>) {
    const begun = { identifier: '', account, proven: [], isTold: false, again: false, remember: false, place }
    const { kept, cookie } = attempts.begin(begun)
    return { answer: await proven(kept, account, proof, visitor), kept, cookie }
  }

  /** For who has shown everything: weighed, unless a proof before was, and let in whatever it says. True when the owner was told. */
  async function weighWhole(
    account: string,
    visitor: Visitor<S>,
    proof: 'only' | 'second',
  ): Promise<boolean> {
    const whole = arriving(account, visitor, true)
    if (proof === 'only') return (await weigh(whole)).isTold
    await completed(whole)
    return false
  }

  return { proven, firstProof, complete, weighWhole }
}

const seen = ({ network, device }: { network: string; device: string }) => ({ network, device })
