/** What the engine is lent: who people are, what applications registered, what signs, and the pages that it shows. */
import type { Adapter, Client, KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { Outgoing } from './outgoing.ts'
import type { PolicyOf } from './own-words.ts'
import type { Signing } from './signer.ts'
import type { SuccessorOf } from './successor.ts'

/** What a token says of a person, read at the moment it is made. */
export interface Subject {
  readonly id: string
  readonly name: string
  readonly email: string | null
  readonly emailProven: boolean
  readonly phone: string | null
  readonly locale: string
  readonly roles: readonly string[]
  readonly nationalId: string | null
  readonly stamp: number
}

/** Whether somebody belongs, as an application is told. */
export interface Belonging {
  readonly status: 'active' | 'unpaid' | 'inactive' | 'none'
  /** A day; null when nobody knows. */
  readonly since: string | null
  readonly paid: boolean
}

/** What a program asks for with its key in hand, and what it gets. Lent by the service identities. */
interface KeyWanted {
  readonly key: string
  readonly address: string
  readonly purpose: string
  readonly audience: string | undefined
  readonly scope: readonly string[] | undefined
  readonly seconds: number | undefined
  readonly boundTo: string | undefined
}

export interface EngineNeeds {
  readonly issuer: string
  readonly keys: readonly Signing[]
  readonly adapter: (kind: string) => Adapter
  /** What a request has given is written before its answer leaves. */
  readonly flushAfter: (provider: Provider) => void
  /** Which refresh token comes after another. */
  readonly successorOf: SuccessorOf
  /** Null when the account is gone, not yet active, or shut out: then nothing is issued. */
  readonly findSubject: (id: string) => Promise<Subject | null>
  /** Whether it is a session of ours, and of this account. */
  readonly isLive: (session: string, account: string) => Promise<boolean>
  readonly isFirstParty: (client: string) => boolean
  /** The scopes that somebody tells to no application of others. */
  readonly keptBy: (account: string) => Promise<readonly string[]>
  /** Null when the directory does not say it in time: then the application is not told. */
  readonly belongingOf: (account: string) => Promise<Belonging | null>
  /** The roles that somebody has, with the offices that stand below. */
  readonly groupsOf: (roles: readonly string[]) => readonly string[]
  /** The application by which programs with keys come, which is in no table. */
  readonly programs: string
  /** @throws Fault of the service identities */
  readonly tokenForKey: (wanted: KeyWanted) => Promise<{
    readonly token: string
    readonly expiresIn: number
    readonly scope: string
    readonly isBound: boolean
  }>
  readonly sessionCookie: string
  readonly now: () => Date
  /** The words of what somebody has allowed an application, its servers’ included; null when nothing. */
  readonly allowedTo: (account: string, client: string) => Promise<readonly string[] | null>
  /** To addresses that applications have chosen: their keys, their sectors, where they hear of an end. */
  readonly outgoing: Outgoing
  /** @throws Fault kernel.limits.too_many: codes of devices were tried too often from this network. */
  readonly spendCodeTry: (network: string) => Promise<void>
  readonly policyOf: PolicyOf
  /** It was here just now, and showed this secret. Called at every request: what is noted, and how often, is decided there. */
  readonly used: (client: string, secret?: string) => void
  /** What discovery says beside what the engine knows: doors that are not its own. */
  readonly discovery: Readonly<Record<string, string | boolean>>
  /** Servers that tokens can be for, beside our own doors. */
  readonly resources: readonly EngineResource[]
  /** By which the names are made that pairwise applications know people by. */
  readonly pairwiseKey: Uint8Array
  /** RFC 9449, section 8: whether a proof has to carry a word that we gave a moment before. */
  readonly dpop: { readonly secret: Buffer; readonly needsNonce: boolean }
  /** In which a trusted proxy passes on the certificate of an application. */
  readonly certificateHeader: string | undefined
  /** True the first time that something is shown that may be shown once. It is remembered for as long as it is taken: see `clockToleranceSeconds`. */
  readonly isFirstUse: (issuer: string, id: string, endsAt: number) => Promise<boolean>
  /** Requests to people who are elsewhere (CIBA). Lent by the backchannel feature. */
  readonly backchannel: Backchannel
  readonly shown: Shown
}

/** How the engine is lent what keeps such requests. */
export interface Backchannel {
  /** The account of this address or kennitala, when somebody may be asked there; undefined when the text is neither. */
  readonly accountOf: (hint: string) => Promise<string | null | undefined>
  /** @throws Fault kernel.limits.too_many */
  readonly spend: (client: string, who: string) => Promise<void>
  /** The same by whose it is, in silence: whether that one has been asked too often. */
  readonly isSpent: (client: string, who: string) => Promise<boolean>
  /** The request stands: whoever is asked is told, nobody when the account is null. */
  readonly begin: (asked: {
    readonly id: string
    readonly account: string | null
    readonly client: string
    readonly network: string
    readonly seconds: number
  }) => Promise<void>
  /** True when it was asked again before its time (section 11, slow_down). */
  readonly polledTooSoon: (id: string) => Promise<boolean>
}

/** The engine's few pages, as ours. */
export interface Shown {
  /** `told` is what an application would be told: the code of the error stands beside the reference, for whoever runs the application. */
  error(ctx: KoaContextWithOIDC, kind: string, told: { readonly error: string }): void
  /** The question for the code that a device shows; again, when there was something wrong with it. */
  deviceCode(ctx: KoaContextWithOIDC, form: string, problem: unknown): void
  deviceConfirm(ctx: KoaContextWithOIDC, form: string, client: Client, code: string): void
  deviceDone(ctx: KoaContextWithOIDC): void
  deviceTooMany(ctx: KoaContextWithOIDC, retryAfterSeconds: number): void
  logout(ctx: KoaContextWithOIDC, xsrf: string): Promise<void>
  signedOut(ctx: KoaContextWithOIDC): void
  /** It was asked for by somebody who is signed in nowhere: with the way back to the application that sent them. */
  alreadyOut(ctx: KoaContextWithOIDC): void
  /** Applications hear of a sign-out in frames of this page, which goes on by itself. */
  leaving(ctx: KoaContextWithOIDC, frames: readonly string[], next: string): void
}

/** A server that trusts our tokens. Lent by the resources feature. */
export interface EngineResource {
  readonly uri: string
  readonly scopes: readonly string[]
  readonly details: readonly {
    readonly type: string
    readonly fields: readonly string[]
    readonly required: readonly string[]
    readonly actions?: readonly string[] | undefined
  }[]
  readonly introspector: string | null
  /** It reads no tokens but those that it can check by itself, whatever an application has registered for. */
  readonly isSigned?: boolean
}
