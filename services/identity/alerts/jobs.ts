import { defineJob, type Job } from '@althing/kernel/jobs'
import { Telling } from './schema.ts'

/** The waits grow to six hours: these are two days of trying. */
const tries = 17

export function tellJob(tell: (telling: Telling) => Promise<void>): Job<Telling> {
  return defineJob({
    name: 'identity.alert',
    payload: Telling,
    maxAttempts: tries,
    isPatient: true,
    run: tell,
  })
}
