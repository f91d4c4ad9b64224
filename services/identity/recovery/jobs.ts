import { defineJob, type Job } from '@althing/kernel/jobs'
import { Asked, Changed } from './schema.ts'

interface Work {
  readonly deliver: (account: string | null) => Promise<void>
  readonly tell: (account: string) => Promise<void>
}

/** The queue holds the id of an account and nothing else: neither the address that was written nor the link. */
export function recoveryJobs({ deliver, tell }: Work): {
  readonly asked: Job<{ account: string | null }>
  readonly changed: Job<{ account: string }>
} {
  return {
    asked: defineJob({
      name: 'identity.recover',
      payload: Asked,
      run: ({ account }) => deliver(account),
    }),
    changed: defineJob({
      name: 'identity.password-changed',
      payload: Changed,
      run: ({ account }) => tell(account),
    }),
  }
}
