/**
 * The conversation of signing in: what was tried is counted first, every refusal says the same whether or not there is such
 * an account, and who has proven who they are gets a new session.
 */
import { isFault } from '@althing/kernel/errors'
import type { AuditEntry } from '@althing/kernel/audit'
import type { FailureReason, Metrics } from '../metrics.ts'

interface Person {
  readonly id: string
  readonly status: string
}

type Checked =
  | { readonly kind: 'right' }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'locked'; readonly seconds: number }

export interface Begun {
  readonly session: {
    readonly id: string
    readonly account: string
    readonly amr: readonly string[]
    readonly authTime: Date
    readonly method: 'password' | 'eid'
  }
  readonly token: string
}

interface Needs<S> {
  readonly findAccount: (identifier: string) => Promise<Person | null>
  readonly check: (attempt: {
    identifier: string
    /** The known device, or else the network: what is locked for a while when too many were wrong. */
    from: string
    account: string | null
    password: string
  }) => Promise<Checked>
  readonly spend: (name: 'account' | 'everywhere' | 'network', who: string) => Promise<void>
  /** The id of a device from which somebody has signed in to this account before. */
  readonly recognise: (cookie: string | undefined, account: string | null) => string | null
  readonly begin: (
    proof: { account: string; method: 'password' | 'eid'; device: string; network: string },
    current: S | null,
  ) => Promise<Begun>
  /** Outside a change: the attempt itself is what is recorded. */
  readonly record: (entry: AuditEntry) => Promise<void>
  readonly identified: (account: string) => Promise<void>
  readonly metrics: Metrics
}

interface Attempt<S> {
  readonly identifier: string
  readonly password: string
  readonly network: string
  readonly device: string
  /** What the browser has kept since an earlier sign-in. */
  readonly known: string | undefined
  readonly current: S | null
}

export type SignedIn =
  | ({ readonly kind: 'in' } & Begun)
  | { readonly kind: 'wrong' }
  | { readonly kind: 'locked' | 'too_many'; readonly retryAfterSeconds: number }

export function createSignIn<S>({
  findAccount,
  check,
  spend,
  recognise,
  begin,
  record,
  identified,
  metrics,
}: Needs<S>) {
  async function withPassword(attempt: Attempt<S>): Promise<SignedIn> {
    metrics.attempted('password')
    const { identifier, password, network, device, current } = attempt
    const person = await findAccount(identifier)
    const own = recognise(attempt.known, person?.id ?? null)
    const limited = await counted(identifier, network, own)
    if (limited !== null) return limited
    // A pending account has no password yet, and a closed one none that works: the same work, the same answer.
    const account = person?.status === 'active' ? person.id : null
    const checked = await busy(() => check({ identifier, from: placeOf(network, own), account, password }))
    if (checked.kind !== 'right' || account === null) {
      await failed(
        checked.kind === 'locked' ? 'locked' : person !== null && account === null ? 'inactive' : 'wrong',
        person,
      )
      return checked.kind === 'locked'
        ? { kind: 'locked', retryAfterSeconds: checked.seconds }
        : { kind: 'wrong' }
    }
    const begun = await begin({ account, method: 'password', device, network }, current)
    await identified(account)
    metrics.succeeded()
    return { kind: 'in', ...begun }
  }

  /**
   * The address first, the network second: a hall of people behind one address must get in. A known device is counted by
   * itself, so that whatever strangers try elsewhere, its owner gets in; the ceiling over all networks is for strangers.
   */
  async function counted(identifier: string, network: string, own: string | null): Promise<SignedIn | null> {
    const address = identifier.trim().toLowerCase()
    try {
      await spend('account', `${address}\n${placeOf(network, own)}`)
      if (own === null) await spend('everywhere', address)
      await spend('network', network)
      return null
    } catch (error) {
      if (!isFault(error, 'kernel.limits.too_many')) throw error
      metrics.failed('limited')
      return { kind: 'too_many', retryAfterSeconds: error.retryAfterSeconds ?? 60 }
    }
  }

  async function busy<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (isFault(error, 'identity.passwords.busy')) metrics.failed('busy')
      throw error
    }
  }

  /** An address that is no account of ours is not written down: it may be a password in the wrong field. */
  async function failed(reason: FailureReason, person: Person | null): Promise<void> {
    metrics.failed(reason)
    await record({
      action: 'sign-in.password',
      actor: person === null ? 'person:unknown' : `person:${person.id}`,
      ...(person === null ? {} : { target: { type: 'Account', id: person.id } }),
      reason,
      outcome: 'failed',
    })
  }

  return { withPassword }
}

/** No network is called so: its names are addresses. */
const placeOf = (network: string, own: string | null): string => (own === null ? network : `device ${own}`)

export type SignIn<S> = ReturnType<typeof createSignIn<S>>
