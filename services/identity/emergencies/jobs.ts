import { defineJob, type Job } from '@althing/kernel/jobs'
import { Seen } from './schema.ts'

/** Run again, it is the same alert: it says when. */
export function emergencyJob(raise: (seen: Seen) => Promise<void>): Job<Seen> {
  return defineJob({ name: 'identity.emergency-access', payload: Seen, run: raise })
}
