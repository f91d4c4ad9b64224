import { defineJob, type Job } from '@althing/kernel/jobs'
import { Invitation } from './schema.ts'

/** The queue holds the id of an account and nothing else: the link is made when the mail goes out. */
export function invitationJob(deliver: (account: string) => Promise<void>): Job<{ account: string }> {
  return defineJob({ name: 'identity.invite', payload: Invitation, run: ({ account }) => deliver(account) })
}
