/**
 * A webhook is signed as Standard Webhooks has it: over its id, which is the alert's, so that a receiver knows a second sending as one,
 * over the time of this sending, and over the body.
 */
import { createHmac } from 'node:crypto'
import type { Secret } from '@althing/kernel/config'

/** Several signatures while one secret takes the place of another: a receiver that knows either accepts it. */
export function signed(id: string, now: Date, body: string, secret: Secret): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000))
  const signatures = secret
    .reveal()
    .split(/\s+/)
    .filter((one) => one !== '')
    .map((one) => {
      const key = Buffer.from(one.slice('whsec_'.length), 'base64')
      return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
    })
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') }
}
