import { defineJob, type Job } from '@althing/kernel/jobs'
import { Asked } from './schema.ts'

/** The queue holds the id of an account: neither the address that was written nor the link. */
export function magicLinkJob(
  deliver: (account: string | null, back: string | null) => Promise<void>,
): Job<{ account: string | null; back: string | null }> {
  return defineJob({
    name: 'identity.magic-link',
    payload: Asked,
    run: ({ account, back }) => deliver(account, back),
  })
}
