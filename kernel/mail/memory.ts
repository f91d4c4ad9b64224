import { checkMessage, type Mail, type Message } from './port.ts'

export interface MemoryMail extends Mail {
  readonly sent: readonly Message[]
}

/** The twin for tests: same promises, nothing leaves. */
export function createMemoryMail(): MemoryMail {
  const sent: Message[] = []
  return {
    sent,
    send: async (message) => void sent.push(checkMessage(message)),
  }
}
