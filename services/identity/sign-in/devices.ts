/**
 * Browsers in which somebody has signed in before. The cookie identifies nobody and opens nothing: it only says that tries
 * from here are counted by themselves, so that strangers who guess cannot lock the owner out.
 */
import { createHmac } from 'node:crypto'
import { equal } from '@althing/kernel/crypto'
import type { Chance } from '@althing/kernel/context'
import type { Cookie } from '@althing/kernel/http'

export const deviceCookie = 'althing_device'

const days = 30
/** A family shares a computer; more than that is a public one. */
const most = 4

export interface Devices {
  /** The device's id when somebody has signed in to this account from it; the same work when there is no such account. */
  recognise(cookie: string | undefined, account: string | null): string | null
  /** To be set at a sign-in: the device is known to this account from now on, and stays known to the others. */
  remember(cookie: string | undefined, account: string): Cookie
}

export function createDevices({
  key,
  chance,
}: {
  readonly key: Uint8Array
  readonly chance: Chance
}): Devices {
  const proof = (account: string, id: string) =>
    createHmac('sha256', key).update(`althing/device\n${account}\n${id}`).digest('base64url')
  return {
    recognise(cookie, account) {
      const { id, proofs } = read(cookie)
      const expected = Buffer.from(proof(account ?? '', id))
      const isKnown = proofs.some((one) => equal(Buffer.from(one), expected))
      return isKnown && account !== null ? id : null
    },
    remember(cookie, account) {
      const known = read(cookie)
      const id = known.id === '' ? Buffer.from(chance.bytes(18)).toString('base64url') : known.id
      const own = proof(account, id)
      const others = known.proofs.filter((one) => one !== own).slice(0, most - 1)
      return {
        name: deviceCookie,
        value: [id, own, ...others].join('.'),
        // The pages about oneself ask for a factor again, and know the device as the door does.
        path: '/',
        maxAgeSeconds: days * 86_400,
      }
    },
  }
}

function read(cookie: string | undefined): { readonly id: string; readonly proofs: readonly string[] } {
  const [id = '', ...proofs] = (cookie ?? '').split('.', most + 1)
  const isOurs = /^[\w-]{24}$/.test(id) && proofs.every((one) => /^[\w-]{43}$/.test(one))
  return isOurs ? { id, proofs } : { id: '', proofs: [] }
}
