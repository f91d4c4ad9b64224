import type { AskedServer } from '@althing/web-ui/servers.ts'
import type { Chrome } from '@althing/web-ui/document.ts'
import type { PasswordProblem } from '@althing/web-ui/passwords.ts'

/** What each page of signing in needs to know. The functions beside this file turn it into a page, and do nothing else. */

/** A page may always be asked for again as a GET at `chrome.path`; forms are answered at `action`. */
export interface FormTarget {
  readonly action: string
  readonly csrf: string
  /** What the conversation carries along, such as its id. Never a secret. */
  readonly hidden?: Readonly<Record<string, string>>
}

/** A widget in the form by which a browser shows that it is one. Its script is the only one from elsewhere. */
export interface Challenge {
  readonly siteKey: string
  /** What it is solved for: an answer for one form is none for another. */
  readonly action: string
  readonly script: string
}

/** It was not shown that a browser asks; or whoever would say so is away. */
export type ChallengeProblem = 'attestation' | 'attestation_away'

/** Why the last try did not work. None of these tells whether an account exists. */
export type SignInProblem =
  | { readonly kind: 'missing'; readonly fields: readonly ('identifier' | 'password' | 'code')[] }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'locked'; readonly retryAfterSeconds?: number }
  | { readonly kind: 'too_many'; readonly retryAfterSeconds?: number }
  /** A code that was to be sent: not now, not to there, too often, tried too often, or not there any more. */
  | { readonly kind: 'unavailable' | 'unreachable' | 'used_up' | 'code_gone' }
  | { readonly kind: 'sends'; readonly retryAfterSeconds: number }
  | { readonly kind: 'eid_failed' | 'passkey' | 'connector' | 'unusual' | 'reset' | ChallengeProblem }

/** A form that a script fills in: the answer of a passkey goes into its field `credential`. */
export interface PasskeyTarget extends FormTarget {
  /** What the browser is asked, as JSON (WebAuthn Level 3, section 5.1.8). */
  readonly options: string
}

export interface SignInData extends FormTarget {
  /** What was written last time; a password never comes back. */
  readonly identifier?: string
  readonly problem?: SignInProblem
  /** What was just done, said once. */
  readonly done?: 'activated' | 'password' | 'address'
  /** The application the person is on the way to, when it is another one than ours. */
  readonly client?: string
  /** A POST that leads to the electronic ID; absent when none is configured. */
  readonly eid?: FormTarget
  readonly passkey?: PasskeyTarget
  /** A fresh proof is asked for within a session. */
  readonly again?: boolean
  /** Other providers: each a POST that leads there. */
  readonly others?: readonly { readonly name: string; readonly target: FormTarget }[]
  readonly registerHref?: string
  readonly challenge?: Challenge
}

export interface PasswordData extends FormTarget {
  /** As it was written; empty when somebody proves once more who they are, and signs in by no address. */
  readonly identifier: string
  readonly again: boolean
  readonly problem?: SignInProblem
  readonly client?: string
  readonly otherHref: string
  readonly forgotHref: string
  readonly passkey?: PasskeyTarget
  /** A POST that sends a link to the address instead. */
  readonly link?: FormTarget
  readonly eid?: FormTarget
}

export interface CodeData extends FormTarget {
  /** They have no application that shows codes: a passkey is what they have. */
  readonly passkeyOnly?: boolean
  readonly problem?: SignInProblem
  readonly otherHref: string
  /** Where the other second steps are, when there are others. */
  readonly waysHref?: string
  readonly passkey?: PasskeyTarget
}

/** A code that is sent, and so much of where to that its owner knows it again. */
export interface CodeWay {
  readonly channel: 'sms' | 'mail'
  readonly to: string
}

/** `action` sends a code; each button adds its `channel`. */
export interface WaysData extends FormTarget {
  readonly codes: readonly CodeWay[]
  /** A code by mail would prove the mailbox that was shown already. */
  readonly isSameMailbox: boolean
  readonly applicationHref?: string
  /** For a code that is under way. */
  readonly enterHref?: string
  readonly otherHref: string
  readonly passkey?: PasskeyTarget
  readonly problem?: SignInProblem
}

export interface MailedCodeData extends FormTarget, CodeWay {
  /** A POST that sends another one. */
  readonly again: FormTarget
  readonly waysHref: string
  readonly otherHref: string
  readonly problem?: SignInProblem
}

export interface LinkData extends FormTarget {
  readonly identifier: string
}

export interface LinkSentData {
  readonly againHref: string
  readonly signInHref: string
}

export interface Method {
  readonly kind: 'eid' | 'password' | 'passkey' | 'other'
  /** The name of the provider; only for `other`. */
  readonly name?: string
  readonly target: FormTarget | { readonly href: string }
}

export interface ChooseData {
  readonly client?: string
  readonly methods: readonly Method[]
}

export interface ConsentData extends FormTarget {
  /** Where the person goes next; a device that waits is nowhere. */
  readonly client: {
    readonly name: string
    readonly host?: string
    readonly logoHref?: string
    /** Nobody here has looked at it: it registered itself, or says what it is at an address of this host. */
    readonly stranger?: { readonly by: 'itself' } | { readonly by: 'document'; readonly host: string }
  }
  readonly person: string
  /** Scopes as the protocol names them; the page says them in words. */
  readonly scopes: readonly string[]
  /** Of the application itself: whoever follows them leaves this site. */
  readonly ownPages?: readonly {
    readonly kind: 'client' | 'policy' | 'terms'
    readonly href: string
    readonly host: string
  }[]
  /** Where its token is for; some of these scopes are theirs. */
  readonly servers?: readonly AskedServer[]
  /** What the application says that it needs the kennitala for, when it asks for it. */
  readonly nationalIdPurpose?: Readonly<Record<'is' | 'en', string>>
  /** What the person keeps to themselves, whatever the application asks for. */
  readonly kept?: readonly string[]
  /** Words for scopes of other applications, in the language of the page. */
  readonly scopeTexts?: Readonly<Record<string, string>>
  readonly switchHref?: string
  /** What is asked for in detail, in the words of the application. */
  readonly details?: readonly {
    readonly type: string
    readonly members: readonly { readonly name: string; readonly value: string }[]
  }[]
}

/** What is agreed to: the texts of one version, each where it can be read. */
export interface Agreement {
  readonly version: string
  readonly texts: readonly { readonly kind: 'terms' | 'privacy'; readonly href: string }[]
}

export interface AgreementData extends FormTarget {
  readonly agreement: Agreement
  /** They never agreed to anything here. */
  readonly isNew: boolean
  /** Another version came into force while they read. */
  readonly hasChanged: boolean
}

export interface AgreedTextData {
  readonly kind: 'terms' | 'privacy'
  readonly version: string
  readonly text: string
  readonly isInForce: boolean
}

export interface NewPasswordData extends FormTarget {
  /** A first password, or one in place of a forgotten one. */
  readonly purpose: 'activate' | 'recover'
  readonly identifier: string
  readonly minimumLength: number
  /** What is enough by itself, where no second step stands beside it. */
  readonly advisedLength?: number
  readonly problem?: 'missing' | 'terms' | 'terms_changed' | PasswordProblem
  /** Absent when there is nothing to agree to. */
  readonly agreement?: Agreement
  readonly hasAgreed?: boolean
}

export interface RecoverData extends FormTarget {
  /** What was written last time. */
  readonly email?: string
  /** None of these tells whether there is an account. */
  readonly problem?: 'address' | 'too_many' | ChallengeProblem
  readonly signInHref: string
  readonly challenge?: Challenge
}

export interface RecoverSentData {
  readonly againHref: string
  readonly signInHref: string
}

export const registerFields = ['name', 'email', 'birth_date', 'guardian_email', 'phone', 'terms'] as const
export type RegisterField = (typeof registerFields)[number]

/** A field that is not right, or what is wrong with it where there is more than one thing. */
export type RegisterProblem =
  | RegisterField
  | 'name_long'
  | 'name_marks'
  | 'name_address'
  | 'birth_date_future'
  | 'terms_changed'

export interface RegisterData extends FormTarget {
  /** What was written last time. */
  readonly values?: Readonly<Partial<Record<RegisterField | 'marketing', string | undefined>>>
  readonly wrong?: readonly RegisterProblem[]
  readonly problem?: 'too_many' | ChallengeProblem
  readonly challenge?: Challenge
  readonly isClosed: boolean
  readonly signInHref: string
  /** Absent where there is nothing to agree to. */
  readonly agreement?: Agreement
}

export interface NotLinkedData {
  readonly provider: string
  readonly signInHref: string
}

export interface RegisteredData {
  readonly state: 'sent' | 'waiting' | 'guardian' | 'agreed'
  readonly homeHref: string
}

export interface ConfirmAddressData extends FormTarget {
  readonly name: string
  readonly email: string
}

export interface ActivationCodeData extends FormTarget {
  readonly isWrong: boolean
  readonly signInHref: string
}

export interface SignedOutData {
  readonly signInHref: string
  readonly homeHref: string
  /** The application that sent the person here, and where it wants them back. */
  readonly back?: { readonly client: string; readonly href: string }
}

export interface LeavingData {
  /** Where applications hear of it. */
  readonly frames: readonly string[]
  readonly nextHref: string
}

export interface SignOutData extends FormTarget {
  readonly person?: string
  readonly client?: string
  readonly stayHref: string
}

export type SigninPage<Data> = (chrome: Chrome, data: Data) => string
