import { defineJob, type Job } from '@althing/kernel/jobs'
import { Asked } from './schema.ts'

type Work = (application: string) => Promise<void>

/** The queue holds the id of an application and nothing else: the links are made when the mails go out. */
export function joiningJobs({
  deliver,
  deliverGuardian,
  deliverRejected,
}: Record<'deliver' | 'deliverGuardian' | 'deliverRejected', Work>) {
  const job = (name: string, work: Work): Job<{ application: string }> =>
    defineJob({ name, payload: Asked, run: ({ application }) => work(application) })
  return {
    asked: job('identity.join', deliver),
    guardian: job('identity.join-guardian', deliverGuardian),
    rejected: job('identity.join-rejected', deliverRejected),
  }
}
