/** What the thread with Cedar's parser is asked, and what it answers. */
import type { Checked, Problem, Source } from '../authored.ts'

export type Asked =
  /** Each policy by itself, so that its place among them is known. */
  | { readonly kind: 'policies'; readonly text: string; readonly statements: readonly string[] }
  | { readonly kind: 'validate'; readonly text: string; readonly schema: string }
  | { readonly kind: 'format'; readonly text: string }
  | { readonly kind: 'schema'; readonly text: string }
  /** Everything that an organisation says, and all that is wrong with it. */
  | { readonly kind: 'source'; readonly source: Omit<Source, 'tests'> }

/** As Cedar's own formatter sets it; or, when it cannot be read, why, and where. */
export interface Formatted {
  readonly text: string | null
  readonly problems: readonly Problem[]
}

export type Done =
  /** Cedar's own answers, as it wrote them: no number in them has been rounded. */
  | { readonly kind: 'answers'; readonly texts: readonly string[] }
  | { readonly kind: 'checked'; readonly checked: Checked }
  | { readonly kind: 'formatted'; readonly formatted: Formatted }
  | { readonly kind: 'not cedar'; readonly problems: readonly string[] }
  /** The parser has overrun its stack; whatever it says from now on is worth nothing. */
  | { readonly kind: 'broken'; readonly problem: string }
