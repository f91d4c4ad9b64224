import type { PasswordProblem } from '@althing/web-ui/passwords.ts'
import type { Chrome } from '@althing/web-ui/document.ts'
import type { OfficeRole } from '@althing/policy/contract'
import type { Overriding } from './overriding.ts'

/** What the pages of the person origin need to know: the front page, the own account, and what is said when a page is not there. */
export interface HomeData {
  readonly now: Date
  readonly timeZone?: string
  /** Nobody when nobody has signed in. */
  readonly person?: { readonly name: string }
  readonly signInHref: string
  /** How many votes are open to this person; a notice leads there. */
  readonly openVotes?: number
  /** When everything about this person goes, and where that is called off; absent when nobody asked for it. */
  readonly erasure?: { readonly due: Date; readonly keepHref: string }
  /** What this person may do here; a place without an address is not shown. */
  readonly places: {
    readonly votes?: string
    readonly account?: string
    readonly elections?: string
    readonly admin?: string
  }
}

export interface Session {
  readonly id: string
  /** As told by the browser, in words: "Firefox, Linux". */
  readonly device: string
  readonly startedAt: Date
  readonly seenAt: Date
  readonly method: 'password' | 'eid' | 'passkey' | 'link' | 'connector'
  readonly current: boolean
}

export type Membership =
  | {
      readonly state: 'active' | 'unpaid' | 'inactive'
      readonly since?: Date
      /** As the directory has it, which is not always as the account does. */
      readonly phone?: string
    }
  | { readonly state: 'unknown' }

export interface AccountData {
  readonly now: Date
  readonly timeZone?: string
  readonly csrf: string
  readonly person: {
    readonly name: string
    readonly email?: string
    /** Said by the electronic ID and not confirmed by the person. */
    readonly claimedEmail?: string
    readonly phone?: string
    readonly nationalId?: string
  }
  /** What the office has given them, from the least to the most; of most people nothing. */
  readonly roles: readonly OfficeRole[]
  /** Absent when the directory could not be asked. */
  readonly membership?: Membership
  /** What they are lent, permitted or denied for a while; null when nobody could say. */
  readonly overrides: readonly Overriding[] | null
  /** When everything about this person goes; absent when nobody asked for it. */
  readonly erasure?: { readonly due: Date }
  /** Why letters do not reach them, and until when it is left at that; absent when they do. */
  readonly heldBack?: { readonly isUnwanted: boolean; readonly until: Date }
  /** When somebody was last wrong so often at this account that they had to wait; absent when that is no news. */
  readonly paused?: { readonly at: Date }
  /** Applications that wait for an answer. */
  readonly requests: { readonly waiting: number; readonly href: string }
  readonly sessions: readonly Session[]
  readonly votesHref: string
  readonly securityHref: string
  readonly consentsHref: string
  readonly privacyHref: string
  readonly connectedHref: string
  readonly profileHref: string
  /** Absent where there is nothing elsewhere to link. */
  readonly linkedHref?: string
  /** Each is a POST with the field `csrf`; ending one session also sends its id as `session`. */
  readonly actions: {
    readonly endSession: string
    readonly signOut: string
    readonly signOutEverywhere: string
    /** Calls the erasure off. */
    readonly keep: string
  }
  /** What was just done, said once. */
  readonly done?: 'session_ended' | 'session_gone' | 'address' | 'saved'
}

export interface Passkey {
  readonly id: string
  readonly name: string
  readonly createdAt: Date
  readonly usedAt: Date | null
  /** Its keeper has a copy of it elsewhere. */
  readonly synced: boolean
}

/** Somebody came in, went a step, or was refused. */
export interface Tried {
  readonly at: Date
  readonly method: string
  readonly result: 'in' | 'step' | 'refused'
  readonly device: string
  readonly isNew: boolean
}

/** Codes by text message or mail as a second step. */
export interface CodeStanding {
  readonly channel: 'sms' | 'mail'
  readonly isOn: boolean
  /** Where they go, or would go. */
  readonly to: string | null
  /** A number on record that no code has reached yet. */
  readonly unproven: string | null
  /** What has to be there first. */
  readonly missing: 'address' | 'phone' | 'password' | null
}

export interface SecurityData {
  readonly now: Date
  readonly timeZone?: string
  readonly csrf: string
  readonly hasPassword: boolean
  /** Without an address of one's own there is nothing to write beside a password. */
  readonly canHavePassword: boolean
  /** Null when the second step is off. */
  readonly twoStep: { readonly codesLeft: number } | null
  /** Those that are offered here, and those that are on. */
  readonly codes: readonly CodeStanding[]
  readonly passkeys: readonly Passkey[]
  readonly activity: readonly Tried[]
  readonly backHref: string
  readonly done?:
    | 'password'
    | 'passwordAlone'
    | 'on'
    | 'off'
    | 'codes'
    | 'codesOff'
    | 'phone'
    | 'passkey'
    | 'renamed'
    | 'removed'
    | 'last'
    | 'gone'
    | 'unnamed'
}

export interface Target {
  readonly action: string
  readonly csrf: string
  readonly backHref: string
}

export interface ChangePasswordData extends Target {
  readonly identifier: string
  readonly hasOne: boolean
  readonly minimumLength: number
  /** What is enough by itself, where no second step stands beside it. */
  readonly advisedLength?: number
  readonly problem?:
    | { readonly field: 'current'; readonly kind: 'missing' | 'wrong' | 'locked' }
    | { readonly field: 'password'; readonly kind: 'missing' | PasswordProblem }
}

export interface EnrolData extends Target {
  readonly hidden?: Readonly<Record<string, string>>
  /** Base32, for who cannot point a camera at the code. */
  readonly secret: string
  /** `otpauth://…` */
  readonly uri: string
  /** `again`: what was shown before is worth nothing any more. */
  readonly problem?: 'missing' | 'wrong' | 'again'
}

export interface ProvePhoneData extends Target {
  readonly sendAction: string
  readonly phone: string
  /** A code is under way. */
  readonly isWaiting: boolean
  readonly problem?:
    | 'missing'
    | 'wrong'
    | 'gone'
    | 'used_up'
    | 'locked'
    | 'sends'
    | 'unavailable'
    | 'unreachable'
    | 'foreign'
}

export interface CodesData {
  readonly codes: readonly string[]
  readonly made: Date
  readonly doneHref: string
}

export interface AddPasskeyData extends Target {
  /** What the browser is asked, as JSON (WebAuthn Level 3, section 5.1.7). */
  readonly options: string
  readonly problem?: 'refused' | 'name' | 'too_many'
}

export interface ConsentGiven {
  readonly kind: 'terms' | 'privacy' | 'marketing'
  readonly version: string
  readonly givenAt: Date
  readonly withdrawnAt: Date | null
  /** The text itself in that version; null where it cannot be read any more, and for what has none. */
  readonly href: string | null
}

export interface ConsentsData extends Target {
  readonly history: readonly ConsentGiven[]
  readonly done?: true
}

/** A field that is not right, or what is wrong with it where there is more than one thing. */
export type ProfileProblem =
  | 'name'
  | 'name_long'
  | 'name_marks'
  | 'name_address'
  | 'phone'
  | 'email'
  | 'often'

export interface ProfileData {
  readonly csrf: string
  readonly values: {
    readonly name?: string
    readonly phone?: string
    readonly locale?: 'is' | 'en'
    readonly email?: string
  }
  readonly wrong?: readonly ProfileProblem[]
  /** What the electronic ID or the register of the office has said is not changed by hand. */
  readonly nameFrom: 'self' | 'register' | 'eid'
  readonly actions: { readonly profile: string; readonly address: string }
  readonly backHref: string
  readonly done?: 'saved' | 'sent'
}

/** An archive that was asked for lately. */
export type ExportShown =
  | { readonly state: 'waiting'; readonly done: number; readonly parts: number }
  | { readonly state: 'ready'; readonly href: string; readonly until: Date }
  | { readonly state: 'failed' }

export interface PrivacyData {
  readonly csrf: string
  readonly export: ExportShown | null
  /** Where the passphrase can be looked at again, and until when; null when it cannot. */
  readonly passphrase: { readonly href: string; readonly until: Date } | null
  /** False within a day of the last one. */
  readonly mayExport: boolean
  /** When everything goes; null when nobody asked for it. */
  readonly erasure: { readonly due: Date } | null
  readonly eraseHref: string
  /** Each is a POST without fields. */
  readonly actions: { readonly export: string; readonly keep: string }
  readonly backHref: string
  readonly done?: 'kept' | 'erasing'
  readonly problem?: 'often' | 'late' | 'hidden'
}

/** The form says that they have it: then nobody sees it any more. */
export interface PassphraseData extends Omit<Target, 'backHref'> {
  readonly passphrase: string
  readonly hidden: Readonly<Record<string, string>>
}

export interface EraseData extends Target {
  /** What is to be typed. */
  readonly phrase: string
  readonly days: number
  readonly problem?: 'phrase' | 'last'
}

export interface ProblemData {
  readonly kind: 'notFound' | 'forbidden' | 'unavailable' | 'bug'
  readonly reference?: string
  readonly homeHref: string
}

export type AccountPage<Data> = (chrome: Chrome, data: Data) => string
