/** The anonymous voting ticket, for Node. A browser imports voter.ts, onetime.ts and format.ts by name. */
export * from './format.ts'
export * from './voter.ts'
export * from './onetime.ts'
export * from './issuer.ts'
export * from './verify.ts'
