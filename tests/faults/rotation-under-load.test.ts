import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rotationUnderLoad } from '../load/rotation.ts'

/** `npm run bench -- rotation` does the same ten thousand times. */
const requests = 1_500

test(
  'keys rotate and both nodes restart while people work, and not one request fails',
  { timeout: 180_000 },
  async () => {
    const { failures, kids, verified, restartsEndedAt, ...measured } = await rotationUnderLoad({ requests })
    assert.deepEqual(failures, [])
    assert.equal(kids.length, 4, 'an access token and an ID token by each key, before and after')
    assert.ok(verified >= requests, `${verified} tokens verified`)
    assert.ok(restartsEndedAt < measured.requests, 'the restarts ended under load')
  },
)
