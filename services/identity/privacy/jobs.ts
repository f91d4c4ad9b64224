import { defineJob } from '@althing/kernel/jobs'
import { Making, Telling, type What } from './schema.ts'

const mostAttempts = 12

interface Work {
  readonly make: (id: string) => Promise<void>
  /** It will not be tried again. */
  readonly giveUp: (id: string) => Promise<void>
  readonly tell: (person: string, what: What) => Promise<void>
}

/** The queue holds ids. */
export const privacyJobs = ({ make, giveUp, tell }: Work) => ({
  making: defineJob({
    name: 'identity.data-export',
    payload: Making,
    maxAttempts: mostAttempts,
    async run({ id }, { attempt }) {
      try {
        await make(id)
      } catch (error) {
        if (attempt >= mostAttempts) await giveUp(id)
        throw error
      }
    },
  }),
  telling: defineJob({
    name: 'identity.privacy-told',
    payload: Telling,
    run: ({ person, what }) => tell(person, what),
  }),
})
