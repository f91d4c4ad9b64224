/** What the page of accounts elsewhere shows: those that sign me in here, and those whose tokens may look. */
export interface LinkedIdentity {
  /** Null when the settings do not offer that provider any more. */
  readonly name: string | null
  readonly issuer: string
  readonly subject: string
  readonly linkedAt: Date
}

/** An application elsewhere that signs me in there and may look here. */
export interface LookingIdentity {
  readonly id: string
  readonly name: string | null
  readonly issuer: string
  readonly linkedAt: Date
  readonly signedInAt: Date | null
}

export interface LinkedData {
  readonly csrf: string
  readonly linked: readonly LinkedIdentity[]
  readonly offered: readonly { readonly id: string; readonly name: string }[]
  /** Whose tokens may look at what is mine; it is no way to sign in. Empty where no other issuer is trusted. */
  readonly looking: readonly LookingIdentity[]
  /** The first is a POST with `connector`, the third one with `id`; the second is the page that asks about `issuer` and `subject`. */
  readonly actions: { readonly link: string; readonly unlink: string; readonly unlook: string }
  readonly backHref: string
  readonly done?: 'linked' | 'unlinked' | 'gone' | 'unlooked'
  readonly problem?: 'conflict' | 'last' | 'failed'
}
