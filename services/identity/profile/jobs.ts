import { defineJob } from '@althing/kernel/jobs'
import { Changing, Wished } from './schema.ts'

type Work = (account: string) => Promise<void>

interface Works extends Record<'tell' | 'tellPhone', Work> {
  readonly deliver: (account: string, until?: string) => Promise<void>
}

/** The queue holds the id of an account: neither address, nor link. */
export const profileJobs = ({ deliver, tell, tellPhone }: Works) => ({
  asked: defineJob({
    name: 'identity.address',
    payload: Wished,
    run: ({ account, until }) => deliver(account, until),
  }),
  done: defineJob({
    name: 'identity.address-changed',
    payload: Changing,
    run: ({ account }) => tell(account),
  }),
  phone: defineJob({
    name: 'identity.phone-changed',
    payload: Changing,
    run: ({ account }) => tellPhone(account),
  }),
})
