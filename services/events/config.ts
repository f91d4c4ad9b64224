import {
  appCheckSettings,
  kindsOrNone,
  turnstileSecretSettings,
  whenAwaySetting,
} from '@althing/kernel/attestation'
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
  attestation: setting({
    env: 'ALTHING_EVENTS_ATTESTATION',
    schema: kindsOrNone,
    fallback: 'none',
    doc: 'What a ticket is given out for beside the sign-in: `none`, or one of the ways named, by commas: `app-check` (header X-Firebase-AppCheck), `turnstile` (header X-Turnstile-Response). Our own page brings neither; read decisions/0016-attestation.md before you switch it on.',
  }),
  attestationWhenAway: whenAwaySetting('events', 'refuse'),
  ...appCheckSettings('events'),
  ...turnstileSecretSettings('events'),
} as const
