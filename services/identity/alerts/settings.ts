import { integer, list, optional, secret, setting } from '@althing/kernel/config'
import { z } from 'zod'
import { severities } from './schema.ts'

/** https; only on this very machine may it be http, for demonstrations and tests. */
const isAddress = (url: string): boolean =>
  URL.canParse(url) &&
  (url.startsWith('https://') ||
    (url.startsWith('http://') && ['localhost', '127.0.0.1'].includes(new URL(url).hostname)))

/** `whsec_` and base64 of 24 to 64 bytes, as Standard Webhooks has it; several while one takes the place of another. */
const isSecret = (text: string): boolean =>
  text
    .split(/\s+/)
    .filter((one) => one !== '')
    .every((one) => {
      const bytes = Buffer.from(one.slice('whsec_'.length), 'base64').length
      return /^whsec_[A-Za-z0-9+/]+={0,2}$/.test(one) && bytes >= 24 && bytes <= 64
    })

/** Where security alerts are told, beside the console. */
export const alertSettings = {
  alertMail: setting({
    env: 'ALTHING_IDENTITY_ALERT_MAIL',
    schema: list.pipe(z.array(z.email()).max(20)),
    fallback: '',
    doc: 'Addresses that security alerts are mailed to, with commas between them.',
  }),
  alertWebhookUrl: setting({
    env: 'ALTHING_IDENTITY_ALERT_WEBHOOK_URL',
    schema: optional.refine((url) => url === undefined || isAddress(url)),
    doc: 'Where security alerts are sent as JSON, signed as Standard Webhooks has it (headers webhook-id, webhook-timestamp, webhook-signature).',
  }),
  alertWebhookSecret: secret({
    env: 'ALTHING_IDENTITY_ALERT_WEBHOOK_SECRET',
    schema: z.string().default('').refine(isSecret),
    doc: 'The secret of that signature: whsec_ and base64 of 24 bytes or more. Two with a space between them while one takes the place of the other.',
  }),
  alertChatUrl: secret({
    env: 'ALTHING_IDENTITY_ALERT_CHAT_URL',
    schema: z
      .string()
      .default('')
      .refine((url) => url === '' || isAddress(url)),
    doc: 'An incoming webhook of a chat (Slack, Mattermost and others that take {"text": …}). Whoever knows it can write there.',
  }),
  alertFrom: setting({
    env: 'ALTHING_IDENTITY_ALERT_FROM',
    schema: z.enum(severities),
    fallback: 'medium',
    doc: 'Alerts of this severity and graver are told in those places; all stand in the console.',
  }),
  alertPerHour: setting({
    env: 'ALTHING_IDENTITY_ALERT_PER_HOUR',
    schema: integer.min(1),
    fallback: '30',
    doc: 'How many alerts each of those places is told within an hour. What is more stands in the console, and one line says how many were not told.',
  }),
  alertLocale: setting({
    env: 'ALTHING_IDENTITY_ALERT_LOCALE',
    schema: z.enum(['is', 'en']),
    fallback: 'is',
    doc: 'The language in which alerts are mailed and said in the chat.',
  }),
  alertDays: setting({
    env: 'ALTHING_IDENTITY_ALERT_DAYS',
    schema: integer.min(1),
    fallback: '365',
    doc: 'How long a resolved alert is kept; that it was resolved stands in the audit log for longer. One that is open and was not seen again for so long is resolved by itself.',
  }),
} as const
