/** What a thread that hashes is asked, and what it answers. */
export interface Argon {
  readonly memoryCost: number
  readonly timeCost: number
  readonly parallelism: number
}
export type Asked =
  | { readonly kind: 'hash'; readonly password: string; readonly options: Argon }
  | { readonly kind: 'verify'; readonly phc: string; readonly password: string }
export type Done = { readonly value: string | boolean } | { readonly problem: string }
