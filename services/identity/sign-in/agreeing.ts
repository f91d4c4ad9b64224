/** Whether somebody who has just signed in is asked to agree first. Who has put it off is not asked again in this browser for eight hours. */
import { createHash } from 'node:crypto'
import type { Asked } from '../pages.ts'

export const agreementPath = '/sign-in/agreement'
export const laterCookie = 'althing_later'

/** Nobody reads from a cookie whose it is. */
export const laterOf = (account: string, version: string): string =>
  createHash('sha256').update(`althing/later\n${account}\n${version}`).digest('base64url')

export interface Agreeing {
  readonly version: string
  readonly isDue: (account: string) => Promise<boolean>
}

export async function isAsked(
  { version, isDue }: Agreeing,
  account: string,
  cookies: Asked['cookies'],
): Promise<boolean> {
  return cookies[laterCookie] !== laterOf(account, version) && (await isDue(account))
}
