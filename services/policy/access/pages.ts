/**
 * The token of a page says where it goes on, of which question and for whom, and is sealed with a key of this service: nobody can make one,
 * and one that is shown with another question, or by another caller, is none (AuthZEN 1.0, section 8). Nothing is kept for it.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { canonicalJson } from '@althing/kernel/crypto/canonical.ts'
import { fault } from './faults.ts'

export interface Pages {
  /** The id after which it goes on. @throws Fault policy.access.invalid_page */
  read(token: string, question: unknown, caller: string): string
  write(after: string, question: unknown, caller: string): string
}

export function createPages(key: Uint8Array): Pages {
  const sealed = (after: string, question: unknown, caller: string) => {
    const asked = createHash('sha256').update(canonicalJson(question)).digest('base64url')
    return createHmac('sha256', key)
      .update(JSON.stringify([after, asked, caller]))
      .digest()
      .subarray(0, 18)
  }
  return {
    write(after, question, caller) {
      const seal = sealed(after, question, caller)
      return Buffer.concat([seal, Buffer.from(after)]).toString('base64url')
    },
    read(token, question, caller) {
      const bytes = Buffer.from(token, 'base64url')
      const after = bytes.subarray(18).toString()
      if (bytes.length <= 18 || !timingSafeEqual(bytes.subarray(0, 18), sealed(after, question, caller)))
        throw fault.invalid_page()
      return after
    },
  }
}
