/**
 * When the first proof of somebody stands, what is known speaks for or against it: each signal that counts adds its weight, and the
 * score says what is done before there is a session. Asked only of who has proven something, so that no answer, and no time that it
 * takes, tells a stranger who has an account. The owner's own device, and a proof that nobody can pass on, are never refused; what
 * others can bring about refuses nobody and ends nothing; and nothing ends for who has shown one of two factors.
 */
import type { Clock } from '@althing/kernel/context'
import type { Arriving, NoticeKind, Raised, Weighed } from '../proofs.ts'
import type { PlaceOf } from './places.ts'
import {
  actions,
  movedByOthers,
  movedNearby,
  type Action,
  type Facts,
  type Finding,
  type Signal,
} from './schema.ts'
import type { Bands, Policy } from './settings.ts'
import { breachSince, lookAtAll } from './signals.ts'
import type { RiskStore } from './store.ts'

/** What the lines of who came or tried to say of an account. */
export interface Tried {
  readonly tries: number
  readonly networks: number
  readonly lastAt: Date | null
  readonly lastNetwork: string | null
}

/** What lies in the tables about somebody. */
export interface Known extends Pick<Facts, 'failing' | 'came' | 'marks' | 'passwordChangedAt'> {
  readonly tried: Tried
}

interface Needs {
  readonly clock: Clock
  readonly policy: Policy
  readonly placeOf: PlaceOf
  readonly store: RiskStore
  /** All at once. @param network null where it says nothing against anybody */
  readonly known: (account: string, network: string | null, since: Date) => Promise<Known>
  readonly passwordChangedAt: (account: string) => Promise<Date | null>
  readonly hasSecondFactor: (account: string) => Promise<boolean>
  /** Not again and again: an attacker who comes often would fill the owner's mailbox. False when it was not said this time. */
  readonly tellOwner: (account: string, kind: NoticeKind, detail: string) => Promise<boolean>
  readonly endSessions: (account: string) => Promise<unknown>
  readonly raise: (alert: Raised) => Promise<void>
  readonly onSignal: (signal: Signal) => void
  readonly onAction: (action: Action) => void
}

/** Who is looked at: somebody at the door, or an account alone. */
type Looked = Pick<Arriving, 'account' | 'isKnown' | 'isWhole'> & { readonly network: string | null }

export interface Assessment {
  readonly findings: readonly (Finding & { readonly weight: number })[]
  readonly score: number
  /** The score without what others can bring about: sessions end by this one. */
  readonly ownScore: number
  /** And without what others do in the same network: by this one somebody is refused. */
  readonly refusalScore: number
  readonly action: Action
}

export function createRisk(needs: Needs) {
  const { clock, policy, store, tellOwner, endSessions, raise, onSignal, onAction } = needs

  /** What counts at this moment. It changes nothing: an operator may ask it too. */
  async function assess(looked: Looked): Promise<Assessment> {
    const findings = lookAtAll(await factsOf(looked), policy.limits).map((finding) => ({
      ...finding,
      weight: policy.weights[finding.signal],
    }))
    const without = (moved: ReadonlySet<Signal>) =>
      scoreOf(findings.filter(({ signal }) => !moved.has(signal)))
    const scores = {
      score: scoreOf(findings),
      ownScore: without(movedByOthers),
      refusalScore: without(movedNearby),
    }
    const action = spared(actionAt(scores, policy.bands), looked)
    return { findings, ...scores, action: await possible(action, looked) }
  }

  async function factsOf({ account, network, isKnown }: Looked): Promise<Facts> {
    const now = clock.now()
    const since = new Date(now.getTime() - policy.windowMinutes * 60_000)
    const { tried, ...rest } = await needs.known(account, isKnown ? null : network, since)
    const { tries, networks, lastAt, lastNetwork } = tried
    const last = lastAt === null || lastNetwork === null ? null : { at: lastAt, network: lastNetwork }
    const here = network === null ? null : needs.placeOf(network)
    const before = last === null ? null : needs.placeOf(last.network)
    return { now, network, isKnown, last, here, before, tries, networks, ...rest }
  }

  /**
   * A second factor can be asked for only where there is one: whoever has none is told. Where there is one it comes before the end
   * of anything: who has only the password would otherwise sign the owner out.
   */
  async function possible(action: Action, { account, isWhole }: Looked): Promise<Action> {
    if (action !== 'step-up' && (action !== 'end-sessions' || isWhole)) return action
    if (await needs.hasSecondFactor(account)) return 'step-up'
    return action === 'step-up' ? 'notify' : action
  }

  async function weigh(arriving: Arriving): Promise<Weighed> {
    const { account, network, device } = arriving
    const assessment = await assess(arriving)
    const { action } = assessment
    count(assessment)
    if (action === 'nothing') return { next: 'go', isTold: false }
    await raise({
      kind: action === 'block' ? 'blocked-sign-in' : 'unusual-sign-in',
      severity: isGrave(assessment, policy.bands) ? 'high' : 'medium',
      account,
      network,
      signals: counting(assessment),
      at: clock.now(),
    })
    const isTold = await tellOwner(
      account,
      action === 'block' ? 'sign-in-blocked' : 'sign-in-unusual',
      device,
    )
    if (action === 'block') return { next: 'block', isTold }
    if (action === 'end-sessions') await endSessions(account)
    return { next: action === 'step-up' ? 'step-up' : 'go', isTold }
  }

  /** The second factor stands too. What had to wait for it is done; all has been told when the first one was weighed. */
  async function completed(arriving: Arriving): Promise<void> {
    const { action } = await assess({ ...arriving, isWhole: true })
    if (action !== 'end-sessions') return
    onAction(action)
    await endSessions(arriving.account)
  }

  /**
   * Somebody else has a copy of what one application holds, or the application has a fault. Its family has ended already, and nothing
   * else ends: nobody has proven anything. The mark stands since the transaction that ended it; this is a job of the same one, so that no
   * crash in between loses it, and may be done twice: the same sighting is counted once, and its owner told once in an hour.
   */
  async function reused(account: string, at: Date): Promise<void> {
    await raise({
      kind: 'refresh-reuse',
      severity: 'high',
      account,
      network: null,
      signals: ['refresh-reuse'],
      at,
    })
    const assessment = await assess({ account, network: null, isKnown: false, isWhole: false })
    for (const signal of counting(assessment)) onSignal(signal)
    if (assessment.action === 'nothing') return
    onAction('notify')
    await tellOwner(account, 'token-reused', '')
  }

  /** The list said so, after the sign-in. It counts from the next one on, until another password is chosen. */
  async function passwordBreached(account: string): Promise<void> {
    const at = clock.now()
    await store.mark(account, 'breached-password', at)
    onSignal('breached-password')
    await raise({
      kind: 'breached-password',
      severity: 'low',
      account,
      network: null,
      signals: ['breached-password'],
      at,
    })
    await tellOwner(account, 'password-breached', '')
  }

  function count(assessment: Assessment): void {
    for (const signal of counting(assessment)) onSignal(signal)
    onAction(assessment.action)
  }

  const isKnownAsBreached = async (account: string): Promise<boolean> =>
    breachSince(await store.marksOf(account), await needs.passwordChangedAt(account)) !== null

  return { assess, weigh, completed, reused, passwordBreached, isKnownAsBreached }
}
export type Risk = ReturnType<typeof createRisk>

const counting = ({ findings }: Assessment): Signal[] =>
  findings.filter(({ counts }) => counts).map(({ signal }) => signal)

const scoreOf = (findings: Assessment['findings']): number =>
  Math.min(
    100,
    findings.reduce((sum, { counts, weight }) => sum + (counts ? weight : 0), 0),
  )

const severe: readonly Action[] = ['end-sessions', 'block']

type Scores = Pick<Assessment, 'score' | 'ownScore' | 'refusalScore'>

/** The severest whose threshold is reached; what is severe, without what others can bring about. */
const actionAt = ({ score, ownScore, refusalScore }: Scores, bands: Bands): Action => {
  const reached = { notify: score, 'step-up': score, 'end-sessions': ownScore, block: refusalScore }
  return actions.findLast((action) => action !== 'nothing' && reached[action] >= bands[action]) ?? 'nothing'
}

/** By what speaks against it, whatever is done: who has to show a second factor first may still be a thief. */
const isGrave = (scores: Scores, bands: Bands): boolean => severe.includes(actionAt(scores, bands))

/** What is asked for has been shown already by a proof of two factors, and the owner's own device is never shut out. */
function spared(action: Action, { isKnown, isWhole }: Looked): Action {
  if (action === 'block' && (isKnown || isWhole)) return 'end-sessions'
  return action === 'step-up' && isWhole ? 'notify' : action
}
