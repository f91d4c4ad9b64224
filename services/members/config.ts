import { integer, setting } from '@althing/kernel/config'

/** Settings of members beside those that every service has. */
export const Config = {
  importKeepHours: setting({
    env: 'ALTHING_MEMBERS_IMPORT_KEEP_HOURS',
    schema: integer.min(1).max(168),
    fallback: '24',
    doc: 'How long an uploaded file waits for its commit before it is forgotten.',
  }),
} as const
