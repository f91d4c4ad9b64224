import { defineJob, type Job } from '@althing/kernel/jobs'
import { Notice } from './schema.ts'

/** Told in the transaction of what it tells of, and sent later: a change whose notice cannot go out has still happened. */
export function noticeJob(deliver: (notice: Notice) => Promise<void>): Job<Notice> {
  return defineJob({ name: 'identity.notice', payload: Notice, run: deliver })
}
