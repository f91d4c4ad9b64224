/** Whose an address is: for the commands of another service, whose operator knows people by it. */
import { may, route, type Route } from '@althing/kernel/http'
import { z } from 'zod'
import { EmailAddress, personWithPath, PersonWith } from '../contract.ts'
import type { Account } from './schema.ts'

interface Needs {
  readonly byEmail: (email: string) => Promise<Pick<Account, 'id'> | null>
}

/** In a body, as an address in the path would be written down on the way. */
export function addressRoute({ byEmail }: Needs): Route {
  return route(
    {
      method: 'POST',
      path: personWithPath,
      access: may('users.find'),
      summary: 'Whose account has this e-mail address.',
      body: z.strictObject({ email: EmailAddress }),
      reply: PersonWith,
    },
    async ({ body }) => ({ person: (await byEmail(body.email))?.id ?? null }),
  )
}
