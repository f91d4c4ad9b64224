import type { Chrome } from '@althing/web-ui/document.ts'

/** What the pages of the person origin need to know: the front page, the own account, and what is said when a page is not there. */
export interface HomeData {
  readonly now: Date
  readonly timeZone?: string
  /** Nobody when nobody has signed in. */
  readonly person?: { readonly name: string }
  readonly signInHref: string
  /** How many votes are open to this person; a notice leads there. */
  readonly openVotes?: number
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
  readonly method: 'password' | 'eid' | 'passkey' | 'other'
  readonly current: boolean
}

export type Membership =
  | { readonly state: 'active' | 'unpaid' | 'inactive'; readonly since?: Date }
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
  /** Absent when the directory could not be asked. */
  readonly membership?: Membership
  readonly sessions: readonly Session[]
  readonly votesHref: string
  /** Each is a POST with the field `csrf`; ending one session also sends its id as `session`. */
  readonly actions: {
    readonly endSession: string
    readonly signOut: string
    readonly signOutEverywhere: string
  }
  /** What was just done, said once. */
  readonly done?: 'session_ended' | 'saved'
}

export interface ProblemData {
  readonly kind: 'notFound' | 'forbidden' | 'unavailable' | 'bug'
  readonly reference?: string
  readonly homeHref: string
}

export type AccountPage<Data> = (chrome: Chrome, data: Data) => string
