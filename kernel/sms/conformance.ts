import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Sms, Text } from './index.ts'

export interface Opened {
  readonly sms: Sms
  delivered(): Promise<readonly Text[]>
}

/** What every text message adapter promises. */
export function smsConformance(adapter: string, open: () => Promise<Opened>): void {
  test(`${adapter}: a text arrives once and as written`, async () => {
    const { sms, delivered } = await open()
    await sms.send({ to: '+3545551234', text: 'Kóðinn er 123456.' })
    assert.deepEqual(await delivered(), [{ to: '+3545551234', text: 'Kóðinn er 123456.' }])
  })

  test(`${adapter}: a number that is none is refused and nothing is sent`, async () => {
    const { sms, delivered } = await open()
    await assert.rejects(sms.send({ to: '5551234', text: 'Hæ' }), { code: 'kernel.sms.invalid' })
    assert.deepEqual(await delivered(), [])
  })
}
