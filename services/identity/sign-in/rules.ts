/**
 * The conversation of signing in. It knows which step is next: an address, a proof, a second one for who has turned that on, and
 * then a session. What is tried is counted first, by one counter for all of it; every refusal says the same whether or not there is
 * such an account.
 */
import { isFault } from '@althing/kernel/errors'
import type { AuditEntry } from '@althing/kernel/audit'
import { isLongCode } from '../codes.ts'
import type { Asker, Channel, Guess, GuessPlace, Judged } from '../proofs.ts'
import type { Metrics } from '../metrics.ts'
import { createAdvance, type AdvanceNeeds } from './advance.ts'
import type { Answered, FirstProven, Proof, Visitor } from './answers.ts'
import type { Kept } from './attempts.ts'
import { identifierIn } from '../identifier.ts'
import { createCounted, placeOf, type Spend } from './counted.ts'
import { createRefused } from './refused.ts'
import type { Attempt } from './schema.ts'
import { askerOf, codeProofs, isAnother } from './second-step.ts'

interface Person {
  readonly id: string
  readonly status: string
}

interface Needs<S> extends AdvanceNeeds<S> {
  readonly findAccount: (identifier: string) => Promise<Person | null>
  readonly byId: (id: string) => Promise<Person | null>
  /** A right try stays counted until it is taken back, or the sign-in settles it. */
  readonly look: (guess: Guess, check: () => Promise<boolean>) => Promise<Judged>
  readonly takeBack: (guess: GuessPlace & Pick<Guess, 'account'>) => Promise<void>
  /** That place has to wait from now on. Of nobody too: what an answer costs tells nothing. */
  readonly paused: (account: string | null) => Promise<void>
  readonly checkPassword: (account: string | null, password: string) => Promise<boolean>
  readonly checkTotp: (account: string, code: string) => Promise<boolean>
  readonly checkRecoveryCode: (account: string, code: string) => Promise<boolean>
  readonly recoveryCodeUsed: (account: string) => Promise<void>
  readonly checkMailedCode: (asker: Asker, channel: Channel, code: string) => Promise<boolean>
  readonly checkPasskey: (credential: string) => Promise<{ account: string; isRight: boolean } | null>
  readonly takeLink: (token: string) => Promise<string | null>
  readonly spend: Spend
  /** A password that was right, to be looked at later: nobody waits for what comes of it. */
  readonly passwordProven: (account: string, password: string) => Promise<void>
  /** Outside a change: the attempt itself is what is recorded. */
  readonly record: (entry: AuditEntry) => Promise<void>
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
  const { attempts, findAccount, byId, look, takeBack, spend, recognise, metrics } = needs
  const counted = createCounted(needs)
  const refused = createRefused(needs)
  const { proven, firstProof, complete, weighWhole } = createAdvance(needs, refused)

  async function withPassword(kept: Kept, password: string, visitor: Visitor<S>): Promise<Answered> {
    const { identifier, again, account: expected } = kept.attempt
    const person = again && expected !== null ? await byId(expected) : await findAccount(identifier)
    // A pending account has no password yet, and a closed one none that works: the same work, the same answer.
    const account = person?.status === 'active' ? person.id : null
    const answer = await attempted(kept, visitor, {
      person,
      who: calledIn(kept.attempt, person?.id ?? null),
      proof: { method: 'password', amr: ['pwd'], level: 'password' },
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
    const isRecovery = isLongCode(code)
    const answer = await attempted(kept, visitor, {
      person: await byId(account),
      who: calledIn(kept.attempt, account),
      proof: { method: isRecovery ? 'recovery-code' : 'totp', amr: ['otp', 'mfa'], level: 'mfa' },
      factor: isRecovery ? 'recovery-code' : 'totp',
      check: () => (isRecovery ? needs.checkRecoveryCode(account, code) : needs.checkTotp(account, code)),
    })
    if (answer.kind === 'in' && isRecovery) await needs.recoveryCodeUsed(account)
    return answer
  }

  /** A code that this very sign-in has asked for. */
  async function withMailedCode(
    kept: Kept,
    channel: Channel,
    code: string,
    visitor: Visitor<S>,
  ): Promise<Answered> {
    const { account, proven } = kept.attempt
    if (account === null || !isAnother(proven[0], channel)) return { kind: 'expired' }
    return attempted(kept, visitor, {
      person: await byId(account),
      who: calledIn(kept.attempt, account),
      proof: codeProofs[channel],
      factor: `${channel}-code`,
      check: () => needs.checkMailedCode(askerOf(kept, account), channel, code),
    })
  }

  /** A passkey is two factors in one: a thing that somebody has, and their finger, face or PIN. Nothing is left to guess. */
  async function withPasskey(
    kept: Kept | null,
    credential: string,
    visitor: Visitor<S>,
    place: Attempt['place'],
  ): Promise<Answered> {
    metrics.attempted('passkey')
    await spend([['network', visitor.network]])
    const checked = await needs.checkPasskey(credential)
    const person = checked === null ? null : await byId(checked.account)
    const isExpected = kept?.attempt.account == null || kept.attempt.account === person?.id
    metrics.judged('passkey', { kind: checked?.isRight === true && isExpected ? 'right' : 'wrong' })
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
    const isOnly = kept === null || kept.attempt.proven.length === 0
    const isTold = await weighWhole(person.id, visitor, isOnly ? 'only' : 'second')
    const owned = { place, remember: false, ...kept?.attempt, account: person.id }
    return complete(
      { ...owned, isTold: isTold || (kept?.attempt.isTold ?? false) },
      { method: 'passkey', shown: 'passkey', amr: ['pop', 'user', 'mfa'], level: 'passkey' },
      visitor,
    )
  }

  /** The mailbox is one proof. Whoever has turned the second step on shows that too: a link does not go around it. */
  async function withLink(token: string, place: Attempt['place'], visitor: Visitor<S>): Promise<FirstProven> {
    metrics.attempted('link')
    await spend([['network', visitor.network]])
    const account = await needs.takeLink(token)
    const person = account === null ? null : await byId(account)
    if (account === null || person?.status !== 'active') {
      await refused(account === null ? 'expired' : 'inactive', 'link', person, visitor)
      return { answer: { kind: 'expired' } }
    }
    return firstProof(account, { method: 'link', amr: ['email'], level: 'link' }, place, visitor)
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
      return firstProof(account, { method: 'connector', amr: ['fed'], level: 'connector' }, place, visitor)
    await refused('inactive', 'connector', person, visitor)
    return { answer: { kind: 'wrong' } }
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
    const judged = await look(guess, check).catch(async (error: unknown) => {
      if (isFault(error, 'identity.passwords.busy')) metrics.failed('busy')
      throw error
    })
    metrics.judged(method, judged)
    if (judged.kind === 'right') {
      const answer = account === null ? null : await proven(kept, account, proof, visitor)
      // Whoever is in has settled it with the rest.
      if (answer?.kind !== 'in') await takeBack(guess)
      if (answer !== null) return answer
    }
    if (judged.kind === 'locked') {
      await refused('locked', method, person, visitor)
      return { kind: 'locked', retryAfterSeconds: judged.seconds }
    }
    await refused(person !== null && account === null ? 'inactive' : 'wrong', method, person, visitor)
    if (judged.kind === 'wrong' && judged.left === 0) await needs.paused(account)
    return { kind: 'wrong' }
  }

  return { withPassword, withCode, withMailedCode, withPasskey, withLink, withConnector }
}

/** As they have written themselves at the beginning, whether anybody is called so or not: every step of it is counted under that name. */
const calledIn = ({ identifier, again }: Attempt, account: string | null): string =>
  account !== null && (again || identifier === '') ? account : identifierIn(identifier)

export type SignIn<S> = ReturnType<typeof createSignIn<S>>
