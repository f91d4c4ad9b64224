import { defineJob, type Job } from '@althing/kernel/jobs'
import { Told } from './schema.ts'

type Work = (request: string) => Promise<void>
type Telling = Job<{ request: string }>

/** The queue holds the id of a request and nothing else: neither whom it asks nor what the application shows itself by. */
export function backchannelJobs({ ask, ping }: Record<'ask' | 'ping', Work>): {
  readonly asked: Telling
  readonly answered: Telling
} {
  return {
    asked: defineJob({
      name: 'identity.backchannel-asked',
      payload: Told,
      run: ({ request }) => ask(request),
    }),
    answered: defineJob({
      name: 'identity.backchannel-ping',
      payload: Told,
      run: ({ request }) => ping(request),
    }),
  }
}
