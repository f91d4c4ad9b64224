/** Where a page ends, as text that goes through an address: it gives no right, and whoever makes one up sees what they may see anyhow. */
import { z } from 'zod'
import { fault } from './faults.ts'
import type { Place } from './store.ts'

const Written = z.tuple([z.iso.datetime().transform((text) => new Date(text)), z.uuid()])

export const writePlace = ({ at, id }: Place): string =>
  Buffer.from(JSON.stringify([at.toISOString(), id])).toString('base64url')

/** @throws Fault policy.decisions.invalid_cursor */
export function readPlace(text: string): Place {
  try {
    const [at, id] = Written.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))
    return { at, id }
  } catch (error) {
    throw fault.invalid_cursor(error)
  }
}
