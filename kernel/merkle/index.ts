/** RFC 6962 trees, tiles and signed heads, for Node. A browser imports proofs.ts, tiles.ts, notes.ts, checkpoints.ts by name. */
export * from './tree.ts'
export * from './proofs.ts'
export * from './tiles.ts'
export * from './tilestore.ts'
export * from './notes.ts'
export * from './checkpoints.ts'
