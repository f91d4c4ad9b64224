import { z } from 'zod'
import { isOnThisMachine } from '../stand-ins.ts'
import { ConnectorSetting } from './schema.ts'

const known: Readonly<Partial<Record<ConnectorSetting['kind'], string>>> = {
  google: 'https://accounts.google.com',
  github: 'https://github.com',
}

/**
 * One setting with its issuer. Two providers have an issuer that everybody knows; the others must say theirs. Google is where it is, or a
 * stand-in for it on this machine: under its name nobody is led to anybody else.
 */
export type ConnectorOf = ConnectorSetting & { readonly issuer: string }

/** The setting, parsed; null when it is not right, which the start of the service then says. */
export function connectorsOf(text: string): readonly ConnectorOf[] | null {
  try {
    const parsed = z.array(ConnectorSetting).max(20).parse(JSON.parse(text))
    const whole = parsed.map((one) => ({ ...one, issuer: one.issuer ?? known[one.kind] ?? '' }))
    const isRight =
      whole.every(({ issuer }) => isAddress(issuer)) &&
      whole.every(
        ({ kind, issuer }) => kind !== 'google' || issuer === known.google || isOnThisMachine(issuer),
      ) &&
      new Set(whole.map(({ id }) => id)).size === whole.length
    return isRight ? whole : null
  } catch {
    return null
  }
}

/** https; only on this very machine may it be http, for demonstrations and tests. */
const isAddress = (url: string): boolean =>
  URL.canParse(url) && (url.startsWith('https://') || isOnThisMachine(url))
