import { optional, setting } from '@althing/kernel/config'
import { z } from 'zod'

/** Whom people are sent to who cannot get in. */
export const noticeSettings = {
  contact: setting({
    env: 'ALTHING_IDENTITY_CONTACT',
    schema: optional.refine(
      (value) =>
        value === undefined || z.union([z.email(), z.url({ protocol: /^https$/ })]).safeParse(value).success,
    ),
    doc: 'A mail address or an https page where people reach whoever looks after accounts. It stands at the foot of the pages for signing in, and in letters to people whose account was shut. Without it those are told to ask the office of the organisation.',
  }),
} as const
