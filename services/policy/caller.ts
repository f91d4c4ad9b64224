/** Who asks, as a door has verified it: for rules, which know no HTTP. */
import type { Caller } from '@althing/kernel/http'

export type { Caller }

/** As logs and pages name them. */
export const whoIs = ({ kind, subject }: Pick<Caller, 'kind' | 'subject'>): string => `${kind}:${subject}`

/** The account of whoever is named so; null of an operator, a program and a service. */
export const personIn = (actor: string): string | null => /^person:(.+)$/.exec(actor)?.[1] ?? null
