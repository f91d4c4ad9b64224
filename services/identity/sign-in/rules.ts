/**
 * The conversation of signing in. It knows which step is next: an address, a proof, a second one for who has turned that on, and
 * then a session. What is tried is counted first, by one counter for all of it; every refusal says the same whether or not there is
 * such an account.
 */
import { isFault } from '@althing/kernel/errors'
import type { AuditEntry } from '@althing/kernel/audit'
import type { Arriving, Guess, GuessPlace, Judged, SignInMethod, Tried as Line, Weighed } from '../proofs.ts'
import type { Metrics } from '../metrics.ts'
import type { Attempts, AttemptCookie as Cookie, Kept } from './attempts.ts'
import type { Begun, SessionMethod } from './begun.ts'
import { createCounted, placeOf, type Slowed } from './counted.ts'
import type { Enter } from './entrance.ts'
import { createRefused } from './refused.ts'
import type { Attempt } from './schema.ts'

interface Person {
  readonly id: string
  readonly status: string
}

/** What is asked for next, by the name of its page. */
export type NextStep = 'code'

/** Who is at the door, as far as the request tells. */
export interface Visitor<S> {
  readonly network: string
  readonly device: string
  /** What the browser has kept since an earlier sign-in. */
  readonly known: string | undefined
  readonly current: S | null
}

export type Answered =
  | ({ readonly kind: 'in'; readonly place: Attempt['place'] } & Begun)
  | { readonly kind: 'next'; readonly step: NextStep }
  | { readonly kind: 'wrong' | 'expired' }
  | Slowed
  /** Proven, and refused all the same: it looked like somebody else. */
  | { readonly kind: 'blocked'; readonly place: Attempt['place'] }

/** What came of a first proof that came without an attempt: with the one that it began, when it did. */
export interface FirstProven {
  readonly answer: Answered
  readonly kept?: Kept
  readonly cookie?: Cookie
}

/** One proof: what was tried, whose it would be, and how strong a session it makes. */
interface Proof {
  readonly method: SignInMethod
  /** What was shown, in the words of RFC 8176. */
  readonly amr: readonly string[]
}

interface Needs<S> {
  readonly attempts: Attempts
  readonly findAccount: (identifier: string) => Promise<Person | null>
  readonly byId: (id: string) => Promise<Person | null>
  readonly judge: (guess: Guess, check: () => Promise<boolean>) => Promise<Judged>
  readonly settle: (account: string, place: GuessPlace) => Promise<void>
  readonly checkPassword: (account: string | null, password: string) => Promise<boolean>
  readonly checkTotp: (account: string, code: string) => Promise<boolean>
  readonly checkRecoveryCode: (account: string, code: string) => Promise<boolean>
  readonly recoveryCodeUsed: (account: string) => Promise<void>
  readonly checkPasskey: (credential: string) => Promise<{ account: string; isRight: boolean } | null>
  readonly takeLink: (token: string) => Promise<string | null>
  readonly hasSecondStep: (account: string) => Promise<boolean>
  readonly spend: (name: 'account' | 'everywhere' | 'network', who: string) => Promise<void>
  /** The id of a device from which somebody has signed in to this account before. */
  readonly recognise: (cookie: string | undefined, account: string | null) => string | null
  /** What speaks against somebody whose first proof stands; what is done about it beside the answer is done then. */
  readonly weigh: (arriving: Arriving) => Promise<Weighed>
  /** A password that was right, to be looked at later: nobody waits for what comes of it. */
  readonly passwordProven: (account: string, password: string) => Promise<void>
  readonly enter: Enter<S>
  /** How strong a session each way in makes, in the words of the OpenID engine. */
  readonly assurance: Readonly<Record<SessionMethod | 'mfa', string>>
  /** Outside a change: the attempt itself is what is recorded. */
  readonly record: (entry: AuditEntry) => Promise<void>
  readonly note: (event: Line) => Promise<void>
  readonly metrics: Metrics
}

/** One try that can be wrong: whose it would be, and how it is looked at. */
interface Tried {
  readonly person: Person | null
  readonly who: string
  readonly proof: Proof
  readonly factor: Guess['factor']
  readonly check: () => Promise<boolean>
}

export function createSignIn<S>(needs: Needs<S>) {
  const { attempts, findAccount, byId, judge, spend, recognise, weigh, enter, note, metrics } = needs
  const counted = createCounted(needs)
  const refused = createRefused(needs)

  async function withPassword(kept: Kept, password: string, visitor: Visitor<S>): Promise<Answered> {
    const { identifier, again, account: expected } = kept.attempt
    const person = again && expected !== null ? await byId(expected) : await findAccount(identifier)
    // A pending account has no password yet, and a closed one none that works: the same work, the same answer.
    const account = person?.status === 'active' ? person.id : null
    const answer = await attempted(kept, visitor, {
      person,
      who: person?.id ?? identifier,
      proof: { method: 'password', amr: ['pwd'] },
      factor: 'password',
      check: () => needs.checkPassword(account, password),
    })
    // Only once it has opened something: a factor that is shut must not tell, by taking longer, that the password was right.
    if (account !== null && ['in', 'next', 'blocked'].includes(answer.kind))
      await needs.passwordProven(account, password)
    return answer
  }

  /** The second step. Whose it is was proven by the first: nothing of the request says it. */
  async function withCode(kept: Kept, code: string, visitor: Visitor<S>): Promise<Answered> {
    const { account, proven } = kept.attempt
    if (account === null || proven.length === 0) return { kind: 'expired' }
    const isRecovery = code.replaceAll(/[^0-9a-zA-Z]/g, '').length > 8
    const answer = await attempted(kept, visitor, {
      person: await byId(account),
      who: account,
      proof: { method: isRecovery ? 'recovery-code' : 'totp', amr: ['otp'] },
      factor: isRecovery ? 'recovery-code' : 'totp',
      check: () => (isRecovery ? needs.checkRecoveryCode(account, code) : needs.checkTotp(account, code)),
    })
    if (answer.kind === 'in' && isRecovery) await needs.recoveryCodeUsed(account)
    return answer
  }

  /** A passkey is two factors in one: a thing that somebody has, and their finger, face or PIN. Nothing is left to guess. */
  async function withPasskey(
    kept: Kept | null,
    credential: string,
    visitor: Visitor<S>,
    place: Attempt['place'],
  ): Promise<Answered> {
    metrics.attempted('passkey')
    await spend('network', visitor.network)
    const checked = await needs.checkPasskey(credential)
    const person = checked === null ? null : await byId(checked.account)
    const isExpected = kept?.attempt.account == null || kept.attempt.account === person?.id
    if (checked?.isRight !== true || person?.status !== 'active' || !isExpected) {
      await refused(
        checked?.isRight === true && isExpected ? 'inactive' : 'wrong',
        'passkey',
        person,
        visitor,
      )
      return { kind: 'wrong' }
    }
    if (kept !== null && !(await attempts.end(kept))) return { kind: 'expired' }
    // As a second step it follows a proof that was weighed. A passkey is never refused for how it looks.
    if (kept === null || kept.attempt.proven.length === 0) await weigh(arriving(person.id, visitor, true))
    return complete(
      { account: person.id, place: kept?.attempt.place ?? place, remember: kept?.attempt.remember ?? false },
      { method: 'passkey', amr: ['pop', 'user', 'mfa'] },
      visitor,
    )
  }

  /** The mailbox is one proof. Whoever has turned the second step on shows that too: a link does not go around it. */
  async function withLink(token: string, place: Attempt['place'], visitor: Visitor<S>): Promise<FirstProven> {
    metrics.attempted('link')
    await spend('network', visitor.network)
    const account = await needs.takeLink(token)
    const person = account === null ? null : await byId(account)
    if (account === null || person?.status !== 'active') {
      await refused(account === null ? 'expired' : 'inactive', 'link', person, visitor)
      return { answer: { kind: 'expired' } }
    }
    return firstProof(account, { method: 'link', amr: ['email'] }, place, visitor)
  }

  /** Who another provider says it is, linked by its owner before. It is one proof, as a password is. */
  async function withConnector(
    account: string,
    place: Attempt['place'],
    visitor: Visitor<S>,
  ): Promise<FirstProven> {
    metrics.attempted('connector')
    const person = await byId(account)
    if (person?.status === 'active')
      return firstProof(account, { method: 'connector', amr: ['fed'] }, place, visitor)
    await refused('inactive', 'connector', person, visitor)
    return { answer: { kind: 'wrong' } }
  }

  /** It came without an attempt, so it begins one: a second step may follow. */
  async function firstProof(account: string, proof: Proof, place: Attempt['place'], visitor: Visitor<S>) {
    const begun = { identifier: '', account, proven: [], again: false, remember: false, place }
    const { kept, cookie } = await attempts.begin(begun)
    return { answer: await proven(kept, account, proof, visitor), kept, cookie }
  }

  async function attempted(kept: Kept, visitor: Visitor<S>, tried: Tried): Promise<Answered> {
    const { person, who, proof, factor, check } = tried
    const { method } = proof
    metrics.attempted(method)
    const own = recognise(visitor.known, person?.id ?? null)
    const limited = await counted(who, visitor, own)
    if (limited !== null) return limited
    const account = person?.status === 'active' ? person.id : null
    const guess = { who, from: placeOf(visitor.network, own), account, factor, isKnown: own !== null }
    const judged = await judge(guess, check).catch(async (error: unknown) => {
      if (isFault(error, 'identity.passwords.busy')) metrics.failed('busy')
      throw error
    })
    if (judged.kind === 'right' && account !== null) return proven(kept, account, proof, visitor)
    if (judged.kind === 'locked') {
      await refused('locked', method, person, visitor)
      return { kind: 'locked', retryAfterSeconds: judged.seconds }
    }
    await refused(person !== null && account === null ? 'inactive' : 'wrong', method, person, visitor)
    return { kind: 'wrong' }
  }

  /** One more proof stands. Either it is enough, or the next step is asked for. */
  async function proven(kept: Kept, account: string, proof: Proof, visitor: Visitor<S>): Promise<Answered> {
    const { attempt } = kept
    const first = isFirst(proof.method) ? proof.method : null
    const weighed = first === null ? 'go' : await weigh(arriving(account, visitor, false))
    if (weighed === 'block') return blocked(kept, account, proof.method, visitor)
    if (first !== null && (weighed === 'step-up' || (await needs.hasSecondStep(account)))) {
      await attempts.keep({ ...kept, attempt: { ...attempt, account, proven: [first] } })
      await note({ account, method: proof.method, result: 'step', ...seen(visitor) })
      return { kind: 'next', step: 'code' }
    }
    const before = attempt.proven.map((one) => shown[one])
    const amr = first === null ? [...before, ...proof.amr, 'mfa'] : proof.amr
    // A second step without a first cannot be: it is asked for by the attempt that has the first.
    const method = attempt.proven[0] ?? first
    if (method === null || !(await attempts.end(kept))) return { kind: 'expired' }
    return complete({ account, place: attempt.place, remember: attempt.remember }, { method, amr }, visitor)
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
    { method, amr }: { method: SessionMethod; amr: readonly string[] },
    visitor: Visitor<S>,
  ): Promise<Answered> {
    const own = recognise(visitor.known, account)
    const acr = needs.assurance[amr.includes('pop') ? 'passkey' : amr.includes('mfa') ? 'mfa' : method]
    const { device, network, current } = visitor
    const isKnown = own !== null
    const begun = await enter({ account, method, acr, amr, device, network, isKnown, remember, current })
    await needs.settle(account, { who: account, from: placeOf(network, own) })
    return { kind: 'in', place, ...begun }
  }

  return { withPassword, withCode, withPasskey, withLink, withConnector }
}

type First = Attempt['proven'][number]

/** In the words of RFC 8176, and our own where it has none. */
const shown: Readonly<Record<First, string>> = { password: 'pwd', link: 'email', connector: 'fed' }
const isFirst = (method: SignInMethod): method is First => Object.hasOwn(shown, method)

const seen = ({ network, device }: { network: string; device: string }) => ({ network, device })

export type SignIn<S> = ReturnType<typeof createSignIn<S>>
