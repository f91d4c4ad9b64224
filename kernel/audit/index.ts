/** Who did what, provably. A browser imports proof.ts by name. */
export * from './audit.ts'
export type { AuditEntry, Outcome, StoredEntry } from './entry.ts'
export { AuditInconsistent } from './integrate.ts'
export { checkAuditProof, type ProvenEntry } from './proof.ts'
export { createPersonKeyStore, type AuditFilter } from './store.ts'
export { verifyAudit, type AuditVerdict, type VerifyOptions } from './verify.ts'
