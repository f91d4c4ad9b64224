import { checkText, type Sms, type Text } from './port.ts'

export interface MemorySms extends Sms {
  readonly sent: readonly Text[]
}

/** The twin for tests: same promises, nothing leaves. */
export function createMemorySms(): MemorySms {
  const sent: Text[] = []
  return { sent, send: async (text) => void sent.push(checkText(text)) }
}
