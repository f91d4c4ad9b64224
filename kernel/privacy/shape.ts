/** What one table says about persons: whose a row is, what they may take along, and what becomes of it when they go. */
export interface PersonTable {
  readonly table: string
  /** An SQL condition on its rows; `$1` is the person. */
  readonly of: string
  /** The columns that they are given when they ask for their data. */
  readonly gives: readonly string[]
  /** Columns about them that they are not given, each with its reason. */
  readonly withholds?: Readonly<Record<string, string>>
  /** The rows go; or only these columns are emptied; or all stays, for this reason. */
  readonly erasure: 'rows' | { readonly empties: readonly string[] } | { readonly stays: string }
}

/**
 * The tables of a service, all of them: what is named nowhere here fails a test, and so does a column about a person that is
 * neither given nor withheld. In the order of erasure, so that a condition finds what it looks at still there.
 */
export interface PersonData {
  readonly persons: readonly PersonTable[]
  /** Tables that say nothing about anybody, each with its reason. */
  readonly others: Readonly<Record<string, string>>
}

/** Flat rows, so that JSON and CSV can say the same. */
export interface Section {
  name: string
  rows: Record<string, unknown>[]
}
