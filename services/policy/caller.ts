/** Who asks, as a door has verified it: for rules, which know no HTTP. */
export type { Caller } from '@althing/kernel/http'
