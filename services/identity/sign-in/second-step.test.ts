import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isAnother } from './second-step.ts'

test('what was shown first is not shown again: a mailbox beside a mailbox is one proof', () => {
  const table = [
    ['password', 'mail', true],
    ['password', 'sms', true],
    ['link', 'mail', false],
    ['link', 'sms', true],
    // Whoever keeps the account elsewhere may keep the mailbox too.
    ['connector', 'mail', false],
    ['connector', 'sms', true],
    [undefined, 'mail', false],
    [undefined, 'sms', false],
  ] as const
  for (const [first, channel, expected] of table)
    assert.equal(isAnother(first, channel), expected, `${first} and ${channel}`)
})
