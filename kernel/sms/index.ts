/** Text messages as a port: what a service may ask, whoever carries them. Adapters promise what `conformance.ts` says. */
export { createFallbackSms } from './fallback.ts'
export { createSmsMailbox } from './mailbox.ts'
export { createMemorySms, type MemorySms } from './memory.ts'
export { smsFault, type Sms, type Text } from './port.ts'
export { createTwilioSms, twilioOf } from './twilio.ts'
