/** The account of whoever did something, as the audit log names them; null of an operator, a program and a service, who have none here. */
export const personIn = (actor: string): string | null => /^person:(acc_.+)$/.exec(actor)?.[1] ?? null
