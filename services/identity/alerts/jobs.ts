import { defineJob, type Job } from '@althing/kernel/jobs'
import { Digest, Telling } from './schema.ts'

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

export function digestJob(tellUntold: (digest: Digest) => Promise<void>): Job<Digest> {
  return defineJob({
    name: 'identity.alert-digest',
    payload: Digest,
    maxAttempts: tries,
    isPatient: true,
    run: tellUntold,
  })
}
