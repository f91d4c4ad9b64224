import type { Chrome } from '@althing/web-ui/document.ts'

/** What each page of signing in needs to know. The functions beside this file turn it into a page, and do nothing else. */

/** A page may always be asked for again as a GET at `chrome.path`; forms are answered at `action`. */
export interface FormTarget {
  readonly action: string
  readonly csrf: string
  /** What the conversation carries along, such as its id. Never a secret. */
  readonly hidden?: Readonly<Record<string, string>>
}

/** Why the last try did not work. None of these tells whether an account exists. */
export type SignInProblem =
  | { readonly kind: 'missing'; readonly fields: readonly ('identifier' | 'password')[] }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'locked'; readonly retryAfterSeconds?: number }
  | { readonly kind: 'too_many'; readonly retryAfterSeconds?: number }
  | { readonly kind: 'eid_failed' }

export interface SignInData extends FormTarget {
  /** What was written last time; the password never comes back. */
  readonly identifier?: string
  readonly problem?: SignInProblem
  /** The application the person is on the way to, when it is another one than ours. */
  readonly client?: string
  /** A POST that leads to the electronic ID; absent when none is configured. */
  readonly eid?: FormTarget
  /** A fresh proof is asked for within a session. */
  readonly again?: boolean
  readonly forgotHref?: string
  readonly activateHref?: string
  readonly moreHref?: string
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
  readonly client: { readonly name: string; readonly host: string }
  readonly person: string
  /** Scopes as the protocol names them; the page says them in words. */
  readonly scopes: readonly string[]
  /** Words for scopes of other applications, in the language of the page. */
  readonly scopeTexts?: Readonly<Record<string, string>>
  readonly switchHref?: string
}

export interface NewPasswordData extends FormTarget {
  /** A first password, or one in place of a forgotten one. */
  readonly purpose: 'activate' | 'recover'
  readonly identifier: string
  readonly minimumLength: number
  readonly problem?: 'missing' | 'short' | 'long' | 'common'
}

export interface RecoverData extends FormTarget {
  /** What was written last time. */
  readonly email?: string
  /** None of these tells whether there is an account. */
  readonly problem?: 'address' | 'too_many'
  readonly signInHref: string
}

export interface RecoverSentData {
  readonly againHref: string
  readonly signInHref: string
}

export interface SignedOutData {
  readonly signInHref: string
  readonly homeHref: string
}

export interface SignOutData extends FormTarget {
  readonly person?: string
  readonly client?: string
  readonly stayHref: string
}

export interface ErrorData {
  readonly kind: 'expired' | 'tampered' | 'client' | 'unknown'
  /** Find it in the log by this. */
  readonly reference?: string
  readonly againHref?: string
  readonly homeHref?: string
}

export type SigninPage<Data> = (chrome: Chrome, data: Data) => string
