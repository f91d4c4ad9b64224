/** Under this name the digest of a batch stands in the audit log, and by whom. */
export const logged = { action: 'decisions.logged', type: 'DecisionBatch' } as const
export const loggedBy = 'service:policy'
