import { AsyncLocalStorage } from 'node:async_hooks'

const carried = new AsyncLocalStorage<string>()

/** Does the work of one job: whatever it reaches can tell by it that two tries are one. */
export const underWay = <T>(job: string, work: () => T): T => carried.run(job, work)

/** The id of the job at hand, the same for all of its tries, and for ever no other's in this database; null in a request. */
export const jobUnderWay = (): string | null => carried.getStore() ?? null
