import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCodeFactors } from './factors.ts'

test('the number that is kept is the one that the code had reached, whatever the profile says in between', async () => {
  const stored: string[] = []
  const needs = {
    store: {},
    clock: { now: () => new Date() },
    codes: { check: async () => '+3545551111' },
    // The profile is changed while the code is looked at.
    find: async () => ({ id: 'acc_1', phone: '+3545552222' }),
    confirm: async (_who: unknown, _factor: unknown, check: () => Promise<boolean>) => ({
      kind: (await check()) ? 'right' : 'wrong',
    }),
    atomically: (work: (parts: unknown) => Promise<unknown>) =>
      work({
        store: { provePhone: async (_account: string, phone: string) => void stored.push(phone) },
        record: async () => {},
        changed: async () => {},
      }),
  }
  const factors = createCodeFactors(needs as unknown as Parameters<typeof createCodeFactors>[0])
  const who = { account: 'acc_1', session: 's', network: 'network', device: '', known: undefined }
  await factors.provePhone(who, '123456', { actor: 'person:acc_1', session: 's' })
  assert.deepEqual(stored, ['+3545551111'])
})
