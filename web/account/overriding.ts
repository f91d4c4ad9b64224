/** Something that holds until a moment, beside what their roles say. */
export interface Overriding {
  readonly kind: 'deny' | 'allow' | 'emergency'
  readonly role: string | null
  readonly actions: readonly string[]
  /** What they are in words; an organisation's own have none. */
  readonly words: Readonly<Record<string, { readonly is: string; readonly en: string }>>
  /** Null: on all. */
  readonly resource: { readonly type: string; readonly id: string } | null
  readonly reason: string
  readonly until: Date
  /** The names of those who gave it; none where an operator did, or nobody is there any more. */
  readonly by: readonly string[]
}
