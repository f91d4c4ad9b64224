import { defineJob, type Job } from '@althing/kernel/jobs'
import { Unreached } from './schema.ts'

/** Somebody is not reached by mail any more, which those who look after the house are to see. The queue holds an id, and no address. */
export function unreachedJob(raise: (account: string, at: Date) => Promise<void>): Job<Unreached> {
  return defineJob({
    name: 'identity.mail-held-back',
    payload: Unreached,
    run: ({ account, at }) => raise(account, new Date(at)),
  })
}
