import { defineJob, type Job } from '@althing/kernel/jobs'
import { Proven, Reused } from './schema.ts'

/** Mail goes first: after a hall has signed in there are hundreds of these, and each waits for somebody outside. */
export function lookUpJob(lookUp: (proven: Proven) => Promise<void>): Job<Proven> {
  return defineJob({
    name: 'identity.look-up-password',
    payload: Proven,
    maxAttempts: 3,
    isPatient: true,
    run: lookUp,
  })
}

export function reuseJob(tell: (account: string, at: Date) => Promise<void>): Job<Reused> {
  return defineJob({
    name: 'identity.token-reused',
    payload: Reused,
    run: ({ account, at }) => tell(account, new Date(at)),
  })
}
