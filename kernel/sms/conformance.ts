import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Sms, Text } from './port.ts'

export interface Opened {
  readonly sms: Sms
  delivered(): Promise<readonly Text[]>
}

/** What every text message adapter promises. */
export function smsConformance(adapter: string, open: () => Promise<Opened>): void {
  test(`${adapter}: a text arrives once and as written`, async () => {
    const { sms, delivered } = await open()
    const text = 'Kóðinn er 123456 & gildir í 5 mínútur.\n100 % + öruggt?'
    await sms.send({ to: '+3545551234', text })
    assert.deepEqual(await delivered(), [{ to: '+3545551234', text }])
  })

  test(`${adapter}: a number that is none is refused and nothing is sent`, async () => {
    const { sms, delivered } = await open()
    for (const to of ['5551234', '', '+0545551234', '+354555123x', '+3545551234\n+3545555678'])
      await assert.rejects(sms.send({ to, text: 'Hæ' }), { code: 'kernel.sms.invalid' })
    assert.deepEqual(await delivered(), [])
  })

  test(`${adapter}: an empty text and one of more than ten parts are refused`, async () => {
    const { sms, delivered } = await open()
    for (const text of ['', 'x'.repeat(1601)])
      await assert.rejects(sms.send({ to: '+3545551234', text }), { code: 'kernel.sms.invalid' })
    assert.deepEqual(await delivered(), [])
  })
}
