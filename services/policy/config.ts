import { integer, setting } from '@althing/kernel/config'

/** Settings of policy beside those that every service has. */
export const Config = {
  feedWaitMs: setting({
    env: 'ALTHING_POLICY_FEED_WAIT_MS',
    schema: integer.min(0).max(25_000),
    fallback: '20000',
    doc: 'How long a service that asks for a newer bundle is kept waiting.',
  }),
} as const
