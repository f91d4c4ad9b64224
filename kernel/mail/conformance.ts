import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Mail, Message } from './port.ts'

export interface Opened {
  readonly mail: Mail
  /** What has arrived at the other end, in order. */
  delivered(): Promise<readonly Message[]>
}

/** What every mail adapter promises. SMTP and the in-memory one run this very suite. */
export function mailConformance(adapter: string, open: () => Promise<Opened>): void {
  test(`${adapter}: a message arrives once and as written`, async () => {
    const { mail, delivered } = await open()
    const message = { to: 'ada@example.org', subject: 'Þinn kóði', text: 'Kóðinn er 123456.\n' }
    await mail.send(message)
    assert.deepEqual(await delivered(), [message])
  })

  test(`${adapter}: a line break in the subject cannot add a header`, async () => {
    const { mail, delivered } = await open()
    const forged = { to: 'ada@example.org', subject: 'Hi\nBcc: eve@example.org', text: '' }
    await assert.rejects(mail.send(forged), { code: 'kernel.mail.invalid' })
    assert.deepEqual(await delivered(), [])
  })

  test(`${adapter}: an address that is none is refused`, async () => {
    const { mail } = await open()
    const forged = { to: 'ada@example.org, eve@example.org', subject: 'Hi', text: '' }
    await assert.rejects(mail.send(forged), { code: 'kernel.mail.invalid' })
  })
}
