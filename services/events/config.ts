import { integer, setting } from '@althing/kernel/config'

/** Settings of events beside those that every service has. */
export const Config = {
  smallestClass: setting({
    env: 'ALTHING_EVENTS_SMALLEST_CLASS',
    schema: integer.min(1).max(1000),
    fallback: '5',
    doc: 'Fewer voters in a class than this are refused unless the officer gives a reason in writing.',
  }),
  workSeconds: setting({
    env: 'ALTHING_EVENTS_WORK_SECONDS',
    schema: integer.min(1).max(300),
    fallback: '5',
    doc: 'How often it is looked whether something is left to be done; new work is heard of at once.',
  }),
} as const
