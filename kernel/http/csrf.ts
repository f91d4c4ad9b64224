/**
 * Forms cannot be sent by another site. Two independent checks on every unsafe request that a cookie could carry:
 * the browser's own word (Origin, Sec-Fetch-Site) and a token bound to a cookie that only our pages can read into a form.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../config/index.ts'
import type { Chance } from '../context/index.ts'
import { faults } from '../errors/index.ts'
import type { Cookie } from './answer.ts'

export const csrfFault = faults('kernel.csrf', {
  foreign: [403, 'This request came from another site and was refused.'],
  stale: [403, 'This page was open for too long. Load it again and repeat what you did.'],
})

export interface Csrf {
  /** The token for a form, and the cookie to set when the browser has none yet. */
  issue(cookies: Readonly<Record<string, string | undefined>>): {
    readonly token: string
    readonly cookies: readonly Cookie[]
  }
  /** @throws Fault kernel.csrf.foreign or stale */
  check(request: Checked): void
}

interface Checked {
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly cookies: Readonly<Record<string, string | undefined>>
  readonly token: string | undefined
}

interface Options {
  readonly key: Secret
  readonly chance: Chance
  readonly origin: string
  readonly cookieName: string
}

export function createCsrf({ key, chance, origin, cookieName }: Options): Csrf {
  const tokenFor = (nonce: string) =>
    createHmac('sha256', key.reveal()).update(`csrf:${nonce}`).digest('base64url')
  return {
    issue(cookies) {
      const known = cookies[cookieName]
      const nonce = known ?? Buffer.from(chance.bytes(18)).toString('base64url')
      const fresh = known === undefined ? [{ name: cookieName, value: nonce, sameSite: 'Lax' as const }] : []
      return { token: tokenFor(nonce), cookies: fresh }
    },
    check({ headers, cookies, token }) {
      if (isForeign(headers, origin)) throw csrfFault.foreign()
      const nonce = cookies[cookieName]
      if (nonce === undefined || token === undefined) throw csrfFault.stale()
      const [expected, given] = [Buffer.from(tokenFor(nonce)), Buffer.from(token)]
      if (expected.length !== given.length || !timingSafeEqual(expected, given)) throw csrfFault.stale()
    },
  }
}

function isForeign(headers: Readonly<Record<string, string | undefined>>, origin: string): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true
  const from = headers['origin']
  // Our pages send no referrer, and under that policy a browser writes `null` for the origin of a form (Fetch, section 3.2):
  // its own word that the form came from here is enough then. Without that word, `null` is anybody.
  if (from === 'null' && site === 'same-origin') return false
  return from !== undefined && from !== origin
}
