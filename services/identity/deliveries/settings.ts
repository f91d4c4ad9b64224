import { integer, optional, setting } from '@althing/kernel/config'
import { eventKey } from './events.ts'

export const deliverySettings = {
  deliveryDays: setting({
    env: 'ALTHING_IDENTITY_DELIVERY_DAYS',
    schema: integer.min(1).max(90),
    fallback: '30',
    doc: 'How long it is kept what became of letters and text messages.',
  }),
  mailEventsKey: setting({
    env: 'ALTHING_IDENTITY_MAIL_EVENTS_KEY',
    schema: optional.refine((text) => text === undefined || eventKey(text) !== null),
    doc: 'The public key of SendGrid’s signed event webhook, as its settings show it. With it `/api/identity/mail/events` hears what became of letters; without it nobody is heard there.',
  }),
} as const
