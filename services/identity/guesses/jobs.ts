import { defineJob, type Job } from '@althing/kernel/jobs'
import { Paused } from './schema.ts'

export function pauseJob(tell: (paused: Paused) => Promise<void>): Job<Paused> {
  return defineJob({ name: 'identity.pause', payload: Paused, run: tell })
}
