import { bytes, page, redirect, type Route } from '@althing/kernel/http'
import { z } from 'zod'

const Nothing = z.object({})

/**
 * Where password managers take people: to change a password (W3C, A Well-Known URL for Changing Passwords), to make a passkey and to
 * look after those there are (W3C, Passkey Endpoints). The pages themselves ask who it is.
 */
export function knownRoutes(url: string): Route[] {
  const passkeys = JSON.stringify({
    enroll: `${url}/account/passkeys/add`,
    manage: `${url}/account/security`,
  })
  return [
    page(
      {
        method: 'GET',
        path: '/.well-known/change-password',
        access: 'public',
        summary: 'Where a password is changed.',
        query: Nothing,
      },
      async () => redirect('/account/password'),
    ),
    page(
      {
        method: 'GET',
        path: '/.well-known/passkey-endpoints',
        access: 'public',
        summary: 'Where passkeys are made and looked after.',
        query: Nothing,
      },
      async () => bytes(passkeys, 'application/json'),
    ),
  ]
}
