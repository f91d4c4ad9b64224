/** Mail as a port: what a service may ask, whoever carries it. Adapters promise what `conformance.ts` says. */
export { createFallbackMail } from './fallback.ts'
export { createMailbox } from './mailbox.ts'
export { createMemoryMail, type MemoryMail } from './memory.ts'
export { createSendgridMail, createSendgridRelease } from './sendgrid.ts'
export { createSmtpMail } from './smtp.ts'
export { mailFault, type Mail, type Message } from './port.ts'
