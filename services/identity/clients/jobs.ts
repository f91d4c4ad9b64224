import { defineJob, type Job } from '@althing/kernel/jobs'
import { Reminder } from './schema.ts'

/** Written down where the secret is marked as told of, and sent later. */
export function reminderJob(deliver: (reminder: Reminder) => Promise<void>): Job<Reminder> {
  return defineJob({ name: 'identity.client-secret', payload: Reminder, run: deliver })
}
