import { defineJob } from '@althing/kernel/jobs'
import { Changing } from './schema.ts'

type Work = (account: string) => Promise<void>

/** The queue holds the id of an account: neither address, nor link. */
export const profileJobs = ({
  deliver,
  tell,
  tellPhone,
}: Record<'deliver' | 'tell' | 'tellPhone', Work>) => ({
  asked: defineJob({ name: 'identity.address', payload: Changing, run: ({ account }) => deliver(account) }),
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
