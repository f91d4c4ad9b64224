import { smsConformance } from './conformance.ts'
import { createMemorySms } from './index.ts'

smsConformance('memory', async () => {
  const sms = createMemorySms()
  return { sms, delivered: async () => sms.sent }
})
